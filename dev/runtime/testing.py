"""The command ``test``: every test on a fresh database, in two halves side by side.

Databases are copied from templates kept in the cache: one with the modules the addon depends on, keyed by
the Odoo and the dependencies it was made from, and one with the addon, keyed by its code.
"""

import argparse
import ast
import contextlib
import dataclasses
import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import environment, odoo, odoolog, options, places, postgres, processes, selection, server, system
from .console import Console
from .errors import Trouble
from .locks import locked, sole

PREFIX = "mptest"
"""Starts the name of every database of the tests."""

KEPT_TEMPLATES = 4
PREPARE = """
env["ir.config_parameter"].set_param("ir_attachment.location", "db")
env["ir.attachment"].force_storage()
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
"""
"""Makes a database whole without a filestore, so that it can be copied, and ready for the browser."""

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def main(words: Sequence[str]) -> int:
    """Run the tests; the exit code is 0 when at least one ran and none failed."""
    arguments = _arguments(words)
    processes.on_signals_stop()
    console = Console()
    selected = selection.select(arguments)
    _require_programs(console)
    with Bench(arguments, console) as bench:
        return bench.run(selected)


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./test",
        description="Run the tests of the addon on a fresh database; the last line says N passed, N failed.",
        epilog="Log files and databases are kept in the user's cache folder (XDG_CACHE_HOME).",
    )
    parser.add_argument(
        "-k", metavar="TEXT", dest="text", help="only tests whose file, class or method has TEXT in its name"
    )
    parser.add_argument(
        "--tags", metavar="TAGS", help="only tests with these Odoo test tags, such as /medical_practice:TestX"
    )
    parser.add_argument("--keep", action="store_true", help="keep the database to look at it")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="only the tests of these files or folders")
    options.add_own_tools(parser)
    return parser.parse_args(words)


def _require_programs(console: Console) -> None:
    """The browser of the tours and the programs that print and read PDF; without them tests would be skipped."""
    missing = [] if any(map(shutil.which, BROWSERS)) else ["chromium"]
    missing += [] if shutil.which("wkhtmltopdf") else ["wkhtmltopdf"]
    missing += [] if shutil.which("pdftotext") else ["poppler-utils"]
    if missing:
        system.install(missing, f"{' and '.join(missing)}, which tests need,", console)


@dataclasses.dataclass(frozen=True)
class Half:
    """One Odoo process that runs a part of the tests on a database of its own."""

    database: str
    tags: str
    log: Path
    reader: odoolog.Reader


class Bench:
    """A test cluster with its templates, for as long as the ``with`` block lasts."""

    def __init__(self, arguments: argparse.Namespace, console: Console) -> None:
        self._arguments = arguments
        self._console = console
        self._stack = contextlib.ExitStack()
        self._folder = places.cache() / "test"
        self._own = options.server_of(arguments)
        stamp = time.strftime("%Y%m%d-%H%M%S")
        self._logs = self._folder / "log"
        self._run = f"{stamp}-{os.getpid()}"

    def __enter__(self) -> "Bench":
        for folder in (self._folder, self._logs):
            folder.mkdir(parents=True, exist_ok=True)
        found = odoo.find(self._arguments.odoo, self._console)
        python = environment.find(self._console, asked=self._arguments.python)
        with contextlib.ExitStack() as stack:
            cluster = None if self._own else postgres.Cluster(self._folder / "postgres", self._console, scratch=True)
            connection = stack.enter_context(cluster.running()) if cluster else self._own
            self._databases = postgres.Databases(connection, python.python)
            config = self._folder / "odoo.conf"
            config.touch()
            self._server = server.Server(found, python, connection, self._folder / "data", config)
            self._sweep()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def run(self, selected: selection.Selection) -> int:
        """Run the selected tests, report, and return the exit code."""
        result = odoolog.Result()
        try:
            addon, findings = self._addon_template()
        except Trouble as trouble:
            self._console.line(f"\n{trouble}\n\n0 passed, 1 failed")
            return 1
        result.findings += findings
        halves = [self._half(number, tags) for number, tags in enumerate(selected.split(self._durations()))]
        with self._copies(addon, halves):
            crashed = self._run_halves(halves, selected)
        for half in halves:
            result.add(half.reader.result)
        self._remember(result)
        return self._conclude(result, crashed, halves)

    def _half(self, number: int, tags: str) -> Half:
        reader = odoolog.Reader(self._console.line, every_skip_counts=not self._arguments.tags)
        log = self._logs / f"{self._run}-{number + 1}.log"
        return Half(f"{PREFIX}_run_{os.getpid()}_{number + 1}", tags, log, reader)

    @contextlib.contextmanager
    def _copies(self, template: str, halves: Sequence[Half]) -> Iterator[None]:
        """The halves' databases, dropped at the end unless ``--keep``."""
        try:
            with locked(self._template_lock(template)), self._console.step("Copying the database"):
                for half in halves:
                    self._databases.drop(half.database)
                    self._databases.copy(template, half.database)
            yield
        finally:
            for half in halves:
                if self._arguments.keep:
                    kept = half.database.replace("_run_", "_kept_")
                    self._databases.rename(half.database, kept)
                    self._console.line(f"Kept the database {kept}.")
                else:
                    self._databases.drop(half.database)

    def _run_halves(self, halves: Sequence[Half], selected: selection.Selection) -> list[str]:
        """Run the processes side by side; returns a sentence for each that ended without saying why."""
        with self._console.step("Running the tests") as step:

            def feed(half: Half, line: str) -> None:
                half.reader.feed(line)
                done = sum(len(other.reader.result.started) for other in halves)
                if half.reader.running:
                    step.progress(f"{done} started, {half.reader.running}")

            jobs = [
                processes.Job(
                    self._server.command(
                        half.database,
                        f"--test-tags={half.tags}",
                        "--stop-after-init",
                        f"--http-port={server.free_port()}",
                        "--max-cron-threads=0",
                        f"--screenshots={self._folder / 'screenshots'}",
                    ),
                    lambda line, half=half: feed(half, line),
                    environment=self._server.variables(),
                    log=half.log,
                    options=server.ROOT,
                )
                for half in halves
            ]
            codes = processes.follow_together(jobs)
        for half in halves:
            half.reader.close()
        return [
            f"Odoo stopped with code {code} before its tests were done; {server.last_words(half.log)}"
            for half, code in zip(halves, codes, strict=True)
            if code and not half.reader.result.failed
        ]

    def _conclude(self, result: odoolog.Result, crashed: Sequence[str], halves: Sequence[Half]) -> int:
        problems = result.problems + len(crashed)
        for sentence in crashed:
            self._console.line(f"\n{sentence}")
        if not result.started:
            self._console.line("\nNo test ran: nothing is called like that, or a test file is not imported.")
            problems = problems or 1
        if problems:
            self._console.line("\nNot passed:")
            for name in sorted(result.failed | set(result.skipped)):
                self._console.line(f"  {name}{' (skipped)' if name in result.skipped else ''}")
            for finding in result.findings:
                self._console.line(f"  log: {finding.splitlines()[0][:180]}")
            self._console.line(f"Logs: {' '.join(str(half.log) for half in halves)}")
        self._console.line(f"\n{result.passed} passed, {problems} failed")
        return 1 if problems else 0

    # Templates

    def _addon_template(self) -> tuple[str, list[str]]:
        """The template with the addon in its present code, and what its installation logged that it should not."""
        examples = server.examples()
        folders = [places.CHECKOUT, *(places.CHECKOUT / "examples" / name for name in examples)]
        codes = [places.code_digest(folder) for folder in folders]
        base = self._base_template()
        name = f"{PREFIX}_addon_{places.digest(base, *codes)}"
        record = self._folder / f"{name}.json"
        with locked(
            self._template_lock(name), lambda: self._console.line("Waiting for the same installation elsewhere")
        ):
            if not (record.exists() and self._databases.exists(name)):
                self._install_addon(base, name, [places.MODULE, *examples], record)
            record.touch()
        self._drop_old(f"{PREFIX}_addon_", KEPT_TEMPLATES)
        return name, json.loads(record.read_text(encoding="utf-8"))

    def _install_addon(self, base: str, name: str, modules: Sequence[str], record: Path) -> None:
        reader = odoolog.Reader(self._console.line)
        log = self._logs / f"{self._run}-install.log"
        self._databases.drop(name)
        with self._building(name) as building:
            with locked(self._template_lock(base)):
                self._databases.copy(base, building)
            words = f"Installing {' and '.join(modules)}"
            self._server.change(
                self._console, words, building, f"--init={','.join(modules)}", log=log, on_line=reader.feed
            )
            reader.close()
            self._server.script(building, PREPARE, "Preparing the browser's assets", self._console, log)
            record.write_text(json.dumps(reader.result.findings), encoding="utf-8")

    def _base_template(self) -> str:
        """The template with what the addon depends on."""
        depends = sorted(_manifest(places.CHECKOUT)["depends"])
        key = places.digest(
            self._server.odoo.version, self._server.environment.version, *depends, *server.LANGUAGES, PREPARE
        )
        name = f"{PREFIX}_base_{key}"
        record = self._folder / f"{name}.json"
        with locked(
            self._template_lock(name), lambda: self._console.line("Waiting for another test that prepares Odoo")
        ):
            if not self._databases.exists(name):
                log = self._logs / f"{self._run}-base.log"
                languages = f"--load-language={','.join(server.LANGUAGES)}"
                with self._building(name) as building:
                    words = [f"--init={','.join(depends)}", languages, "--unaccent"]
                    self._server.change(self._console, "Preparing a database with Odoo", building, *words, log=log)
                    self._server.script(building, PREPARE, "Preparing the browser's assets", self._console, log)
            record.touch()
        self._drop_old(f"{PREFIX}_base_", 2)
        return name

    @contextlib.contextmanager
    def _building(self, name: str) -> Iterator[str]:
        """A temporary database that gets its name when it is complete; a killed attempt's leftover is dropped."""
        building = f"{name}_building"
        self._databases.drop(building)
        yield building
        self._databases.rename(building, name)

    def _template_lock(self, name: str) -> Path:
        return self._folder / f"{name}.lock"

    def _drop_old(self, prefix: str, kept: int) -> None:
        """Drop the templates that were used longest ago, unless somebody is using them now."""
        records = sorted(self._folder.glob(f"{prefix}*.json"), key=lambda path: -path.stat().st_mtime)
        for record in records[kept:]:
            with sole(self._template_lock(record.stem)) as free:
                if free:
                    record.unlink(missing_ok=True)
                    self._databases.drop(record.stem)

    def _sweep(self) -> None:
        """Drop the databases of test runs that were killed; on a server of one's own their process may be elsewhere."""
        if self._own:
            return
        for name in self._databases.names():
            if name.startswith(f"{PREFIX}_run_") and not _alive(int(name.split("_")[2])):
                self._databases.drop(name)

    # Durations, which balance the halves

    @property
    def _durations_file(self) -> Path:
        return self._folder / f"durations-{places.digest(str(places.CHECKOUT))}.json"

    def _durations(self) -> dict[str, float]:
        try:
            return json.loads(self._durations_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}

    def _remember(self, result: odoolog.Result) -> None:
        temporary = self._durations_file.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(self._durations() | result.seconds), encoding="utf-8")
        temporary.replace(self._durations_file)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _manifest(folder: Path) -> dict:
    path = folder / "__manifest__.py"
    try:
        return ast.literal_eval(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError) as error:
        raise Trouble(f"{path} is not a readable manifest ({error}).") from error
