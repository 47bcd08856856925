"""A date as precise as it is known: 2019, 03/2021, 14 March 2021, « enfance », “age 12”.

Charts are full of such dates, and nobody may be made to invent the day. What can be read as a year, a month or a day
has one canonical text, cut from ISO 8601 (``2019``, ``2021-03``, ``2021-03-14``); what is said in words is kept word
for word. What looks like a date and cannot be one is refused with the reason, never kept as words.

>>> parse("mars 2021").text, parse("14/03/2021").text, parse("03/14/2021", order="mdy").text
('2021-03', '2021-03-14', '2021-03-14')
>>> parse("2019").first, parse("2019").last
(datetime.date(2019, 1, 1), datetime.date(2019, 12, 31))
>>> parse("à 12 ans", birthdate=date(1985, 5, 12)).first
datetime.date(1997, 5, 12)
>>> describe("2021-03", "fr_CA"), describe("2021-03-14", "en_US"), describe("enfance", "fr")
('mars 2021', 'March 14, 2021', 'enfance')
"""

import calendar
import re
from datetime import date, timedelta
from typing import Literal, NamedTuple

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from .text import fold

Precision = Literal["day", "month", "year", "words"]
#: How a day is written with figures alone: day first, month first, or (year first) neither.
Order = Literal["dmy", "mdy", "ymd"]
Reason = Literal["impossible", "ambiguous", "short_year", "no_year", "unreadable", "too_long"]

MAX_LENGTH = 60
MIN_YEAR, MAX_YEAR = 1850, 2150
_MAX_AGE = 130

# Folded, English and French at once: a practice writes both. "mar" is English; French "mars" has no shorter form.
_MONTHS: dict[str, int] = {
    word: month
    for month, words in enumerate(
        (
            "january janvier jan janv",
            "february fevrier feb fev fevr",
            "march mars mar",
            "april avril apr avr",
            "may mai",
            "june juin jun",
            "july juillet jul juil",
            "august aout aug",
            "september septembre sep sept",
            "october octobre oct",
            "november novembre nov",
            "december decembre dec",
        ),
        1,
    )
    for word in words.split()
}
# Words that add nothing to a date.
_FILLERS = frozenset(["en", "in", "since", "depuis", "le", "the", "of", "de", "du", "d", "on"])
# Who writes one of these does not say a date, and it is not made one.
_DOUBTS = "?~±<>"
_ORDINAL = re.compile(r"^(\d{1,2})(?:st|nd|rd|th|er|e)$", re.ASCII)
_CANONICAL = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$", re.ASCII)
_FIGURES = re.compile(r"^[\d\s./\-–]+$", re.ASCII)
_AGE = re.compile(
    r"^(?:(?:at |a )?(?:the |l )?age(?: of| de)? (\d{1,3})(?: ans?| years?)?|a (\d{1,3}) ans?)$", re.ASCII
)


class FuzzyDate(NamedTuple):
    """A date with its precision.

    ``first`` and ``last`` are the first and the last day it can mean; both are None for words that are no date.
    """

    text: str
    precision: Precision
    first: date | None
    last: date | None


class FuzzyDateError(ValueError):
    """What was typed looks like a date and is none.

    ``reason`` says why: *impossible* (no such day, month, or a year out of reach), *ambiguous* (day and month could
    be exchanged), *short_year* (two figures), *no_year*, *unreadable* (figures that are no date), *too_long*.
    """

    def __init__(self, reason: Reason, typed: str):
        super().__init__(f"{reason}: {typed[:MAX_LENGTH]}")
        self.reason = reason
        self.typed = typed[:MAX_LENGTH]


def parse(typed: str, *, order: Order = "dmy", birthdate: date | None = None) -> FuzzyDate | None:
    """Read what somebody typed; None for nothing.

    :param order: how the person writes days in figures; with ``ymd`` a day such as 04/05/2021 is refused as ambiguous.
    :param birthdate: of the patient, to find the day that an age in words means.
    :raises FuzzyDateError: with the reason.

    >>> parse("Sept. 2020").text, parse("1er mars 2021").text, parse("depuis 2019").text
    ('2020-09', '2021-03-01', '2019')
    >>> parse("  vers   la puberté ").text, parse("   ")
    ('vers la puberté', None)
    """
    words = " ".join("".join(char if char.isprintable() else " " for char in typed).split())
    if not words:
        return None
    if len(words) > MAX_LENGTH:
        raise FuzzyDateError("too_long", words)
    if _FIGURES.match(words):
        return _from_figures(words, order)
    if any(mark in words for mark in _DOUBTS):
        return FuzzyDate(words, "words", None, None)
    filler, _space, rest = words.partition(" ")
    if fold(filler) in _FILLERS and _FIGURES.match(rest):
        return _from_figures(rest, order)
    return _from_words(words) or _from_age(words, birthdate)


def read_canonical(text: str) -> FuzzyDate | None:
    """Return the date behind a canonical text; words come back as words, nothing as None.

    :raises FuzzyDateError: for a canonical form that is no day of the calendar.

    >>> read_canonical("2021-02").last, read_canonical("enfance").precision
    (datetime.date(2021, 2, 28), 'words')
    """
    if not text:
        return None
    if match := _CANONICAL.match(text):
        year, month, day = (int(part) if part else None for part in match.groups())
        return _build(year, month, day, text)
    return FuzzyDate(text, "words", None, None)


def describe(text: str, locale: str) -> str:
    """Return a canonical text as people of a locale write it; what is no date comes back as it is.

    :param locale: such as ``fr_CA``; an unknown one is written in English.
    """
    match = _CANONICAL.match(text or "")
    if not match:
        return text or ""
    try:
        fuzzy = read_canonical(text)
    except FuzzyDateError:
        return text
    if fuzzy.precision == "year":
        return text
    known = _locale(locale)
    if fuzzy.precision == "month":
        return format_skeleton("yMMMM", fuzzy.first, locale=known)
    return format_date(fuzzy.first, "long", locale=known)


def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale("en")


def _build(year: int, month: int | None, day: int | None, typed: str) -> FuzzyDate:
    """Return the date of the given parts; raises FuzzyDateError where the calendar has none."""
    if not MIN_YEAR <= year <= MAX_YEAR or (month is not None and not 1 <= month <= 12):
        raise FuzzyDateError("impossible", typed)
    if month is None:
        return FuzzyDate(f"{year:04}", "year", date(year, 1, 1), date(year, 12, 31))
    last_day = calendar.monthrange(year, month)[1]
    if day is None:
        return FuzzyDate(f"{year:04}-{month:02}", "month", date(year, month, 1), date(year, month, last_day))
    if not 1 <= day <= last_day:
        raise FuzzyDateError("impossible", typed)
    on = date(year, month, day)
    return FuzzyDate(on.isoformat(), "day", on, on)


def _from_figures(typed: str, order: Order) -> FuzzyDate:
    """Read figures with separators."""
    parts = re.split(r"[\s./\-–]+", typed.strip(" ./-–"))
    lengths = [len(part) for part in parts]
    if lengths == [8]:
        return _build(int(typed[:4]), int(typed[4:6]), int(typed[6:]), typed)
    if not all(parts) or len(parts) > 3 or max(lengths) > 4:
        raise FuzzyDateError("unreadable", typed)
    numbers = [int(part) for part in parts]
    if lengths[0] == 4 and all(length <= 2 for length in lengths[1:]):
        return _build(numbers[0], *[*numbers[1:], None, None][:2], typed)
    if lengths[-1] != 4:
        raise FuzzyDateError(_why_no_year(lengths), typed)
    if any(length > 2 for length in lengths[:-1]):
        raise FuzzyDateError("unreadable", typed)
    if len(numbers) == 2:
        return _build(numbers[1], numbers[0], None, typed)
    return _build(numbers[2], *_month_and_day(numbers[0], numbers[1], order, typed), typed)


def _why_no_year(lengths: list[int]) -> Reason:
    """Tell what figures without a year of four figures lack."""
    if len(lengths) == 3 and max(lengths) <= 2:
        return "short_year"
    return "no_year" if len(lengths) == 2 and max(lengths) <= 2 else "unreadable"


def _month_and_day(one: int, two: int, order: Order, typed: str) -> tuple[int, int]:
    if order == "ymd":
        if one <= 12 and two <= 12 and one != two:
            raise FuzzyDateError("ambiguous", typed)
        return (two, one) if one > 12 else (one, two)
    return (one, two) if order == "mdy" else (two, one)


def _from_words(typed: str) -> FuzzyDate | None:
    """Read a month in letters, or a year behind a word that adds nothing; None for other words."""
    words = [_ORDINAL.sub(r"\1", word) for word in fold(typed).split() if word not in _FILLERS]
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    figures = [word for word in words if word.isascii() and word.isdigit()]
    if len(months) + len(figures) != len(words) or len(months) > 1 or not figures:
        return None
    years = [word for word in figures if len(word) == 4]
    days = [word for word in figures if len(word) <= 2]
    if not months:
        return _build(int(years[0]), None, None, typed) if len(years) == len(figures) == 1 else None
    if len(years) != 1:
        raise FuzzyDateError("short_year" if len(days) == 2 else "no_year", typed)
    if len(days) > 1 or len(days) + 1 != len(figures):
        raise FuzzyDateError("unreadable", typed)
    return _build(int(years[0]), months[0], int(days[0]) if days else None, typed)


def _from_age(typed: str, birthdate: date | None) -> FuzzyDate:
    """Keep words as they are; an age, where the birth is known, still says between which days."""
    match = _AGE.match(fold(typed))
    if not match:
        return FuzzyDate(typed, "words", None, None)
    years = int(match.group(1) or match.group(2))
    if years > _MAX_AGE:
        raise FuzzyDateError("impossible", typed)
    if birthdate is None:
        return FuzzyDate(typed, "words", None, None)
    first, after = _birthday(birthdate, years), _birthday(birthdate, years + 1)
    return FuzzyDate(typed, "words", first, after - timedelta(days=1))


def _birthday(birthdate: date, years: int) -> date:
    """Return the day somebody completes the years; who is born on 29 February does so on 1 March of common years."""
    try:
        return birthdate.replace(year=birthdate.year + years)
    except ValueError:
        return date(birthdate.year + years, 3, 1)
