"""PostgreSQL: a private cluster on a unix socket, or a server of the person's own; and the databases in it."""

import contextlib
import dataclasses
import json
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from . import places, processes, system
from .console import Console
from .errors import Trouble
from .locks import SharedLock, locked

ROLE = "medical"
"""The database role of a private cluster: may create databases, nothing more."""

ACCOUNTS = ("postgres", "medical-practice")
"""Accounts that run the cluster for root, which PostgreSQL refuses to be run by; the second is made when needed."""

REACHABLE = Path("/var/lib/medical-practice")
"""Where root's clusters go when the account that runs them cannot enter the folder they belong to."""

OLDEST = 13
SPACE = 1.0
EXTENSIONS = ("unaccent", "pg_trgm", "btree_gist")


@dataclasses.dataclass(frozen=True)
class Connection:
    """How to reach a PostgreSQL server; what is empty is left to libpq (PGPASSWORD, .pgpass...)."""

    host: str
    port: str = ""
    user: str = ""

    def options(self) -> list[str]:
        """Odoo's options for it."""
        pairs = {"--db_host": self.host, "--db_port": self.port, "--db_user": self.user}
        return [f"{name}={value}" for name, value in pairs.items() if value]

    def dsn(self, database: str) -> dict[str, str]:
        """psycopg2's arguments for it."""
        pairs = {"host": self.host, "port": self.port, "user": self.user, "dbname": database}
        return {name: value for name, value in pairs.items() if value}


class SqlError(Exception):
    """PostgreSQL refused a statement; ``code`` is its SQLSTATE, none when no connection was made."""

    def __init__(self, message: str, code: str | None) -> None:
        super().__init__(message)
        self.code = code


class Databases:
    """The databases of a server."""

    def __init__(self, connection: Connection, python: Path) -> None:
        self.connection = connection
        self._python = python

    def run(self, statement: str, *parameters: object, database: str = "postgres") -> list[list]:
        """Run one statement and return its rows."""
        request = {"dsn": self.connection.dsn(database), "statements": [[statement, parameters]]}
        answer = json.loads(
            processes.output([self._python, "-I", Path(__file__).with_name("sql.py")], input=json.dumps(request))
        )
        if "error" in answer:
            raise SqlError(answer["error"], answer["code"])
        return answer["rows"][0]

    def names(self) -> set[str]:
        return {name for (name,) in self.run("SELECT datname FROM pg_database WHERE NOT datistemplate")}

    def exists(self, name: str) -> bool:
        return name in self.names()

    def copy(self, template: str, name: str) -> None:
        """Create ``name`` as a copy of ``template``, which nobody may be connected to."""
        self.run(f"CREATE DATABASE {quoted(name)} TEMPLATE {quoted(template)}")

    def rename(self, name: str, new_name: str) -> None:
        self.run(f"ALTER DATABASE {quoted(name)} RENAME TO {quoted(new_name)}")

    def drop(self, name: str) -> None:
        """Drop a database if it exists, throwing out whoever is connected."""
        self.run(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")

    def require_extensions(self) -> None:
        """Refuse a server that lacks an extension which the addon creates."""
        rows = self.run("SELECT name FROM pg_available_extensions WHERE name = ANY(%s)", list(EXTENSIONS))
        missing = sorted(set(EXTENSIONS) - {name for (name,) in rows})
        if missing:
            raise Trouble(
                f"The PostgreSQL server lacks the extension {', '.join(missing)}: install its contrib package."
            )


def quoted(identifier: str) -> str:
    return '"{}"'.format(identifier.replace('"', '""'))


def own_server(host: str | None, port: str | None, user: str | None) -> Connection | None:
    """The server that the options or PostgreSQL's usual variables name, if they name one."""
    host = host or os.environ.get("PGHOST", "")
    port = str(port or os.environ.get("PGPORT", ""))
    user = user or os.environ.get("PGUSER", "")
    return Connection(host or "localhost", port, user) if host or port or user else None


@dataclasses.dataclass(frozen=True)
class Binaries:
    """One installed PostgreSQL server."""

    folder: Path
    major: int

    @classmethod
    def installed(cls) -> list["Binaries"]:
        """Every PostgreSQL server of this machine that Odoo works with, newest first."""
        folders = {path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")}
        if found := shutil.which("initdb"):
            folders.add(Path(found).resolve().parent)
        versions = [cls(folder, _major(folder)) for folder in folders if (folder / "postgres").exists()]
        return sorted((item for item in versions if item.major >= OLDEST), key=lambda item: -item.major)

    @classmethod
    def find(cls, console: Console, major: int | None = None) -> "Binaries":
        """The newest server, or the one of a given major version; installed when there is none."""
        suitable = [item for item in cls.installed() if major in (None, item.major)]
        if not suitable and major is None:
            hint = ", or name a server of your own with --db-host, --db-port and --db-user"
            system.install(["postgresql"], "PostgreSQL", console, hint)
            suitable = cls.installed()
        if not suitable:
            raise Trouble(
                f"The data was made by PostgreSQL {major}, which is not installed any more: install it again."
            )
        return suitable[0]


def _major(folder: Path) -> int:
    match = re.search(r"(\d+)", processes.output([folder / "postgres", "--version"]))
    return int(match[1]) if match else 0


class Cluster:
    """A private PostgreSQL cluster in a folder, shared by every command that uses the folder.

    The first command starts it, the last one out stops it.  It listens on a unix socket only and knows its
    users by their account, without passwords.  ``scratch`` clusters (tests) trade safety after a power cut for
    speed, and are thrown away after one.
    """

    def __init__(self, folder: Path, console: Console, scratch: bool = False) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._account = _account(console)
        self._home = _reachable_home(folder, self._account)
        self._data = self._home / "data"
        self._console = console
        self._scratch = scratch
        self._users = SharedLock(folder / "users.lock")
        self._lock = folder / "cluster.lock"
        self._boot = folder / "started-in-boot"

    @contextlib.contextmanager
    def running(self) -> Iterator[Connection]:
        """The cluster, started if need be, for as long as the block lasts."""
        with locked(self._lock):
            self._users.join()
        try:
            with locked(self._lock, lambda: self._console.line("Waiting for another command that starts PostgreSQL")):
                connection = self._start()
            yield connection
        finally:
            with locked(self._lock):
                if self._users.leave():
                    self._stop()

    def _start(self) -> Connection:
        if self._scratch and self._power_was_cut():
            shutil.rmtree(self._data, ignore_errors=True)
        if not (self._data / "PG_VERSION").exists():
            self._create()
        binaries = Binaries.find(self._console, int((self._data / "PG_VERSION").read_text().split(".")[0]))
        if socket := self._socket_in_use(binaries):
            return Connection(socket, user=ROLE)
        socket = str(_socket_folder(self._data, self._account))
        self._configure(socket)
        self._boot.write_text(_boot_id())
        log = self._home / "postgresql.log"
        command = [binaries.folder / "pg_ctl", "start", "-s", "-w", "-t", "60", "-D", self._data, "-l", log]
        with self._console.step("Starting PostgreSQL"):
            result = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
                **self._as_account(),
            )
        if result.returncode:
            raise Trouble(f"PostgreSQL did not start; the reason is at the end of {log}.")
        self._make_role(Connection(socket, user="postgres"), binaries)
        return Connection(socket, user=ROLE)

    def _power_was_cut(self) -> bool:
        return self._boot.exists() and self._boot.read_text() != _boot_id()

    def _socket_in_use(self, binaries: Binaries) -> str | None:
        """The socket folder of the running cluster, if it runs."""
        status = [str(binaries.folder / "pg_ctl"), "status", "-D", str(self._data)]
        if subprocess.run(status, capture_output=True, check=False, **self._as_account()).returncode:
            return None
        return (self._data / "postmaster.pid").read_text().splitlines()[4]

    def _create(self) -> None:
        """initdb into a temporary folder, renamed at the end."""
        binaries = Binaries.find(self._console)
        places.require_space(self._home, SPACE, "The database")
        for leftover in self._home.glob("data.building-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        if self._data.exists():
            raise Trouble(f"{self._data} is not a whole PostgreSQL cluster: move it away, then run it again.")
        building = Path(tempfile.mkdtemp(prefix="data.building-", dir=self._home))
        self._own(building)
        command = [binaries.folder / "initdb", "-D", building, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"]
        command += ["--auth-local=peer", "--auth-host=reject", *(["--no-sync"] if self._scratch else [])]
        with self._console.step("Creating the PostgreSQL cluster"):
            processes.checked(command, "The PostgreSQL cluster could not be created", options=self._as_account())
            building.rename(self._data)

    def _configure(self, socket: str) -> None:
        """Write the settings anew at every start: the socket's place may have changed, nothing else has to be kept."""
        settings = {
            "listen_addresses": "''",
            "unix_socket_directories": _literal(socket),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "shared_buffers": "'256MB'",
            "timezone": "'UTC'",
            "log_timezone": "'UTC'",
            "lc_messages": "'C'",
            "log_min_messages": "'fatal'",
            "log_min_error_statement": "'panic'",
            "dynamic_shared_memory_type": "posix" if os.access("/dev/shm", os.W_OK) else "mmap",
        }
        if self._scratch:
            settings |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "max_wal_size": "'4GB'",
            }
        self._write("postgresql.conf", "".join(f"{name} = {value}\n" for name, value in settings.items()))
        self._write("pg_hba.conf", "local all all peer map=practice\n")
        users = {pwd.getpwuid(os.geteuid()).pw_name, self._account.pw_name if self._account else ""} - {""}
        lines = [f'practice "{user}" {role}\n' for user in sorted(users) for role in (ROLE, "postgres")]
        self._write("pg_ident.conf", "".join(lines))

    def _write(self, name: str, text: str) -> None:
        path = self._data / name
        path.write_text(text, encoding="utf-8")
        self._own(path)

    def _own(self, path: Path) -> None:
        if self._account:
            os.chown(path, self._account.pw_uid, self._account.pw_gid)

    def _make_role(self, superuser: Connection, binaries: Binaries) -> None:
        statement = (
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') "
            f"THEN CREATE ROLE {ROLE} LOGIN CREATEDB; END IF; END $$"
        )
        command = [binaries.folder / "psql", "-X", "-q", "-h", superuser.host, "-U", superuser.user, "-d", "postgres"]
        processes.checked([*command, "-c", statement], "The database role could not be created")

    def _stop(self) -> None:
        """Stop the cluster if it runs."""
        if not (self._data / "postmaster.pid").exists():
            return
        binaries = Binaries.find(self._console, int((self._data / "PG_VERSION").read_text().split(".")[0]))
        command = [str(binaries.folder / "pg_ctl"), "stop", "-s", "-w", "-m", "fast", "-D", str(self._data)]
        stopped = subprocess.run(
            command, capture_output=True, check=False, start_new_session=True, **self._as_account()
        )
        if stopped.returncode == 0:
            self._boot.unlink(missing_ok=True)

    def _as_account(self) -> dict[str, object]:
        return processes.as_account(self._account)


def _literal(text: str) -> str:
    return "'{}'".format(text.replace("\\", "\\\\").replace("'", "''"))


def _boot_id() -> str:
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return ""


def _account(console: Console) -> pwd.struct_passwd | None:
    """For root, the unprivileged account that runs the cluster; for anybody else none."""
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    name = ACCOUNTS[-1]
    with console.step(f"Creating the account {name}, which runs PostgreSQL for root"):
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        processes.checked([*command, "--shell", "/usr/sbin/nologin", name], f"The account {name} could not be created")
    return pwd.getpwnam(name)


def _reachable_home(folder: Path, account: pwd.struct_passwd | None) -> Path:
    """The folder of the cluster's files: ``folder/home``, for root perhaps a link to where the account may enter.

    The link names a new folder each time, never one found by its name: another checkout's data is not adopted.
    """
    home = folder / "home"
    if account is None:
        home.mkdir(mode=0o700, exist_ok=True)
        return home
    if home.is_symlink() and not home.exists():
        raise Trouble(f"{home} points to {os.readlink(home)}, which is gone: put it back, or delete the link.")
    if not home.exists():
        if _may_enter(folder, account):
            home.mkdir(mode=0o700)
        else:
            REACHABLE.mkdir(mode=0o755, parents=True, exist_ok=True)
            home.symlink_to(tempfile.mkdtemp(prefix=f"{places.digest(str(folder))}-", dir=REACHABLE))
    real = home.resolve()
    os.chown(real, account.pw_uid, account.pw_gid)
    return real


def _may_enter(folder: Path, account: pwd.struct_passwd) -> bool:
    command = ["test", "-x", str(folder.resolve())]
    folder.chmod(0o711)
    return subprocess.run(command, check=False, **processes.as_account(account)).returncode == 0


def _socket_folder(data: Path, account: pwd.struct_passwd | None) -> Path:
    """A private folder with a short path, because a socket's path may not exceed 107 bytes."""
    owner = account.pw_uid if account else os.geteuid()
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if account and os.access("/run", os.W_OK):
        base = Path("/run/medical-practice")
        base.mkdir(mode=0o755, exist_ok=True)
    elif not account and os.path.isabs(runtime) and len(runtime) < 60 and os.access(runtime, os.W_OK):
        base = _private(Path(runtime, "medical-practice"), owner)
    else:
        base = _private(Path(f"/tmp/medical-practice-{owner}"), owner)
    return _private(base / places.digest(str(data.resolve()))[:8], owner)


def _private(folder: Path, owner: int) -> Path:
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != owner or status.st_mode & 0o077:
        raise Trouble(f"{folder} is not a private folder of the account that runs PostgreSQL: remove it.")
    return folder
