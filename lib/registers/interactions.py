"""What every parser of an interaction register gives: families and their members, then the pairs.

A register speaks of terms: a substance, a family of substances the register defines itself, a class of the ATC. Terms
of all registers, and the drugs of all countries, meet by ``key``:

>>> substance("Acide acétylsalicylique").key == substance("ACETYLSALICYLIC ACID").key
True
>>> family("Bêta-bloquants (sauf esmolol)").key, atc("c09a").key
('beta bloquants sauf esmolol', 'C09A')
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..text import fold
from .base import RowError
from .substances import substance_key

TermKind = Literal["substance", "family", "atc"]
Severity = Literal["contraindicated", "avoid", "precaution", "take_into_account"]

SEVERITIES: tuple[Severity, ...] = ("contraindicated", "avoid", "precaution", "take_into_account")
"""The grades, the gravest first."""

MAX_NAME = 300
MAX_TEXT = 20_000
_TURNED = re.compile(r"\s*([^()]+?)\s*\(\s*([^()]+?\s+(?:de|d['’])|toxine)\s*\)\s*", re.IGNORECASE)
_ATC = re.compile(r"[A-Z](?:\d{2}(?:[A-Z](?:[A-Z](?:\d{2})?)?)?)?")


@dataclass(frozen=True, slots=True)
class Term:
    """What one side of an interaction is: ``name`` as people read it, ``key`` as it is compared."""

    kind: TermKind
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A substance (or an ATC class) belongs to a family."""

    family: Term
    member: Term
    source: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of a pair that has several.

    ``only`` lists what it is limited to: sets of substance keys, one of which must be among the two substances that
    meet. Without it the grade may hold for every pair, depending on dose, route or situation. ``certain`` says that it
    names the substances and asks nothing else of them: then it goes before the grades that name none.
    """

    severity: Severity
    only: tuple[tuple[str, ...], ...] = ()
    certain: bool = False


@dataclass(frozen=True, slots=True)
class InteractionRow:
    """What a source says about two terms taken together; their order means nothing.

    ``mechanism`` and ``advice`` hold a text by language (``fr``), '' for a language the file does not name.
    ``severity`` is the gravest of ``grades``, which is empty where the pair has one grade only.
    """

    a: Term
    b: Term
    severity: Severity
    mechanism: Mapping[str, str] = field(default_factory=dict)
    advice: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    grades: tuple[Grade, ...] = ()


def substance(name: str) -> Term:
    """Return the term of a substance; raises RowError where the name holds no letter or is none."""
    return _term("substance", name, key_of_substance(name))


def key_of_substance(name: str) -> str:
    """Return what a substance is compared by, '' where nothing of the name is left."""
    return substance_key(_in_order(name)[:MAX_NAME])


def family(name: str) -> Term:
    """Return the term of a family of the register."""
    return _term("family", name, fold(name[: MAX_NAME + 1]))


def atc(code: str) -> Term:
    """Return the term of an ATC class of any level; raises RowError where the code is none."""
    key = code.strip().upper()[:20]
    if not _ATC.fullmatch(key):
        raise RowError("bad_atc", found=code.strip()[:40])
    return Term("atc", key, key)


def _term(kind: TermKind, name: str, key: str) -> Term:
    if len(name) > MAX_NAME:
        raise RowError("too_long", found=name[:40])
    if not key:
        raise RowError("term_missing")
    return Term(kind, name, key)


def _in_order(name: str) -> str:
    """Return a name that an index has turned round, as it is said.

    >>> _in_order("sodium (bicarbonate de)"), _in_order("dimethyle ( fumarate de)"), _in_order("botulique (toxine)")
    ('bicarbonate de sodium', 'fumarate de dimethyle', 'toxine botulique')
    """
    match = _TURNED.fullmatch(name[:MAX_NAME])
    return f"{match[2]} {match[1]}" if match else name


def worst(severities: Iterable[Severity]) -> Severity:
    """Return the gravest of some grades."""
    return min(severities, key=SEVERITIES.index)
