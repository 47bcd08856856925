"""Whom a scan may be about, by the name of its file alone: proposals for a person who confirms, never a match.

>>> clues("Tremblay_Marie_1985-05-12_labo.pdf")
Clues(words=('tremblay', 'marie'), numbers=(), dates=(datetime.date(1985, 5, 12),))
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from .text import fold, looks_like_date

#: Words that name the paper and not the person, folded.
_NOISE = (
    "scan scanned scanner doc document documents file fichier fax image img photo page pages copie copy final new "
    "nouveau report rapport result results resultat resultats labo lab laboratoire laboratory imagerie imaging radio "
    "radiologie radiology irm mri xray ecg lettre letter note consult consultation referral reference ordonnance "
    "prescription certificat certificate formulaire form pdf png jpg jpeg tif tiff txt de du des la le les the of and "
    "et pour for from"
)
NOISE = frozenset(_NOISE.split())
MAX_NAME = 300
_MAX_WORDS = 12
_DATE = re.compile(r"(?<!\d)(\d{4}[-_. ]\d{1,2}[-_. ]\d{1,2}|\d{1,2}[-_. ]\d{1,2}[-_. ]\d{4}|\d{8})(?!\d)")
_NUMBER = re.compile(r"[a-z]{0,6}[ _.-]?\d[\da-z]*(?:[ _.-]?\d[\da-z]*)*", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")


class Clues(NamedTuple):
    """What a file name says: words that may be names, chart or health numbers without blanks, dates."""

    words: tuple[str, ...]
    numbers: tuple[str, ...]
    dates: tuple[date, ...]


def clues(file_name: object) -> Clues:
    """Return the clues of a file name; folders and the ending do not count.

    >>> clues("C:\\\\scans\\\\TREM 8555 1234 résultat.PDF").numbers, clues("ÉcuyerJeanNoël.png").words
    (('trem85551234',), ('ecuyer', 'jean', 'noel'))
    """
    name = re.split(r"[\\/]", str(file_name or ""))[-1][:MAX_NAME]
    name = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)
    dates = [day for found in _DATE.findall(name) if (day := looks_like_date(re.sub(r"[_. ]", "-", found)))]
    rest = _DATE.sub(lambda match: " " if looks_like_date(re.sub(r"[_. ]", "-", match[0])) else match[0], name)
    numbers = [fold(found).replace(" ", "") for found in _NUMBER.findall(rest)]
    words = fold(_CAMEL.sub(" ", rest)).split()
    kept = [word for word in words if len(word) > 1 and not any(c.isdigit() for c in word) and word not in NOISE]
    return Clues(
        tuple(dict.fromkeys(kept[:_MAX_WORDS])),
        tuple(dict.fromkeys(number for number in numbers if len(number) >= 3)),
        tuple(dict.fromkeys(dates)),
    )


class Candidate(NamedTuple):
    """A patient as he is compared with a file name."""

    first_name: str
    last_name: str
    birthdate: date | None
    identifier: str
    health_number: str


def score(found: Clues, patient: Candidate) -> int:
    """Return how much a file name speaks for a patient, 0 (nothing) to 100 (his number stands in it).

    >>> marie = Candidate("Marie", "Tremblay", date(1985, 5, 12), "P00012", "TREM85551234")
    >>> score(clues("tremblay marie.pdf"), marie), score(clues("p00012.pdf"), marie), score(clues("roy.pdf"), marie)
    (70, 100, 0)
    """
    numbers = {fold(number).replace(" ", "") for number in (patient.identifier, patient.health_number) if number}
    if numbers & set(found.numbers):
        return 100
    points = 0
    if _stands_in(patient.last_name, found.words):
        points += 40
        points += 30 if _stands_in(patient.first_name, found.words) else 0
    return points + 25 if points and patient.birthdate in found.dates else points


def _stands_in(name: str, words: Sequence[str]) -> bool:
    """Tell whether a name stands in the words of a file, written apart or in one."""
    parts = fold(name).split()
    joined = "".join(parts)
    return bool(parts) and (set(parts) <= set(words) or joined in words)
