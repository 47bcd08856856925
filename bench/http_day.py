"""A day over HTTP against a real server, to see how much memory it takes."""

import json
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path

from runtime import processes
from runtime.errors import Trouble
from runtime.server import ROOT, Server, free_port, last_words

PATIENCE = 120


class Session:
    """A user of the web client, logged in."""

    def __init__(self, port: int, database: str, login: str) -> None:
        self._base = f"http://127.0.0.1:{port}"
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.post("/web/session/authenticate", {"db": database, "login": login, "password": login})

    def get(self, path: str) -> bytes:
        """Fetch a page."""
        with self._opener.open(self._base + path, timeout=PATIENCE) as answer:
            return answer.read()

    def post(self, path: str, params: dict) -> object:
        """Make a JSON-RPC call and return its result."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._base + path, body, headers)  # noqa: S310 (a server of our own)
        with self._opener.open(request, timeout=PATIENCE) as answer:
            result = json.load(answer)
        if "error" in result:
            raise Trouble(f"{path} failed over HTTP: {result['error'].get('data', {}).get('message')}")
        return result["result"]

    def call(self, model: str, method: str, args: list, kwargs: dict) -> object:
        """Call a method of a model as the web client does."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.post(f"/web/dataset/call_kw/{model}/{method}", params)


def serve_a_day(
    server: Server, database: str, recorded: dict[str, list[dict]], log: Path, progress: Callable[[str], None]
) -> dict:
    """Start a server, have every recorded run made again by its user, and return the server's peak memory in MB.

    ``recorded`` holds, by step, the runs: who calls what.
    """
    port = free_port()
    options = (f"--http-port={port}", "--max-cron-threads=0", f"--logfile={log}", "--log-level=warn")
    process = subprocess.Popen(server.command(database, *options), env=server.variables(), **ROOT)
    with processes.stopping(process):
        _wait(process, port, log)
        at_start = _memory(process.pid)
        sessions: dict[str, Session] = {}
        for step, runs in recorded.items():
            progress(f"{database}: {step}")
            for run in runs:
                login = run["login"]
                if login not in sessions:
                    sessions[login] = Session(port, database, login)
                    sessions[login].get("/odoo")
                created = _replay(sessions[login], run["calls"])
                if "print" in run:
                    sessions[login].get(f"/report/pdf/{run['print']}/{created}")
        return {"peak_mb": _memory(process.pid), "start_mb": at_start}


def _replay(session: Session, calls: list) -> object:
    """Make the calls again, each with what the one before gave, and return what the first gave."""
    result, first = None, None
    for model, method, args, kwargs in calls:
        given = [[result] if arg == ["$result"] else arg for arg in args]
        result = session.call(model, method, given, kwargs)
        first = first or result
    return first


def _wait(process: subprocess.Popen, port: int, log: Path) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/web/health", timeout=5).close()
            return
        except (OSError, urllib.error.URLError):
            time.sleep(0.3)
    raise Trouble(f"The server did not start; {last_words(log)}")


def _memory(process: int) -> int:
    """The peak of the resident memory of a process so far, in MB."""
    with open(f"/proc/{process}/status", encoding="ascii") as status:
        return round(int(re.search(r"VmHWM:\s+(\d+)", status.read())[1]) / 1024)
