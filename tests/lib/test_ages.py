"""Ages on every kind of day."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib.ages import age_parts, age_years, display_age
from .common import PROPERTY

DAYS = st.dates(date(1850, 1, 1), date(2150, 12, 31))


@tagged("post_install", "-at_install")
class TestAges(BaseCase):
    def test_birthday(self):
        self.assertEqual(age_years(date(1985, 4, 12), date(2026, 4, 11)), 40)
        self.assertEqual(age_years(date(1985, 4, 12), date(2026, 4, 12)), 41)

    def test_leap_day(self):
        born = date(2004, 2, 29)
        self.assertEqual(age_years(born, date(2023, 2, 28)), 18)
        self.assertEqual(age_years(born, date(2023, 3, 1)), 19)
        self.assertEqual(age_years(born, date(2024, 2, 28)), 19)
        self.assertEqual(age_years(born, date(2024, 2, 29)), 20)

    def test_parts(self):
        for born, on, parts in (
            (date(2026, 2, 3), date(2026, 2, 3), (0, 0, 0)),
            (date(2026, 1, 31), date(2026, 2, 28), (0, 0, 28)),
            (date(2026, 1, 31), date(2026, 3, 1), (0, 1, 0)),
            (date(2026, 1, 31), date(2026, 3, 30), (0, 1, 29)),
            (date(2026, 1, 31), date(2026, 3, 31), (0, 2, 0)),
            (date(2024, 2, 29), date(2025, 2, 28), (0, 11, 30)),
            (date(1914, 5, 1), date(2026, 4, 30), (111, 11, 29)),
        ):
            self.assertEqual(age_parts(born, on), parts, f"{born} {on}")

    def test_units_of_display(self):
        born = date(2024, 5, 3)
        for on, shown in (
            (born, (0, "day")),
            (date(2024, 6, 2), (30, "day")),
            (date(2024, 6, 3), (1, "month")),
            (date(2026, 5, 2), (23, "month")),
            (date(2026, 5, 3), (2, "year")),
            (date(2134, 5, 3), (110, "year")),
        ):
            self.assertEqual(display_age(born, on), shown, on)

    def test_future_birth_is_refused(self):
        for function in (age_years, age_parts, display_age):
            with self.assertRaises(ValueError):
                function(date(2026, 2, 4), date(2026, 2, 3))

    def test_moments_count_as_days(self):
        self.assertEqual(age_parts(date(2026, 2, 3), datetime(2026, 2, 4, 1, 0)), (0, 0, 1))

    def test_ends_of_the_calendar(self):
        self.assertEqual(age_years(date(1, 1, 1), date(9999, 12, 31)), 9998)

    @PROPERTY
    @given(DAYS, DAYS)
    def test_parts_agree_with_years(self, one, two):
        born, on = sorted((one, two))
        years, months, days = age_parts(born, on)
        self.assertEqual(years, age_years(born, on))
        self.assertTrue(0 <= months < 12 and 0 <= days <= 30 and years >= 0)

    @PROPERTY
    @given(DAYS, st.integers(0, 800))
    def test_nobody_gets_younger(self, born, days):
        on = born + timedelta(days=days)
        self.assertLess(age_parts(born, on), age_parts(born, on + timedelta(days=1)))
