"""Growth: the LMS formula by numbers of our own, and WHO's z-scores of 498 children where the tables are at hand."""

import csv
import math
from collections import Counter, defaultdict
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib import growth
from ...lib.growth import LMS, Table
from ...lib.registers import growth_lms
from .common import PROPERTY, SHARED_DATA

REAL = SHARED_DATA / "who-growth" / "dev"

ROWS = st.builds(
    LMS,
    st.floats(-3, 3, allow_nan=False).map(lambda power: round(power, 4)),
    st.floats(1, 200, allow_nan=False),
    st.floats(0.02, 0.1, allow_nan=False),
)


@tagged("post_install", "-at_install")
class TestGrowthFormula(BaseCase):
    def test_the_median_is_zero(self):
        self.assertEqual(growth.z_score(10, LMS(-1.2, 10, 0.12)), 0)
        self.assertEqual(growth.value_at(0, LMS(0, 10, 0.12)), 10)

    def test_by_hand(self):
        # L = 1: a normal distribution with a standard deviation of M times S, here 5
        self.assertAlmostEqual(growth.z_score(60, LMS(1, 50, 0.1)), 2)
        # L = 0: the logarithm is normal
        self.assertAlmostEqual(growth.z_score(10 * math.exp(0.15), LMS(0, 10, 0.1)), 1.5)
        # L = -1: (1/1.25 - 1) / (-1 * 0.1)
        self.assertAlmostEqual(growth.z_score(12.5, LMS(-1, 10, 0.1)), 2)

    def test_a_vanishing_power_is_no_jump(self):
        near, at = (growth.z_score(12, LMS(power, 10, 0.1)) for power in (1e-7, 0))
        self.assertAlmostEqual(near, at, 5)

    def test_beyond_three_the_steps_are_even(self):
        row = LMS(-1, 10, 0.1)
        third = growth.value_at(3, row)
        step = third - growth.value_at(2, row)
        self.assertAlmostEqual(growth.z_score(third + 2 * step, row, restricted=True), 5)
        low = growth.value_at(-3, row)
        step = growth.value_at(-2, row) - low
        self.assertAlmostEqual(growth.z_score(low - step, row, restricted=True), -4)
        self.assertNotAlmostEqual(growth.z_score(low - step, row), -4, 2)

    def test_within_three_restriction_changes_nothing(self):
        row = LMS(-1, 10, 0.1)
        for z in (-3, -2.9, 0, 2.99, 3):
            value = growth.value_at(z, row)
            self.assertAlmostEqual(growth.z_score(value, row, restricted=True), z)
            self.assertAlmostEqual(growth.z_score(value, row), z)

    def test_what_is_no_measurement(self):
        for value in (0, -1, math.nan, math.inf):
            with self.subTest(value), self.assertRaises(ValueError):
                growth.z_score(value, LMS(1, 10, 0.1))
        with self.assertRaises(ValueError):
            growth.value_at(-40, LMS(1, 10, 0.1))
        for percent in (0, 100, -3):
            with self.subTest(percent), self.assertRaises(ValueError):
                growth.z_of_percentile(percent)

    @given(ROWS, st.floats(-2.5, 2.5), st.booleans())
    @PROPERTY
    def test_there_and_back(self, row, z, restricted):
        value = growth.value_at(z, row, restricted=restricted)
        self.assertAlmostEqual(growth.z_score(value, row, restricted=restricted), z, 6)

    @given(st.floats(0.01, 99.99))
    @PROPERTY
    def test_percentiles_there_and_back(self, percent):
        self.assertAlmostEqual(growth.percentile(growth.z_of_percentile(percent)), percent, 6)


@tagged("post_install", "-at_install")
class TestGrowthTable(BaseCase):
    table = Table("weight_age", [(10, LMS(0, 6, 0.2)), (0, LMS(1, 4, 0.1)), (20, LMS(0, 7, 0.2))])

    def test_between_two_rows(self):
        self.assertEqual(self.table.at(5), LMS(0.5, 5, 0.15000000000000002))
        self.assertEqual(self.table.at(10), LMS(0, 6, 0.2))

    def test_outside_there_is_nothing(self):
        self.assertIsNone(self.table.at(-1))
        self.assertIsNone(self.table.at(20.5))
        self.assertIsNone(self.table.z_score(21, 5))
        self.assertFalse(Table("weight_age", []))
        self.assertIsNone(Table("weight_age", []).at(0))

    def test_curves_are_cut_to_the_table(self):
        self.assertEqual(self.table.curve(0, 5, 400), [(10, 6), (20, 7)])
        long = Table("weight_age", [(day, LMS(1, 3 + day / 100, 0.1)) for day in range(1000)])
        curve = long.curve(0, 0, 999, steps=50)
        self.assertEqual((len(curve), curve[0][0], curve[-1][0]), (50, 0, 999))

    def test_ages_and_lengths(self):
        self.assertEqual(growth.age_days(date(2020, 2, 28), date(2021, 2, 28)), 366)
        with self.assertRaises(ValueError):
            growth.age_days(date(2020, 2, 28), date(2020, 2, 27))
        self.assertEqual(growth.length_for_standards(80, 730, lying=False), 80.7)
        self.assertEqual(growth.length_for_standards(80, 731, lying=False), 80)
        self.assertEqual(growth.length_for_standards(80, 731, lying=True), 79.3)
        self.assertEqual(growth.length_for_standards(80, 730, lying=True), 80)


@tagged("post_install", "-at_install")
class TestWhoMacros(BaseCase):
    """Every z-score WHO's macros give for the children of its example survey."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not REAL.is_dir():
            cls.skipTest(cls, f"WHO's tables are not beside the checkout: {REAL.parent.name}")
        by_table = defaultdict(list)
        for row in growth_lms.read_edition(REAL / "who_lms.csv").rows():
            by_table[row.indicator, row.sex].append((row.x, row.lms))
        cls.tables = {key: Table(key[0], rows) for key, rows in by_table.items()}

    def _scores(self, child):
        """Return our z-scores of a child of the survey, by the name of WHO's column."""
        sex = {"1": "male", "2": "female"}[child["GENDER"]]
        days = int(child["age.days"])
        weight, length, head = (float(child[name]) if child[name] else None for name in ("WEIGHT", "HEIGHT", "HEAD"))
        # A child with oedema weighs more than it is: WHO gives no score that rests on weight.
        weight = None if child["oedema"] == "y" else weight
        if length:
            length = growth.length_for_standards(length, days, lying={"l": True, "h": False}.get(child["measure"]))
        measured = {
            "zwei": ("weight_age", days, weight),
            "zlen": ("length_age", days, length),
            "zbmi": ("bmi_age", days, weight and length and weight / (length / 100) ** 2),
            "zhc": ("head_age", days, head),
            "zwfl": (growth.weight_for_length_indicator(days), length, weight),
        }
        return {
            name: self.tables[indicator, sex].z_score(x, value) if x is not None and value else None
            for name, (indicator, x, value) in measured.items()
        }

    def test_every_child(self):
        with (REAL / "MySurvey_z_st.csv").open(encoding="utf-8", newline="") as stream:
            children = list(csv.DictReader(stream))
        self.assertEqual(len(children), 498)
        compared, worst = Counter(), 0.0
        for child in children:
            for name, score in self._scores(child).items():
                with self.subTest(child=child["id"], name=name):
                    self.assertEqual(score is None, not child[name])
                    if score is None:
                        continue
                    compared[name] += 1
                    error = abs(score - float(child[name]))
                    worst = max(worst, error)
                    # WHO writes two decimals, so that half of the last one is the rounding alone
                    self.assertLess(error, 0.0051)
        self.assertEqual(compared, {"zwei": 489, "zlen": 475, "zbmi": 468, "zhc": 94, "zwfl": 467})
        self.assertLess(worst, 0.01)
