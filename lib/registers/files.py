"""The files of an edition: in a folder, in a zip file or by themselves, read as a stream and never unpacked.

Whoever publishes a register offers a zip file or several text files; whoever loads one has it as it came. A parser asks
for the files it knows by name and gets a :class:`RegisterFile` for each, wherever it lies.
"""

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO

from .base import Edition, RegisterError, Source

MAX_FILE = 150 * 1024 * 1024
"""The largest table taken, in bytes once unpacked; the largest real one has 25 MB."""
MAX_TOTAL = 600 * 1024 * 1024
MAX_MEMBERS = 10_000
MAX_LINE = 1 << 16
"""A longer line, in characters, is no line of a table, and must not fill the memory."""
MAX_ROW = 1 << 17
"""A longer row, in characters over all its lines, is no row of a table."""

_PROGRESS_LINES = 1000
# What a damaged zip file, or one packed in an unknown way, raises while it is read.
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError)
_NO_CONTROLS = MappingProxyType({code: " " for code in (*range(32), 127, 0xFEFF, 0x85) if code not in (9, 10, 13)})


@dataclass(frozen=True)
class RegisterFile:
    """One file of an edition: ``name`` without folders, ``path`` on disk, ``member`` of the zip file there, or ''."""

    name: str
    path: Path
    member: str
    size: int

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the bytes of the file; a zip file that proves damaged raises RegisterError."""
        if not self.member:
            with self.path.open("rb") as stream:
                yield stream
            return
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as stream:
                yield stream
        except _ZIP_ERRORS as error:
            raise RegisterError("bad_zip", {"file": self.path.name}) from error

    def encoding(self) -> str:
        """Return UTF-8 where the whole file is UTF-8, UTF-16 where it says so, else Windows-1252."""
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        try:
            with self.open() as stream:
                chunk = stream.read(1 << 16)
                if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    return "utf-16"
                while chunk:
                    decoder.decode(chunk)
                    chunk = stream.read(1 << 16)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
        return "utf-8-sig"

    @property
    def source(self) -> Source:
        """What the history keeps of the file: its name and size."""
        return Source(self.name, self.size)


def find_files(path: Path, wanted: Callable[[str], object]) -> list[RegisterFile]:
    """Return the files at ``path`` whose name is ``wanted``: of a folder and its zip files, of a zip file, or the file.

    Files of a folder come before those of its zip files. Raises RegisterError: ``no_folder``, ``bad_zip`` (a file that
    is neither wanted nor a zip file), ``too_big``.
    """
    if path.is_dir():
        entries = sorted(entry for entry in path.iterdir() if entry.is_file())
        found = [_plain_file(entry) for entry in entries if wanted(entry.name)]
        for entry in entries:
            if entry.suffix.lower() == ".zip":
                found += _zip_files(entry, wanted)
    elif not path.is_file():
        raise RegisterError("no_folder", {"name": path.name})
    elif wanted(path.name) and not _looks_packed(path):
        found = [_plain_file(path)]
    else:
        found = _zip_files(path, wanted)
    if sum(file.size for file in found) > MAX_TOTAL:
        raise RegisterError("too_big", {"file": path.name, "maximum": MAX_TOTAL})
    return found


def _looks_packed(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == b"PK"


def _plain_file(path: Path) -> RegisterFile:
    return _checked(RegisterFile(path.name, path, "", path.stat().st_size))


def _checked(file: RegisterFile) -> RegisterFile:
    if file.size > MAX_FILE:
        raise RegisterError("too_big", {"file": file.name, "maximum": MAX_FILE})
    return file


def _zip_files(path: Path, wanted: Callable[[str], object]) -> list[RegisterFile]:
    """Return the wanted members. Nothing is unpacked, so that a member cannot be written outside of a folder."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
    except (*_ZIP_ERRORS, OSError, ValueError) as error:
        raise RegisterError("bad_zip", {"file": path.name}) from error
    if len(members) > MAX_MEMBERS or any(info.flag_bits & 1 for info in members):  # encrypted
        raise RegisterError("bad_zip", {"file": path.name})
    names = [(_base_name(info.filename), info) for info in members]
    return [_checked(RegisterFile(name, path, info.filename, info.file_size)) for name, info in names if wanted(name)]


def _base_name(member: str) -> str:
    """Return the name of a member; what a Macintosh adds beside it (``._x``) is no file of the register."""
    name = member.replace("\\", "/").rpartition("/")[2]
    return "" if name.startswith("._") else name


def clean(text: str) -> str:
    """Return a value as it is kept: one space between words, no control characters.

    >>> clean(" a\\x00 b  c "), clean("plain")
    ('a b c', 'plain')
    """
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    if not text.isprintable():
        text = "".join(char if char.isprintable() or char.isspace() else " " for char in text)
    return " ".join(text.split())


def clean_text(text: str) -> str:
    r"""Return a text of several lines without control characters; lines and paragraphs stay.

    >>> clean_text(" one\x00 \r\n\n\n\ntwo ")
    'one\n\ntwo'
    """
    lines = [" ".join(line.split()) for line in text.translate(_NO_CONTROLS).splitlines()]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept).strip()


def read_lines(stream: IO[bytes], encoding: str) -> Iterator[str]:
    """Yield the lines of a text; a line that never ends comes in pieces, which are no lines of any table."""
    # Five bytes have no meaning in Windows-1252; they must not end the walk.
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    return iter(lambda: text.readline(MAX_LINE), "")


class _Lines:
    """The lines of a table, for as long as a row may be: a quote that is never closed must not swallow the rest.

    The limit of the ``csv`` module would do, but it is one for the whole process, and Odoo lifts it.
    """

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.length > MAX_ROW:
            raise csv.Error("the row is too long")
        line = next(self._lines)
        self.length += len(line)
        return line


def read_rows(
    file: RegisterFile, edition: Edition | None, delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL
) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and values, as they stand, of each line that has any.

    Lines that are no CSV are refused, and the progress is told through the edition, where there is one. For a table
    without quotes give ``csv.QUOTE_NONE``.
    """
    with file.open() as stream:
        lines = _Lines(read_lines(stream, file.encoding()))
        reader = csv.reader(lines, delimiter=delimiter, quoting=quoting)
        while True:
            lines.length = 0
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                if edition:
                    edition.refuse(file.name, reader.line_num, "unreadable")
                continue
            if edition and reader.line_num % _PROGRESS_LINES == 0:
                edition.advance(file.name, stream.tell())
            if any(map(str.strip, row)):
                yield reader.line_num, row
