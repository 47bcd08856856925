"""Odoo 19: the person's own, or Debian's package unpacked in the cache."""

import contextlib
import dataclasses
import os
import re
from pathlib import Path

from . import apt, places
from .console import Console
from .errors import Trouble
from .locks import locked

SERIES = "19.0"
UNPACKED = "usr/lib/python3/dist-packages"
FROM_SID = (
    "odoo-19",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-glyphicons-halflings",
    "fonts-ocr-b",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
FROM_OWN_SUITE = ("fonts-font-awesome", "fonts-inconsolata")
"""Packages whose files Odoo's links name as the machine's own release has them; newer ones renamed them."""

MISSING_ASSET = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
"""A script that Debian's package leaves out (not free) while the asset bundles still ask for it."""

SPACE = 2.5
"""Gigabytes that the packages and the unpacked Odoo take."""


@dataclasses.dataclass(frozen=True)
class Odoo:
    """An Odoo that Python can import."""

    path: Path
    """The folder that holds the package ``odoo``."""

    version: str
    """What tells one Odoo from another, for whatever is built from it."""


def find(asked: str | None, console: Console) -> Odoo:
    """The Odoo named by ``--odoo`` or ``ODOO_PATH``, or Debian's, fetched when it is not there yet."""
    named = asked or os.environ.get("ODOO_PATH")
    return own(Path(named).expanduser().absolute()) if named else _debians(console)


def own(path: Path) -> Odoo:
    """The Odoo in a person's folder: a clone of its sources, the package itself, or an unpacked .deb."""
    for folder in (path, path.parent, path / UNPACKED):
        release = folder / "odoo" / "release.py"
        if release.is_file() and (folder != path.parent or path.name == "odoo"):
            series = read_series(release.read_text(encoding="utf-8"))
            if series != SERIES:
                raise Trouble(f"{path} holds Odoo {series} and this addon is for Odoo {SERIES}: name another folder.")
            changed = max(release.stat().st_mtime_ns, (folder / "odoo").stat().st_mtime_ns)
            return Odoo(folder, f"own {folder} {changed}")
    raise Trouble(
        f"{path} holds no Odoo: --odoo (or ODOO_PATH) names a clone of Odoo {SERIES} or its installed package 'odoo'."
    )


def read_series(release: str) -> str:
    """The series ``19.0`` from the text of Odoo's ``release.py``."""
    match = re.search(r"^version_info\s*=\s*\(\D*(\d+)\D+(\d+)", release, re.MULTILINE)
    return f"{match[1]}.{match[2]}" if match else "of unknown version"


def _debians(console: Console) -> Odoo:
    target = places.cache() / f"odoo-{SERIES}"
    with contextlib.suppress(FileNotFoundError):
        return _unpacked(target)
    waiting = "Waiting for another command that is fetching Odoo"
    with locked(target.with_name(f"{target.name}.lock"), lambda: console.line(waiting)):
        if not target.exists():
            _fetch(target, console)
    return _unpacked(target)


def _unpacked(target: Path) -> Odoo:
    return Odoo(target / UNPACKED, (target / "made-from").read_text(encoding="utf-8"))


def _fetch(target: Path, console: Console) -> None:
    mirror = _mirror()
    places.require_space(places.cache(), SPACE, f"Odoo {SERIES}")
    private = apt.PrivateApt(places.cache() / "apt", mirror)
    with console.step("Fetching the package lists"):
        private.update(["sid", mirror.suite])
    wanted = [*(f"{name}/sid" for name in FROM_SID), *(f"{name}/{mirror.suite}" for name in FROM_OWN_SUITE)]
    with console.step(f"Fetching Odoo {SERIES} from Debian (130 MB)") as step:
        files = private.download(wanted, lambda percent: step.progress(f"{percent} %"))
    with console.step(f"Unpacking Odoo {SERIES} (1.2 GB)") as step, places.built(target) as building:
        apt.unpack(files, building, lambda number: step.progress(f"{number} of {len(files)} packages"))
        stub = building / UNPACKED / MISSING_ASSET
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.touch()
        (building / "made-from").write_text(" ".join(file.name for file in files), encoding="utf-8")


def _mirror() -> apt.Source:
    mirror = apt.debian_main(apt.machine_sources(), apt.os_release().get("ID", "")) if apt.available() else None
    if not mirror:
        raise Trouble(
            f"Odoo {SERIES} is fetched by apt from a Debian mirror, which this system does not have: "
            f"clone Odoo {SERIES} and name its folder with --odoo PATH (or ODOO_PATH)."
        )
    return mirror
