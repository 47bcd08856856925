"""What every parser of an official file gives: plain rows, refused lines, counts.

A parser is a function ``read_edition(path) -> Edition``. An edition is walked as often as one likes::

    edition = read_edition("dpd", folder)
    for drug in edition.rows():
        ...
    edition.counts, edition.refused

``refused`` and ``counts`` are those of the last complete walk.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

MAX_REFUSED_DETAILS = 10_000  # all are counted, the first ones kept


class RegisterError(ValueError):
    """The edition as a whole cannot be read. ``code`` names why, ``params`` holds what a message needs."""

    def __init__(self, code: str, params: dict[str, object] | None = None) -> None:
        """Take the reason code, such as ``no_folder``, ``no_file``, ``bad_zip``, ``too_big`` or ``unknown_kind``."""
        self.code = code
        self.params = params or {}
        super().__init__(f"{code}: {self.params}")


class RowError(Exception):
    """A line that cannot be taken; parsers raise it inside and report it by :meth:`Edition.refuse`."""

    def __init__(self, code: str, **params: object) -> None:
        """Take the reason code and what a message needs."""
        self.code, self.params = code, params
        super().__init__(code)


@dataclass(frozen=True)
class Source:
    """A file of the edition: its name (never its place) and its size in bytes."""

    name: str
    size: int


@dataclass(frozen=True)
class Refused:
    """A line that could not be taken: ``reason_code`` names why, ``params`` holds what a message needs."""

    file: str
    line: int
    reason_code: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class SubstanceRow:
    """An active ingredient in a product: ``strength`` ``unit`` (in each ``per_value`` ``per_unit``)."""

    code: str
    name: str
    name_fr: str
    strength: Decimal | None
    unit: str
    per_value: Decimal | None
    per_unit: str


@dataclass(frozen=True)
class PackageRow:
    """A package of a product: ``quantity`` of ``unit`` (a key of ``lib.dosage.DOSE_UNITS``, or g) where they are known.

    ``code`` is the number of the package (CIP13, GTIN) or '', ``price`` what the public pays, in ``currency``.
    """

    code: str
    label: str
    quantity: Decimal | None = None
    unit: str = ""
    marketed: bool = True
    price: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True)
class GenericRow:
    """The group of products that may stand for each other, as the register names it.

    ``type`` is what the product is in it: ``reference``, ``generic``, ``complementary`` (other strengths together make
    the dose) or ``substitutable``.
    """

    code: str
    name: str
    type: str


@dataclass(frozen=True)
class DrugRow:
    """A product of a register.

    ``register_code`` is the number people know (DIN), ``drug_code`` the register's own key. ``name`` is made
    readable, ``brand`` is as the register writes it. ``form`` is the first of ``forms``. ``schedules`` are keys such
    as ``prescription``, ``narcotic_class`` is ``narcotic``, ``controlled``, ``targeted`` or None. ``status`` is
    ``marketed``, ``approved``, ``dormant``, ``cancelled``, ``authorized``, ``other`` or ''. ``generic`` is the group
    of equivalents; ``own_groups`` says that the register keeps such groups, so that a product without one has none.
    ``conditions`` are what the law asks of a prescription, in the words of the register. ``dose_unit`` and
    ``route_code`` are given where form and route are not in English. ``max_daily`` is the most in 24 hours, in
    ``max_daily_unit``. ``names`` and ``forms_in`` are those in other languages, with the language. ``part`` names the
    part of the register the row comes from, where a register is published in several.
    """

    register_code: str
    drug_code: str
    name: str
    name_fr: str
    brand: str
    descriptor: str
    form: str
    form_fr: str
    forms: tuple[str, ...]
    strength: str
    routes: tuple[str, ...]
    routes_fr: tuple[str, ...]
    schedules: tuple[str, ...]
    narcotic_class: str | None
    atc: str
    atc_name: str
    company: str
    status: str
    status_date: date | None
    updated_on: date | None
    packages: tuple[PackageRow, ...]
    substances: tuple[SubstanceRow, ...]
    generic: GenericRow | None = None
    own_groups: bool = False
    conditions: tuple[str, ...] = ()
    dose_unit: str | None = None
    route_code: str | None = None
    max_daily: Decimal | None = None
    max_daily_unit: str = ""
    names: tuple[tuple[str, str], ...] = ()
    forms_in: tuple[tuple[str, str], ...] = ()
    part: str = field(default="", compare=False)  # where it stands in the files is no part of what it is


Row = TypeVar("Row")


@dataclass
class Edition(Generic[Row]):
    """An official file at one date.

    ``kind`` names the register, ``date`` is the date it gives itself, or else the latest date in it, ``sources`` are
    its files, ``missing`` the tables it lacks, ``parts`` the parts of the register it brings (an edition says nothing
    about the others). ``info`` holds what a loader needs to know of the edition before its rows, such as the name and
    version of a code system. ``silent`` are the columns it says nothing about (no legal schedules, because that file
    is missing): they stay as they are. ``walk`` gives the rows and reports what cannot be taken through the edition,
    calling ``on_progress`` with the share read, 0 to 1; ``expected`` is how many rows were found by then.
    """

    kind: str
    date: date | None
    sources: tuple[Source, ...]
    missing: tuple[str, ...]
    walk: Callable[["Edition[Row]"], Iterator[Row]] = field(repr=False)
    refused: list[Refused] = field(default_factory=list)
    refused_count: int = 0
    taken: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    parts: tuple[str, ...] = ("",)
    info: dict[str, str] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    expected: int = 0
    lines: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    on_progress: Callable[[float], None] | None = field(default=None, repr=False)

    def rows(self) -> Iterator[Row]:
        """Yield the rows one by one, starting the report anew."""
        self.refused = []
        self.refused_count = self.taken = self.expected = 0
        self.skipped, self.lines, self.unread, self.places = Counter(), Counter(), Counter(), Counter()
        for row in self.walk(self):
            self.taken += 1
            yield row

    def refuse(self, file: str, line: int, reason_code: str, **params: object) -> None:
        """Report a line that cannot be taken."""
        self.refused_count += 1
        self.unread[file] += reason_code in ("columns", "unreadable")
        if len(self.refused) < MAX_REFUSED_DETAILS:
            self.refused.append(Refused(file, line, reason_code, params))

    def advance(self, file: str, place: int) -> None:
        """Report that ``file`` was read up to the byte ``place``."""
        self.places[file] = place
        if self.on_progress:
            self.on_progress(min(sum(self.places.values()) / max(sum(source.size for source in self.sources), 1), 1.0))

    @property
    def foreign_files(self) -> list[str]:
        """Files most lines of which are not what their name says: another table, a web page saved as text."""
        return [name for name, unread in self.unread.items() if unread > self.lines[name]]

    @property
    def counts(self) -> dict[str, int]:
        """Rows taken, rows skipped because they are no matter of a practice, lines refused."""
        return {"taken": self.taken, "skipped": sum(self.skipped.values()), "refused": self.refused_count}


class ReadEdition(Protocol):
    """The one function a parser offers."""

    def __call__(self, path: str | Path) -> Edition[Any]:
        """Open the edition at ``path``; raises RegisterError."""


def to_decimal(text: str) -> Decimal | None:
    """Return a number of a register, None where there is none (or one no strength can have).

    >>> to_decimal(".1"), to_decimal("12,5"), to_decimal("n/a"), to_decimal("1e999")
    (Decimal('0.1'), Decimal('12.5'), None, None)
    """
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and -18 <= number.adjusted() <= 18 else None


def format_number(number: Decimal) -> str:
    """Return a number without useless zeros.

    >>> format_number(Decimal("10.050")), format_number(Decimal("500")), format_number(Decimal("1E+3"))
    ('10.05', '500', '1000')
    """
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
