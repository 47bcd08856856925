"""What only the system's package manager can give: installed when allowed, asked for otherwise."""

import os
import shutil
import subprocess
from collections.abc import Sequence

from . import processes
from .console import Console
from .errors import Trouble
from .locks import locked
from .places import cache


def install(packages: Sequence[str], purpose: str, console: Console, alternative: str = "") -> None:
    """Install packages with apt, saying so first; without the right to, say in one sentence what to do."""
    names = " ".join(packages)
    prefix = _privilege()
    if prefix is None:
        by_hand = f"install it: apt-get install {names}" if shutil.which("apt-get") else f"install {names}"
        raise Trouble(f"{purpose} is missing and this user may not install it: {by_hand}{alternative}.")
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    console.line(f"{purpose} is missing: installing {names} with the system's apt.")
    failure = f"{purpose} could not be installed: check the network, or install {names} yourself"
    with locked(cache() / "apt-install.lock"), console.step(f"Installing {names}"):
        processes.checked([*command, "update"], failure)
        processes.checked([*command, "--no-install-recommends", "install", *packages], failure)


def _privilege() -> list[str] | None:
    """Words before a command that give it root's right without asking anybody, or none."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None
