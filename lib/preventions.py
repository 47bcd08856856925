"""What a patient is due for: rules by age and sex, and when each was last satisfied.

>>> from datetime import date
>>> flu = Rule(age_min=65, interval_months=12)
>>> person = Person(birthdate=date(1950, 3, 1), sex="female")
>>> due(flu, person, date(2026, 11, 1), Record(last_done=date(2025, 10, 15)))
Due(status='due', due_on=datetime.date(2026, 10, 15), last_on=datetime.date(2025, 10, 15))
"""

import calendar
from datetime import date
from typing import Literal, NamedTuple

Status = Literal["due", "soon"]

#: Days before the date on which a prevention is announced.
SOON_DAYS = 30


class Rule(NamedTuple):
    """For whom, and how often. Ages are completed years, both included; no upper age: 0; once in a life: interval 0."""

    sex: str = ""
    age_min: int = 0
    age_max: int = 0
    interval_months: int = 0


class Person(NamedTuple):
    """Whom the rule is asked about. ``sex`` is the administrative one of the chart."""

    birthdate: date | None
    sex: str
    deceased: bool = False


class Record(NamedTuple):
    """What the chart says: the last time it was done, whether it was declined for good, until when it is put off."""

    last_done: date | None = None
    declined: bool = False
    postponed_until: date | None = None


class Due(NamedTuple):
    """A prevention to offer: due since ``due_on``, or on that day which is near."""

    status: Status
    due_on: date
    last_on: date | None


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of a shorter month.

    >>> add_months(date(2024, 1, 31), 1), add_months(date(2024, 2, 29), 12)
    (datetime.date(2024, 2, 29), datetime.date(2025, 2, 28))
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_expired(today: date, months: int) -> date:
    """Return the last day whose interval of so many months has passed on the day ``today``.

    >>> last_expired(date(2025, 2, 28), 1), last_expired(date(2025, 3, 30), 1)
    (datetime.date(2025, 1, 31), datetime.date(2025, 2, 28))
    """
    day = add_months(today, -months)
    if today.day < calendar.monthrange(today.year, today.month)[1]:
        return day
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def birthday(birthdate: date, years: int) -> date:
    """Return the day on which somebody completes ``years``: 1 March for who is born on 29 February.

    >>> birthday(date(2004, 2, 29), 18)
    datetime.date(2022, 3, 1)
    """
    year = birthdate.year + years
    if birthdate.month == 2 and birthdate.day == 29 and not calendar.isleap(year):
        return date(year, 3, 1)
    return birthdate.replace(year=year)


def due(rule: Rule, person: Person, today: date, record: Record) -> Due | None:
    """Return what is due on the day ``today``, or soon after; None where the rule asks for nothing.

    A rule with an age is not asked of somebody whose birthdate is unknown, a rule for one sex not of the others.
    """
    if person.deceased or record.declined or (rule.sex and person.sex != rule.sex):
        return None
    opens_on = _opens_on(rule, person)
    if opens_on is None or _is_over(rule, person, today):
        return None
    due_on = opens_on
    if record.last_done:
        if not rule.interval_months:
            return None
        due_on = max(opens_on, add_months(record.last_done, rule.interval_months))
    if record.postponed_until:
        due_on = max(due_on, record.postponed_until)
    left = (due_on - today).days
    if left > SOON_DAYS:
        return None
    return Due("due" if left <= 0 else "soon", due_on, record.last_done)


def _opens_on(rule: Rule, person: Person) -> date | None:
    """Return the day from which the rule holds for somebody, or None where that is not known."""
    if person.birthdate:
        return birthday(person.birthdate, rule.age_min)
    return None if rule.age_min or rule.age_max else date.min


def _is_over(rule: Rule, person: Person, today: date) -> bool:
    if not rule.age_max:
        return False
    return person.birthdate is None or today >= birthday(person.birthdate, rule.age_max + 1)
