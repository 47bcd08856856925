"""Where things are: the checkout, its data, and the user's cache."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .errors import Trouble

MODULE = "medical_practice"
"""Technical name of the addon, which is the root of the checkout."""

CHECKOUT = Path(__file__).resolve().parents[2]

NOT_THE_ADDON = {".git", ".run", ".ci", "dev", "bench", "doc", "examples", "node_modules", "__pycache__"}
"""Folders of the checkout that Odoo does not load with the addon."""


def cache() -> Path:
    """The folder for what can be fetched or built again, shared by every checkout of this user."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        folder = (Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "medical-practice"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError) as error:
        raise Trouble(
            f"No cache folder can be made ({error}): set XDG_CACHE_HOME to a folder that this user may write."
        ) from error
    return folder


def state() -> Path:
    """The folder of the practice's own data: in the checkout, private, ignored by git."""
    folder = CHECKOUT / ".run"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def require_space(folder: Path, gigabytes: float, purpose: str) -> None:
    """Refuse to start what would fill the disk."""
    free = shutil.disk_usage(folder).free / 1e9
    if free < gigabytes:
        raise Trouble(
            f"{purpose} needs about {gigabytes:g} GB in {folder} and only {free:.1f} GB are free: "
            "free some space, or set XDG_CACHE_HOME to a folder on a larger disk."
        )


def digest(*parts: str) -> str:
    """A short name for whatever is made from these parts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def code_digest(folder: Path) -> str:
    """A short name for the code of an addon: changes when any file that Odoo loads changes."""
    hasher = hashlib.sha256()
    for path in _addon_files(folder):
        with contextlib.suppress(FileNotFoundError):  # an editor may be replacing it at this moment
            hasher.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes() + b"\0")
    return hasher.hexdigest()[:12]


def _addon_files(folder: Path) -> list[Path]:
    found = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_THE_ADDON]
        found += [Path(parent, name) for name in files if not name.endswith((".pyc", ".md", ".swp", "~"))]
    return sorted(found)


@contextlib.contextmanager
def built(target: Path) -> Iterator[Path]:
    """A folder that appears complete or not at all: yields a temporary one, renamed to ``target`` at the end.

    What an earlier, killed attempt left behind is removed first; call it under a lock of your own.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for leftover in target.parent.glob(f"{target.name}.building-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    building = Path(tempfile.mkdtemp(prefix=f"{target.name}.building-", dir=target.parent))
    building.chmod(0o755)
    try:
        yield building
        building.rename(target)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
