"""Other programs: run, watched line by line, and taken along when the command stops."""

import contextlib
import dataclasses
import os
import pwd
import selectors
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from . import places
from .errors import Interrupted, Trouble


def on_signals_stop() -> None:
    """From now on Ctrl-C, SIGTERM and SIGHUP raise ``Interrupted`` in the main thread, once."""

    def stop(number: int, _frame: object) -> None:
        for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(other, signal.SIG_IGN)
        raise Interrupted(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def tied(command: Sequence[str | Path]) -> list[str]:
    """The command line, preceded by what lets the kernel stop the program when this command dies, even by SIGKILL."""
    lifeline = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
    return [*lifeline, *map(str, command)]


def as_account(account: pwd.struct_passwd | None) -> dict[str, object]:
    """Arguments of ``subprocess`` that run a program as another account (root only), or as this one."""
    if account is None:
        return {}
    groups = os.getgrouplist(account.pw_name, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": groups, "cwd": "/"}


def output(command: Sequence[str | Path], **options: object) -> str:
    """Run a short program and return its standard output; ``CalledProcessError`` when it fails."""
    return subprocess.run(
        [str(word) for word in command], check=True, capture_output=True, text=True, errors="replace", **options
    ).stdout


@dataclasses.dataclass(frozen=True)
class Job:
    """A program to follow: each line of its output goes to ``on_line`` and to the file ``log``."""

    command: Sequence[str | Path]
    on_line: Callable[[str], None]
    environment: Mapping[str, str] | None = None
    log: Path | None = None
    stdin: str | None = None
    options: Mapping[str, object] = dataclasses.field(default_factory=dict)


def ignore(line: str) -> None:
    """Read a line and forget it."""


def follow(command: Sequence[str | Path], on_line: Callable[[str], None], **fields: object) -> int:
    """Run one program to its end and return its exit code; see ``Job`` for the fields."""
    return follow_together([Job(command, on_line, **fields)])[0]


def follow_together(jobs: Sequence[Job]) -> list[int]:
    """Run programs side by side, each in a session of its own, and return their exit codes.

    They are stopped when this function is left early.
    """
    with contextlib.ExitStack() as stack:
        processes = []
        with selectors.DefaultSelector() as selector:
            for job in jobs:
                process = _start(job, stack)
                processes.append(process)
                lines = _Lines(job.on_line, stack.enter_context(_log_file(job.log)))
                selector.register(process.stdout, selectors.EVENT_READ, lines)
            while selector.get_map():
                for key, _events in selector.select():
                    data = os.read(key.fd, 65536)
                    key.data.feed(data)
                    if not data:
                        selector.unregister(key.fileobj)
        return [process.wait() for process in processes]


def _start(job: Job, stack: contextlib.ExitStack) -> subprocess.Popen:
    process = subprocess.Popen(
        tied(job.command),
        stdin=stack.enter_context(_input(job.stdin)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=job.environment,
        start_new_session=True,
        **job.options,
    )
    stack.enter_context(stopping(process))
    return process


@contextlib.contextmanager
def _input(text: str | None) -> Iterator[object]:
    """A program's standard input: a text, or nothing."""
    if text is None:
        yield subprocess.DEVNULL
        return
    with tempfile.TemporaryFile() as file:
        file.write(text.encode())
        file.seek(0)
        yield file


class _Lines:
    """Cuts the bytes of a pipe into lines for their reader and for the log."""

    def __init__(self, on_line: Callable[[str], None], write: Callable[[str], object]) -> None:
        self._on_line = on_line
        self._write = write
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Take what was read; nothing at all means the end."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if not data and self._rest:
            lines.append(self._rest)
        for line in lines:
            text = line.decode(errors="replace").rstrip("\r")
            self._write(text + "\n")
            self._on_line(text)


def checked(
    command: Sequence[str | Path], failure: str, on_line: Callable[[str], None] = ignore, **fields: object
) -> None:
    """``follow`` a program that has to succeed; otherwise ``Trouble``: ``failure`` and where its output is."""
    log = places.cache() / "setup.log"
    if follow(command, on_line, log=log, **fields):
        raise Trouble(f"{failure} (the reason is at the end of {log}).")


@contextlib.contextmanager
def stopping(process: subprocess.Popen) -> Iterator[None]:
    """Stop the program and everything it started when the block is left."""
    try:
        yield
    finally:
        stop(process)


def stop(process: subprocess.Popen, patience: float = 15) -> None:
    """End a program and its session: politely first, then for good."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()


@contextlib.contextmanager
def _log_file(path: Path | None) -> Iterator[Callable[[str], object]]:
    if path is None:
        yield ignore
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        yield file.write
