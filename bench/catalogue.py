"""The benchmark ``bench/catalogue``: whole registers loaded beside a bare COPY, searches among 40,000 drugs.

One database with the addon holds 13,000 Canadian and 15,000 French drugs, copies of them up to 40,000, and
100,000 codes. See ``doc/performance.md`` for what is measured and how to read it.
"""

import argparse
import contextlib
import json
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from day import INSIDE, Bench, Worker, _figures  # it makes the tools of dev/ importable: it stands first
from runtime import options, places, processes
from runtime.console import Console
from runtime.errors import guard

DATABASE = "bench_catalogue"
LOAD_TARGET = 5.0
SEARCH_TARGET_MS = 30.0
REGISTERS = (("dpd", 13_000, "register.py"), ("bdpm", 15_000, "register_bdpm.py"))
SEARCHES = (
    ("drugs", "Search among 40,000 drugs by what people type (amox 500 cap, torva 20)"),
    ("broad_drugs", "The same by what thousands of drugs hold (mg, a, tablet 10)"),
    ("codes", "Search among 100,000 codes by words and codes"),
)


def main() -> int:
    """Build, measure, print; the exit code is 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="bench/catalogue", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=40, help="runs of each search (40)")
    parser.add_argument("--loads", type=int, default=3, help="loads of each register (3)")
    parser.add_argument("--reuse", action="store_true", help="take the database of the last run as it is")
    parser.add_argument("--json", metavar="FILE", help="write the figures there")
    options.add_own_tools(parser)
    arguments = parser.parse_args(sys.argv[1:])
    processes.on_signals_stop()
    with contextlib.ExitStack() as stack:
        rows = CatalogueBench(arguments, Console(sys.stderr), stack).measure()
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    print(table(rows))
    return 0 if all(row["met"] is not False for row in rows) else 1


class CatalogueBench(Bench):
    """The database with the catalogues, and what is measured in it."""

    def measure(self) -> list[dict]:
        """Build the database where it is not there, and take the figures."""
        if not (self._arguments.reuse and self._databases.exists(DATABASE)):
            self._build()
        with self._worker("catalogue") as worker:
            rows = [self._search(worker, *search) for search in SEARCHES]
            rows += [self._load(worker, *register) for register in REGISTERS]
        return rows

    def _build(self) -> None:
        base = self._base()
        self._databases.drop(DATABASE)
        self._databases.copy(base, DATABASE)
        words = (DATABASE, f"--init={places.MODULE}")
        self._server.change(self._console, "Installing the addon", *words, log=self._log)
        for kind, count, script in REGISTERS:
            self._ask("catalogue", f"Loading {kind}", "register", code=kind, folder=self._written(kind, count, script))
        self._ask("catalogue", "Copying the drugs up to 40,000", "copies", count=40_000)
        self._ask("catalogue", "Making 100,000 codes", "codes", count=100_000)
        self._databases.run("VACUUM ANALYZE", database=DATABASE)

    def _written(self, kind: str, count: int, script: str) -> str:
        """The folder of a made-up register of the size of the real one, in its format."""
        folder = self._folder / f"{kind}-{count}"
        if not (folder / "complete").exists():
            command = [self._server.environment.python, INSIDE / script, folder, str(count)]
            processes.checked(command, "The register of the benchmark could not be written")
            (folder / "complete").touch()
        return str(folder)

    def _search(self, worker: Worker, key: str, label: str) -> dict:
        answers = [worker.ask(do="run", step=key, run=run) for run in range(-2, self._arguments.runs)][2:]
        figures = _figures([answer["seconds"] for answer in answers], [answer["queries"] for answer in answers])
        target = None if key == "broad_drugs" else SEARCH_TARGET_MS
        met = None if target is None else figures["median_ms"] <= target
        return {"step": label, **figures, "beside": "", "target": target and f"{target:g} ms", "met": met}

    def _load(self, worker: Worker, kind: str, count: int, script: str) -> dict:
        folder = self._written(kind, count, script)
        request = {"folder": folder, "kind": kind}
        with self._console.step(f"Loading {count} drugs of {kind} beside a bare COPY") as step:
            worker.ask(do="copy_drugs", **request)
            loads, copies = [], []
            for run in range(self._arguments.loads):
                loads.append(worker.ask(do="load_drugs", **request))
                copies.append(worker.ask(do="copy_drugs", **request))
                step.progress(f"{run + 1} of {self._arguments.loads}")
        figures = _figures([load["seconds"] for load in loads], [load["queries"] for load in loads])
        bare = statistics.median(copy["seconds"] for copy in copies)
        ratio = statistics.median(load["seconds"] for load in loads) / bare
        beside = f"COPY of the same rows with their indexes: {1000 * bare:.0f} ms, ratio {ratio:.2f}"
        label = f"Load {loads[0]['drugs']} drugs ({kind}) from the official files"
        return {"step": label, **figures, "beside": beside, "target": f"{LOAD_TARGET:g}", "met": ratio <= LOAD_TARGET}


def table(rows: Sequence[dict]) -> str:
    """The figures for a person: a Markdown table."""
    marks = {True: "met", False: "**missed**", None: ""}
    lines = ["| step | median ms | min ms | queries | beside | target | |", "|---|--:|--:|--:|---|--:|---|"]
    for row in rows:
        cells = [row[name] for name in ("step", "median_ms", "min_ms", "queries", "beside")]
        lines.append("| " + " | ".join(map(str, [*cells, row["target"] or "-", marks[row["met"]]])) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(guard(main))
