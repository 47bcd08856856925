"""The examples in the documentation of ``lib`` are true, and ``lib`` stays free of Odoo."""

import ast
import doctest
import importlib
import pkgutil
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ... import lib


def _modules():
    return [info.name for info in pkgutil.walk_packages(lib.__path__, f"{lib.__name__}.")]


@tagged("post_install", "-at_install")
class TestLibDocumentation(BaseCase):
    def test_examples_hold(self):
        attempted = {}
        for name in _modules():
            result = doctest.testmod(importlib.import_module(name))
            self.assertEqual(result.failed, 0, name)
            attempted[name.removeprefix(f"{lib.__name__}.")] = result.attempted
        for name in (
            "identifiers",
            "text",
            "ages",
            "canonical",
            "dosage",
            "pagination",
            "registers.dpd",
            "safety.engine",
            "growth",
            "measures",
            "scores",
        ):
            self.assertGreater(attempted[name], 0, name)

    def test_no_odoo_inside(self):
        files = sorted(Path(lib.__path__[0]).rglob("*.py"))
        self.assertGreater(len(files), 8)
        for file in files:
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    names = [node.module]
                else:
                    continue
                self.assertFalse([name for name in names if name.split(".")[0] == "odoo"], file.name)
