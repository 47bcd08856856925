from datetime import date

from odoo.tests import BaseCase, tagged

from ...lib import preventions
from ...lib.preventions import Due, Person, Record, Rule, due

TODAY = date(2026, 3, 2)
WOMAN = Person(date(1970, 3, 2), "female")


@tagged("post_install", "-at_install")
class TestPreventions(BaseCase):
    def test_age_opens_and_closes(self):
        rule = Rule(age_min=50, age_max=69)
        for birthdate, expected in (
            (date(1976, 3, 2), "due"),  # 50 today
            (date(1976, 3, 3), "soon"),  # tomorrow
            (date(1976, 4, 2), None),  # in 31 days
            (date(1956, 3, 3), "due"),  # 69
            (date(1956, 3, 2), None),  # 70 today
            (None, None),
        ):
            with self.subTest(birthdate):
                found = due(rule, Person(birthdate, "female"), TODAY, Record())
                self.assertEqual(found and found.status, expected)

    def test_born_on_the_29th_of_february(self):
        person = Person(date(2008, 2, 29), "male")
        self.assertEqual(due(Rule(age_min=18), person, date(2026, 2, 28), Record()).status, "soon")
        self.assertEqual(due(Rule(age_min=18), person, date(2026, 3, 1), Record()).status, "due")

    def test_sex(self):
        self.assertIsNone(due(Rule(sex="male"), WOMAN, TODAY, Record()))
        self.assertIsNone(due(Rule(sex="male"), Person(date(1970, 1, 1), "unknown"), TODAY, Record()))
        self.assertTrue(due(Rule(sex="female"), WOMAN, TODAY, Record()))

    def test_interval(self):
        rule = Rule(interval_months=24)
        self.assertIsNone(due(rule, WOMAN, TODAY, Record(last_done=date(2024, 6, 1))))
        self.assertEqual(
            due(rule, WOMAN, TODAY, Record(last_done=date(2024, 3, 2))), Due("due", TODAY, date(2024, 3, 2))
        )
        self.assertEqual(due(rule, WOMAN, TODAY, Record(last_done=date(2024, 3, 20))).status, "soon")

    def test_once_in_a_life(self):
        self.assertTrue(due(Rule(), WOMAN, TODAY, Record()))
        self.assertIsNone(due(Rule(), WOMAN, TODAY, Record(last_done=date(1980, 1, 1))))

    def test_declined_postponed_deceased(self):
        self.assertIsNone(due(Rule(), WOMAN, TODAY, Record(declined=True)))
        self.assertIsNone(due(Rule(), WOMAN, TODAY, Record(postponed_until=date(2026, 9, 1))))
        self.assertEqual(due(Rule(), WOMAN, TODAY, Record(postponed_until=TODAY)).status, "due")
        self.assertIsNone(due(Rule(), WOMAN._replace(deceased=True), TODAY, Record()))

    def test_last_expired_is_the_inverse(self):
        """The database asks for the last day that counts no more, the library for the day on which it is due."""
        for number in range(800):
            today = date.fromordinal(date(2024, 1, 1).toordinal() + number)
            for months in (1, 3, 12, 24):
                last = preventions.last_expired(today, months)
                after = date.fromordinal(last.toordinal() + 1)
                self.assertLessEqual(preventions.add_months(last, months), today)
                self.assertGreater(preventions.add_months(after, months), today)

    def test_months(self):
        self.assertEqual(preventions.add_months(date(2025, 12, 31), 2), date(2026, 2, 28))
        self.assertEqual(preventions.add_months(date(2025, 1, 15), 24), date(2027, 1, 15))
