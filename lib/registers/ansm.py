"""The thésaurus of drug interactions of the French agency (ANSM), in its structured form.

What it is: the agency publishes a document; structured copies of it are tables of its pairs and of its index.

- the pairs: ``protagoniste1``, ``protagoniste2``, ``mecanisme``, ``description_interaction``, ``description_medoc`` and
  a column for each grade: ``CI`` (contre-indication), ``AD`` or ``ASDEC`` (association déconseillée), ``PE``
  (précaution d'emploi), ``PC`` or ``APEC`` (à prendre en compte). A grade applies where its column holds anything, a
  blank included, or where the description begins with its name. Some copies lack the descriptions and have the whole
  text in the columns.
- the index: ``molecule``, ``famille``, one line each.

Tables are known by their columns, not by their names; tab, semicolon and comma separate; UTF-8, UTF-16 and Windows-1252
are read; capitals without accents and small letters with accents are the same name. Without an index a family has the
members that its description lists in parentheses. The index of another edition completes that of the edition.

How it works: the index is read first and gives the families, then the pairs stream. A pair with several grades keeps
all of them: which one holds is often said by naming substances ("contre-indication avec les macrolides"); where that
is understood word for word the grade is limited to them, else it is taken to hold for every pair.

The texts are French. The date of the edition is that in the name of the file of pairs.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from ..text import fold
from .base import Edition, RegisterError, RowError
from .dates import date_in_name
from .files import clean, find_files
from .interactions import (
    MAX_NAME,
    MAX_TEXT,
    SEVERITIES,
    Grade,
    InteractionRow,
    MemberRow,
    Severity,
    Term,
    family,
    key_of_substance,
    substance,
    worst,
)
from .naming import substance_name
from .tables import Table, open_table

KIND = "ansm"
SOURCE = "ANSM"

_SUFFIXES = (".csv", ".tsv", ".txt")
_INDEX_ALIASES = MappingProxyType(
    {"substance": "molecule", "dci": "molecule", "classe": "famille", "classe_therapeutique": "famille"}
)
_GRADE_COLUMNS: Mapping[str, Severity] = MappingProxyType(
    {
        "ci": "contraindicated",
        "ad": "avoid",
        "asdec": "avoid",
        "pe": "precaution",
        "pc": "take_into_account",
        "apec": "take_into_account",
    }
)
_PAIR_COLUMNS = ("protagoniste1", "protagoniste2")
# A molecule that is in no family.
_NO_FAMILY = frozenset(("", "interactions en propre seulement"))
_CODES = re.compile(r"\s*((?:CI|ASDEC|APEC|AD|PE|PC)(?:\s*-\s*(?:CI|ASDEC|APEC|AD|PE|PC))*)(?![a-z'’])\s*")
_HEADINGS = re.compile(
    r"\b(?:(?P<contraindicated>contre-? ?indication)|(?P<avoid>association d[eé]conseill[eé]e)"
    r"|(?P<precaution>(?:association n[eé]cessitant une )?pr[eé]caution d['’]emploi)"
    r"|(?P<take_into_account>[aà] prendre en compte))\b",
    re.IGNORECASE,
)
_HEADING_NAMES: Mapping[Severity, str] = MappingProxyType(
    {
        "contraindicated": "Contre-indication",
        "avoid": "Association déconseillée",
        "precaution": "Précaution d'emploi",
        "take_into_account": "À prendre en compte",
    }
)
# What the foot of a page of the document left in the texts.
_PAGE_FOOT = re.compile(r"\s*(?:Th[eé]saurus des interactions m[eé]dicamenteuses|/\s?\d{3})\s*$", re.IGNORECASE)
_CONTINUES = re.compile(r"\s*(?:[:,-]|avec\b|chez\b|pour\b|en cas\b|dans\b|lors\b)")
MAX_LISTED = 60
_MEMBERS = re.compile(r"\(((?:[^()]|\([^()]*\))+)\)?\s*$")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- tables ------------------------------------------------------------------------------------------------------


def _find_tables(path: Path) -> tuple[list[Table], list[Table]]:
    """Return the tables of pairs and those of the index."""
    pairs, indexes = [], []
    for file in find_files(path, lambda name: name.lower().endswith(_SUFFIXES)):
        if table := open_table(file, _PAIR_COLUMNS):
            pairs.append(table)
        elif table := open_table(file, ("molecule", "famille"), _INDEX_ALIASES):
            indexes.append(table)
    return pairs, indexes


# --- names -------------------------------------------------------------------------------------------------------


def _key(name: str) -> str:
    return fold(name[: MAX_NAME + 1])


@dataclass
class _Index:
    """The molecules and families of the thésaurus, by folded name, with the best writing of each."""

    members: dict[str, dict[str, None]] = field(default_factory=dict)
    molecules: set[str] = field(default_factory=set)
    written: dict[str, str] = field(default_factory=dict)

    def see(self, name: str) -> str:
        """Remember how a name is written: small letters with accents go before capitals; return its key."""
        key = _key(name)
        known = self.written.get(key)
        if known is None or (known.isupper() and not name.isupper()):
            self.written[key] = name
        return key

    def add(self, molecule: str, group: str) -> None:
        """Note a line of an index."""
        key = self.see(molecule)
        self.molecules.add(key)
        group_key = _key(group)
        if group_key not in _NO_FAMILY:
            self.see(group)
            self.members.setdefault(group_key, {})[key] = None

    def name(self, key: str) -> str:
        """Return the name as people read it."""
        written = self.written[key]
        text = substance_name(written) if written.isupper() else written
        text = re.sub(r"\(\s+", "(", text).replace(", Y compris", ", y compris")
        text = _ABBREVIATIONS.sub(lambda match: match[0].upper(), text)
        return text[:1].upper() + text[1:]

    def term(self, key: str) -> Term:
        """Return the term of a protagonist: a family where the index has one, else a substance."""
        if key in self.members or key.startswith(_LOOKS_LIKE_FAMILY):
            return family(self.name(key))
        return substance(self.name(key))

    def complete(self) -> None:
        """Make a substance a member of the family of its name (insulin is both)."""
        for key, members in self.members.items():
            if key in self.molecules:
                members.setdefault(key)


_ABBREVIATIONS = re.compile(
    r"\b(?:cyp3a4|tnf|imao|imao-[ab]|hmg-coa|hmg|mao|im|iv|vih|aines?|bcg|ace)\b", re.IGNORECASE
)
_LOOKS_LIKE_FAMILY = ("medicaments ", "substances ")


def _read_index(tables: list[Table], edition: Edition | None) -> _Index:
    index = _Index()
    for table in tables:
        for line, row in table.rows(edition):
            molecule, group = clean(row["molecule"]), clean(row["famille"])
            known = bool(key_of_substance(molecule))
            if not known or len(molecule) > MAX_NAME or len(group) > MAX_NAME:
                if edition:
                    code = "too_long" if known else "term_missing"
                    edition.refuse(table.file.name, line, code, found=molecule[:40])
                continue
            index.add(molecule, group)
    return index


def _listed_members(description: str) -> list[str]:
    """Return the substances a description ends with, in parentheses.

    >>> _listed_members("Des antiagregants.(abciximab (c 7e3b fab), clopidogrel)")
    ['abciximab (c 7e3b fab)', 'clopidogrel']
    """
    match = _MEMBERS.search(description[-MAX_TEXT:])
    names = [clean(name) for name in match[1].split(", ")] if match else []
    return [name for name in names if len(name) < MAX_LISTED and key_of_substance(name)]


def _complete_from_pairs(tables: list[Table], index: _Index) -> None:
    """Give families that no index has the members their description lists."""
    known = set(index.members)
    for table in tables:
        if "description_medoc" not in table.columns:
            continue
        for _line, row in table.rows(None):
            group = clean(row["protagoniste1"])
            key = _key(group)
            if not key or key in known or key in index.molecules or len(group) > MAX_NAME:
                continue
            names = _listed_members(row["description_medoc"])
            if len(names) > 1:
                known.add(key)
                for name in names:
                    index.add(name, group)


# --- texts -------------------------------------------------------------------------------------------------------


def _text(value: str) -> str:
    text = clean(value[:MAX_TEXT])
    previous = None
    while text != previous:
        previous, text = text, _PAGE_FOOT.sub("", text)
    return text


def _split_codes(text: str) -> tuple[list[Severity], str]:
    """Split the grades a description begins with from the rest.

    >>> _split_codes("CI - ASDEC Contre-indication : - avec les macrolides")
    (['contraindicated', 'avoid'], 'Contre-indication : - avec les macrolides')
    >>> _split_codes("Association DECONSEILLEE Majoration du risque.")
    (['avoid'], 'Majoration du risque.')
    """
    codes = _CODES.match(text)
    if codes:
        found = [_GRADE_COLUMNS[code.strip().lower()] for code in codes[1].split("-")]
        return found, text[codes.end() :]
    heading = _HEADINGS.match(text)
    if heading and heading.lastgroup:
        return [heading.lastgroup], text[heading.end() :].strip()  # type: ignore[list-item]
    return [], text


def _sections(text: str) -> list[tuple[Severity, str]]:
    """Split a text at the headings of its grades; what stands before the first heading is no section."""
    headings = [match for match in _HEADINGS.finditer(text) if match[0][:1].isupper()]
    ends = [*(match.start() for match in headings[1:]), len(text)][: len(headings)]
    return [
        (match.lastgroup, text[match.end() : end].strip())  # type: ignore[misc]
        for match, end in zip(headings, ends, strict=True)
    ]


@dataclass(frozen=True)
class _Content:
    """What a line says: its grades, the gravest first, what to do, why."""

    grades: tuple[Severity, ...]
    advice: str
    mechanism: str


def _content(row: Mapping[str, str]) -> _Content:
    """Read the grades and texts of a pair; raises RowError where no grade can be found."""
    columns = {name: severity for name, severity in _GRADE_COLUMNS.items() if row.get(name)}
    description = _text(row.get("description_interaction", ""))
    if not description:
        description = next((text for name in columns if (text := _text(row[name]))), "")
    said, rest = _split_codes(description)
    grades = tuple(sorted({*columns.values(), *said}, key=SEVERITIES.index))
    if not grades:
        raise RowError("severity_missing")
    mechanism = _text(row.get("mecanisme", ""))
    if len(grades) > 1:
        return _several(grades, said, rest, mechanism)
    if mechanism.startswith(rest):  # the description repeats the mechanism, or its beginning
        rest = ""
    return _Content(grades, rest, mechanism)


def _several(grades: tuple[Severity, ...], said: list[Severity], rest: str, mechanism: str) -> _Content:
    """Put together the text of a pair with several grades: structured copies cut it at the last heading."""
    if _HEADINGS.match(mechanism):
        rest, mechanism = f"{rest} {mechanism}", ""
    elif _CONTINUES.match(mechanism):
        last = _HEADING_NAMES[(said or list(grades))[-1]]
        rest, mechanism = f"{rest} {last} {mechanism}", ""
    laid_out = re.sub(r"\s*(?<!\w)-\s+", "\n- ", _HEADINGS.sub(_start_line, rest))
    return _Content(grades, "\n".join(filter(None, map(str.strip, laid_out.splitlines()))), mechanism)


def _start_line(heading: re.Match[str]) -> str:
    return f"\n{heading[0]}" if heading[0][:1].isupper() else heading[0]


# --- grades limited to substances --------------------------------------------------------------------------------

_CLAUSE_END = re.compile(r"[.:;]|\s(?=[A-Z][a-z]+\b)")
_CONDITION = re.compile(
    r",?\s(?=(?:en cas|a (?:des )?doses|aux doses|utilise|chez|pendant|hormis|seules?|dans|lors|apres|avant)\b)"
)
# A list in parentheses says what the word before it means.
_LISTED = re.compile(r"[^,()]*\(([^()]+)\)")
_CONNECTING = _words("avec le la les l de d du des et ou pour entre que sels par")
_CONDITIONAL = _words("iv per os im sc voie orale in doses mg")
_EXCEPT = re.compile(r"\(?\bsauf\b[^)]*\)?", re.IGNORECASE)


@dataclass
class _Names:
    """Finds the substances and families a clause names, the longest names first."""

    index: _Index
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for molecule in self.index.molecules:
            if key := key_of_substance(self.index.name(molecule)):
                self.keys[molecule] = (key,)
        for group, members in self.index.members.items():
            bare = _key(re.sub(r"\([^)]*\)|,? notamment.*|, y compris.*", "", self.index.written[group]))
            keys = tuple(sorted(key_of_substance(self.index.name(member)) for member in members))
            for name in {group, bare} - set(self.keys):
                self.keys[name] = keys
        self.longest = max((len(name.split()) for name in self.keys), default=1)

    def resolve(self, clause: str) -> tuple[list[tuple[str, ...]], bool] | None:
        """Return what a clause names, each as the keys it stands for, and whether it names nothing else.

        None where a word is not understood.
        """
        words = fold(clause).split()
        found: list[tuple[str, ...]] = []
        place, certain = 0, True
        while place < len(words):
            length, keys = self._longest_at(words, place)
            if keys:
                found.append(keys)
            elif words[place] in _CONDITIONAL or words[place].isdigit():
                certain = False
            elif words[place] not in _CONNECTING:
                return None
            place += length
        return found, certain

    def _longest_at(self, words: list[str], place: int) -> tuple[int, tuple[str, ...]]:
        """Return how many words from a place on are a name, and its keys; one word and no key where they are none."""
        for length in range(min(self.longest, len(words) - place), 0, -1):
            if keys := self.keys.get(" ".join(words[place : place + length])):
                return length, keys
        return 1, ()


@dataclass(frozen=True)
class _Limits:
    """What a section of a text is limited to; nothing where it is not, or where a word is not understood."""

    only: tuple[tuple[str, ...], ...] = ()
    certain: bool = False


def _limits(section: str, names: _Names, sides: frozenset[str]) -> _Limits:
    """Return what a section is limited to; naming a side of the pair itself, of the keys ``sides``, limits nothing."""
    limits: dict[tuple[str, ...], None] = {}
    certain = True
    for bullet in re.split(r"(?:^|\s)-\s+", _EXCEPT.sub(" ", section)):
        start = bullet.strip(" :,")
        if not fold(start) or (limits and re.match(r"(?:si|eviter|surveillance)\b", fold(start))):
            continue  # what to do, not with what
        sentence = _CLAUSE_END.split(_LISTED.sub(r" \1", start), maxsplit=1)[0]
        clause, *condition = _CONDITION.split(sentence, maxsplit=1)
        resolved = names.resolve(clause)
        if not resolved or not resolved[0] or " autres " in f" {fold(start)} ":
            return _Limits()
        found = resolved[0]
        certain = certain and resolved[1] and not condition
        if fold(start).startswith("entre ") and len(found) == 2:
            limits.update(dict.fromkeys(tuple(sorted({one, two})) for one in found[0] for two in found[1]))
        else:
            limits.update(dict.fromkeys((key,) for group in found for key in group))
    if sides & {key for keys in limits for key in keys}:
        return _Limits()
    return _Limits(tuple(limits), certain and bool(limits))


def _grades(content: _Content, names: _Names, sides: frozenset[str]) -> tuple[Grade, ...]:
    """Return the grades of a pair that has several, each with what it is limited to; none where nothing limits one."""
    if len(content.grades) == 1:
        return ()
    sections = _sections(content.advice.replace("\n", " "))
    limits = {severity: _limits(section, names, sides) for severity, section in sections}
    if set(limits) != set(content.grades) or len(sections) != len(limits):
        return ()
    grades = tuple(Grade(severity, limits[severity].only, limits[severity].certain) for severity in content.grades)
    return grades if any(grade.only for grade in grades) else ()


# --- the edition -------------------------------------------------------------------------------------------------


def _walk(edition: Edition, pairs: list[Table], indexes: list[Table]) -> Iterator[MemberRow | InteractionRow]:
    index = _read_index(indexes, edition)
    _complete_from_pairs(pairs, index)
    index.complete()
    for table in pairs:
        for _line, row in table.rows(None):
            for column in _PAIR_COLUMNS:
                if len(row[column]) <= MAX_NAME and (key := index.see(clean(row[column]))) not in index.members:
                    index.molecules.add(key)
    names = _Names(index)
    for group, members in index.members.items():
        for member in members:
            yield MemberRow(family(index.name(group)), substance(index.name(member)), SOURCE)
    seen: set[tuple[str, ...]] = set()
    for table in pairs:
        yield from _walk_pairs(edition, table, index, names, seen)


def _walk_pairs(
    edition: Edition, table: Table, index: _Index, names: _Names, seen: set[tuple[str, ...]]
) -> Iterator[InteractionRow]:
    for line, row in table.rows(edition):
        try:
            pair = tuple(sorted(_side(row[column]) for column in _PAIR_COLUMNS))
            if pair in seen:
                raise RowError("duplicate_pair", first=row["protagoniste1"][:40], second=row["protagoniste2"][:40])
            interaction = _interaction(row, index, names)
        except RowError as bad:
            edition.refuse(table.file.name, line, bad.code, **bad.params)
            continue
        seen.add(pair)
        yield interaction


def _side(cell: str) -> str:
    """Return the key of a protagonist; raises RowError where it has none."""
    if len(cell) > MAX_NAME:
        raise RowError("too_long", found=cell[:40])
    key = _key(clean(cell))
    if not key:
        raise RowError("term_missing")
    return key


def _interaction(row: Mapping[str, str], index: _Index, names: _Names) -> InteractionRow:
    content = _content(row)
    a, b = (index.term(_side(row[column])) for column in _PAIR_COLUMNS)
    sides = frozenset(term.key for term in (a, b) if term.kind == "substance")
    return InteractionRow(
        a,
        b,
        worst(content.grades),
        {"fr": content.mechanism} if content.mechanism else {},
        {"fr": content.advice} if content.advice else {},
        SOURCE,
        _grades(content, names, sides),
    )


def read_edition(path: str | Path) -> Edition[MemberRow | InteractionRow]:
    """Open the thésaurus at ``path``: a folder, a zip file, or the table of pairs by itself."""
    path = Path(path)
    pairs, indexes = _find_tables(path)
    if not pairs:
        raise RegisterError("no_columns", {"columns": ", ".join(_PAIR_COLUMNS)})
    # Where a folder holds several editions the newest pairs count.
    pairs = [max(pairs, key=lambda table: str(date_in_name(table.file.name) or ""))]
    edition_date = date_in_name(pairs[0].file.name)
    indexes.sort(key=lambda table: (date_in_name(table.file.name) != edition_date, table.file.name))
    return Edition(
        kind=KIND,
        date=edition_date,
        sources=tuple(table.file.source for table in (*pairs, *indexes)),
        missing=() if indexes else ("index",),
        walk=lambda edition: _walk(edition, pairs, indexes),
        info={"source": SOURCE},
    )
