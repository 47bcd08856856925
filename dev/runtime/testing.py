"""The command ``test``: every test on a fresh database, in two halves side by side."""

import argparse
import dataclasses
import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from . import odoolog, options, places, processes, selection, server, system
from .console import Console
from .errors import Trouble
from .workbench import Workbench

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def main(words: Sequence[str]) -> int:
    """Run the tests; the exit code is 0 when at least one ran and none failed."""
    arguments = _arguments(words)
    processes.on_signals_stop()
    console = Console()
    selected = selection.select(arguments)
    require_programs(console)
    with Workbench(arguments, console) as workbench:
        return Run(workbench, arguments).run(selected)


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./test",
        description="Run the tests of the addon on a fresh database; the last line says N passed, N failed.",
        epilog="Logs and databases are kept in the user's cache folder (XDG_CACHE_HOME).",
    )
    parser.add_argument("-k", metavar="TEXT", dest="text", help="only tests with TEXT in their file, class or method")
    parser.add_argument("--tags", help="only tests with these Odoo test tags, such as /medical_practice:TestX")
    parser.add_argument("--keep", action="store_true", help="keep the database to look at it")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="only the tests of these files or folders")
    options.add_own_tools(parser)
    return parser.parse_args(words)


def require_programs(console: Console) -> None:
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


class Run:
    """One run of selected tests on a workbench."""

    def __init__(self, workbench: Workbench, arguments: argparse.Namespace) -> None:
        self._workbench = workbench
        self._console = workbench.console
        self._arguments = arguments
        self._durations_file = workbench.folder / f"durations-{places.digest(str(places.CHECKOUT))}.json"

    def run(self, selected: selection.Selection) -> int:
        """Run the selected tests, report, and return the exit code."""
        result = odoolog.Result()
        try:
            template, result.findings = self._workbench.addon_template()
        except Trouble as trouble:
            self._console.line(f"\n{trouble}\n\n0 passed, 1 failed")
            return 1
        tags = selected.split(self._durations())
        with self._workbench.copies(template, len(tags), self._arguments.keep) as databases:
            halves = [self._half(database, part) for database, part in zip(databases, tags, strict=True)]
            crashed = self._run_halves(halves)
        for half in halves:
            result.add(half.reader.result)
        self._remember(result)
        return self._conclude(result, crashed, halves)

    def _half(self, database: str, tags: str) -> Half:
        reader = odoolog.Reader(self._console.line, every_skip_counts=not self._arguments.tags)
        return Half(database, tags, self._workbench.log(database[-1]), reader)

    def _run_halves(self, halves: Sequence[Half]) -> list[str]:
        """Run the processes side by side; returns a sentence for each that ended without saying why."""
        with self._console.step("Running the tests") as step:

            def feed(half: Half, line: str) -> None:
                half.reader.feed(line)
                if half.reader.running:
                    done = sum(len(other.reader.result.started) for other in halves)
                    step.progress(f"{done} started, {half.reader.running}")

            codes = processes.follow_together([self._job(half, feed) for half in halves])
        for half in halves:
            half.reader.close()
        return [
            f"Odoo stopped with code {code} before its tests were done; {server.last_words(half.log)}"
            for half, code in zip(halves, codes, strict=True)
            if code and not half.reader.result.failed
        ]

    def _job(self, half: Half, feed: Callable[[Half, str], None]) -> processes.Job:
        odoo = self._workbench.server
        words = [f"--test-tags={half.tags}", "--stop-after-init", "--max-cron-threads=0"]
        words += [f"--http-port={server.free_port()}", f"--screenshots={self._workbench.folder / 'screenshots'}"]
        return processes.Job(
            odoo.command(half.database, *words),
            lambda line: feed(half, line),
            environment=odoo.variables(),
            log=half.log,
            options=server.ROOT,
        )

    def _conclude(self, result: odoolog.Result, crashed: Sequence[str], halves: Sequence[Half]) -> int:
        problems = result.problems + len(crashed)
        for sentence in crashed:
            self._console.line(f"\n{sentence}")
        if not result.started:
            self._console.line("\nNo test ran: nothing is called like that, or a test file is not imported.")
            problems = problems or 1
        if problems:
            self._list_problems(result)
            self._console.line(f"Logs: {' '.join(str(half.log) for half in halves)}")
        self._console.line(f"\n{result.passed} passed, {problems} failed")
        return 1 if problems else 0

    def _list_problems(self, result: odoolog.Result) -> None:
        self._console.line("\nNot passed:")
        for name in sorted(result.failed | set(result.skipped)):
            self._console.line(f"  {name}{' (skipped)' if name in result.skipped else ''}")
        for finding in result.findings:
            self._console.line(f"  log: {finding.splitlines()[0][:180]}")

    # Durations, which balance the halves

    def _durations(self) -> dict[str, float]:
        try:
            return json.loads(self._durations_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}

    def _remember(self, result: odoolog.Result) -> None:
        temporary = self._durations_file.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(self._durations() | result.seconds), encoding="utf-8")
        temporary.replace(self._durations_file)
