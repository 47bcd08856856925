"""What a prescription does to the courses a patient follows."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib.treatments import Medication, Supply, course_end, effect, group_new, last_day, match
from .common import PROPERTY

MEDICATIONS = st.builds(
    Medication,
    key=st.integers(0, 10_000),
    drug=st.none() | st.integers(1, 4),
    substances=st.frozensets(st.sampled_from("ABC"), max_size=2),
    route=st.sampled_from(["", "oral", "topical"]),
    name=st.sampled_from(["", "Aspirine 80 mg", "aspirine 80 MG", "Ramipril"]),
    dosage=st.tuples(st.integers(1, 2)),
)


def _unique(medications):
    return list({medication.key: medication for medication in medications}.values())


@tagged("post_install", "-at_install")
class TestTreatments(BaseCase):
    def test_the_same_product(self):
        course = Medication(1, drug=7, substances=frozenset("A"), route="oral")
        self.assertEqual(match([Medication("x", drug=7)], [course]), {"x": 1})
        words = Medication(2, name="Ramipril 5 mg, comprimé")
        self.assertEqual(match([Medication("x", name="RAMIPRIL 5 mg comprime")], [course, words]), {"x": 2})
        # Words may name what a register names.
        named = Medication(3, drug=8, name="Novamoxin 500 mg Capsule")
        self.assertEqual(match([Medication("x", name="novamoxin 500 mg capsule")], [named]), {"x": 3})
        self.assertEqual(
            match([Medication("x", drug=9, name="same")], [Medication(4, drug=8, name="same")]), {"x": None}
        )

    def test_the_same_substances(self):
        course = Medication(1, drug=7, substances=frozenset("AB"), route="oral")
        for values, found in (
            ({"drug": 8, "substances": frozenset("AB"), "route": "oral"}, 1),
            ({"drug": 8, "substances": frozenset("AB")}, 1),
            ({"drug": 8, "substances": frozenset("AB"), "route": "topical"}, None),
            ({"drug": 8, "substances": frozenset("A"), "route": "oral"}, None),
            ({"drug": 8, "route": "oral"}, None),
        ):
            with self.subTest(values=values):
                self.assertEqual(match([Medication("x", **values)], [course]), {"x": found})

    def test_where_there_is_a_doubt_nothing_is_replaced(self):
        levo = frozenset(["levothyroxine"])
        both = [Medication(1, drug=100, substances=levo), Medication(2, drug=25, substances=levo)]
        self.assertEqual(match([Medication("x", drug=112, substances=levo)], both), {"x": None})
        # One of the two is prescribed by its product: the other is the one that is replaced.
        lines = [Medication("x", drug=112, substances=levo), Medication("y", drug=25, substances=levo)]
        self.assertEqual(match(lines, both), {"x": 1, "y": 2})
        # Two new strengths for one course: neither silently is the old one.
        lines = [Medication("x", drug=112, substances=levo), Medication("y", drug=50, substances=levo)]
        self.assertEqual(match(lines, both[:1]), {"x": None, "y": None})
        # The steps of a taper with a new brand are one product.
        lines = [Medication("x", drug=112, substances=levo), Medication("y", drug=112, substances=levo)]
        self.assertEqual(match(lines, both[:1]), {"x": 1, "y": 1})

    def test_effects(self):
        course = Medication(1, drug=7, dosage=(1,))
        self.assertEqual(effect(Medication("x", drug=7, dosage=(1,)), course), "renew")
        self.assertEqual(effect(Medication("x", drug=7, dosage=(2,)), course), "change")
        self.assertEqual(effect(Medication("x", drug=8, dosage=(1,)), course), "change")
        self.assertEqual(effect(Medication("x", drug=8), None), "start")

    def test_last_days(self):
        for start, duration, unit, last in (
            (date(2026, 3, 1), 10, "day", date(2026, 3, 10)),
            (date(2026, 3, 1), 1, "day", date(2026, 3, 1)),
            (date(2026, 3, 1), 2, "week", date(2026, 3, 14)),
            (date(2026, 1, 31), 1, "month", date(2026, 2, 27)),
            (date(2026, 3, 2), 12, "month", date(2027, 3, 1)),
            (date(2026, 3, 1), 1.5, "month", date(2026, 4, 14)),
            (date(2026, 3, 1), 0.5, "day", date(2026, 3, 1)),
            (date(2026, 3, 1), 0, "day", None),
            (date(2026, 3, 1), -3, "day", None),
            (date(2026, 3, 1), 1e9, "month", None),
        ):
            with self.subTest(duration=duration, unit=unit):
                self.assertEqual(last_day(start, duration, unit), last)

    def test_course_ends(self):
        start = date(2026, 3, 1)
        self.assertIsNone(course_end(start, []))
        self.assertIsNone(course_end(start, [Supply(10, "day"), Supply(0, "day", "bedtime")]))
        self.assertEqual(course_end(start, [Supply(0, "day", single=True)]), start)
        self.assertEqual(course_end(start, [Supply(10, "day", "am"), Supply(10, "day", "pm")]), date(2026, 3, 10))
        self.assertEqual(course_end(start, [Supply(5, "day"), Supply(1, "week")]), date(2026, 3, 12))

    @PROPERTY
    @given(st.lists(MEDICATIONS, max_size=8).map(_unique), st.lists(MEDICATIONS, max_size=8).map(_unique))
    def test_every_item_has_one_answer(self, items, courses):
        found = match(items, courses)
        self.assertEqual(found.keys(), {item.key for item in items})
        self.assertLessEqual(set(found.values()) - {None}, {course.key for course in courses})
        # Two products of a register never become one course.
        for key in set(found.values()) - {None}:
            drugs = {item.drug for item in items if found[item.key] == key and item.drug}
            self.assertLessEqual(len(drugs), 1 if any(c.drug for c in courses if c.key == key) else 4)
        grouped = [item.key for group in group_new(items) for item in group]
        self.assertCountEqual(grouped, [item.key for item in items])

    @PROPERTY
    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 400), st.sampled_from(["day", "week", "month"]))
    def test_a_longer_course_ends_later(self, start, duration, unit):
        self.assertGreaterEqual(last_day(start, duration, unit), start)
        self.assertGreater(last_day(start, duration + 1, unit), last_day(start, duration, unit))
