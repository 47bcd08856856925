"""Dates as precise as they are known: what people type, and every day there is."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib.fuzzy_dates import MAX_LENGTH, FuzzyDateError, describe, parse, read_canonical
from .common import PROPERTY

DAYS = st.dates(date(1850, 1, 1), date(2150, 12, 31))
LOCALES = st.sampled_from(["en_US", "en_CA", "fr_CA", "fr_FR", "fr"])


@tagged("post_install", "-at_install")
class TestFuzzyDates(BaseCase):
    def test_what_people_type(self):
        for typed, text, precision in (
            ("2019", "2019", "year"),
            ("en 2019", "2019", "year"),
            ("03/2021", "2021-03", "month"),
            ("3.2021", "2021-03", "month"),
            ("2021-03", "2021-03", "month"),
            ("mars 2021", "2021-03", "month"),
            ("March 2021", "2021-03", "month"),
            ("Févr. 2021", "2021-02", "month"),
            ("depuis 03/2021", "2021-03", "month"),
            ("d’octobre 2020", "2020-10", "month"),
            ("14/03/2021", "2021-03-14", "day"),
            ("14-3-2021", "2021-03-14", "day"),
            ("2021-3-4", "2021-03-04", "day"),
            ("20210314", "2021-03-14", "day"),
            ("1er mars 2021", "2021-03-01", "day"),
            ("March 14th, 2021", "2021-03-14", "day"),
            ("29 février 2024", "2024-02-29", "day"),
        ):
            with self.subTest(typed=typed):
                fuzzy = parse(typed)
                self.assertEqual((fuzzy.text, fuzzy.precision), (text, precision))

    def test_words_stay_words(self):
        for typed in ("childhood", "enfance", "à la naissance", "mars", "vers 2019", "2019?", "~2019", "15-20 ans"):
            with self.subTest(typed=typed):
                self.assertEqual(parse(typed), (typed, "words", None, None))
        self.assertIsNone(parse(" \t\n"))
        self.assertEqual(parse("  jeune\x00\x1b   âge ").text, "jeune âge")

    def test_ages(self):
        born = date(2004, 2, 29)
        for typed in (
            "à 12 ans",
            "a 12 ans",
            "age 12",
            "at age 12",
            "à l’âge de 12 ans",
            "âge 12 ans",
            "age of 12 years",
        ):
            with self.subTest(typed=typed):
                self.assertEqual(parse(typed), (typed, "words", None, None))
                self.assertEqual(parse(typed, birthdate=born)[2:], (date(2016, 2, 29), date(2017, 2, 28)))
        self.assertEqual(parse("age 13", birthdate=born).first, date(2017, 3, 1))
        with self.assertRaisesRegex(FuzzyDateError, "impossible"):
            parse("age 200", birthdate=born)

    def test_refused_with_the_reason(self):
        for typed, reason in (
            ("2021-13", "impossible"),
            ("31/02/2021", "impossible"),
            ("31 février 2021", "impossible"),
            ("February 29, 2023", "impossible"),
            ("0/2021", "impossible"),
            ("1066", "impossible"),
            ("3021", "impossible"),
            ("03/14/2021", "impossible"),
            ("31/02", "no_year"),
            ("14 mars", "no_year"),
            ("1/2/21", "short_year"),
            ("14 mars 21", "short_year"),
            ("12", "unreadable"),
            ("2019-2020", "unreadable"),
            ("1/2/3/2021", "unreadable"),
            ("- . /", "unreadable"),
            ("x" * (MAX_LENGTH + 1), "too_long"),
            ("9" * 100_000, "too_long"),
        ):
            with self.subTest(typed=typed[:20]), self.assertRaises(FuzzyDateError) as caught:
                parse(typed)
            self.assertEqual(caught.exception.reason, reason, typed[:20])

    def test_order_of_day_and_month(self):
        self.assertEqual(parse("04/05/2021").text, "2021-05-04")
        self.assertEqual(parse("04/05/2021", order="mdy").text, "2021-04-05")
        for order in ("mdy", "ymd"):
            self.assertEqual(parse("03/14/2021", order=order).text, "2021-03-14")
        self.assertEqual(parse("14/03/2021", order="ymd").text, "2021-03-14")
        self.assertEqual(parse("05/05/2021", order="ymd").text, "2021-05-05")
        with self.assertRaises(FuzzyDateError) as caught:
            parse("04/05/2021", order="ymd")
        self.assertEqual(caught.exception.reason, "ambiguous")

    def test_described(self):
        self.assertEqual(describe("2021-03", "fr_FR"), "mars 2021")
        self.assertEqual(describe("2021-03", "en_CA"), "March 2021")
        self.assertEqual(describe("2021-03-14", "fr_CA"), "14 mars 2021")
        self.assertEqual(describe("2021", "fr_CA"), "2021")
        self.assertEqual(describe("enfance", "en_US"), "enfance")
        self.assertEqual(describe("", "fr"), "")
        # What stands in a database of years ago is shown, not refused.
        self.assertEqual(describe("2021-13", "fr"), "2021-13")
        self.assertEqual(describe("2021-03", "xx@@"), "March 2021")

    @PROPERTY
    @given(DAYS)
    def test_canonical_texts_read_back(self, day):
        for text, first in (
            (day.isoformat(), day),
            (f"{day:%Y-%m}", day.replace(day=1)),
            (f"{day:%Y}", day.replace(month=1, day=1)),
        ):
            fuzzy = parse(text)
            self.assertEqual(fuzzy, read_canonical(text))
            self.assertEqual((fuzzy.text, fuzzy.first), (text, first))
            self.assertLessEqual(fuzzy.first, day)
            self.assertGreaterEqual(fuzzy.last, day)
            following = fuzzy.last + timedelta(days=1)
            self.assertFalse(following.isoformat().startswith(text), "The last day is the last one.")

    @PROPERTY
    @given(DAYS, LOCALES)
    def test_what_is_shown_can_be_typed(self, day, locale):
        """A date as it is shown, put back into the field, is the same date."""
        for text in (day.isoformat(), f"{day:%Y-%m}", f"{day:%Y}"):
            self.assertEqual(parse(describe(text, locale)).text, text)

    @PROPERTY
    @given(DAYS)
    def test_both_orders_of_figures(self, day):
        self.assertEqual(parse(f"{day:%d/%m/%Y}").first, day)
        self.assertEqual(parse(f"{day:%m/%d/%Y}", order="mdy").first, day)

    @PROPERTY
    @given(st.text(max_size=80), st.sampled_from(["dmy", "mdy", "ymd"]))
    def test_anything_typed_is_read_or_refused(self, typed, order):
        try:
            fuzzy = parse(typed, order=order)
        except FuzzyDateError as error:
            self.assertIn(error.reason, ("impossible", "ambiguous", "short_year", "no_year", "unreadable", "too_long"))
            return
        if fuzzy is None:
            return
        # What is kept reads back to itself: storing it again changes nothing.
        self.assertEqual(parse(fuzzy.text, order=order), fuzzy)
        self.assertTrue(fuzzy.text.isprintable())

    @PROPERTY
    @given(st.text(alphabet="0123456789-/. ", max_size=20))
    def test_figures_are_never_kept_as_words(self, typed):
        try:
            fuzzy = parse(typed)
        except FuzzyDateError:
            return
        self.assertTrue(fuzzy is None or fuzzy.precision != "words")
