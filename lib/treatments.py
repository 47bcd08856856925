"""What a prescription does to the courses of medication a patient follows: starts, renews, changes or stops them.

Pure rules, told of items and courses reduced to what tells two medications apart (:class:`Medication`). One product is
one course, however many lines a prescription needs for it (a taper, a morning and an evening dose).

>>> course = Medication(1, drug=7, dosage=(1, "tablet"))
>>> line = Medication("line", drug=7, dosage=(2, "tablet"))
>>> match([line], [course]), effect(line, course), effect(line, None)
({'line': 1}, 'change', 'start')
>>> last_day(date(2026, 1, 31), 1, "month"), last_day(date(2026, 3, 1), 10, "day")
(datetime.date(2026, 2, 27), datetime.date(2026, 3, 10))
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from dateutil.relativedelta import relativedelta

from .text import fold

Effect = Literal["start", "renew", "change"]
Unit = Literal["day", "week", "month"]

_DAYS = {"day": 1, "week": 7, "month": 30}
_MAX_DAYS = 36_600


@dataclass(frozen=True)
class Medication:
    """A prescribed item or a course that is followed.

    ``drug`` is a product of a register, ``substances`` its active ingredients (keys that are equal for one
    ingredient), ``name`` the words of an item that is no product of a register, ``dosage`` anything that is equal
    for one dosage.
    """

    key: Hashable
    drug: Hashable | None = None
    substances: frozenset[Hashable] = frozenset()
    route: str = ""
    name: str = ""
    dosage: tuple[Hashable, ...] = ()


@dataclass(frozen=True)
class Supply:
    """How long one line lasts; ``rhythm`` is equal for lines that follow one another, such as the steps of a taper."""

    duration: float
    unit: Unit
    rhythm: Hashable = None
    single: bool = False


def match(items: Sequence[Medication], courses: Sequence[Medication]) -> dict[Hashable, Hashable | None]:
    """Return the course each item continues, None for an item that starts one.

    The same product (or, for free text, the same words) is the same course. What is left continues a course of the
    same substances by the same route, which is how another brand or another strength replaces one; but only where
    there is no doubt: with two courses of a substance (100 µg and 25 µg of levothyroxine), or two items of it, nothing
    is replaced silently.

    >>> old = [Medication(1, drug=1, substances=frozenset("L")), Medication(2, drug=2, substances=frozenset("L"))]
    >>> match([Medication("new", drug=3, substances=frozenset("L"))], old)
    {'new': None}
    """
    found = {item.key: next((course.key for course in courses if _same_product(item, course)), None) for item in items}
    taken = {key for key in found.values() if key is not None}
    left = [item for item in items if found[item.key] is None and item.substances]
    candidates = {
        item.key: [course.key for course in courses if course.key not in taken and _same_substances(item, course)]
        for item in left
    }
    wanted_by = defaultdict(set)
    for item in left:
        for key in candidates[item.key]:
            wanted_by[key].add(_product(item))
    for item in left:
        keys = candidates[item.key]
        if len(keys) == 1 and len(wanted_by[keys[0]]) == 1:
            found[item.key] = keys[0]
    return found


def group_new(items: Iterable[Medication]) -> list[list[Medication]]:
    """Return the items that start a course, those of one product together, in their order.

    >>> [len(group) for group in group_new([Medication(1, drug=7), Medication(2, drug=8), Medication(3, drug=7)])]
    [2, 1]
    """
    groups: dict[Hashable, list[Medication]] = {}
    for item in items:
        groups.setdefault(_product(item), []).append(item)
    return list(groups.values())


def effect(item: Medication, course: Medication | None) -> Effect:
    """Return what an item does to the course it continues: *renew* where product and dosage stay the same."""
    if course is None:
        return "start"
    return "renew" if _same_product(item, course) and item.dosage == course.dosage else "change"


def last_day(start: date, duration: float, unit: Unit) -> date | None:
    """Return the last day of a course that starts on a day, None where the duration says nothing.

    Whole months are those of the calendar, parts of one are days of thirty to the month.
    """
    if not duration or duration < 0 or duration * _DAYS[unit] > _MAX_DAYS:
        return None
    if unit == "month" and duration == int(duration):
        return start + relativedelta(months=int(duration)) - timedelta(days=1)
    return start + timedelta(days=math.ceil(duration * _DAYS[unit]) - 1)


def course_end(start: date, supplies: Iterable[Supply]) -> date | None:
    """Return the last day that the lines of one product cover together, None where one of them is open-ended.

    Lines of one rhythm follow one another, as the steps of a taper do; lines of another rhythm (a morning and an
    evening dose) run beside them.

    >>> steps = [Supply(5, "day", "daily"), Supply(5, "day", "daily"), Supply(7, "day", "bedtime")]
    >>> course_end(date(2026, 3, 1), steps)
    datetime.date(2026, 3, 10)
    """
    ends: dict[Hashable, date] = defaultdict(lambda: start - timedelta(days=1))
    for supply in supplies:
        first = ends[supply.rhythm] + timedelta(days=1)
        end = first if supply.single else last_day(first, supply.duration, supply.unit)
        if end is None:
            return None
        ends[supply.rhythm] = end
    return max(ends.values(), default=None)


def _product(item: Medication) -> Hashable:
    """Return what is equal for two items of one product."""
    return ("drug", item.drug) if item.drug else ("name", fold(item.name) or item.key)


def _same_product(one: Medication, other: Medication) -> bool:
    if one.drug and other.drug:
        return one.drug == other.drug
    return bool(fold(one.name)) and fold(one.name) == fold(other.name)


def _same_substances(one: Medication, other: Medication) -> bool:
    same_route = not one.route or not other.route or one.route == other.route
    return bool(one.substances) and one.substances == other.substances and same_route
