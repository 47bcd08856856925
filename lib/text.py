"""Comparing what people type: names without accents, phones, dates, likely duplicates.

>>> fold("Côté-L'Écuyer, Anne")
'cote l ecuyer anne'
>>> phone_digits("+1 (514) 555-0199 poste 12") == phone_digits("514.555.0199")
True
>>> looks_like_date("12/04/1985")
datetime.date(1985, 4, 12)
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

# Letters that Unicode does not decompose, with the spelling people use when they lack the key.
_SPELLED = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "ng"}
)

_ASCII_SEPARATORS = {code: " " for code in range(128) if not chr(code).isalnum()}

# Longest text compared: Jaro is quadratic and no name is longer.
_MAX_COMPARED = 120


def fold(text: object) -> str:
    """Return ``text`` as it is compared and searched.

    Case, accents, ligatures, punctuation, hyphens and apostrophes no longer matter, words are separated by one
    space. Letters of other scripts stay. Folding twice changes nothing. None and False give ''.

    >>> fold("Œdipe  Ångström Weiß-O’Neil")
    'oedipe angstrom weiss o neil'
    """
    if text is None or text is False:
        return ""
    folded = str(text)
    if folded.isascii():  # nothing to decompose
        return " ".join(folded.lower().translate(_ASCII_SEPARATORS).split())
    for _round in range(4):  # case folding and decomposition may each open work for the other
        previous = folded
        decomposed = unicodedata.normalize("NFKD", folded.casefold()).translate(_SPELLED)
        folded = "".join(char for char in decomposed if unicodedata.category(char) not in ("Mn", "Me", "Cf"))
        if folded == previous:
            break
    kept = (char if unicodedata.category(char)[0] in "LNM" else " " for char in folded)
    return " ".join("".join(kept).split())


# --- telephone ---------------------------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# ITU-T E.164 country codes of one and two digits; every other code has three.
_CODES_1 = frozenset("17")
_CODES_2 = _words(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 "
    "84 86 90 91 92 93 94 95 98"
)
_EXTENSION = re.compile(r"(?:\b(?:ext|extension|poste|post|p|x)|#|;)[\s.:=a-z]{0,10}\d{1,6}\W*$", re.IGNORECASE)


def phone_digits(text: object) -> str:
    """Return the digits by which two writings of one telephone number are the same.

    The country code goes when it is written as one (``+33``, ``0033``), then the national trunk ``0``; of what is
    left the last ten digits count, which also drops the ``1`` of North America. An extension is no part of the
    number. A fragment gives its own digits, so the result may be searched within stored results.

    >>> phone_digits("+33 6 12 34 56 78"), phone_digits("06.12.34.56.78"), phone_digits("1-514-555-0199")
    ('612345678', '612345678', '5145550199')
    """
    if text is None or text is False:
        return ""
    raw = unicodedata.normalize("NFKC", str(text)[:200]).strip()
    raw = _EXTENSION.sub("", raw)
    digits = "".join(str(unicodedata.digit(char)) for char in raw if char.isdecimal())
    international = raw.lstrip("( ").startswith("+")
    if not international and digits.startswith("00"):
        digits, international = digits[2:], True
    if international:
        length = 1 if digits[:1] in _CODES_1 else 2 if digits[:2] in _CODES_2 else 3
        digits = digits[length:] if len(digits) > length else digits
    return digits.lstrip("0")[-10:]


# --- dates -------------------------------------------------------------------------------------------------------

_DATE_PARTS = re.compile(r"^(\d{1,4})\s*([-/. ])\s*(\d{1,2})\s*\2\s*(\d{1,4})$", re.ASCII)
_DATE_DIGITS = re.compile(r"^\d{8}$", re.ASCII)


def _date(year: str, month: str, day: str) -> date | None:
    """Return the date, or None where the calendar or the span of a life has no such day."""
    if len(year) != 4 or not 1850 <= int(year) <= 2150:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def looks_like_date(text: object) -> date | None:
    """Return the date somebody typed into a search box, else None.

    Year first (``1985-04-12``, ``19850412``) or day first (``12/04/1985``, ``12.4.1985``, ``12041985``), never
    month first: in a practice a guess between the two would find the wrong person.

    >>> looks_like_date("1985 04 12"), looks_like_date("04/13/1985"), looks_like_date("30-02-2001")
    (datetime.date(1985, 4, 12), None, None)
    """
    if not isinstance(text, str) or len(text) > 40:
        return None
    text = text.strip()
    if _DATE_DIGITS.match(text):
        return _date(text[:4], text[4:6], text[6:]) or _date(text[4:], text[2:4], text[:2])
    match = _DATE_PARTS.match(text)
    if not match:
        return None
    first, _separator, middle, last = match.groups()
    if len(first) == 4:
        return _date(first, middle, last) if len(last) <= 2 else None
    return _date(last, middle, first) if len(first) <= 2 else None


# --- likeness ----------------------------------------------------------------------------------------------------


def _matching(short: str, long: str) -> tuple[list[str], list[str]]:
    """Return, in their own order, the characters of both strings that Jaro counts as common."""
    window = max(len(long) // 2 - 1, 0)
    used = [False] * len(long)
    common_short = []
    for index, char in enumerate(short):
        for position in range(max(0, index - window), min(len(long), index + window + 1)):
            if not used[position] and long[position] == char:
                used[position] = True
                common_short.append(char)
                break
    return common_short, [char for char, is_used in zip(long, used, strict=True) if is_used]


def _jaro_winkler(one: str, two: str) -> float:
    short, long = sorted((one, two), key=lambda value: (len(value), value))
    if not short:
        return 0.0
    if short == long:
        return 1.0
    common, common_long = _matching(short, long)
    if not common:
        return 0.0
    swaps = sum(left != right for left, right in zip(common, common_long, strict=True)) / 2
    count = len(common)
    jaro = (count / len(short) + count / len(long) + (count - swaps) / count) / 3
    prefix = 0
    for left, right in zip(short[:4], long[:4], strict=False):
        if left != right:
            break
        prefix += 1
    return min(jaro + prefix * 0.1 * (1 - jaro), 1.0)


def similarity(a: object, b: object) -> float:
    """Return how alike two names are, 0.0 to 1.0 (Jaro-Winkler on the folded names, whichever comes first).

    Two empty names are not alike: nothing is known of them.

    >>> similarity("Côté", "COTE"), similarity("", "")
    (1.0, 0.0)
    >>> similarity("Tremblay", "Tremblai") > 0.9 > similarity("Tremblay", "Gagnon")
    True
    """
    return _jaro_winkler(fold(a)[:_MAX_COMPARED], fold(b)[:_MAX_COMPARED])


class Person(NamedTuple):
    """What is compared when somebody may be registered already. Unknown facts stay empty."""

    first_name: str = ""
    last_name: str = ""
    birthdate: date | None = None
    sex: str = ""
    health_number: str = ""
    phone: str = ""


# Points of each agreement; the sum is cut to 0..100.
WEIGHT_LAST_NAME = 25
WEIGHT_FIRST_NAME = 20
WEIGHT_BIRTHDATE = 40
WEIGHT_BIRTHDATE_TRANSPOSED = 28  # day and month exchanged: a habit of another country
WEIGHT_BIRTHDATE_TYPO = 24  # one digit wrong, or two neighbours exchanged
WEIGHT_SEX = 5
WEIGHT_PHONE = 10
# Disagreements between two known facts.
PENALTY_FIRST_NAME = 25  # twins share everything else
PENALTY_BIRTHDATE = 15  # father and son of one name
PENALTY_SEX = 10
PENALTY_HEALTH_NUMBER = 15
PENALTY_SWAPPED = 5  # first and last name stand in each other's field
SCORE_SAME_HEALTH_NUMBER = 90  # at least this, whatever else differs

# From this score on two records are shown to the receptionist as one person registered twice.
DUPLICATE_LIKELY = 70

# Names less alike than this count as different names.
_ALIKE = 0.75


def _name_points(first: tuple[str, str], last: tuple[str, str]) -> float:
    points = 0.0
    for (one, two), weight, penalty in ((last, WEIGHT_LAST_NAME, 0), (first, WEIGHT_FIRST_NAME, PENALTY_FIRST_NAME)):
        if not fold(one) or not fold(two):
            continue
        alike = similarity(one, two)
        points += weight * (alike - _ALIKE) / (1 - _ALIKE) if alike > _ALIKE else -penalty
    return points


def _one_slip(one: str, two: str) -> bool:
    """Tell whether two texts of one length differ by one character or by two exchanged neighbours."""
    places = [index for index, (left, right) in enumerate(zip(one, two, strict=True)) if left != right]
    if len(places) == 1:
        return True
    return (
        len(places) == 2
        and places[1] == places[0] + 1
        and one[places[0]] == two[places[1]]
        and (one[places[1]] == two[places[0]])
    )


def _birthdate_points(one: object, two: object) -> int:
    if not isinstance(one, date) or not isinstance(two, date):
        return 0
    if one == two:
        return WEIGHT_BIRTHDATE
    if one.year == two.year and (one.month, one.day) == (two.day, two.month):
        return WEIGHT_BIRTHDATE_TRANSPOSED
    if _one_slip(one.strftime("%Y%m%d").zfill(8), two.strftime("%Y%m%d").zfill(8)):
        return WEIGHT_BIRTHDATE_TYPO
    return -PENALTY_BIRTHDATE


def _compact(number: object) -> str:
    return fold(number).replace(" ", "")


def duplicate_score(candidate: Iterable[Any], other: Iterable[Any]) -> int:
    """Return how likely two records are one person, 0 (nothing speaks for it) to 100.

    Both are a :class:`Person`, or a sequence in its order. The weights are the constants of this module; a score of
    :data:`DUPLICATE_LIKELY` or more deserves a look: same names and birthdate, same names with day and month
    exchanged or one digit wrong (and the same sex), another last name with everything else the same, the same
    health number. Twins, and father and son of one name under one phone, stay below. The order of the two records
    does not matter.

    >>> duplicate_score(Person("Marie-Ève", "Côté", date(1985, 4, 12)), Person("marie eve", "cote", date(1985, 4, 12)))
    85
    """
    one, two = Person(*candidate), Person(*other)
    straight = _name_points((one.first_name, two.first_name), (one.last_name, two.last_name))
    # Ordered, so that exchanging the records exchanges nothing but the pairs.
    crossed = sorted(((one.first_name or "", two.last_name or ""), (two.first_name or "", one.last_name or "")))
    swapped = _name_points(crossed[0], crossed[1]) - PENALTY_SWAPPED
    score = max(straight, swapped) + _birthdate_points(one.birthdate, two.birthdate)
    if one.sex and two.sex:
        score += WEIGHT_SEX if one.sex == two.sex else -PENALTY_SEX
    phones = phone_digits(one.phone), phone_digits(two.phone)
    if len(phones[0]) >= 7 and phones[0] == phones[1]:
        score += WEIGHT_PHONE
    numbers = _compact(one.health_number), _compact(two.health_number)
    if all(numbers):
        score = max(score, SCORE_SAME_HEALTH_NUMBER) if numbers[0] == numbers[1] else score - PENALTY_HEALTH_NUMBER
    return max(0, min(100, round(score)))
