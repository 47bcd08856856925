"""Which tests to run, as Odoo's test tags."""

import argparse
import ast
import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import places, server
from .errors import Trouble

BROWSER_SECONDS, PLAIN_SECONDS = 20.0, 3.0
"""Guesses for a test class that never ran here."""


@dataclasses.dataclass(frozen=True)
class TestClass:
    """A class of tests as its source shows it; inherited methods are not seen."""

    module: str
    file: str
    """Its path from the addon's folder, such as ``tests/patient/test_medical_patient.py``."""

    name: str
    methods: tuple[str, ...]
    browser: bool

    @property
    def tag(self) -> str:
        return f"/{self.module}:{self.name}"


@dataclasses.dataclass(frozen=True)
class Selection:
    """Odoo's test tags, and, when everything is asked for, the classes that may be split into two halves."""

    tags: tuple[str, ...]
    classes: tuple[TestClass, ...] = ()

    def split(self, durations: Mapping[str, float]) -> list[str]:
        """The tags of each process: the second names its classes, the first takes whatever the second does not."""
        second = self._lighter_half(durations)
        if not second:
            return [",".join(self.tags)]
        return [",".join([*self.tags, *(f"-{tag}" for tag in second)]), ",".join(second)]

    def _lighter_half(self, durations: Mapping[str, float]) -> list[str]:
        weights = {
            item.tag: durations.get(item.name, BROWSER_SECONDS if item.browser else PLAIN_SECONDS)
            for item in self.classes
        }
        totals, second = [0.0, 0.0], []
        for tag, weight in sorted(weights.items(), key=lambda pair: (-pair[1], pair[0])):
            lighter = int(totals[1] < totals[0])
            totals[lighter] += weight
            if lighter:
                second.append(tag)
        return sorted(second)


def select(arguments: argparse.Namespace) -> Selection:
    """The tests that the arguments of the command ask for."""
    modules = [places.MODULE, *server.examples()]
    if arguments.tags:
        return Selection((arguments.tags,))
    classes = [item for module in modules for item in discover(module, _folder(module))]
    if arguments.text or arguments.files:
        tags = by_text(classes, arguments.text or "", [_relative(path) for path in arguments.files])
        if not tags:
            raise Trouble("No test is called like that: -k looks in the names of test files, classes and methods.")
        return Selection(tuple(tags))
    return Selection(tuple(f"/{module}" for module in modules), tuple(classes))


def discover(module: str, folder: Path) -> list[TestClass]:
    """The test classes of an addon."""
    found = []
    for path in sorted(folder.glob("tests/**/test_*.py")):
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (SyntaxError, OSError):
            continue  # Odoo will say what is wrong with it
        found += [
            _test_class(module, path.relative_to(folder), node) for node in tree.body if isinstance(node, ast.ClassDef)
        ]
    return found


def _test_class(module: str, file: Path, node: ast.ClassDef) -> TestClass:
    methods = [item.name for item in node.body if isinstance(item, ast.FunctionDef) and item.name.startswith("test")]
    browser = any("Http" in ast.unparse(base) or "Tour" in ast.unparse(base) for base in node.bases)
    return TestClass(module, file.as_posix(), node.name, tuple(methods), browser)


def by_text(classes: Sequence[TestClass], text: str, files: Sequence[str]) -> list[str]:
    """Tags of the tests in these files (all when empty) with the text in the name of their file, class or method."""
    tags = []
    for item in classes:
        if files and not any(item.file == file or item.file.startswith(f"{file}/") for file in files):
            continue
        if text.lower() in f"{item.file}:{item.name}".lower():
            tags.append(item.tag)
        else:
            tags += [f"{item.tag}.{method}" for method in item.methods if text.lower() in method.lower()]
    return tags


def _folder(module: str) -> Path:
    return places.CHECKOUT if module == places.MODULE else places.CHECKOUT / "examples" / module


def _relative(path: Path) -> str:
    """The path from its addon's folder."""
    absolute = path.absolute().resolve()
    if not absolute.exists():
        raise Trouble(f"There is no test file {path}.")
    for parent in absolute.parents:
        if (parent / "__manifest__.py").exists():
            return absolute.relative_to(parent).as_posix()
    raise Trouble(f"{path} is not a test file of this checkout.")
