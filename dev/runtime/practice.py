"""The command ``run``: the practice, served on this machine."""

import argparse
import contextlib
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import environment, odoo, options, places, postgres, processes, server, workbench
from .console import Console
from .errors import Interrupted, Trouble
from .locks import locked, sole

DEFAULT_PORT = 8069
CODE_PARAMETER = "medical_practice.code_digest"
"""System parameter that tells which code the database was last updated with."""

START_PATIENCE = 180
"""Seconds a server may take until it answers."""

CANADIAN_COMPANY = """
canada = env.ref("base.ca")
env.company.write({"country_id": canada.id, "currency_id": canada.currency_id.id})
env.cr.commit()
"""
"""The company of the demonstration, before its books are opened: dollars and chart of accounts of Canada."""

SET_LANGUAGE = """
users = env["res.users"].search([("login", "in", {logins!r})])
users.lang = {code!r}
env.cr.commit()
"""
DEMO_LOGINS = (
    "reception",
    "assistant",
    "practitioner",
    "practitioner2",
    "dentist",
    "physio",
    "billing",
    "manager",
    "privacy",
    "employee",
)


def main(words: Sequence[str]) -> int:
    """Serve the practice until Ctrl-C, or open Odoo's shell on it."""
    arguments = _arguments(words)
    processes.on_signals_stop()
    console = Console(sys.stderr if arguments.shell else sys.stdout)
    with contextlib.ExitStack() as stack:
        practice = Practice(arguments, console, stack)
        return practice.shell() if arguments.shell else practice.serve()


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run",
        description="Serve the practice on http://127.0.0.1:8069, setting up what is missing. Ctrl-C stops it.",
        epilog="The practice's data is in .run/ of the checkout, what can be fetched again in the user's cache folder.",
    )
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, help=f"port to serve on ({DEFAULT_PORT})")
    parser.add_argument("--db", type=_database_name, default="practice", metavar="NAME", help="database (practice)")
    parser.add_argument("--no-demo", action="store_true", help="a new database without demo data and demo logins")
    parser.add_argument(
        "--lang", type=_language, metavar="CODE", help="language of admin and the demo logins, such as fr_CA"
    )
    parser.add_argument(
        "--update", action="store_true", help="update the addon in the database even if its code is the same"
    )
    parser.add_argument("--reset", action="store_true", help="destroy the database and make it anew (asks first)")
    parser.add_argument("--yes", action="store_true", help="answer yes to --reset")
    parser.add_argument(
        "--shell", action="store_true", help="Odoo's shell on the database; runs standard input if piped"
    )
    options.add_own_tools(parser)
    return parser.parse_args(words)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1 to 65535")
    return int(text)


def _database_name(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,40}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a name of small letters, digits, '-', '_' and '.'")
    return text


def _language(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(_[A-Z0-9]{2,3})?(@[a-z]+)?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a language code such as fr_CA")
    return text


class Practice:
    """The practice of this checkout: its database, made and updated when needed, and its server."""

    def __init__(self, arguments: argparse.Namespace, console: Console, stack: contextlib.ExitStack) -> None:
        self._arguments = arguments
        self._console = console
        self._stack = stack
        self._state = places.state()
        self._name = arguments.db
        self._log = server.rotate(self._state / "log" / f"{self._name}.log")
        self._serving = self._state / f"{self._name}.serving"

    # The two things a person asks for

    def serve(self) -> int:
        """Serve until Ctrl-C; the exit code is Odoo's when it ends by itself."""
        if not self._stack.enter_context(sole(self._serving)):
            raise Trouble(
                f"The database {self._name} is being served already by another ./run: stop it, or take --db NAME."
            )
        self._require_port()
        self._set_up()
        self._bring_up_to_date()
        return self._serve()

    def shell(self) -> int:
        """Odoo's shell on the practice's database, beside its server if that runs."""
        with sole(self._serving) as free:
            if self._arguments.reset and not free:
                raise Trouble(f"The database {self._name} is being served: stop its ./run before --reset.")
            self._set_up()
            if free:
                self._bring_up_to_date()
        log = server.rotate(self._state / "log" / "shell.log")
        command = self._server.command(self._name, "--no-http", f"--logfile={log}", subcommand="shell")
        process = subprocess.Popen(command, env=self._server.variables(), cwd="/")
        if sys.stdin.isatty():
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # at a prompt Ctrl-C belongs to the shell
        with processes.stopping(process):
            return abs(process.wait())

    # What they need

    def _require_port(self) -> None:
        port = self._arguments.port
        if not server.port_is_free(port):
            free = next(filter(server.port_is_free, range(port + 1, 65536)), 0)
            raise Trouble(f"Port {port} is taken by another program: choose another, such as --port {free or 8069}.")

    def _set_up(self) -> None:
        """Odoo, Python, PostgreSQL and the database, each made when it is missing."""
        found = odoo.find(self._arguments.odoo, self._console)
        python = environment.find(self._console, asked=self._arguments.python)
        server.require_printing(self._console, required=False)
        connection = self._connection()
        self._server = server.Server(found, python, connection, self._state / "data", self._configuration())
        self._databases = postgres.Databases(connection, python.python)
        try:
            self._databases.require_extensions()
        except postgres.SqlError as error:
            raise Trouble(f"The PostgreSQL server cannot be reached ({str(error).splitlines()[0]}).") from error
        with locked(self._state / f"{self._name}.making", self._say_waiting):
            if self._arguments.reset:
                self._reset()
            if not self._databases.exists(self._name):
                self._create()
            self._move_filestore()

    def _say_waiting(self) -> None:
        self._console.line(f"Waiting for another command that prepares the database {self._name}")

    def _connection(self) -> postgres.Connection:
        own = options.server_of(self._arguments)
        if own:
            return own
        return self._stack.enter_context(postgres.Cluster(self._state / "postgres", self._console).running())

    def _configuration(self) -> Path:
        """Odoo's configuration file, made once, private: it holds the master password."""
        path = self._state / "odoo.conf"
        if not path.exists():
            lines = (
                "[options]",
                f"admin_passwd = {secrets.token_urlsafe(32)}",
                "list_db = False",
                "proxy_mode = False",
            )
            with contextlib.suppress(FileExistsError):
                temporary = path.with_suffix(f".{os.getpid()}")
                with open(os.open(temporary, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
                    file.write("\n".join((*lines, "workers = 0", "limit_time_real = 3600", "")))
                temporary.replace(path)
        return path

    # The database

    def _reset(self) -> None:
        if not self._databases.exists(self._name):
            return
        if not self._arguments.yes:
            self._confirm(f"Destroy the database {self._name} of {places.CHECKOUT} and all its data? [y/N] ")
        self._databases.drop(self._name)
        shutil.rmtree(self._filestore(self._name), ignore_errors=True)

    def _confirm(self, question: str) -> None:
        if not sys.stdin.isatty():
            raise Trouble("--reset destroys the practice's data and asks first; without a terminal, add --yes.")
        print(question, end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in ("y", "yes", "o", "oui"):
            raise Trouble("Nothing was destroyed.")

    def _create(self) -> None:
        """Make the database under a temporary name; it gets its own when it is whole."""
        building = f"{self._name}-being-made"
        self._databases.drop(building)
        shutil.rmtree(self._filestore(building), ignore_errors=True)
        places.require_space(self._state, 1, "The practice's database")
        digest = places.code_digest(places.CHECKOUT)
        words = [f"--load-language={','.join(server.LANGUAGES)}", "--unaccent"]
        if self._arguments.no_demo:
            label = f"Making the database {self._name} without demo data"
            self._change(label, building, f"--init={places.MODULE}", *words)
        else:
            self._change(f"Making the database {self._name}", building, "--init=base", *words)
            self._add_demo(building)
        self._remember_code(building, digest)
        self._databases.rename(building, self._name)

    def _add_demo(self, building: str) -> None:
        """Install the addon with its day in a clinic of Québec, and none of the demo data of the ERP under it."""
        self._server.script(building, CANADIAN_COMPANY, "Opening a clinic in Canada", self._console, self._log)
        depends = ",".join(workbench.manifest(places.CHECKOUT)["depends"])
        self._change("Installing contacts, calendar and invoicing", building, f"--init={depends}")
        # Odoo loads the demo data of an addon only on top of that of what it depends on: told that it is there.
        self._databases.run("UPDATE ir_module_module SET demo = (state = 'installed')", database=building)
        failed: list[str] = []
        self._server.change(
            self._console,
            "Installing Medical Practice with its demo day",
            building,
            f"--init={places.MODULE}",
            "--with-demo",
            log=self._log,
            on_line=lambda line: failed.append(line) if "demo data failed to install" in line else None,
        )
        if failed:
            raise Trouble(f"The demo data could not be loaded; {server.last_words(self._log)}")
        statement = "UPDATE ir_module_module SET demo = (state = 'installed' AND name = %s)"
        self._databases.run(statement, places.MODULE, database=building)

    def _change(self, label: str, database: str, *words: str) -> None:
        self._server.change(self._console, label, database, *words, log=self._log)

    def _move_filestore(self) -> None:
        """The files of a database that was just renamed follow it, also when a kill came in between."""
        building, final = self._filestore(f"{self._name}-being-made"), self._filestore(self._name)
        if building.exists() and not final.exists():
            building.rename(final)

    def _filestore(self, database: str) -> Path:
        return self._state / "data" / "filestore" / database

    def _bring_up_to_date(self) -> None:
        """Update the addon when its code is not what the database was last updated with, and set the language."""
        self._require_language()
        digest = places.code_digest(places.CHECKOUT)
        changed = self._code_in_database() != digest
        if changed or self._arguments.update:
            label = f"Updating the database {self._name}" + (" (the addon's code has changed)" if changed else "")
            self._server.change(self._console, label, self._name, f"--update={places.MODULE}", log=self._log)
            self._remember_code(self._name, digest)
        if self._arguments.lang:
            self._set_language(self._arguments.lang)

    def _code_in_database(self) -> str:
        statement = "SELECT value FROM ir_config_parameter WHERE key = %s"
        rows = self._databases.run(statement, CODE_PARAMETER, database=self._name)
        return rows[0][0] if rows else ""

    def _remember_code(self, database: str, digest: str) -> None:
        statement = (
            "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s) "
            "ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value"
        )
        self._databases.run(statement, CODE_PARAMETER, digest, database=database)

    def _require_language(self) -> None:
        code = self._arguments.lang
        if code and not self._databases.run("SELECT FROM res_lang WHERE code = %s", code, database=self._name):
            raise Trouble(f"Odoo knows no language {code}: give a code such as fr_CA, fr_FR or en_CA to --lang.")

    def _set_language(self, code: str) -> None:
        if not self._databases.run("SELECT FROM res_lang WHERE active AND code = %s", code, database=self._name):
            self._change(f"Loading the language {code}", self._name, f"--load-language={code}")
        source = SET_LANGUAGE.format(logins=["admin", *DEMO_LOGINS], code=code)
        self._server.script(self._name, source, f"Setting the language {code}", self._console, self._log)

    # The server

    def _serve(self) -> int:
        port = self._arguments.port
        self._require_port()
        words = [f"--http-port={port}", f"--db-filter=^{re.escape(self._name)}$", "--no-database-list"]
        command = self._server.command(self._name, *words, f"--logfile={self._log}")
        with self._running(command) as process:
            with self._console.step("Starting Odoo"):
                self._wait_until_ready(process, port)
            self._say_ready(port)
            code = process.wait()
        raise Trouble(f"Odoo stopped by itself with code {code}; {server.last_words(self._log)}")

    @contextlib.contextmanager
    def _running(self, command: Sequence[str]) -> Iterator[subprocess.Popen]:
        process = subprocess.Popen(
            processes.tied(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self._server.variables(),
            cwd="/",
            start_new_session=True,
        )
        try:
            with processes.stopping(process):
                yield process
        except (Interrupted, KeyboardInterrupt):
            self._console.line("\nStopped.")
            raise

    def _wait_until_ready(self, process: subprocess.Popen, port: int) -> None:
        deadline = time.monotonic() + START_PATIENCE
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise Trouble(f"Odoo did not start; {server.last_words(self._log)}")
            with contextlib.suppress(urllib.error.URLError, OSError):
                opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
                with opener.open(f"http://127.0.0.1:{port}/web/health", timeout=5) as answer:
                    if answer.status == 200:
                        return
            time.sleep(0.3)
        raise Trouble(f"Odoo did not answer within {START_PATIENCE} seconds; {server.last_words(self._log)}")

    def _say_ready(self, port: int) -> None:
        say = self._console.line
        say(f"\n  The practice is open: http://127.0.0.1:{port}\n")
        statement = "SELECT login FROM res_users WHERE active AND login = ANY(%s)"
        found = {login for (login,) in self._databases.run(statement, list(DEMO_LOGINS), database=self._name)}
        if found:
            say(f"  Logins (the password is the login): {', '.join(name for name in DEMO_LOGINS if name in found)}")
            say("  Technical administrator, no clinical access: admin")
        else:
            say("  Log in as admin, password admin, and change it: Preferences > Account Security.")
        say(f"  Log: {self._log}\n  Ctrl-C stops it.\n")
