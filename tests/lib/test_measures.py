"""Units as people type them, exact conversions, reference ranges, scores."""

import csv
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib import measures, scores
from ...lib.measures import QuantityError, Range, convert, flag, imperial_parts, read_quantity
from .common import PROPERTY, SHARED_DATA

UCUM = SHARED_DATA / "codes-small" / "dev" / "ucum_examples.tsv"


@tagged("post_install", "-at_install")
class TestTypedQuantities(BaseCase):
    def test_what_people_type(self):
        for text, unit, value in (
            ("70", "kg", "70"),
            (" 70,5 ", "kg", "70.5"),
            ("70.5kg", "kg", "70.5"),
            ("3456 g", "kg", "3.456"),
            ("150 lb", "kg", "68.0389"),
            ("150lbs.", "kg", "68.0389"),
            ("8 lb 6 oz", "kg", "3.7988"),
            ("8lb6", "kg", "3.7988"),
            ("12 st 3", "kg", "77.5643"),
            ("5'11\"", "cm", "180.34"),
            ("5’11”", "cm", "180.34"),
            ("5 pi 11 po", "cm", "180.34"),
            ("71 in", "cm", "180.34"),
            ("1,80 m", "cm", "180"),
            ("98.6F", "Cel", "37"),
            ("98,6 °F", "Cel", "37"),
            ("37.2", "Cel", "37.2"),
            ("16 kPa", "mm[Hg]", "120.0099"),
            ("72 /min", "/min", "72"),
            ("48 mmol/mol", "%", "6.543"),
        ):
            with self.subTest(text):
                self.assertEqual(read_quantity(text, unit).value, Decimal(value))

    def test_a_number_alone(self):
        self.assertEqual(read_quantity("150", "kg", plain_unit="[lb_av]").value, Decimal("68.0389"))
        self.assertEqual(read_quantity("68 kg", "kg", plain_unit="[lb_av]").value, 68)

    def test_content_and_amount(self):
        glucose = read_quantity("100 mg/dL", "mmol/L", molar_mass=Decimal("180.156"))
        self.assertEqual(round(glucose.value, 2), Decimal("5.55"))
        creatinine = read_quantity("1.0 mg/dl", "umol/L", molar_mass=Decimal("113.12"))
        self.assertEqual(round(creatinine.value, 1), Decimal("88.4"))
        with self.assertRaises(QuantityError):
            read_quantity("100 mg/dL", "mmol/L")

    def test_what_is_no_quantity(self):
        for text, unit, code in (
            ("", "kg", "empty"),
            ("  ", "kg", "empty"),
            ("x", "kg", "number"),
            ("nan", "kg", "number"),
            ("70 furlongs", "kg", "unit"),
            ("98.6F", "kg", "unit"),
            ("150 lb", "cm", "unit"),
            ("1e5", "kg", "unit"),
            ("7 8", "kg", "parts"),
            ("5'13\"", "cm", "parts"),
            ("5.5' 3\"", "cm", "parts"),
            ("1 2 3", "cm", "parts"),
            ("--3", "kg", "number"),
            ("7" * 41, "kg", "number"),
            ("١٢", "kg", "number"),
            ("<b>70</b>", "kg", "number"),
        ):
            with self.subTest(text), self.assertRaises(QuantityError) as raised:
                read_quantity(text, unit)
            self.assertEqual(raised.exception.code, code, text)

    @given(st.text(max_size=50), st.sampled_from(sorted(measures.UNITS)))
    @PROPERTY
    def test_noise_is_refused_or_read(self, text, unit):
        try:
            quantity = read_quantity(text, unit)
        except QuantityError:
            return
        self.assertTrue(quantity.value.is_finite())

    @given(st.decimals(0, 500, places=3), st.sampled_from([("kg", "[lb_av]"), ("cm", "[in_i]"), ("Cel", "[degF]")]))
    @PROPERTY
    def test_there_and_back_is_exact(self, value, units):
        metric, imperial = units
        self.assertEqual(convert(convert(value, metric, imperial), imperial, metric), Fraction(value))

    def test_said_in_two_numbers(self):
        def said(value, unit, **kwargs):
            return " ".join(f"{part.number}{part.sign}" for part in imperial_parts(Decimal(value), unit, **kwargs))

        self.assertEqual(said("3.7988", "kg"), "8lb 6.0oz")
        self.assertEqual(said("68.0389", "kg"), "150.0lb")
        self.assertEqual(said("180.34", "cm", feet=True), "5' 11.0\"")
        self.assertEqual(said("182.87", "cm", feet=True), "6' 0.0\"")
        self.assertEqual(said("88.9", "cm"), "35.0in")
        self.assertEqual(said("37", "Cel"), "98.6°F")
        self.assertEqual(said("120", "mm[Hg]"), "")

    def test_flags(self):
        limits = Range(low=12, high=20, critical_low=8, critical_high=25)
        values = (8, 9, 11.9, 12, 20, 20.1, 25)
        expected = ["critical_low", "low", "low", "", "", "high", "critical_high"]
        self.assertEqual([flag(value, limits) for value in values], expected)
        self.assertEqual(flag(5, Range()), "")


@tagged("post_install", "-at_install")
class TestScores(BaseCase):
    def test_egfr(self):
        # By the equations of Inker et al. 2021, table 2, written out for each sex and side of the knot
        for creatinine, age, female, expected in (
            (0.5, 30, True, 142 * (0.5 / 0.7) ** -0.241 * 0.9938**30 * 1.012),
            (1.2, 60, True, 142 * (1.2 / 0.7) ** -1.2 * 0.9938**60 * 1.012),
            (0.8, 30, False, 142 * (0.8 / 0.9) ** -0.302 * 0.9938**30),
            (2.5, 75, False, 142 * (2.5 / 0.9) ** -1.2 * 0.9938**75),
        ):
            value = scores.egfr_ckd_epi_2021(creatinine * 88.4, age, female=female)
            self.assertLessEqual(abs(value - expected), 0.5001)
        # 1.0 mg/dL at 50 years: 142 × 0.6518 × 0.7328 × 1.012 and 142 × 0.8812 × 0.7328
        self.assertEqual(scores.egfr_ckd_epi_2021(88.4, 50, female=True), 69)
        self.assertEqual(scores.egfr_ckd_epi_2021(88.4, 50, female=False), 92)

    def test_cockcroft_gault(self):
        self.assertEqual(scores.cockcroft_gault(88.4, 68, 72, female=False), 72)
        self.assertEqual(scores.cockcroft_gault(176.8, 80, 60, female=True), 21)

    def test_mosteller(self):
        self.assertEqual(scores.body_surface(70, 170), 1.82)

    def test_pack_years(self):
        self.assertEqual(scores.pack_years(30, 20), 30)

    def test_nothing_is_made_up(self):
        self.assertIsNone(scores.egfr_ckd_epi_2021(0, 50, female=True))
        self.assertIsNone(scores.egfr_ckd_epi_2021(80, 17, female=True))
        self.assertIsNone(scores.cockcroft_gault(80, 17, 50, female=True))
        self.assertIsNone(scores.cockcroft_gault(80, 50, 0, female=True))

    def test_phq9(self):
        # Bands of Kroenke 2001, table 4: 5, 10, 15 and 20 begin mild, moderate, moderately severe and severe
        for answers, severity in (
            ([0] * 9, "minimal"),
            ([1] * 4 + [0] * 5, "minimal"),
            ([1] * 5 + [0] * 4, "mild"),
            ([1] * 9, "mild"),
            ([2] * 5 + [0] * 4, "moderate"),
            ([3] * 5 + [0] * 4, "moderately_severe"),
            ([3] * 6 + [2, 0, 0], "severe"),
        ):
            score = scores.phq9(answers)
            self.assertEqual((score.total, score.severity), (sum(answers), severity))

    def test_gad7(self):
        self.assertEqual(scores.gad7([2] * 7), scores.Score(14, "moderate"))
        self.assertEqual(scores.gad7([3, 2, 2, 2, 2, 2, 2]), scores.Score(15, "severe"))

    def test_cha2ds2_vasc(self):
        # Lip et al. 2010, table 2: each 1, stroke and 75 years 2, 65 to 74 years and female sex 1
        self.assertEqual(scores.cha2ds2_vasc([0] * 5, 64, female=False), 0)
        self.assertEqual(scores.cha2ds2_vasc([0] * 5, 65, female=False), 1)
        self.assertEqual(scores.cha2ds2_vasc([0, 1, 0, 1, 0], 75, female=True), 6)
        self.assertEqual(scores.cha2ds2_vasc([1] * 5, 90, female=True), 9)

    def test_answers_that_are_none(self):
        for answers in ([1] * 8, [1] * 10, [4] + [0] * 8, [-1] + [0] * 8, ["1"] * 9, [True] * 9):
            with self.subTest(answers), self.assertRaises(ValueError):
                scores.phq9(answers)


@tagged("post_install", "-at_install")
class TestUcum(BaseCase):
    def test_units_of_the_conversions_are_ucum(self):
        if not UCUM.is_file():
            self.skipTest(f"the examples of UCUM are not beside the checkout: {UCUM.name}")
        with UCUM.open(encoding="utf-8", newline="") as stream:
            known = {row[1] for row in csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) > 1}
        self.assertGreater(len(known), 500)
        self.assertLessEqual(set(measures.UNITS) - {"[stone_av]"}, known)
