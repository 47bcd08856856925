"""Age of a person on a day.

>>> from datetime import date
>>> age_parts(date(2024, 2, 29), date(2025, 3, 1))
(1, 0, 0)
>>> display_age(date(2026, 1, 28), date(2026, 2, 3))
(6, 'day')
"""

from datetime import date, datetime, timedelta
from typing import Literal

AgeUnit = Literal["day", "month", "year"]


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _span(birthdate: date, on: date) -> tuple[date, date]:
    birthdate, on = _day(birthdate), _day(on)
    if birthdate > on:
        raise ValueError("The birthdate lies after the day of the age.")
    return birthdate, on


def _full_months(birthdate: date, on: date) -> int:
    months = (on.year - birthdate.year) * 12 + on.month - birthdate.month
    return months - 1 if on.day < birthdate.day else months


def _anniversary(birthdate: date, months: int) -> date:
    """Return the day ``months`` after birth; a day the month lacks falls on the first of the next one."""
    years, month = divmod(birthdate.month - 1 + months, 12)
    first = date(birthdate.year + years, month + 1, 1)
    moved = first + timedelta(days=birthdate.day - 1)
    if moved.month == first.month:
        return moved
    return moved.replace(day=1)


def age_years(birthdate: date, on: date) -> int:
    """Return the completed years on the day ``on``.

    Who is born on 29 February completes a year on 1 March of common years, as PostgreSQL's ``age`` has it.
    Raises ValueError for a birthdate after ``on``.

    >>> age_years(date(2004, 2, 29), date(2022, 2, 28)), age_years(date(2004, 2, 29), date(2022, 3, 1))
    (17, 18)
    """
    return _full_months(*_span(birthdate, on)) // 12


def age_parts(birthdate: date, on: date) -> tuple[int, int, int]:
    """Return completed years, months and days on the day ``on``; raises ValueError for a birthdate after it.

    >>> age_parts(date(2025, 1, 31), date(2025, 2, 28)), age_parts(date(2025, 1, 31), date(2025, 3, 1))
    ((0, 0, 28), (0, 1, 0))
    """
    birthdate, on = _span(birthdate, on)
    months = _full_months(birthdate, on)
    days = (on - _anniversary(birthdate, months)).days
    return months // 12, months % 12, days


def display_age(birthdate: date, on: date) -> tuple[int, AgeUnit]:
    """Return the age as a clinician says it: days under a month, months under two years, then years.

    >>> display_age(date(2024, 5, 3), date(2026, 5, 2)), display_age(date(2024, 5, 3), date(2026, 5, 3))
    ((23, 'month'), (2, 'year'))
    """
    years, months, days = age_parts(birthdate, on)
    months += years * 12
    if months < 1:
        return days, "day"
    return (months, "month") if months < 24 else (years, "year")
