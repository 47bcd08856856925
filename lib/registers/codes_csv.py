"""Codes as a table that anybody can make: ICPC, a list of the practice's own, any system.

The columns are ``code`` and ``label`` or ``label_xx`` (a language), and as one likes ``system``, ``parent``,
``synonyms`` or ``synonyms_xx`` (one from the other by ``|``), ``note`` or ``note_xx``, ``selectable``, ``version`` and
``edition``. See ``doc/formats.md``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ..text import fold
from .base import Edition, RegisterError, RowError
from .codes import (
    MAX_CODE,
    MAX_CODES,
    MAX_LABEL,
    MAX_SYNONYMS,
    MAX_TEXT,
    UNDETERMINED,
    URIS,
    CodeRow,
    language,
    system_code,
)
from .dates import date_in_name
from .files import clean, clean_text, find_files
from .tables import Table, open_table

KIND = "codes_csv"

_SUFFIXES = (".csv", ".tsv", ".txt")
_NO = frozenset(("0", "no", "non", "false", "faux", "n", "f"))


@dataclass
class _Walk:
    """One walk over the edition: the codes seen, by system."""

    edition: Edition[CodeRow]
    system: str
    seen: set[tuple[str, str]] = field(default_factory=set)

    def rows(self, table: Table) -> Iterator[CodeRow]:
        for line, row in table.rows(self.edition):
            try:
                code = self.row(row)
            except RowError as bad:
                self.edition.refuse(table.file.name, line, bad.code, **bad.params)
                continue
            if len(self.seen) > MAX_CODES:
                raise RegisterError("too_big", {"file": table.file.name, "maximum": MAX_CODES})
            yield code

    def row(self, row: Mapping[str, str]) -> CodeRow:
        """Read a line; raises RowError."""
        code = _short(row["code"], "code_missing")
        system = system_code(clean(row.get("system", "")[:200])) or self.system
        labels = {spoken: clean(text) for spoken, text in _texts(row, "label", MAX_LABEL).items()}
        if not labels:
            raise RowError("label_missing", named=code)
        parent = clean(row.get("parent", "")[: MAX_CODE + 1])
        if parent == code:
            raise RowError("own_parent", named=code)
        if (system, code) in self.seen:
            raise RowError("duplicate_code", named=code)
        synonyms = {
            spoken: "\n".join(list(dict.fromkeys(filter(None, map(clean, re.split(r"[|\n]", text)))))[:MAX_SYNONYMS])
            for spoken, text in _texts(row, "synonyms", MAX_TEXT).items()
        }
        notes = {spoken: clean_text(text) for spoken, text in _texts(row, "note", MAX_TEXT).items()}
        self.seen.add((system, code))
        return CodeRow(system, code, parent, labels, synonyms, notes, fold(row.get("selectable", "")[:20]) not in _NO)


def _short(text: str, missing: str) -> str:
    code = clean(text[: MAX_CODE + 1])
    if not code:
        raise RowError(missing)
    if len(code) > MAX_CODE:
        raise RowError("too_long", found=code[:40])
    return code


def _texts(row: Mapping[str, str], column: str, maximum: int) -> dict[str, str]:
    """Return the texts of a column by language."""
    found: dict[str, str] = {}
    for name, value in row.items():
        base, _mark, spoken = name.partition("_")
        if base == column and value.strip():
            if len(value) > maximum:
                raise RowError("too_long", found=clean(value[:40]))
            found[language(spoken) if spoken else UNDETERMINED] = value
    return found


def _said(tables: list[Table], column: str) -> str:
    """Return what the first line that says something in a column says."""
    for table in tables:
        if column in table.columns:
            for _line, row in table.rows(None):
                if text := clean(row[column][:100]):
                    return text
    return ""


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def read_edition(path: str | Path) -> Edition[CodeRow]:
    """Open the tables of codes at ``path``: a file, a folder or a zip file."""
    path = Path(path)
    files = find_files(path, lambda name: name.lower().endswith(_SUFFIXES))
    tables = [
        table
        for file in files
        if (table := open_table(file, ("code",))) and any(name.split("_")[0] == "label" for name in table.columns)
    ]
    if not tables:
        raise RegisterError("no_columns", {"columns": "code, label"})
    stem = Path(tables[0].file.name).stem
    system = (
        system_code(_said(tables, "system")) or system_code(re.sub(r"\d{6,8}|\d{4}-\d\d(-\d\d)?", " ", stem)) or "codes"
    )

    def walk(edition: Edition[CodeRow]) -> Iterator[CodeRow]:
        state = _Walk(edition, edition.info["system"])
        for table in tables:
            yield from state.rows(table)

    return Edition(
        kind=KIND,
        date=_date(_said(tables, "edition")) or date_in_name(tables[0].file.name),
        sources=tuple(table.file.source for table in tables),
        missing=(),
        walk=walk,
        info={
            "system": system,
            "name": _said(tables, "system") or stem,
            "version": _said(tables, "version"),
            "uri": URIS.get(system, ""),
        },
    )
