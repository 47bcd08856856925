"""A table with the names of its columns in the first line, as spreadsheets save it.

Who made it does not matter: comma, semicolon, tab or bar; quotes or none; UTF-8, UTF-16 or Windows-1252. A table is
known by the columns that it has, whatever their order and their capitals.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..text import fold
from .base import Edition
from .files import RegisterFile, read_lines, read_rows

_DELIMITERS = ",;\t|"
_MAX_HEADER = 5000


@dataclass(frozen=True)
class Table:
    """A table: how it is written, how many columns it has, where those with a name are."""

    file: RegisterFile
    delimiter: str
    quoting: int
    width: int
    columns: Mapping[str, int]
    needed: int

    def rows(self, edition: Edition | None) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield line number and values by column, as they stand, the last of them '' where the line is shorter.

        Lines without all needed columns, or with more than the header has, are refused through ``edition``.
        """
        header_passed = False
        for line, row in read_rows(self.file, edition, self.delimiter, self.quoting):
            if not header_passed:
                header_passed = True
                continue
            right = self.needed <= len(row) <= self.width
            if edition:
                edition.lines[self.file.name] += right
                edition.expected = max(edition.expected, edition.taken)
            if right:
                yield line, {name: row[index] if index < len(row) else "" for name, index in self.columns.items()}
            elif edition:
                edition.refuse(self.file.name, line, "columns", expected=self.width, found=len(row))


def open_table(file: RegisterFile, needed: Sequence[str], aliases: Mapping[str, str] | None = None) -> Table | None:
    """Return the table in a file, None where it lacks one of the ``needed`` columns.

    Names are compared folded, their words joined by an underscore (``Label FR`` is ``label_fr``); ``aliases`` maps
    other spellings to ours.
    """
    with file.open() as stream:
        first = next((line for line in read_lines(stream, file.encoding()) if line.strip()), "")
    if len(first) > _MAX_HEADER:
        return None
    delimiter = max(_DELIMITERS, key=first.count)
    quoting = csv.QUOTE_NONE if delimiter == "\t" and '"' not in first else csv.QUOTE_MINIMAL
    names = next(csv.reader([first], delimiter=delimiter, quoting=quoting), [])
    columns: dict[str, int] = {}
    for index, name in enumerate(names):
        key = fold(name).replace(" ", "_")
        columns.setdefault((aliases or {}).get(key, key), index)
    if not set(needed) <= set(columns):
        return None
    places = 1 + max(columns[name] for name in needed)
    return Table(file, delimiter, quoting, len(names), columns, places)
