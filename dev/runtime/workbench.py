"""A place to try things: a PostgreSQL cluster for tests, and template databases kept from one run to the next.

Databases are copied from templates: one with the modules the addon depends on, keyed by the Odoo and the
dependencies it was made from, and one with the addon, keyed by its code.
"""

import argparse
import ast
import contextlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import environment, odoo, odoolog, options, places, postgres, server
from .console import Console
from .errors import Trouble
from .locks import locked, sole

PREFIX = "mptest"
"""Starts the name of every database of the tests."""

KEPT_TEMPLATES = 4
KEPT_LOGS = 100
PREPARE = """
env["ir.config_parameter"].set_param("ir_attachment.location", "db")
env["ir.attachment"].force_storage()
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
"""
"""Makes a database whole without a filestore, so that it can be copied, and ready for the browser."""


class Workbench:
    """A test cluster with its templates, for as long as the ``with`` block lasts."""

    def __init__(self, arguments: argparse.Namespace, console: Console) -> None:
        self.console = console
        self.folder = places.cache() / "test"
        self.logs = self.folder / "log"
        self._arguments = arguments
        self._stack = contextlib.ExitStack()
        self._own = options.server_of(arguments)
        self._run = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"

    def __enter__(self) -> "Workbench":
        self.logs.mkdir(parents=True, exist_ok=True)
        found = odoo.find(self._arguments.odoo, self.console)
        python = environment.find(self.console, asked=self._arguments.python)
        with contextlib.ExitStack() as stack:
            connection = self._own or stack.enter_context(
                postgres.Cluster(self.folder / "postgres", self.console, scratch=True).running()
            )
            self.databases = postgres.Databases(connection, python.python)
            self.databases.require_extensions()
            config = self.folder / "odoo.conf"
            config.touch()
            self.server = server.Server(found, python, connection, self.folder / "data", config)
            self._sweep()
            self._forget_old_logs()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def log(self, name: str) -> Path:
        """The file for the log of one Odoo process of this run."""
        return self.logs / f"{self._run}-{name}.log"

    @contextlib.contextmanager
    def copies(self, template: str, number: int, keep: bool = False) -> Iterator[list[str]]:
        """Databases copied from a template, dropped at the end unless they are to be kept."""
        names = [f"{PREFIX}_run_{os.getpid()}_{index + 1}" for index in range(number)]
        try:
            with locked(self._template_lock(template)), self.console.step("Copying the database"):
                for name in names:
                    self.databases.drop(name)
                    self.databases.copy(template, name)
            yield names
        finally:
            for name in names:
                self._keep(name) if keep else self.databases.drop(name)

    def _keep(self, name: str) -> None:
        kept = name.replace("_run_", "_kept_")
        self.databases.rename(name, kept)
        self.console.line(f"Kept the database {kept}.")

    def addon_template(self) -> tuple[str, list[str]]:
        """The template with the addon in its present code, and what its installation logged that it should not."""
        examples = server.examples()
        folders = [places.CHECKOUT, *(places.CHECKOUT / "examples" / name for name in examples)]
        codes = [places.code_digest(folder) for folder in folders]
        base = self.base_template()
        name = f"{PREFIX}_addon_{places.digest(base, *codes)}"
        record = self.folder / f"{name}.json"
        with locked(
            self._template_lock(name), lambda: self.console.line("Waiting for the same installation elsewhere")
        ):
            if not (record.exists() and self.databases.exists(name)):
                self._install_addon(base, name, [places.MODULE, *examples], record)
            record.touch()
        self._drop_old(f"{PREFIX}_addon_", KEPT_TEMPLATES)
        return name, json.loads(record.read_text(encoding="utf-8"))

    def _install_addon(self, base: str, name: str, modules: Sequence[str], record: Path) -> None:
        reader = odoolog.Reader(self.console.line)
        log = self.log("install")
        self.databases.drop(name)
        with self._building(name) as building:
            with locked(self._template_lock(base)):
                self.databases.copy(base, building)
            words = f"Installing {' and '.join(modules)}"
            init = f"--init={','.join(modules)}"
            self.server.change(self.console, words, building, init, log=log, on_line=reader.feed)
            reader.close()
            self.server.script(building, PREPARE, "Preparing the browser's assets", self.console, log)
            record.write_text(json.dumps(reader.result.findings), encoding="utf-8")

    def base_template(self, demo: bool = False, languages: Sequence[str] = server.LANGUAGES) -> str:
        """The template with what the addon depends on, with the ERP's demo data if asked for."""
        depends = sorted(manifest(places.CHECKOUT)["depends"])
        made_from = (self.server.odoo.version, self.server.environment.version, *depends, *languages, PREPARE)
        name = f"{PREFIX}_{'demo' if demo else 'base'}_{places.digest(*made_from)}"
        record = self.folder / f"{name}.json"
        with locked(
            self._template_lock(name), lambda: self.console.line("Waiting for another test that prepares Odoo")
        ):
            if not self.databases.exists(name):
                log = self.log("base")
                words = [f"--init={','.join(depends)}", "--unaccent"]
                words += [f"--load-language={','.join(languages)}"] if languages else []
                words += ["--with-demo"] if demo else []
                with self._building(name) as building:
                    self.server.change(self.console, "Preparing a database with Odoo", building, *words, log=log)
                    self.server.script(building, PREPARE, "Preparing the browser's assets", self.console, log)
            record.touch()
        self._drop_old(f"{PREFIX}_base_", 2)
        self._drop_old(f"{PREFIX}_demo_", 1)
        return name

    @contextlib.contextmanager
    def _building(self, name: str) -> Iterator[str]:
        """A temporary database that gets its name when it is complete; a killed attempt's leftover is dropped."""
        building = f"{name}_building"
        self.databases.drop(building)
        yield building
        self.databases.rename(building, name)

    def _template_lock(self, name: str) -> Path:
        return self.folder / f"{name}.lock"

    def _drop_old(self, prefix: str, kept: int) -> None:
        """Drop the templates that were used longest ago, unless somebody is using them now."""
        records = sorted(self.folder.glob(f"{prefix}*.json"), key=lambda path: -path.stat().st_mtime)
        for record in records[kept:]:
            with sole(self._template_lock(record.stem)) as free:
                if free:
                    record.unlink(missing_ok=True)
                    self.databases.drop(record.stem)

    def _sweep(self) -> None:
        """Drop the databases of runs that were killed; on a server of one's own their process may be elsewhere."""
        if self._own:
            return
        for name in self.databases.names():
            if name.startswith(f"{PREFIX}_run_") and not _alive(int(name.split("_")[2])):
                self.databases.drop(name)

    def _forget_old_logs(self) -> None:
        for log in sorted(self.logs.glob("*.log"))[:-KEPT_LOGS]:
            log.unlink(missing_ok=True)


def manifest(folder: Path) -> dict:
    """The manifest of an addon."""
    path = folder / "__manifest__.py"
    try:
        return ast.literal_eval(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError) as error:
        raise Trouble(f"{path} is not a readable manifest ({error}).") from error


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
