"""Steps shown as they go, with progress on the long ones."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from typing import TextIO

QUIET_STEP = 1.0
"""Seconds below which a finished step shows no duration."""

PLAIN_INTERVAL = 15.0
"""Seconds between two progress lines where lines cannot be overwritten (a log file, CI)."""


class Step:
    """One line of the console that is being worked on; ``progress`` may be called from any thread."""

    def __init__(self, console: "Console", label: str) -> None:
        self._console = console
        self._started = self._last_plain = time.monotonic()
        self._shown = ""
        self.label = label

    def progress(self, detail: str) -> None:
        """Show how far the step is, such as ``43 %`` or ``12 of 87 modules``."""
        if detail == self._shown:
            return
        self._shown = detail
        if self._console.live:
            self._console.overwrite(f"· {self.label}: {detail}")
        elif time.monotonic() - self._last_plain > PLAIN_INTERVAL:
            self._last_plain = time.monotonic()
            self._console.line(f"  {self.label}: {detail}")

    def finish(self, mark: str) -> None:
        seconds = time.monotonic() - self._started
        duration = f" ({seconds:.0f} s)" if seconds >= QUIET_STEP else ""
        self._console.line(f"{mark} {self.label}{duration}")


class Console:
    """Where a command speaks: steps on a terminal are overwritten in place, elsewhere they are plain lines."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout
        self.live = self.stream.isatty()
        self._lock = threading.RLock()
        self._overwritten = False

    def line(self, text: str = "") -> None:
        """Print one line of its own."""
        with self._lock:
            self._clear()
            print(text, file=self.stream, flush=True)

    def overwrite(self, text: str) -> None:
        """Print a line that the next one replaces."""
        with self._lock:
            self._clear()
            print(text[:110], end="", file=self.stream, flush=True)
            self._overwritten = True

    @contextlib.contextmanager
    def step(self, label: str) -> Iterator[Step]:
        """A piece of work: announced when it starts, ticked when it is done."""
        step = Step(self, label)
        if self.live:
            self.overwrite(f"· {label}")
        else:
            self.line(f"· {label}")
        try:
            yield step
        except BaseException:
            step.finish("✗")
            raise
        step.finish("✓")

    def _clear(self) -> None:
        if self._overwritten:
            print("\r\033[K", end="", file=self.stream)
            self._overwritten = False
