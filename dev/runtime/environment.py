"""The Python that runs Odoo: the person's own when it has all of it, or an environment built in the cache."""

import contextlib
import dataclasses
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import places, processes, system
from .console import Console
from .errors import Trouble
from .locks import locked

REQUIREMENTS = places.CHECKOUT / "dev" / "requirements.txt"
SPACE = 1.0
PROBE = (
    "import babel, docutils, gevent, jinja2, lxml.etree, lxml_html_clean, num2words, openpyxl, passlib, PIL, psutil, "
    "psycopg2, pypdf, pytz, qrcode, reportlab, requests, rjsmin, sass, stdnum, werkzeug, zeep"
)
"""Fails where something that Odoo needs is missing."""


@dataclasses.dataclass(frozen=True)
class Environment:
    """A Python with everything Odoo needs."""

    python: Path
    version: str
    """What it was made from."""


def find(console: Console, requirements: Path = REQUIREMENTS, asked: str | None = None) -> Environment:
    """The Python named by ``--python`` when it can run Odoo as it is, otherwise an environment made with it."""
    if asked and requirements == REQUIREMENTS and _complete(asked):
        return Environment(Path(asked), f"own {asked}")
    text = requirements.read_text(encoding="utf-8")
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    key = places.digest(text, sys.version, os.path.realpath(sys.executable))
    folder = places.cache() / f"{requirements.stem}-{version}-{key}"
    environment = Environment(folder / "bin" / "python", folder.name)
    if not (folder / "complete").exists():
        waiting = "Waiting for another command that is building the Python environment"
        with locked(folder.with_name(f"{folder.name}.lock"), lambda: console.line(waiting)):
            if not (folder / "complete").exists():
                _build(folder, requirements, console)
    return environment


def _complete(python: str) -> bool:
    return subprocess.run([python, "-c", PROBE], capture_output=True, check=False).returncode == 0


def _build(folder: Path, requirements: Path, console: Console) -> None:
    """Build in place, because an environment cannot be moved; the file ``complete`` says it is whole."""
    places.require_space(places.cache(), SPACE, "The Python environment")
    shutil.rmtree(folder, ignore_errors=True)
    _require_venv(console)
    total = len(re.findall(r"^\w", requirements.read_text(encoding="utf-8"), re.MULTILINE))
    with console.step(f"Building the Python environment ({total} packages)") as step:
        failure = "The Python environment could not be built: check the network, then run it again"
        processes.checked([sys.executable, "-m", "venv", folder], failure)
        pip = [folder / "bin" / "python", "-m", "pip", "install", "--progress-bar", "off", "--no-input"]
        collected: set[str] = set()

        def on_line(line: str) -> None:
            if line.startswith(("Collecting ", "Looking in ")):
                collected.add(line)
                step.progress(f"{min(len(collected), total)} of {total}")
            elif line.startswith("Installing collected"):
                step.progress("installing")

        processes.checked([*pip, "-r", requirements], failure, on_line, options={"cwd": "/"})
        (folder / "complete").touch()


def _require_venv(console: Console) -> None:
    with contextlib.suppress(subprocess.CalledProcessError):
        processes.output([sys.executable, "-c", "import ensurepip, venv"])
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if not os.path.realpath(sys.executable).startswith("/usr/bin/"):
        raise Trouble(f"{sys.executable} lacks the module venv: name a complete Python with --python PATH.")
    system.install([package], "Python's module venv", console, ", or name another Python with --python PATH")
