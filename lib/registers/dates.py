"""The date of an edition out of the name of its file, where the file does not say it."""

import re
from datetime import date

from ..text import fold

_MONTHS = (
    ("janvier", "january", "janv", "jan"),
    ("fevrier", "february", "fevr", "feb"),
    ("mars", "march"),
    ("avril", "april", "avr", "apr"),
    ("mai", "may"),
    ("juin", "june", "jun"),
    ("juillet", "july", "juil", "jul"),
    ("aout", "august", "aug"),
    ("septembre", "september", "sept", "sep"),
    ("octobre", "october", "oct"),
    ("novembre", "november", "nov"),
    ("decembre", "december", "dec"),
)
_YEAR = r"(?:19|20)\d\d"
_NUMBERS = (
    (re.compile(rf"(?<!\d)({_YEAR})\D?(0[1-9]|1[0-2])\D?([0-2]\d|3[01])(?!\d)"), "ymd"),
    (re.compile(rf"(?<!\d)([0-2]?\d|3[01])\D?(0[1-9]|1[0-2])\D?({_YEAR})(?!\d)"), "dmy"),
    (re.compile(rf"(?<!\d)({_YEAR})\D?(0[1-9]|1[0-2])(?!\d)"), "ym"),
    (re.compile(rf"(?<!\d)(0?[1-9]|1[0-2])\D?({_YEAR})(?!\d)"), "my"),
)
_WORDS = re.compile(rf"(?:(?<!\d)(\d{{1,2}}) ?)?([a-z]{{3,30}}) ?({_YEAR})(?!\d)")
# The ten of ICD-10 is no month.
_TENTH = re.compile(r"(icd|cim|mkn)[-_ ]?1[01](?=\D|(?:19|20)\d\d)")
_YEAR_ALONE = re.compile(rf"(?<!\d)({_YEAR})(?!\d)")


def date_in_name(name: str) -> date | None:
    """Return the date a file name holds, None where there is none; without a day the first of the month or year.

    >>> date_in_name("thesaurusAout2016.csv"), date_in_name("index_substances092019.csv")
    (datetime.date(2016, 8, 1), datetime.date(2019, 9, 1))
    >>> date_in_name("20201027-thesaurus.csv"), date_in_name("local 2025.csv"), date_in_name("list.csv")
    (datetime.date(2020, 10, 27), datetime.date(2025, 1, 1), None)
    """
    text = _TENTH.sub(r"\1 ", name[:200].lower())
    for pattern, order in _NUMBERS:
        for match in pattern.finditer(text):
            parts = dict(zip(order, match.groups(), strict=True))
            found = _date(parts["y"], parts["m"], parts.get("d"))
            if found:
                return found
    for match in _WORDS.finditer(fold(text)):
        month = _month(match[2])
        found = _date(match[3], month, match[1]) if month else None
        if found:
            return found
    year = _YEAR_ALONE.search(text)
    return date(int(year[1]), 1, 1) if year else None


def _month(word: str) -> int | None:
    """Return the month a word ends with: names of files run words together."""
    return next((number for number, names in enumerate(_MONTHS, start=1) if word.endswith(names)), None)


def _date(year: str, month: str | int, day: str | None) -> date | None:
    try:
        return date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
