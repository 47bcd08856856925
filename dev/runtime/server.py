"""One Odoo process: its command line, its log, its progress."""

import contextlib
import dataclasses
import os
import random
import re
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

from . import places, processes
from .console import Console
from .environment import Environment
from .errors import Trouble
from .odoo import Odoo
from .postgres import Connection

LOADING = re.compile(r"Loading module (\w+) \((\d+)/(\d+)\)")
LANGUAGES = ("en_US", "fr_CA", "fr_FR", "en_CA")
"""Languages of the practice; Odoo gives the first one to new contacts and users."""

ROOT = {"cwd": "/"}
"""Odoo must not run with a folder of Odoo's or ours as the current one: Python would import from it."""


@dataclasses.dataclass(frozen=True)
class Server:
    """How Odoo is called: which one, with which Python, on which PostgreSQL, with which folders."""

    odoo: Odoo
    environment: Environment
    connection: Connection
    data: Path
    """Odoo's own data folder: filestore, sessions."""

    config: Path
    """Its configuration file; an empty one keeps it from reading or writing one in the home folder."""

    def command(self, database: str, *options: str, subcommand: str = "") -> list[str]:
        """The command line of one Odoo process on one database."""
        words = [str(self.environment.python), "-m", "odoo", *([subcommand] if subcommand else [])]
        words += [f"--config={self.config}", f"--data-dir={self.data}", f"--addons-path={addons_path()}"]
        return [*words, *self.connection.options(), f"--database={database}", "--http-interface=127.0.0.1", *options]

    def variables(self) -> dict[str, str]:
        """The environment variables of an Odoo process."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ODOO_"))}
        return {**kept, "PYTHONPATH": str(self.odoo.path), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}

    def change(
        self,
        console: Console,
        label: str,
        database: str,
        *options: str,
        log: Path,
        on_line: Callable[[str], None] = processes.ignore,
    ) -> None:
        """Run Odoo until it has installed or updated modules, showing how many are done."""
        failed: list[str] = []
        with console.step(label) as step:

            def watch(line: str) -> None:
                if match := LOADING.search(line):
                    step.progress(f"module {match[2]} of {match[3]} ({match[1]})")
                if " ERROR " in line or " CRITICAL " in line or failed:
                    failed.append(line)
                on_line(line)

            command = self.command(database, "--no-http", "--max-cron-threads=0", "--stop-after-init", *options)
            code = processes.follow(command, watch, environment=self.variables(), log=log, options=ROOT)
        if code or any(" CRITICAL " in line for line in failed):
            raise Trouble(f"Odoo failed while {label[:1].lower()}{label[1:]}; {last_words(log)}")

    def script(self, database: str, source: str, label: str, console: Console, log: Path) -> None:
        """Run Python in Odoo's shell on a database; the script commits for itself."""
        command = self.command(database, "--no-http", subcommand="shell")
        with console.step(label):
            code = processes.follow(
                command, processes.ignore, environment=self.variables(), log=log, stdin=source, options=ROOT
            )
        if code:
            raise Trouble(f"Odoo failed while {label[:1].lower()}{label[1:]}; {last_words(log)}")


def addons_path() -> Path:
    """A folder in which the checkout bears the addon's name, whatever folder it was cloned into, with the examples."""
    folder = places.cache() / "addons" / places.digest(str(places.CHECKOUT))
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {places.MODULE: places.CHECKOUT}
    wanted |= {manifest.parent.name: manifest.parent for manifest in places.CHECKOUT.glob("examples/*/__manifest__.py")}
    for stale in set(os.listdir(folder)) - set(wanted):
        (folder / stale).unlink(missing_ok=True)
    for name, target in wanted.items():
        with contextlib.suppress(FileExistsError):
            (folder / name).symlink_to(target)
    return folder


def examples() -> list[str]:
    """The example addons of the checkout that are installed and tested with it."""
    return sorted(manifest.parent.name for manifest in places.CHECKOUT.glob("examples/*/__manifest__.py"))


def last_words(log: Path, lines: int = 12) -> str:
    """The end of a log for a person to read, with its path."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    except OSError:
        text = []
    return "\n  ".join([f"the last lines of {log} are:", *text])


def require_printing(console: Console, required: bool) -> None:
    """See that wkhtmltopdf, which prints Odoo's PDF, is there; without it a practice works but does not print."""
    from . import system

    if shutil.which("wkhtmltopdf"):
        return
    try:
        system.install(["wkhtmltopdf"], "wkhtmltopdf, which prints the papers,", console)
    except Trouble as trouble:
        if required:
            raise
        console.line(f"Papers cannot be printed: {trouble}")


def rotate(log: Path, limit: int = 20_000_000) -> Path:
    """Set a log aside when it has grown too long, and return its path."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > limit:
        log.replace(log.with_suffix(".old.log"))
    return log


def free_port() -> int:
    """A port of this machine that nobody listens on, below those that outgoing connections use."""
    for _attempt in range(100):
        port = random.randrange(20000, 30000)
        if port_is_free(port):
            return port
    raise Trouble("No free port was found between 20000 and 30000 on 127.0.0.1: stop a server, then run it again.")


def port_is_free(port: int) -> bool:
    """Whether a server may listen on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
