"""Locks between processes, on files: the kernel drops them when their holder dies, however it dies."""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path


@contextlib.contextmanager
def locked(path: Path, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold ``path`` alone; ``waiting`` is called once when somebody else holds it already."""
    with _opened(path) as descriptor:
        if not _take(descriptor, fcntl.LOCK_EX):
            if waiting:
                waiting()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


class SharedLock:
    """A lock that many hold together; the last one to leave can tell that it is the last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def join(self) -> None:
        """Hold the lock together with the others until ``leave``."""
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Let go, and return whether nobody else holds it."""
        if self._descriptor is None:
            return False
        try:
            return _take(self._descriptor, fcntl.LOCK_EX)
        finally:
            os.close(self._descriptor)
            self._descriptor = None


@contextlib.contextmanager
def sole(path: Path) -> Iterator[bool]:
    """Hold ``path`` alone if it is free: the value is whether it was."""
    with _opened(path) as descriptor:
        yield _take(descriptor, fcntl.LOCK_EX)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _take(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
