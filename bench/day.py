"""The benchmark ``bench/day``: the steps of a day in the practice, each beside the bare ERP's nearest thing.

Two databases are made from the same 5,000 people: ``bare`` has Odoo with contacts, calendar and invoicing, and
``practice`` is its copy with this addon, where each of these contacts became a patient. Each is held by a process of
its own that has loaded what a server loads; the runs alternate between the two, so that whatever else the machine does
meets both. See ``doc/performance.md`` for what is measured and how to read it.
"""

import argparse
import base64
import contextlib
import datetime
import io
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT / "dev"))

from http_day import serve_a_day  # noqa: E402
from runtime import environment, odoo, options, places, postgres, processes, server  # noqa: E402
from runtime.console import Console  # noqa: E402
from runtime.errors import Trouble, guard  # noqa: E402
from runtime.locks import locked  # noqa: E402

INSIDE = CHECKOUT / "bench" / "inside"
DEPENDS = ("calendar", "contacts", "account")

#: What is measured: key, label, the bare ERP's nearest thing, and how much slower the practice may be.
STEPS = (
    ("chart", "Open a chart", "contact form", 1.5),
    ("timeline", "A page of the timeline of 500 visits", "contact list of 80", None),
    ("list", "Patient list of 80", "contact list of 80", 1.2),
    ("search", "Search by name fragment", "contact search", 1.5),
    ("drug_search", "Search a drug by fragments", "contact search", None),
    ("day_sheet", "Day sheet of 125 appointments", "calendar day of 125 events", 1.2),
    ("create", "Create a patient", "create a contact", 2.5),
    ("prescribe", "Write and sign a prescription of 3 lines", "draft invoice of 3 lines", None),
    ("safety", "Safety check of 10 lines, 20 treatments", "contact search", None),
    ("invoice", "Consultation to draft invoice (3 acts)", "draft invoice of 3 lines", None),
)
#: Steps that have to be done within so many milliseconds, whatever the bare ERP takes.
LIMITS_MS = {"safety": 50}
DRUGS_TARGET = 5.0
MEMORY_TARGET = 350


def main() -> int:
    """Build, measure, print the table, write the JSON; the exit code is 1 when a target is missed."""
    arguments = _arguments(sys.argv[1:])
    processes.on_signals_stop()
    console = Console(sys.stderr)
    with contextlib.ExitStack() as stack:
        bench = Bench(arguments, console, stack)
        result = bench.measure()
    text = json.dumps(result, indent=1, ensure_ascii=False)
    if arguments.json:
        Path(arguments.json).write_text(text + "\n", encoding="utf-8")
    print(table(result))
    return 0 if all(row["met"] is not False for row in result["rows"]) else 1


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/day", description=__doc__.splitlines()[0])
    parser.add_argument("--patients", type=int, default=5000, help="people in both databases (5000)")
    parser.add_argument("--runs", type=int, default=40, help="runs of each step (40)")
    parser.add_argument("--drugs", type=int, default=4000, help="drugs of the register that is loaded (4000)")
    parser.add_argument("--only", metavar="STEP", action="append", help="measure only this step; may be repeated")
    parser.add_argument("--json", metavar="FILE", help="write the figures there")
    parser.add_argument("--reuse", action="store_true", help="take the databases of the last run as they are")
    parser.add_argument("--profile", metavar="STEP", help="print where the time of a step goes, instead of measuring")
    options.add_own_tools(parser)
    return parser.parse_args(words)


class Worker:
    """A process with one database, that does what it is told, one line of JSON at a time."""

    def __init__(self, command: Sequence[str], variables: dict[str, str], log: Path) -> None:
        self._log = log
        self._process = subprocess.Popen(
            command, env=variables, cwd="/", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, **request: object) -> dict:
        """Have something done and return what it gave."""
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise Trouble(f"The measured process ended; {server.last_words(self._log, 25)}")
        result = json.loads(answer)
        if "error" in result:
            raise Trouble(f"{request.get('do')} {request.get('step', '')} failed:\n{result['error']}")
        return result

    def close(self) -> None:
        """End the process."""
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        with processes.stopping(self._process), contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=20)


class Bench:
    """The databases, the two processes, the measurements."""

    def __init__(self, arguments: argparse.Namespace, console: Console, stack: contextlib.ExitStack) -> None:
        self._arguments = arguments
        self._console = console
        self._stack = stack
        self._folder = places.cache() / "bench"
        self._folder.mkdir(parents=True, exist_ok=True)
        stack.enter_context(locked(self._folder / "lock", lambda: console.line("Waiting for another benchmark")))
        found = odoo.find(arguments.odoo, console)
        python = environment.find(console, asked=arguments.python)
        connection = options.server_of(arguments) or stack.enter_context(
            postgres.Cluster(self._folder / "postgres", console, scratch=True).running()
        )
        config = self._folder / "odoo.conf"
        config.touch()
        self._server = server.Server(found, python, connection, self._folder / "data", config)
        self._databases = postgres.Databases(connection, python.python)
        self._log = self._folder / "bench.log"
        self._log.write_text("", encoding="utf-8")

    def measure(self) -> dict:
        """Build the databases and take the figures."""
        if not (self._arguments.reuse and self._databases.exists("bench_practice")):
            self._build()
        if self._arguments.profile:
            return self._profile(self._arguments.profile)
        steps = [step for step in STEPS if not self._arguments.only or step[0] in self._arguments.only]
        with self._worker("bare") as bare, self._worker("practice") as practice:
            rows = [self._step(bare, practice, *step) for step in steps]
            if not self._arguments.only or "drugs" in self._arguments.only:
                rows.append(self._drugs(practice))
        if not self._arguments.only or "memory" in self._arguments.only:
            rows.append(self._memory())
        return {
            "when": datetime.datetime.now(datetime.timezone.utc).isoformat("T", "seconds"),
            **self._about(),
            "rows": rows,
        }

    def _about(self) -> dict:
        return {
            "patients": self._arguments.patients,
            "runs": self._arguments.runs,
            "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
            "load": [round(value, 1) for value in os.getloadavg()],
            "python": platform.python_version(),
            "odoo": odoo.SERIES,
        }

    # Databases

    def _build(self) -> None:
        """Make ``bench_bare`` and ``bench_practice``, both from one database that holds the people."""
        people = self._people()
        for name in ("bench_bare", "bench_practice"):
            self._databases.drop(name)
            self._databases.copy(people, name)
        self._server.change(
            self._console, "Installing the addon", "bench_practice", f"--init={places.MODULE}", log=self._log
        )
        self._ask("practice", "Loading the drugs", "drugs", folder=self._register())
        self._ask("practice", "Making the contacts patients, with charts and appointments", "practice")
        for name in ("bench_bare", "bench_practice"):
            self._databases.run("VACUUM ANALYZE", database=name)

    def _base(self) -> str:
        """The database with Odoo alone, kept for the next run."""
        versions = (self._server.odoo.version, self._server.environment.version)
        base = f"bench_base_{places.digest(*versions, *DEPENDS)}"
        if not self._databases.exists(base):
            self._databases.drop("bench_building")
            words = ("bench_building", f"--init={','.join(DEPENDS)}", "--unaccent")
            self._server.change(self._console, "Preparing the bare ERP", *words, log=self._log)
            self._databases.rename("bench_building", base)
        return base

    def _people(self) -> str:
        """The database with Odoo, the contacts and a full calendar, kept for the next run."""
        sources = [(INSIDE / name).read_text(encoding="utf-8") for name in ("people.py", "bare.py")]
        base = self._base()
        people = f"bench_people_{places.digest(base, str(self._arguments.patients), *sources)}"
        if self._databases.exists(people):
            return people
        for name in self._databases.names():
            if name.startswith("bench_people_") or name == "bench_bare":
                self._databases.drop(name)
        self._databases.copy(base, "bench_bare")
        self._ask("bare", f"Making {self._arguments.patients} contacts", "people", count=self._arguments.patients)
        self._ask("bare", "Filling the calendar", "events")
        self._databases.rename("bench_bare", people)
        return people

    def _ask(self, kind: str, label: str, what: str, **request: object) -> None:
        with self._console.step(label), self._worker(kind) as worker:
            worker.ask(do="build", what=what, **request)

    def _register(self) -> str:
        """The folder of the drugs: the size of the real register, in its format."""
        folder = self._folder / f"register-{self._arguments.drugs}"
        if not (folder / "complete").exists():
            script = INSIDE / "register.py"
            processes.checked(
                [self._server.environment.python, script, folder, str(self._arguments.drugs)],
                "The register of the benchmark could not be written",
            )
            (folder / "complete").touch()
        return str(folder)

    @contextlib.contextmanager
    def _worker(self, kind: str) -> Iterator[Worker]:
        command = self._server.command(
            f"bench_{kind}", "--no-http", "--max-cron-threads=0", f"--logfile={self._log}", "--log-level=warn"
        )
        words = [command[0], "-B", str(INSIDE / "worker.py"), kind, *command[3:]]
        worker = Worker(words, self._server.variables(), self._log)
        try:
            yield worker
        finally:
            worker.close()

    # Measurements

    def _step(self, bare: Worker, practice: Worker, key: str, label: str, beside: str, target: float | None) -> dict:
        """Measure one step and its counterpart, in turns; the first run of each warms up and does not count."""
        seconds: dict[str, list[float]] = {"practice": [], "bare": []}
        queries: dict[str, list[int]] = {"practice": [], "bare": []}
        with self._console.step(f"{label} beside {beside}") as step:
            for run in range(-2, self._arguments.runs):
                pair = (("bare", bare), ("practice", practice))
                for kind, worker in pair if run % 2 else reversed(pair):
                    answer = worker.ask(do="run", step=key, run=run + 2)
                    if run >= 0:
                        seconds[kind].append(answer["seconds"])
                        queries[kind].append(answer["queries"])
                step.progress(f"{max(run + 1, 0)} of {self._arguments.runs}")
        ratio = statistics.median(seconds["practice"]) / statistics.median(seconds["bare"])
        best = min(seconds["practice"]) / min(seconds["bare"])
        limit = LIMITS_MS.get(key)
        met = None if target is None else ratio <= target
        if limit is not None:
            met = 1000 * statistics.median(seconds["practice"]) <= limit
        return {
            "key": key,
            "step": label,
            "beside": beside,
            "practice": _figures(seconds["practice"], queries["practice"]),
            "bare": _figures(seconds["bare"], queries["bare"]),
            "ratio": round(ratio, 2),
            "ratio_of_minima": round(best, 2),
            "target": target if limit is None else f"{limit} ms",
            "met": met,
        }

    def _drugs(self, practice: Worker) -> dict:
        """Loading the register beside a bare COPY of the rows it becomes, with their indexes."""
        folder, runs = self._register(), max(3, min(self._arguments.runs, 9))
        loads, copies, reads = [], [], []
        with self._console.step(f"Loading {self._arguments.drugs} drugs beside a bare COPY") as step:
            practice.ask(do="copy_drugs")
            for run in range(runs):
                loads.append(practice.ask(do="load_drugs", folder=folder))
                copies.append(practice.ask(do="copy_drugs"))
                reads.append(practice.ask(do="read_drugs", folder=folder))
                step.progress(f"{run + 1} of {runs}")
        ratio = statistics.median(load["seconds"] for load in loads) / statistics.median(c["seconds"] for c in copies)
        return {
            "key": "drugs",
            "step": f"Load {loads[0]['drugs']} drugs from the official files",
            "beside": "COPY of the same rows into the same tables with their indexes",
            "practice": _figures([load["seconds"] for load in loads], [load["queries"] for load in loads]),
            "bare": _figures([copy["seconds"] for copy in copies], [copy["queries"] for copy in copies]),
            "reading_ms": round(1000 * statistics.median(read["seconds"] for read in reads), 1),
            "ratio": round(ratio, 2),
            "ratio_of_minima": round(min(x["seconds"] for x in loads) / min(x["seconds"] for x in copies), 2),
            "target": DRUGS_TARGET,
            "met": ratio <= DRUGS_TARGET,
        }

    def _memory(self) -> dict:
        """The most memory a real server takes, serving every step of the day over HTTP."""
        figures = {}
        with self._console.step("The day over HTTP, for the memory of the server") as step:
            for kind in ("bare", "practice"):
                with self._worker(kind) as worker:
                    recorded = {key: self._record(worker, key) for key, *_rest in STEPS}
                if kind == "practice":
                    self._add_paper_and_register(recorded)
                figures[kind] = serve_a_day(self._server, f"bench_{kind}", recorded, self._log, step.progress)
        return {
            "key": "memory",
            "step": "Peak memory of the server, MB",
            "beside": "the bare ERP's server",
            "practice": figures["practice"],
            "bare": figures["bare"],
            "ratio": round(figures["practice"]["peak_mb"] / figures["bare"]["peak_mb"], 2),
            "target": MEMORY_TARGET,
            "met": figures["practice"]["peak_mb"] <= MEMORY_TARGET,
        }

    def _record(self, worker: Worker, key: str) -> list[dict]:
        """The calls of as many runs of a step, to be made again; each run needs data of its own."""
        return [worker.ask(do="prepare", step=key, run=run) for run in range(500, 500 + self._arguments.runs)]

    def _add_paper_and_register(self, recorded: dict[str, list[dict]]) -> None:
        """Let the server print as well, and the manager load the register from the screen: both take memory."""
        if shutil.which("wkhtmltopdf"):
            for run in recorded["prescribe"][:5]:
                run["print"] = "medical_practice.report_prescription"
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in Path(self._register()).glob("*.txt"):
                archive.write(path, path.name)
        values = {"kind": "dpd", "file": base64.b64encode(packed.getvalue()).decode(), "file_name": "allfiles.zip"}
        calls = [["create", [values]], ["action_load", [["$result"]]]]
        recorded["register"] = [
            {"login": "bench_manager", "calls": [["medical.register.load", *call, {}] for call in calls]}
        ]

    def _profile(self, key: str) -> dict:
        for kind in ("bare", "practice"):
            with self._worker(kind) as worker:
                print(f"=== {kind}: {key}\n{worker.ask(do='profile', step=key)['text']}")
        sys.exit(0)


def _figures(seconds: Sequence[float], queries: Sequence[int]) -> dict:
    return {
        "median_ms": round(1000 * statistics.median(seconds), 2),
        "min_ms": round(1000 * min(seconds), 2),
        "queries": int(statistics.median(queries)),
    }


def table(result: dict) -> str:
    """The figures for a person: a Markdown table."""
    lines = [
        f"{result['patients']} patients, {result['runs']} runs, {result['machine']}, load {result['load'][0]}",
        "",
        "| step | median ms | min ms | queries | bare ERP | median ms | min ms | queries | ratio | target | |",
        "|---|--:|--:|--:|---|--:|--:|--:|--:|--:|---|",
    ]
    marks = {True: "met", False: "**missed**", None: ""}
    for row in result["rows"]:
        if row["key"] == "memory":
            peaks = row["practice"]["peak_mb"], row["bare"]["peak_mb"], row["ratio"], row["target"], marks[row["met"]]
            lines.append(
                "| {} | {} | | | {} | {} | | | {} | {} MB | {} |".format(
                    row["step"], peaks[0], row["beside"], *peaks[1:]
                )
            )
            continue
        cells = [row["step"], *row["practice"].values(), row["beside"], *row["bare"].values(), row["ratio"]]
        target = row["target"] if row["target"] is not None else "-"
        lines.append("| " + " | ".join(map(str, [*cells, target, marks[row["met"]]])) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(guard(main))
