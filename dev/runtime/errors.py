"""Errors a person reads: one sentence that says what to do, never a traceback."""

import datetime
import errno
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path


class Trouble(Exception):
    """Something the person can put right; the message is one sentence that says how."""


class Interrupted(BaseException):
    """The person (Ctrl-C) or the machine (SIGTERM, SIGHUP) asked to stop."""


def guard(main: Callable[[], int]) -> int:
    """Run ``main`` and turn whatever it raises into one sentence on standard error and an exit code."""
    try:
        return main()
    except Trouble as trouble:
        return _say(str(trouble))
    except (Interrupted, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        return 141
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            where = f" (while writing {error.filename})" if error.filename else ""
            return _say(f"The disk is full{where}: free some space, then run the same command again.")
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and error.filename:
            return _say(f"{error.filename} cannot be written by this user: change its owner, or run as its owner.")
        return _unexpected()
    except Exception:  # the last resort: whatever it is, the person gets a sentence and the detail goes to a file
        return _unexpected()


def _unexpected() -> int:
    error = sys.exc_info()[1]
    return _say(f"An unexpected error stopped the command ({error}); its details are in {_keep_traceback()}.")


def _keep_traceback() -> Path:
    """Write the current traceback into a new private file and return its path."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="medical-practice-error-", suffix=".log", delete=False, encoding="utf-8"
    ) as file:
        file.write(f"{datetime.datetime.now().isoformat()} {sys.argv}\n{traceback.format_exc()}")
    return Path(file.name)


def _say(sentence: str) -> int:
    print(f"\n{sentence}", file=sys.stderr)
    return 1
