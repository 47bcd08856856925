"""Debian packages fetched and unpacked without installing them, by the machine's own apt and mirror.

apt gets a private state (lists, cache, sources), so the machine is not touched and no right is needed.
The mirror, its keys and proxies are the machine's: no address stands here.
"""

import dataclasses
import itertools
import os
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from . import processes
from .errors import Trouble

OTHER_POCKET = re.compile(r"[-/](security|updates|backports|proposed|lts)\b")
NOT_OURS = re.compile(r"^(APT::Update::Post-Invoke|APT::Periodic|DPkg::|Dir\b|APT::Sandbox|Acquire::Languages)")


@dataclasses.dataclass(frozen=True)
class Source:
    """One place packages come from, as apt's configuration describes it."""

    uri: str
    suite: str
    components: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()

    @property
    def is_main(self) -> bool:
        """Whether this is a distribution's main archive rather than an update pocket or a vendor's."""
        return "main" in self.components and not OTHER_POCKET.search(self.suite)

    def one_line(self, suite: str) -> str:
        """The same place in apt's one-line format, for another suite."""
        options = " ".join(f"{name}={value}" for name, value in self.options)
        return f"deb {f'[{options}] ' if options else ''}{self.uri} {suite} main\n"


def parse_one_line(text: str) -> list[Source]:
    """Sources of a ``.list`` file: ``deb [options] uri suite component...``."""
    found = []
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)", line)
        if match:
            options, uri, suite, components = match.groups()
            pairs = tuple(tuple(word.split("=", 1)) for word in (options or "").split() if "=" in word)
            found.append(Source(uri, suite, tuple(components.split()), _kept_options(pairs)))
    return found


def parse_deb822(text: str) -> list[Source]:
    """Sources of a ``.sources`` file: paragraphs of ``Field: values``, values may go on in indented lines."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        fields = _fields(paragraph)
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() in ("no", "false"):
            continue
        names = {"signed-by": fields.get("signed-by", ""), "trusted": fields.get("trusted", "")}
        options = _kept_options((name, value) for name, value in names.items() if value)
        pairs = itertools.product(fields.get("uris", "").split(), fields.get("suites", "").split())
        found += [Source(uri, suite, tuple(fields.get("components", "").split()), options) for uri, suite in pairs]
    return found


def _fields(paragraph: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in paragraph.splitlines():
        if line.startswith("#"):
            continue
        if line[:1].isspace() and name:
            fields[name] += " " + line.strip()
        elif ":" in line:
            name, value = (part.strip() for part in line.split(":", 1))
            name = name.lower()
            fields[name] = value
    return fields


def _kept_options(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Options that matter for another suite; a key written out in the file itself has no path to name."""
    return tuple((name, value) for name, value in pairs if name in ("signed-by", "trusted") and " " not in value)


def machine_sources(folder: Path = Path("/etc/apt")) -> list[Source]:
    """Every enabled source of this machine."""
    found: list[Source] = []
    for path in [folder / "sources.list", *sorted(folder.glob("sources.list.d/*"))]:
        if path.suffix in (".list", ".sources") and path.is_file():
            parse = parse_one_line if path.suffix == ".list" else parse_deb822
            found += parse(path.read_text(encoding="utf-8", errors="replace"))
    return found


def os_release(path: Path = Path("/etc/os-release")) -> dict[str, str]:
    """What the machine says it is: ``ID``, ``VERSION_CODENAME``..."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {name: value.strip("\"'") for name, _, value in (line.partition("=") for line in lines) if value}


def debian_main(sources: Sequence[Source], distribution: str = "") -> Source | None:
    """The source that serves Debian's main archive, or none on another distribution than ``debian``."""
    candidates = [source for source in sources if source.is_main]
    debian = [source for source in candidates if re.search(r"/debian/?$", source.uri)]
    if not debian and distribution == "debian":
        debian = candidates
    return debian[0] if debian else None


class PrivateApt:
    """An apt of our own in a folder: updates its lists, downloads packages into ``folder/debs``."""

    def __init__(self, folder: Path, mirror: Source) -> None:
        self._folder = folder
        self._mirror = mirror
        self.debs = folder / "debs"

    def update(self, suites: Sequence[str]) -> None:
        """Fetch the lists of these suites."""
        for part in ("lists/partial", "cache/archives/partial", "debs", "parts"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        (self._folder / "sources.list").write_text("".join(map(self._mirror.one_line, suites)), encoding="utf-8")
        self._write_configuration()
        self._apt(["update"], "The package lists could not be fetched: check the network, then run it again")

    def download(self, packages: Sequence[str], on_percent: Callable[[int], None]) -> list[Path]:
        """Fetch ``name/suite`` packages; those already there are kept. Returns their files."""
        names = {package.split("/")[0] for package in packages}
        for stale in self.debs.iterdir():
            if stale.name.split("_")[0] not in names:
                stale.unlink()
        self._apt(
            ["download", *packages],
            "The packages could not be fetched: check the network, then run it again",
            on_line=lambda line: self._progress(line, on_percent),
            options={"cwd": self.debs},
        )
        return [max(self.debs.glob(f"{name}_*.deb"), key=lambda file: file.stat().st_mtime) for name in sorted(names)]

    @staticmethod
    def _progress(line: str, on_percent: Callable[[int], None]) -> None:
        if line.startswith("dlstatus:"):
            on_percent(int(float(line.split(":")[2])))

    def _apt(self, words: Sequence[str], failure: str, **options: object) -> None:
        environment = {**os.environ, "APT_CONFIG": str(self._folder / "apt.conf"), "LC_ALL": "C"}
        command = ["apt-get", "-q", "-o", "APT::Status-Fd=1", *words]
        processes.checked(command, failure, environment=environment, **options)

    def _write_configuration(self) -> None:
        """The machine's own configuration (proxies, certificates) without its hooks, with our folders."""
        kept = [line for line in processes.output(["apt-config", "dump"]).splitlines() if not NOT_OURS.match(line)]
        folder = str(self._folder)
        if '"' in folder:
            raise Trouble(
                f"apt cannot work in a folder with a quotation mark ({folder}): set XDG_CACHE_HOME elsewhere."
            )
        ours = {
            "Dir::State": f"{folder}/",
            "Dir::State::Lists": f"{folder}/lists/",
            "Dir::State::status": "/var/lib/dpkg/status",
            "Dir::Cache": f"{folder}/cache/",
            "Dir::Etc": "/etc/apt/",
            "Dir::Etc::SourceList": f"{folder}/sources.list",
            "Dir::Etc::SourceParts": f"{folder}/parts/",
            "Dir::Etc::Parts": f"{folder}/parts/",
            "Dir::Etc::main": "/dev/null",
            "Dir::Etc::Preferences": "/dev/null",
            "Dir::Etc::PreferencesParts": f"{folder}/parts/",
            "APT::Sandbox::User": "root",
            "APT::Update::Error-Mode": "any",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
        }
        lines = [*kept, *(f'{name} "{value}";' for name, value in ours.items())]
        (self._folder / "apt.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")


def unpack(files: Sequence[Path], target: Path, on_file: Callable[[int], None]) -> None:
    """Unpack packages into one folder, as they would lie in ``/``."""
    for number, file in enumerate(files):
        on_file(number)
        processes.checked(["dpkg-deb", "-x", file, target], f"The package {file.name} could not be unpacked")


def available() -> bool:
    """Whether this machine has apt and dpkg."""
    return bool(shutil.which("apt-get") and shutil.which("apt-config") and shutil.which("dpkg-deb"))
