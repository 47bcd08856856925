"""Growth of children: z-scores, percentiles and curves from LMS tables that the practice loads.

A table gives, for each age (or length), the three numbers of Cole's LMS method: ``L`` the power that makes the
distribution normal, ``M`` the median, ``S`` the coefficient of variation.

Sources:

- T.J. Cole, P.J. Green, "Smoothing reference centile curves: the LMS method and penalized likelihood", Statistics in
  Medicine 11 (1992), 1305-1319.
- WHO Multicentre Growth Reference Study Group, "WHO Child Growth Standards: length/height-for-age, weight-for-age,
  weight-for-length, weight-for-height and body mass index-for-age: methods and development", WHO 2006, chapter 7
  "Computation of centiles and z-scores": the formula, and its restriction for indicators that rest on weight.
- The same for head circumference, WHO 2007, whose values are normal (L = 1), without restriction.

>>> newborn_boy = LMS(0.3487, 3.3464, 0.14602)
>>> round(z_score(3.3464, newborn_boy), 2), round(value_at(-2, newborn_boy), 1)
(0.0, 2.5)
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

#: Mean length of a month, as WHO Anthro has it (365.25 / 12).
DAYS_PER_MONTH = 30.4375
#: A child lying down is longer by this, in cm (WHO 2006, section 2.3: mean difference found in the study).
RECUMBENT_EXCESS = 0.7
#: Day from which the standards speak of height, measured standing; before it of length, measured lying.
STANDING_FROM_DAYS = 731

SEXES = ("male", "female")


@dataclass(frozen=True)
class Indicator:
    """What is plotted against what: ``x_unit`` is ``day`` or ``cm``, ``unit`` that of the value.

    ``restricted``: beyond three standard deviations the z-score goes on in equal steps, because weight is skewed.
    """

    code: str
    x_unit: str
    unit: str
    restricted: bool
    #: values outside are no child and no row of a table
    lowest: float
    highest: float


INDICATORS = {
    indicator.code: indicator
    for indicator in (
        Indicator("weight_age", "day", "kg", True, 0.3, 400),
        Indicator("length_age", "day", "cm", False, 20, 280),
        Indicator("bmi_age", "day", "kg/m2", True, 4, 150),
        Indicator("head_age", "day", "cm", False, 15, 90),
        Indicator("weight_length", "cm", "kg", True, 0.3, 400),
        Indicator("weight_height", "cm", "kg", True, 0.3, 400),
    )
}


@dataclass(frozen=True)
class LMS:
    """One row of a table: ``l`` the power (may be 0), ``m`` the median, ``s`` the coefficient of variation."""

    l: float  # noqa: E741 the letters are those of the method
    m: float
    s: float


# === One row === #


def _plain_z(value: float, row: LMS) -> float:
    if abs(row.l) < 1e-9:  # the limit of the formula as L goes to 0
        return math.log(value / row.m) / row.s
    return ((value / row.m) ** row.l - 1) / (row.s * row.l)


def _plain_value(z: float, row: LMS) -> float:
    if abs(row.l) < 1e-9:
        return row.m * math.exp(row.s * z)
    base = 1 + row.l * row.s * z
    if base <= 0:
        raise ValueError("The distribution does not reach that far.")
    return row.m * base ** (1 / row.l)


def z_score(value: float, row: LMS, *, restricted: bool = False) -> float:
    """Return how many standard deviations ``value`` lies from the median.

    ``restricted`` applies the rule for indicators that rest on weight: beyond 3 the distance from the third standard
    deviation is counted in steps of the distance between the second and the third.

    Raises ValueError for a value that is not above zero, or no number.

    >>> row = LMS(-0.5, 10, 0.1)
    >>> round(z_score(value_at(2.5, row), row), 6)
    2.5
    >>> round(z_score(20, row), 2), round(z_score(20, row, restricted=True), 2)
    (5.86, 7.12)
    """
    if not math.isfinite(value) or value <= 0:
        raise ValueError("A measurement of growth lies above zero.")
    z = _plain_z(value, row)
    if not restricted or abs(z) <= 3:
        return z
    side = math.copysign(1, z)
    third = _plain_value(3 * side, row)
    step = abs(third - _plain_value(2 * side, row))
    return 3 * side + (value - third) / step


def value_at(z: float, row: LMS, *, restricted: bool = False) -> float:
    """Return the value that lies ``z`` standard deviations from the median, the inverse of :func:`z_score`.

    Raises ValueError where the distribution has no such value.

    >>> row = LMS(0.3, 10, 0.1)
    >>> all(abs(z_score(value_at(z, row, restricted=True), row, restricted=True) - z) < 1e-9 for z in (-4, -2, 0, 3, 5))
    True
    """
    if not restricted or abs(z) <= 3:
        return _plain_value(z, row)
    side = math.copysign(1, z)
    third = _plain_value(3 * side, row)
    return third + (z - 3 * side) * abs(third - _plain_value(2 * side, row))


def percentile(z: float) -> float:
    """Return the share of children below, in percent.

    >>> round(percentile(0), 1), round(percentile(-1.88079), 2), round(percentile(2), 1)
    (50.0, 3.0, 97.7)
    """
    return 100 * NormalDist().cdf(z)


def z_of_percentile(percent: float) -> float:
    """Return the z-score of a percentile; raises ValueError outside of 0 to 100.

    >>> round(z_of_percentile(97), 4), round(z_of_percentile(3), 4)
    (1.8808, -1.8808)
    """
    if not 0 < percent < 100:
        raise ValueError("A percentile lies between 0 and 100.")
    return NormalDist().inv_cdf(percent / 100)


# === Tables === #


class Table:
    """The rows of one indicator and one sex, by ``x`` in days or centimetres.

    Between two rows L, M and S are interpolated on straight lines, as WHO's own programs do for lengths finer than a
    millimetre and for ages between two months; beyond the ends there is nothing.

    >>> table = Table("weight_age", [(0, LMS(1, 3, 0.1)), (10, LMS(1, 4, 0.1))])
    >>> table.at(5).m, table.at(10).m, table.at(11)
    (3.5, 4, None)
    """

    def __init__(self, indicator: str, rows: Iterable[tuple[float, LMS]]) -> None:
        """Take the rows in any order; of two with the same ``x`` the last one counts."""
        self.indicator = INDICATORS[indicator]
        by_x = dict(rows)
        self.xs: list[float] = sorted(by_x)
        self.rows: list[LMS] = [by_x[x] for x in self.xs]

    def __bool__(self) -> bool:
        """Whether there is a row."""
        return bool(self.xs)

    def at(self, x: float) -> LMS | None:
        """Return the row at ``x``, None outside of the table."""
        place = bisect_left(self.xs, x)
        if place == len(self.xs):
            return None
        if self.xs[place] == x:
            return self.rows[place]
        if place == 0:
            return None
        low, high = self.rows[place - 1], self.rows[place]
        share = (x - self.xs[place - 1]) / (self.xs[place] - self.xs[place - 1])
        return LMS(low.l + share * (high.l - low.l), low.m + share * (high.m - low.m), low.s + share * (high.s - low.s))

    def z_score(self, x: float, value: float) -> float | None:
        """Return the z-score of ``value`` at ``x``, None where the table says nothing."""
        row = self.at(x)
        return None if row is None else z_score(value, row, restricted=self.indicator.restricted)

    def curve(self, z: float, low: float, high: float, steps: int = 120) -> list[tuple[float, float]]:
        """Return points of the line of ``z`` from ``low`` to ``high``, cut to where the table reaches."""
        points = []
        for x in self._places(low, high, steps):
            row = self.at(x)
            if row is not None:
                points.append((x, value_at(z, row, restricted=self.indicator.restricted)))
        return points

    def _places(self, low: float, high: float, steps: int) -> Sequence[float]:
        """Return where to draw: the rows themselves where they are few, else an even choice of them."""
        inside = self.xs[bisect_left(self.xs, low) : bisect_left(self.xs, high + 1e-9)]
        if len(inside) <= steps:
            return inside
        last = len(inside) - 1
        return [inside[round(step * last / (steps - 1))] for step in range(steps)]


# === Children === #


def age_days(birthdate: date, on: date) -> int:
    """Return the age in days; raises ValueError for a day before birth.

    >>> age_days(date(2024, 2, 28), date(2024, 3, 1))
    2
    """
    days = (on - birthdate).days
    if days < 0:
        raise ValueError("The day lies before the birth.")
    return days


def days_of_months(months: float) -> int:
    """Return months as whole days, as WHO Anthro rounds them.

    >>> days_of_months(24), days_of_months(22.45)
    (731, 683)
    """
    # Halves go up, as in WHO's programs; Python's round would take them to the even neighbour.
    return math.floor(months * DAYS_PER_MONTH + 0.5)


def length_for_standards(measured: float, days: float, *, lying: bool | None = None) -> float:
    """Return a length or height as the standards of that age mean it, in cm.

    Under two years (731 days) they are about children lying down, from then on about standing ones; one measured the
    other way is 0.7 cm longer or shorter. ``lying`` None: measured the way the age asks for.

    >>> length_for_standards(80, 700, lying=False), length_for_standards(90, 731, lying=True)
    (80.7, 89.3)
    """
    if lying is None:
        return measured
    young = days < STANDING_FROM_DAYS
    if young and not lying:
        return round(measured + RECUMBENT_EXCESS, 6)
    if not young and lying:
        return round(measured - RECUMBENT_EXCESS, 6)
    return measured


def weight_for_length_indicator(days: float) -> str:
    """Return which of the two tables of weight by length is that of the age.

    >>> weight_for_length_indicator(730), weight_for_length_indicator(731)
    ('weight_length', 'weight_height')
    """
    return "weight_length" if days < STANDING_FROM_DAYS else "weight_height"


# === What was measured === #


@dataclass(frozen=True)
class Fact:
    """A measurement of a child: ``kind`` is ``weight``, ``height``, ``length`` or ``head_circumference``.

    ``visit`` tells which measurements belong together; those of one day do too. ``height`` was measured the way the age
    asks for, ``length`` lying.
    """

    day: date
    kind: str
    value: float
    visit: int = 0


@dataclass(frozen=True)
class Point:
    """A measurement as it is plotted: ``x`` in the unit of the indicator, ``days`` the age."""

    indicator: str
    day: date
    days: int
    x: float
    value: float


def points_of(birthdate: date, facts: Iterable[Fact]) -> list[Point]:
    """Return what can be plotted of a child, by indicator and age. Facts before birth are left out.

    >>> day = date(2024, 1, 31)
    >>> points = points_of(date(2024, 1, 1), [Fact(day, "weight", 4.5), Fact(day, "height", 54)])
    >>> [(point.indicator, point.x, round(point.value, 2)) for point in points]
    [('bmi_age', 30, 15.43), ('length_age', 30, 54), ('weight_age', 30, 4.5), ('weight_length', 54, 4.5)]
    """
    points: list[Point] = []
    by_moment: dict[tuple[date, int], dict[str, float]] = {}
    for fact in facts:
        if fact.day >= birthdate:
            by_moment.setdefault((fact.day, fact.visit), {})[fact.kind] = fact.value
    for (day, _visit), values in _together(by_moment).items():
        points += _points_at(day, age_days(birthdate, day), values)
    return sorted(points, key=lambda point: (point.indicator, point.days, point.x))


def _together(by_moment: dict[tuple[date, int], dict[str, float]]) -> dict[tuple[date, int], dict[str, float]]:
    """Let a moment borrow what it lacks from the others of its day, when that day has one value of it."""
    result = {}
    for (day, visit), values in by_moment.items():
        others = [found for (other, _visit), found in by_moment.items() if other == day and found is not values]
        borrowed: dict[str, float] = {}
        for kind in ("length", "height"):
            known = {found[kind] for found in others if kind in found}
            if len(known) == 1 and "weight" in values and not {"length", "height"} & values.keys():
                borrowed[f"{kind}_borrowed"] = known.pop()
        result[day, visit] = {**values, **borrowed}
    return result


def _points_at(day: date, days: int, values: dict[str, float]) -> list[Point]:
    points = []
    weight, head = values.get("weight"), values.get("head_circumference")
    own = {"length", "height"} & values.keys()
    lying = "length" in values or "length_borrowed" in values
    measured = next(
        (values[kind] for kind in ("length", "height", "length_borrowed", "height_borrowed") if kind in values), None
    )
    if weight:
        points.append(Point("weight_age", day, days, days, weight))
    if head:
        points.append(Point("head_age", day, days, days, head))
    if measured:
        length = length_for_standards(measured, days, lying=True if lying else None)
        if own:
            points.append(Point("length_age", day, days, days, length))
        if weight:
            points.append(Point("bmi_age", day, days, days, weight / (length / 100) ** 2))
            points.append(Point(weight_for_length_indicator(days), day, days, length, weight))
    return points
