"""The command ``lint``: every linter, with pinned versions, on the whole checkout."""

import argparse
import ast
import os
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from . import environment, places, processes, server
from .console import Console

REQUIREMENTS = places.CHECKOUT / "dev" / "requirements-lint.txt"
SERIES = "19.0"
NOT_FOR_US = ",".join(
    (
        "manifest-required-author",  # this addon is not the OCA's
        "missing-readme",  # the readme is README.md
        "except-pass",  # ruff checks empty handlers (S110, SIM105)
        "missing-return",  # a compute, an onchange and a hook return nothing
        "super-method-mismatch",  # the one door past a guard calls the guarded method of the class above
        "prefer-env-translation",  # the text is wanted in the language of a record, not of the user
        "translation-not-lazy",  # a lazy text takes no placeholders: they are filled in afterwards
    )
)
"""Messages of pylint-odoo that do not fit this addon, and why."""

ERROR = re.compile(r": E\d+:")
"""An error of odoo-linter; what else it says is advice, which ``--advice`` shows."""

DECORATION = re.compile(r"^(🚀|⚙️)")
"""Lines with which a linter greets rather than reports."""


def main(words: Sequence[str]) -> int:
    """Run every linter; the exit code is 0 when all of them are content."""
    parser = argparse.ArgumentParser(prog="dev/lint", description=__doc__)
    parser.add_argument("--advice", action="store_true", help="show what odoo-linter advises too, not only its errors")
    arguments = parser.parse_args(words)
    processes.on_signals_stop()
    console = Console()
    tools = environment.find(console, REQUIREMENTS).python.parent
    manifests = [places.MODULE, *server.examples()]
    addons = server.addons_path()
    checks: dict[str, Callable[[], str]] = {
        "ruff check": lambda: _complaints([tools / "ruff", "check", "--no-cache", "."]),
        "ruff format": lambda: _complaints([tools / "ruff", "format", "--no-cache", "--check", "."]),
        "pylint-odoo": lambda: _complaints(
            [tools / "pylint", "--rcfile=pyproject.toml", f"--disable={NOT_FOR_US}", "."]
        ),
        "oca-checks-odoo-module": lambda: _complaints(
            [tools / "oca-checks-odoo-module", *(addons / name for name in manifests)]
        ),
        "odoo-linter": lambda: _odoo_linter(tools / "odl", addons, arguments.advice),
        "test tags": untagged_tests,
    }
    unhappy = [name for name, check in checks.items() if not _passes(name, check, console)]
    return 1 if unhappy else 0


def _passes(name: str, check: Callable[[], str], console: Console) -> bool:
    complaints = check()
    console.line(f"{'✗' if complaints else '✓'} {name}")
    if complaints:
        console.line(complaints)
    return not complaints


def _complaints(command: Sequence[str | Path]) -> str:
    """What a linter has to say when it is not content."""
    environment_variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
    result = subprocess.run(
        [str(word) for word in command],
        cwd=places.CHECKOUT,
        env=environment_variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if not result.returncode:
        return ""
    lines = [line for line in result.stdout.splitlines() if not DECORATION.match(line)]
    return "\n".join(lines) or f"{Path(command[0]).name} ended with code {result.returncode}"


def _odoo_linter(command: Path, addons: Path, advice: bool) -> str:
    said = _complaints([command, "check", "-v", SERIES, "--addons-path", addons, "."])
    lines = said.splitlines()
    return said if advice else "\n".join(line for line in lines if ERROR.search(line))


def untagged_tests() -> str:
    """Test classes that ``./test`` would not run, because it runs the tests that follow the installation."""
    folders = [places.CHECKOUT, *(places.CHECKOUT / "examples" / name for name in server.examples())]
    complaints = []
    for path in sorted(path for folder in folders for path in folder.glob("tests/**/test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        complaints += [
            f"{path.relative_to(places.CHECKOUT)}:{node.lineno}: {node.name} is not tagged post_install, -at_install"
            for node in tree.body
            if isinstance(node, ast.ClassDef) and _has_tests(node) and not _runs_after_install(node)
        ]
    return "\n".join(complaints)


def _has_tests(node: ast.ClassDef) -> bool:
    return any(isinstance(item, ast.FunctionDef) and item.name.startswith("test") for item in node.body)


def _runs_after_install(node: ast.ClassDef) -> bool:
    words = {
        argument.value
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("tagged")
        for argument in decorator.args
        if isinstance(argument, ast.Constant)
    }
    return {"post_install", "-at_install"} <= words
