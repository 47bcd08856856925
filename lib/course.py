"""How much a course of treatment takes whose dose changes: tapered, alternated, by day of the week, by moment.

>>> taper = [Stage((Dose(50, Frequency(1)),), 5), Stage((Dose(40, Frequency(1)),), 5)]
>>> total(taper), length(taper)
(Fraction(450, 1), Fraction(10, 1))
>>> total([Stage((Dose(1, Frequency(1, 2)), Dose("0.5", other_days=True)), 4, "week")])
Fraction(21, 1)
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .dosage import Frequency, Number, TimeUnit, duration_days

_DAYS = {"hour": Fraction(1, 24), "day": 1, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True)
class Dose:
    """A dose and when it is taken: its frequency, on so many named days of the week, or on the days left free."""

    dose: Number | None
    frequency: Frequency | None = None
    weekdays: int = 0
    other_days: bool = False
    once: bool = False


@dataclass(frozen=True)
class Stage:
    """Doses that are taken during the same time."""

    doses: tuple[Dose, ...]
    duration: Number | None = None
    unit: TimeUnit = "day"


def _length(stage: Stage) -> Fraction | None:
    if all(dose.once for dose in stage.doses):
        return Fraction(1)
    days = duration_days(stage.duration, stage.unit)
    return None if days is None else Fraction(days)


def length(stages: Iterable[Stage]) -> Fraction | None:
    """Return the days of the whole course, months of 30 days, None where a stage does not say how long it is."""
    lengths = [_length(stage) for stage in stages]
    known = [days for days in lengths if days is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(lengths) else None


def total(stages: Sequence[Stage]) -> Fraction | None:
    """Return what the whole course takes, in the unit of its doses; None where it cannot be computed."""
    if not stages:
        return None
    amounts = [_stage_total(stage) for stage in stages]
    return None if None in amounts else sum(filter(None, amounts), Fraction(0))


def _stage_total(stage: Stage) -> Fraction | None:
    days = _length(stage)
    if days is None:
        return None
    amount, days_taken = Fraction(0), 0
    for dose in stage.doses:
        size = _size(dose.dose)
        counted = _administrations(dose, days, days_taken)
        if size is None or counted is None:
            return None
        times, taken = counted
        amount += size * times
        days_taken += taken
    return amount


def _size(dose: Number | None) -> Fraction | None:
    try:
        size = Fraction(str(dose)) if isinstance(dose, float) else Fraction(dose or 0)
    except (ValueError, TypeError, OverflowError, ZeroDivisionError):
        return None
    return size if size > 0 else None


def _administrations(dose: Dose, days: Fraction, days_taken: int) -> tuple[int, int] | None:
    """Return how often a dose is taken in so many days, and on how many of them.

    :param days_taken: days on which the doses before it are taken.
    """
    whole = math.ceil(days)
    if dose.once:
        return 1, 1
    a_day = dose.frequency.rate / _DAYS[dose.frequency.unit] if dose.frequency else None
    if dose.other_days:
        left = max(whole - days_taken, 0)
        return math.ceil(left * max(a_day or Fraction(1), Fraction(1))), left
    if a_day is None:
        return None
    if dose.weekdays:
        on_days = math.ceil(Fraction(whole * min(dose.weekdays, 7), 7))
        return math.ceil(on_days * a_day), on_days
    times = math.ceil(a_day * days)
    return times, min(times, whole)


def greatest_day(stages: Iterable[Stage]) -> Fraction | None:
    """Return the most that is taken in one day of the course; None where a dose does not say how often.

    Doses of other days are not added to those of their days.

    >>> greatest_day([Stage((Dose(1, Frequency(1)), Dose(2, Frequency(1)))), Stage((Dose(2, Frequency(1)),))])
    Fraction(3, 1)
    """
    days = []
    for stage in stages:
        amounts = [_day_amount(dose) for dose in stage.doses]
        if None in amounts:
            return None
        apart = any(dose.other_days or dose.weekdays for dose in stage.doses)
        known = [amount for amount in amounts if amount is not None]
        days.append(max(known, default=Fraction(0)) if apart else sum(known, Fraction(0)))
    return max(days, default=None)


def _day_amount(dose: Dose) -> Fraction | None:
    size = _size(dose.dose)
    if size is None:
        return None
    if dose.once or (dose.other_days and dose.frequency is None):
        return size
    if dose.frequency is None:
        return None
    return size * max(Fraction(math.ceil(dose.frequency.rate / _DAYS[dose.frequency.unit])), Fraction(1))


MILLIGRAMS = {"mg": Decimal(1), "g": Decimal(1000), "mcg": Decimal("0.001")}
"""Units of dose that are masses, in milligrams."""


def pieces(amount: Number, unit: str, piece: Decimal, *, halves: bool) -> Fraction | None:
    """Return how many pieces of ``piece`` milligrams make up an amount, None where no whole ones (or halves) do.

    >>> pieces(50, "mg", Decimal(5), halves=True), pieces("2.5", "mg", Decimal(5), halves=True)
    (Fraction(10, 1), Fraction(1, 2))
    >>> pieces(7, "mg", Decimal(5), halves=True), pieces(1, "ml", Decimal(5), halves=True)
    (None, None)
    """
    size = _size(amount)
    if size is None or unit not in MILLIGRAMS or piece <= 0:
        return None
    count = size * Fraction(MILLIGRAMS[unit]) / Fraction(piece)
    return count if (count * (2 if halves else 1)).denominator == 1 and count <= 100 else None
