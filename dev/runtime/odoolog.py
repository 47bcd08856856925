"""What Odoo's log says of a test run: tests started, failed, skipped, and lines that should not be there."""

import dataclasses
import re
from collections.abc import Callable

RECORD = re.compile(
    r"^(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(?P<ms>\d{3}) \d+ "
    r"(?P<level>[A-Z]+) \S+ (?P<logger>[\w.]+): ?(?P<text>.*)$"
)
TEST_LOGGER = re.compile(r"^odoo\.(addons\.\w+\.tests|tests)\b")
STARTED = re.compile(r"^Starting (?P<name>\S+) \.\.\.")
SKIPPED = re.compile(r"^skipped (?P<name>.+?) : (?P<reason>.*)")
FAILED = re.compile(r"^(?P<flavour>FAIL|ERROR): (?:Subtest )?(?P<name>\S+)(?P<rest>.*)")
BROWSER = re.compile(r"chrom|websocket|devtools|page' target", re.IGNORECASE)
OURS = re.compile(r"\bmedical_practice|\bmedical[._][a-z]")
"""What names our addon, its models, tables, views or files in a log line."""

NOISY = frozenset({"WARNING", "ERROR", "CRITICAL"})


@dataclasses.dataclass
class Record:
    """One log record with the lines that go on with it."""

    level: str
    logger: str
    lines: list[str]
    seconds: float = 0.0

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclasses.dataclass
class Result:
    """What a run of tests came to."""

    started: set[str] = dataclasses.field(default_factory=set)
    failed: set[str] = dataclasses.field(default_factory=set)
    skipped: dict[str, str] = dataclasses.field(default_factory=dict)
    findings: list[str] = dataclasses.field(default_factory=list)
    """Log lines of our addon, or about it, that a clean run does not have."""

    seconds: dict[str, float] = dataclasses.field(default_factory=dict)
    """Seconds that each test class took."""

    @property
    def passed(self) -> int:
        return len(self.started - self.failed - set(self.skipped))

    @property
    def problems(self) -> int:
        """Tests that failed, or were skipped although they should run, and findings."""
        return len(self.failed | set(self.skipped)) + len(self.findings)

    def add(self, other: "Result") -> None:
        """Take in the result of another process."""
        self.started |= other.started
        self.failed |= other.failed
        self.skipped |= other.skipped
        self.findings += other.findings
        self.seconds |= other.seconds


class Reader:
    """Reads a log line by line, keeps the ``result``, and reports each thing a person should read at once."""

    def __init__(self, report: Callable[[str], None], every_skip_counts: bool = True) -> None:
        self.result = Result()
        self.running = ""
        self._report = report
        self._every_skip_counts = every_skip_counts
        self._record: Record | None = None
        self._class_started: tuple[str, float] | None = None

    def feed(self, line: str) -> None:
        """Take the next line of the log."""
        match = RECORD.match(line)
        if match:
            self.close()
            self._record = Record(match["level"], match["logger"], [match["text"]], _seconds(match))
        elif self._record:
            self._record.lines.append(line)

    def close(self) -> None:
        """Judge the last record, which is whole now."""
        record, self._record = self._record, None
        if record is None:
            return
        if not (TEST_LOGGER.match(record.logger) and self._judge_test(record)):
            self._judge_log(record)

    def _judge_test(self, record: Record) -> bool:
        """Whether the record is the test runner's, and what it says of the tests."""
        first = record.lines[0]
        if match := STARTED.match(first):
            self._start(match["name"], record.seconds)
        elif match := SKIPPED.match(first):
            self._skip(match["name"], match["reason"])
        elif record.level == "ERROR" and (match := FAILED.match(first)):
            self._fail(match["name"] if match["name"] not in ("setUpClass", "tearDownClass") else first, record)
        else:
            return record.logger.startswith("odoo.tests")
        return True

    def _start(self, name: str, seconds: float) -> None:
        self.running = name
        self.result.started.add(name)
        group = name.split(".")[0]
        if self._class_started is None or self._class_started[0] != group:
            self._class_started = (group, seconds)
        self.result.seconds[group] = seconds - self._class_started[1] + 1

    def _skip(self, name: str, reason: str) -> None:
        if self._every_skip_counts or BROWSER.search(reason):
            self.result.skipped[name] = reason
            self._report(f"SKIPPED {name}: {reason}")

    def _fail(self, name: str, record: Record) -> None:
        self.result.failed.add(name)
        self._report(record.text.rstrip())

    def _judge_log(self, record: Record) -> None:
        if record.level not in NOISY:
            return
        ours = OURS.search(record.logger) or OURS.search(record.text)
        if ours or record.level == "CRITICAL":
            self.result.findings.append(record.text)
            self._report(f"{record.level} in the log of {record.logger}: {record.text.rstrip()}")


def _seconds(match: re.Match) -> float:
    hours, minutes, seconds = (int(part) for part in match["time"][11:].split(":"))
    return hours * 3600 + minutes * 60 + seconds + int(match["ms"]) / 1000
