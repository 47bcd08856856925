"""Dosages: how often, how much, in which unit, and what is none."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib.dosage import (
    DOSE_UNITS,
    ROUTES,
    Frequency,
    daily_administrations,
    dose_unit_of_form,
    duration_days,
    format_quantity,
    is_vague,
    quantity,
    round_to_packs,
    route_of_register,
)
from .common import PROPERTY

NOT_NUMBERS = (None, False, True, 0, -1, "", "abc", "1e99999999", float("nan"), float("inf"), "9" * 10_000, [], "٣x")


@tagged("post_install", "-at_install")
class TestFrequency(BaseCase):
    def test_daily(self):
        for freq, daily in (
            (Frequency(3), 3),
            (Frequency.every(8), 3),
            (Frequency.every(8, "hour"), 3),
            (Frequency(1, 2, "day"), Decimal("0.5")),
            (Frequency(Decimal("0.5")), Decimal("0.5")),
            (Frequency(7, 1, "week"), 1),
            (Frequency(30, 1, "month"), 1),
        ):
            self.assertEqual(daily_administrations(freq), daily, freq)

    def test_refused(self):
        for bad in NOT_NUMBERS:
            with self.assertRaises(ValueError):
                Frequency(bad)
            with self.assertRaises(ValueError):
                Frequency(1, bad)
        for unit in ("", None, "fortnight", "days"):
            with self.assertRaises(ValueError):
                Frequency(1, 1, unit)

    def test_durations(self):
        for value, unit, days in (
            (10, "day", 10),
            (2, "week", 14),
            (3, "month", 90),
            (1, "year", 365),
            (48, "hour", 2),
        ):
            self.assertEqual(duration_days(value, unit), days)
        self.assertEqual(duration_days("1.5", "week"), Decimal("10.5"))
        for bad in NOT_NUMBERS:
            self.assertIsNone(duration_days(bad, "day"), repr(bad)[:20])
        self.assertIsNone(duration_days(1, "x"))
        self.assertIsNone(duration_days(101, "year"))


@tagged("post_install", "-at_install")
class TestQuantity(BaseCase):
    def test_courses(self):
        for dose, freq, length, unit, dose_unit, expected in (
            (1, Frequency(3), 10, "day", "tablet", 30),
            (2, Frequency.every(6), 5, "day", "capsule", 40),
            (Decimal("0.5"), Frequency(1), 7, "day", "tablet", 4),
            (Decimal("1.5"), Frequency(2), 3, "month", "tablet", 270),
            (5, Frequency(3), 10, "day", "ml", 150),
            (Decimal("3.75"), Frequency(2), 7, "day", "ml", Decimal("52.5")),
            (Decimal("0.33"), Frequency(1), 1, "day", "ml", Decimal("0.4")),
            (1, Frequency(1, 1, "week"), 4, "week", "patch", 4),
            (1, Frequency(1, 1, "week"), 10, "day", "tablet", 2),
            (1, Frequency(1, 1, "week"), 7, "day", "tablet", 1),
            (1, Frequency(1, 2, "day"), 5, "day", "tablet", 3),
            (1, Frequency(1, 1, "month"), 1, "year", "injection", 12),
            (1, Frequency(1, 3, "month"), 1, "year", "injection", 4),
            (1, Frequency(1), 1, "year", "tablet", 365),
            (2, Frequency(4), 1, "month", "puff", 240),
            (1, Frequency(3, 7, "day"), 14, "day", "tablet", 6),
        ):
            result = quantity(dose, freq, length, unit, unit=dose_unit)
            self.assertEqual(result, expected, f"{dose} {freq} {length} {unit}")
            self.assertIsInstance(result, Decimal)

    def test_as_needed_is_the_most_that_may_be_taken(self):
        every_six = Frequency.every(6)
        self.assertEqual(quantity(1, every_six, 5, "day", as_needed=True), 20)
        self.assertEqual(quantity(2, every_six, 5, "day", as_needed=True, max_per_day=6), 30)
        self.assertEqual(quantity(None, None, 5, "day", as_needed=True, max_per_day=6), 30)
        self.assertIsNone(quantity(1, None, 5, "day", as_needed=True))
        self.assertIsNone(quantity(1, None, 5, "day", max_per_day=6))

    def test_maximum_caps(self):
        self.assertEqual(quantity(2, Frequency(4), 10, "day", max_per_day=6), 60)
        self.assertEqual(quantity(1, Frequency(4), 10, "day", max_per_day=6), 40)
        self.assertEqual(quantity(1, Frequency(4), 10, "day", max_per_day=0), 40)

    def test_not_computable(self):
        for bad in NOT_NUMBERS:
            self.assertIsNone(quantity(bad, Frequency(1), 10, "day"), repr(bad)[:20])
            self.assertIsNone(quantity(1, Frequency(1), bad, "day"), repr(bad)[:20])
        self.assertIsNone(quantity(1, None, 10, "day"))
        self.assertIsNone(quantity(1, Frequency(1), 10, "decade"))
        self.assertIsNone(quantity(1, Frequency(2), 10, "day", unit="application"))
        self.assertIsNone(quantity(1, Frequency(2), 10, "day", max_per_day="many"))

    def test_unknown_unit_counts_whole(self):
        self.assertEqual(quantity("0.5", Frequency(1), 3, "day", unit="no such unit"), 2)

    @PROPERTY
    @given(
        st.fractions(Fraction(1, 4), 10, max_denominator=4),
        st.integers(1, 8),
        st.integers(1, 30),
        st.integers(1, 400),
        st.sampled_from(("tablet", "ml")),
    )
    def test_enough_and_no_more_than_rounding(self, dose, times, per, days, unit):
        result = quantity(dose, Frequency(times, per, "day"), days, "day", unit=unit)
        needed = dose * times * days / per
        step = Fraction(1) if unit == "tablet" else Fraction(1, 10)
        self.assertEqual(Fraction(result) % step, 0)
        self.assertTrue(needed <= Fraction(result) < needed + dose + step)

    @PROPERTY
    @given(st.integers(1, 6), st.integers(1, 100), st.integers(1, 100))
    def test_longer_takes_more(self, times, one, two):
        short, long = sorted((one, two))
        self.assertLessEqual(quantity(1, Frequency(times), short, "day"), quantity(1, Frequency(times), long, "day"))

    @PROPERTY
    @given(st.integers(1, 24))
    def test_interval_and_times_agree(self, hours):
        interval = quantity(1, Frequency.every(hours), 24, "day")
        self.assertEqual(interval, quantity(1, Frequency(24, hours, "day"), 24, "day"))


@tagged("post_install", "-at_install")
class TestPacks(BaseCase):
    def test_packs(self):
        for qty, packs, total in ((84, [30, 100], 90), (90, [30, 100], 90), (91, [100, 30], 100), ("0.5", [2.5], 2.5)):
            self.assertEqual(round_to_packs(qty, packs), Decimal(str(total)))
        for qty, packs in ((None, [30]), (0, [30]), (5, []), (5, None), (5, [0, -1, None, "x"])):
            self.assertIsNone(round_to_packs(qty, packs))

    @PROPERTY
    @given(st.integers(1, 1000), st.lists(st.integers(1, 500), min_size=1, max_size=5))
    def test_least_cover(self, qty, packs):
        total = round_to_packs(qty, packs)
        self.assertGreaterEqual(total, qty)
        self.assertTrue(any(total % pack == 0 for pack in packs))
        self.assertTrue(all(total <= -(-qty // pack) * pack for pack in packs))


@tagged("post_install", "-at_install")
class TestWriting(BaseCase):
    def test_quantities(self):
        for value, text in (
            ("0.5", "½"),
            ("0.25", "¼"),
            ("1.75", "1¾"),
            ("0.333", "⅓"),
            ("2.67", "2⅔"),
            ("0", "0"),
            ("0.00", "0"),
            ("3", "3"),
            ("30.0", "30"),
            ("100", "100"),
            ("1E+2", "100"),
            ("2.125", "2.125"),
            ("-0.5", "-½"),
        ):
            self.assertEqual(format_quantity(Decimal(value)), text)
        self.assertEqual(format_quantity(0.1, ","), "0,1")
        self.assertEqual(format_quantity(7), "7")

    @PROPERTY
    @given(st.decimals(0, 100_000, places=3))
    def test_reads_back(self, value):
        parts = {"¼": ".25", "½": ".5", "¾": ".75"}
        text = format_quantity(value)
        if "⅓" in text or "⅔" in text:
            return
        for sign, digits in parts.items():
            text = text.replace(sign, digits)
        self.assertEqual(Decimal(text), value)


@tagged("post_install", "-at_install")
class TestRegisterWords(BaseCase):
    def test_forms(self):
        for form, unit in (
            ("TABLET", "tablet"),
            ("TABLET (ORALLY DISINTEGRATING)", "tablet"),
            ("Tablet (extended-release)", "tablet"),
            ("VAGINAL CAPSULE", "capsule"),
            ("SPRAY, METERED DOSE", "puff"),
            ("METERED-DOSE AEROSOL", "puff"),
            ("SPRAY, BAG-ON-VALVE", "spray"),
            ("SYRUP", "ml"),
            ("POWDER FOR SUSPENSION", "ml"),
            ("POWDER FOR SOLUTION", None),
            ("FILM, SOLUBLE", "film"),
            ("CREAM", "application"),
            ("KIT", None),
            ("", None),
            (None, None),
            ("😀" * 1000, None),
        ):
            self.assertEqual(dose_unit_of_form(form), unit, form)

    def test_routes(self):
        for route, key in (
            ("ORAL", "oral"),
            ("Oral", "oral"),
            ("TOPICAL (HOSPITAL/HC FACILITIES)", "topical"),
            ("INTRACUTANEOUS", "intradermal"),
            ("HAEMODIALYSIS", "other"),
            ("DISINFECTANT (Food Premises)", None),
            ("0-UNASSIGNED", None),
            ("", None),
            (None, None),
        ):
            self.assertEqual(route_of_register(route), key, route)

    def test_keys(self):
        self.assertTrue(all(unit.key == key for key, unit in DOSE_UNITS.items()))
        self.assertFalse(DOSE_UNITS["ml"].countable)
        self.assertTrue(DOSE_UNITS["tablet"].countable)
        self.assertEqual(next(iter(ROUTES)), "oral")
        self.assertEqual(list(ROUTES)[-1], "other")


VAGUE = """
as prescribed / Take as directed. / use as directed by physician / as ordered / as per prescription / AS DIRECTED!!!
usage connu / Usage connu. / USAGE CONNU / usages connus / usage déjà connu / tel que prescrit / Telle que prescrite
Tels que prescrits / Prendre 1 comprimé tel que prescrit / tel   que\tprescrit / selon prescription / comme prescrit
prendre selon l'ordonnance / selon les directives du médecin / utiliser selon les recommandations de votre médecin
according to the doctor's instructions / per MD instructions / known use / mode d'emploi connu / ut dict. / Ut dictum
comme avant / Prendre comme avant / prendre comme d'habitude / pareil qu'avant / selon l'habitude / comme indiqué
tel qu'indiqué / tel qu’indiqué / tel que discuté / idem / Idem. / idem à la dernière fois / même posologie / inchangé
Même dose qu'avant / posologie habituelle / sans changement / voir boîte / same / Same as before / same as last time
as before / as usual / usual dose / unchanged / no change / ditto / see label / as advised / u.d. / UD / Sig: u.d.
1 tab u.d. / a.d.
"""
CLEAR = """
Take at the same time every day / 1 comprimé 3 fois par jour / Prendre avant le repas / for external use only
Usage externe / 1 goutte UD matin et soir / Apply to the same area daily / ne pas dépasser la dose prescrite
Prendre le comprimé comme avant le déjeuner / Do not exceed the prescribed dose / si douleur / PRN / au besoin
1 tablet in the morning and the same in the evening / prendre la même dose le soir pendant 3 jours
as needed for pain / appliquer sur la même région / usual adult dose 1 tablet daily for 5 days / 2 puffs q4h prn
dissolve in water as indicated on the sachet, 1 sachet daily / 1 capsule par jour selon tolérance / selon glycémie
The prescribed tablet must not be crushed / identifier la douleur / Cesser après 7 jours / 1 co die / 500 mg BID
"""


@tagged("post_install", "-at_install")
class TestVague(BaseCase):
    def phrases(self, text):
        return [phrase.strip() for line in text.strip().splitlines() for phrase in line.split(" / ")]

    def test_mentions_that_are_no_dosage(self):
        for phrase in self.phrases(VAGUE):
            self.assertTrue(is_vague(phrase), phrase)
            self.assertTrue(is_vague(phrase.upper()), phrase)
            self.assertTrue(is_vague(f"  {phrase} …"), phrase)

    def test_sentences_that_are(self):
        for phrase in self.phrases(CLEAR):
            self.assertFalse(is_vague(phrase), phrase)

    def test_empty_is_not_vague(self):
        for text in (None, False, "", " ", "...", "😀"):
            self.assertFalse(is_vague(text))

    def test_huge_text_is_quick(self):
        self.assertFalse(is_vague("dose " * 2000))
        self.assertFalse(is_vague("tablet " * 2000 + "x"))
        self.assertFalse(is_vague("a" * 100_000))

    @PROPERTY
    @given(st.text(max_size=80))
    def test_any_text(self, text):
        self.assertIsInstance(is_vague(text), bool)
        self.assertTrue(is_vague(f"{text} tel que prescrit"))
