"""Drug interactions as a table that anybody can make: the source of another country, or the practice's own.

One file is enough, with the columns ``term1``, ``term2`` and ``severity``, and as one likes ``kind1``, ``kind2``,
``mechanism``, ``advice`` (and each with a language, ``advice_fr``), ``source`` and ``edition``. A second one, with the
columns ``family`` and ``member`` (and ``member_kind``, ``source``), says what is in a family. Both lie in one folder or
one zip file. See ``doc/formats.md``.

Tables are known by their columns; comma, semicolon and tab separate; UTF-8, UTF-16 and Windows-1252 are read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from ..text import fold
from .base import Edition, RegisterError, RowError
from .dates import date_in_name
from .files import clean, clean_text, find_files
from .interactions import (
    MAX_NAME,
    MAX_TEXT,
    InteractionRow,
    MemberRow,
    Severity,
    Term,
    TermKind,
    atc,
    family,
    substance,
)
from .tables import Table, open_table

KIND = "interactions_csv"

_SUFFIXES = (".csv", ".tsv", ".txt")
_PAIR_COLUMNS = ("term1", "term2", "severity")
_FAMILY_COLUMNS = ("family", "member")
_SEVERITIES: Mapping[str, Severity] = MappingProxyType(
    {
        "contraindicated": "contraindicated",
        "contra indicated": "contraindicated",
        "contraindication": "contraindicated",
        "contre indication": "contraindicated",
        "contre indique": "contraindicated",
        "ci": "contraindicated",
        "avoid": "avoid",
        "association deconseillee": "avoid",
        "deconseille": "avoid",
        "ad": "avoid",
        "asdec": "avoid",
        "precaution": "precaution",
        "precaution d emploi": "precaution",
        "pe": "precaution",
        "take into account": "take_into_account",
        "a prendre en compte": "take_into_account",
        "pc": "take_into_account",
        "apec": "take_into_account",
    }
)
_KINDS: Mapping[str, TermKind] = MappingProxyType(
    {
        "substance": "substance",
        "molecule": "substance",
        "family": "family",
        "famille": "family",
        "atc": "atc",
        "class": "atc",
        "classe": "atc",
    }
)


@dataclass
class _Walk:
    """One walk over the edition: the families known so far, by source, and the pairs seen."""

    edition: Edition[MemberRow | InteractionRow]
    source: str
    families: set[str] = field(default_factory=set)
    seen: set[tuple[str, ...]] = field(default_factory=set)

    def members(self, table: Table) -> Iterator[MemberRow]:
        for line, row in table.rows(self.edition):
            try:
                group = family(clean(row["family"]))
                member = self.term(row["member"], row.get("member_kind", ""))
            except RowError as bad:
                self.edition.refuse(table.file.name, line, bad.code, **bad.params)
                continue
            self.families.add(group.key)
            yield MemberRow(group, member, self.source_of(row))

    def pairs(self, table: Table) -> Iterator[InteractionRow]:
        for line, row in table.rows(self.edition):
            try:
                interaction = self.pair(row)
            except RowError as bad:
                self.edition.refuse(table.file.name, line, bad.code, **bad.params)
                continue
            yield interaction

    def pair(self, row: Mapping[str, str]) -> InteractionRow:
        """Read a line of the table of pairs; raises RowError."""
        severity = _SEVERITIES.get(fold(row["severity"][:100]))
        if not severity:
            found = clean(row["severity"][:40])
            raise RowError("bad_severity", found=found) if found else RowError("severity_missing")
        a, b = (self.term(row[f"term{side}"], row.get(f"kind{side}", "")) for side in "12")
        source = self.source_of(row)
        pair = (source, *sorted(f"{term.kind}:{term.key}" for term in (a, b)))
        if pair in self.seen:
            raise RowError("duplicate_pair", first=a.name, second=b.name)
        row_texts = _texts(row, "mechanism"), _texts(row, "advice")
        self.seen.add(pair)
        return InteractionRow(a, b, severity, *row_texts, source=source)

    def term(self, text: str, kind_text: str) -> Term:
        """Return the term a cell names: of the kind it says, else a family that is known, else a substance."""
        name, kind = clean(text[: MAX_NAME + 1]), _KINDS.get(fold(kind_text[:40]))
        if kind_text.strip() and not kind:
            raise RowError("bad_kind", found=clean(kind_text[:40]))
        if kind == "atc":
            return atc(name)
        if kind == "family" or (not kind and fold(name) in self.families):
            return family(name)
        return substance(name)

    def source_of(self, row: Mapping[str, str]) -> str:
        return clean(row.get("source", "")[:100]) or self.source


def _texts(row: Mapping[str, str], column: str) -> dict[str, str]:
    """Return the texts of a column by language, '' for the one that names none."""
    found: dict[str, str] = {}
    for name, value in row.items():
        base, _mark, language = name.partition("_")
        if base == column and value.strip():
            if len(value) > MAX_TEXT:
                raise RowError("too_long", found=value[:40])
            found[language] = clean_text(value)
    return found


def _edition_date(table: Table) -> date | None:
    """Return the date of the first line that has one, else that in the name of the file."""
    if "edition" in table.columns:
        for _line, row in table.rows(None):
            text = row["edition"].strip()[:10]
            try:
                return date.fromisoformat(text)
            except ValueError:
                break
    return date_in_name(table.file.name)


def read_edition(path: str | Path) -> Edition[MemberRow | InteractionRow]:
    """Open the tables at ``path``: a folder, a zip file, or the table of pairs by itself."""
    path = Path(path)
    pairs, families = [], []
    for file in find_files(path, lambda name: name.lower().endswith(_SUFFIXES)):
        if table := open_table(file, _PAIR_COLUMNS):
            pairs.append(table)
        elif table := open_table(file, _FAMILY_COLUMNS):
            families.append(table)
    if not pairs:
        raise RegisterError("no_columns", {"columns": ", ".join(_PAIR_COLUMNS)})
    # The date in the name is no part of the source: the next edition is of the same.
    source = " ".join(re.sub(r"[\d_.-]+", " ", Path(pairs[0].file.name).stem).split()) or KIND

    def walk(edition: Edition[MemberRow | InteractionRow]) -> Iterator[MemberRow | InteractionRow]:
        state = _Walk(edition, source)
        for table in families:
            yield from state.members(table)
        for table in pairs:
            yield from state.pairs(table)

    return Edition(
        kind=KIND,
        date=max(filter(None, map(_edition_date, pairs)), default=None),
        sources=tuple(table.file.source for table in (*pairs, *families)),
        missing=(),
        walk=walk,
        info={"source": source},
    )
