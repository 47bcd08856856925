"""Folding, phones, dates and likely duplicates."""

import unicodedata
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib.text import DUPLICATE_LIKELY, Person, duplicate_score, fold, looks_like_date, phone_digits, similarity
from .common import PROPERTY

NAMES = st.text(max_size=25)
PEOPLE = st.builds(
    Person,
    NAMES,
    NAMES,
    st.none() | st.dates(date(1900, 1, 1), date(2025, 12, 31)),
    st.sampled_from(("", "male", "female", "other")),
    st.sampled_from(("", "TREM85551234", "GAGL90010199")),
    st.sampled_from(("", "514 555-0199", "+1 514 555 0123")),
)


@tagged("post_install", "-at_install")
class TestFold(BaseCase):
    def test_what_people_type(self):
        for text, folded in (
            ("Côté", "cote"),
            ("Œuvré-Lætitia", "oeuvre laetitia"),
            ("Weiß", "weiss"),
            ("L'Écuyer  d’Amours", "l ecuyer d amours"),
            ("İstanbul", "istanbul"),
            ("Łódź Ørsted Đặng", "lodz orsted dang"),
            ("fi", "fi"),
            ("\u202eabc\u200b", "abc"),
            ("王 明", "王 明"),
            ("😀", ""),
            (None, ""),
            (False, ""),
            (42, "42"),
            ("a" * 10_000, "a" * 10_000),
        ):
            self.assertEqual(fold(text), folded, repr(text)[:40])

    @PROPERTY
    @given(st.text(max_size=60))
    def test_folding_twice_changes_nothing(self, text):
        once = fold(text)
        self.assertEqual(fold(once), once)
        self.assertEqual(once, " ".join(once.split()))

    @PROPERTY
    @given(st.text(alphabet=st.characters(max_codepoint=127)))
    def test_plain_text_is_folded_like_any_other(self, text):
        """The short way plain text takes gives what the long way gives, to which one accented letter forces it."""
        self.assertEqual(fold(text + " é"), f"{fold(text)} e".strip())

    @PROPERTY
    @given(st.text(max_size=60))
    def test_composition_does_not_matter(self, text):
        self.assertEqual(fold(unicodedata.normalize("NFD", text)), fold(unicodedata.normalize("NFC", text)))

    @PROPERTY
    @given(st.text("abcdefghijklmnopqrstuvwxyzéèêëàâîïôöùûüçœ -'", max_size=40))
    def test_case_does_not_matter(self, text):
        self.assertEqual(fold(text.upper()), fold(text))


@tagged("post_install", "-at_install")
class TestPhone(BaseCase):
    def test_one_number_in_any_writing(self):
        for writings, digits in (
            (
                ("514 555-0199", "(514) 555-0199", "+1 514 555 0199", "1.514.555.0199", "001 514 5550199"),
                "5145550199",
            ),
            (("514 555-0199 poste 12", "514-555-0199 ext. 4", "514 555 0199 x12", "5145550199 #3"), "5145550199"),
            (("06 12 34 56 78", "+33 6 12 34 56 78", "+33 (0)6 12 34 56 78", "0033612345678"), "612345678"),
            (("+352 26 12 34", "26 12 34"), "261234"),
            (("", None, False, "abc", "😀", "+"), ""),
            (("٥١٤ ٥٥٥ ٠١٩٩",), "5145550199"),
        ):
            for writing in writings:
                self.assertEqual(phone_digits(writing), digits, repr(writing))

    def test_a_fragment_is_found_within(self):
        for fragment in ("514", "555-01", "0199", "(514) 555"):
            self.assertIn(phone_digits(fragment), phone_digits("+1 514 555-0199"))

    def test_huge(self):
        self.assertLessEqual(len(phone_digits("5" * 10_000)), 10)

    @PROPERTY
    @given(st.integers(2, 9), st.integers(10**8, 10**9 - 1))
    def test_north_america(self, first, rest):
        number = f"{first}{rest}"
        written = f"+1 ({number[:3]}) {number[3:6]}-{number[6:]}"
        self.assertEqual(phone_digits(written), number)
        self.assertEqual(phone_digits(number), number)

    @PROPERTY
    @given(st.text(max_size=300))
    def test_any_text(self, text):
        self.assertRegex(phone_digits(text), r"\A[0-9]{0,10}\Z")


@tagged("post_install", "-at_install")
class TestDates(BaseCase):
    def test_writings(self):
        for text in (
            "1985-04-12",
            "1985/4/12",
            "1985.04.12",
            "19850412",
            "12/04/1985",
            "12-04-1985",
            "12.4.1985",
            "12041985",
            " 12 04 1985 ",
        ):
            self.assertEqual(looks_like_date(text), date(1985, 4, 12), text)

    def test_no_dates(self):
        for text in (
            "04/13/1985",
            "31/04/1985",
            "29/02/2023",
            "12/04-1985",
            "12/04/85",
            "1985",
            "5145550199",
            "00000000",
            "99999999",
            "TREM85551234",
            "12/04/19856",
            "١٢/٠٤/١٩٨٥",
            "",
            None,
            19850412,
            "1" * 10_000,
            "12/04/1985; DROP",
        ):
            self.assertIsNone(looks_like_date(text), repr(text)[:40])

    def test_leap_day(self):
        self.assertEqual(looks_like_date("29/02/2024"), date(2024, 2, 29))

    @PROPERTY
    @given(st.dates(date(1850, 1, 1), date(2150, 12, 31)), st.sampled_from("-/. "))
    def test_every_date_is_read_back(self, day, mark):
        self.assertEqual(looks_like_date(mark.join((f"{day.day:02}", f"{day.month:02}", f"{day.year}"))), day)
        self.assertEqual(looks_like_date(mark.join((f"{day.year}", f"{day.month}", f"{day.day}"))), day)
        self.assertEqual(looks_like_date(day.strftime("%Y%m%d")), day)

    @PROPERTY
    @given(st.text(max_size=30))
    def test_any_text(self, text):
        found = looks_like_date(text)
        self.assertTrue(found is None or 1850 <= found.year <= 2150)


@tagged("post_install", "-at_install")
class TestLikeness(BaseCase):
    def test_known_values(self):
        # the values of Winkler's own examples
        for one, two, value in (("MARTHA", "MARHTA", 0.961), ("DWAYNE", "DUANE", 0.840), ("DIXON", "DICKSONX", 0.813)):
            self.assertAlmostEqual(similarity(one, two), value, places=3)

    @PROPERTY
    @given(NAMES, NAMES)
    def test_symmetric_and_bounded(self, one, two):
        value = similarity(one, two)
        self.assertTrue(0.0 <= value <= 1.0)
        self.assertEqual(value, similarity(two, one))

    @PROPERTY
    @given(NAMES)
    def test_a_name_is_like_itself(self, name):
        self.assertEqual(similarity(name, name), 1.0 if fold(name) else 0.0)

    def test_huge_names_are_quick(self):
        self.assertEqual(similarity("a" * 10_000, "a" * 10_000), 1.0)


@tagged("post_install", "-at_install")
class TestDuplicateScore(BaseCase):
    marie = Person("Marie-Ève", "Côté", date(1985, 4, 12), "female", "COTM85541234", "514 555-0199")

    def assert_likely(self, one, two=None):
        self.assertGreaterEqual(duplicate_score(one, two or self.marie), DUPLICATE_LIKELY, one)

    def assert_unlikely(self, one, two=None):
        self.assertLess(duplicate_score(one, two or self.marie), DUPLICATE_LIKELY, one)

    def test_likely(self):
        bare = self.marie._replace(health_number="", phone="", sex="")
        self.assert_likely(bare)
        self.assert_likely(bare._replace(first_name="marie eve", last_name="COTE"))
        self.assert_likely(bare._replace(first_name="Marie-Eve", last_name="Cotté"))
        self.assert_likely(bare._replace(first_name="Côté", last_name="Marie-Ève"))
        self.assert_likely(self.marie._replace(birthdate=date(1985, 12, 4), health_number=""))
        self.assert_likely(self.marie._replace(birthdate=date(1985, 4, 13), health_number="", phone=""))
        self.assert_likely(self.marie._replace(birthdate=date(1958, 4, 12), health_number="", phone=""))
        self.assert_likely(self.marie._replace(last_name="Tremblay", health_number=""))

    def test_same_health_number_is_enough(self):
        other = Person("Luc", "Roy", date(1950, 1, 1), "male", "cotm 8554 1234")
        self.assertGreaterEqual(duplicate_score(other, self.marie), 90)

    def test_unlikely(self):
        self.assert_unlikely(self.marie._replace(first_name="Josée", health_number="COTJ85541233"))  # her twin
        self.assert_unlikely(self.marie._replace(first_name="Josée", health_number=""))
        self.assert_unlikely(Person("Marie-Ève", "Côté"))  # a name alone
        self.assert_unlikely(Person("Marie-Ève", "Côté", date(1950, 9, 1), "female"))
        father = Person("Jean", "Roy", date(1950, 1, 1), "male", "", "514 555-0123")
        self.assert_unlikely(father._replace(birthdate=date(1980, 6, 30)), father)
        self.assert_unlikely(Person("Luc", "Gagnon", date(1985, 4, 12), "male"))

    def test_what_disagrees_counts_against(self):
        bare = Person("Marie-Ève", "Côté", date(1985, 4, 12), "female")
        unknown = duplicate_score(bare, bare._replace(birthdate=None))
        self.assertLess(duplicate_score(bare, bare._replace(birthdate=date(1950, 9, 30))), unknown)
        # day and month exchanged in another year is another birthdate
        self.assertLess(duplicate_score(bare, bare._replace(birthdate=date(1990, 12, 4))), unknown)
        self.assertLess(duplicate_score(bare, bare._replace(sex="male")), duplicate_score(bare, bare._replace(sex="")))
        one, two = bare._replace(health_number="COTM85541234"), bare._replace(health_number="COTM85541299")
        self.assertLess(duplicate_score(one, two), duplicate_score(one, bare))

    def test_nothing_known(self):
        self.assertEqual(duplicate_score(Person(), Person()), 0)
        self.assertEqual(duplicate_score((None, None, None, None, None, None), self.marie), 0)
        self.assertEqual(duplicate_score((False,) * 6, (False,) * 6), 0)
        self.assertEqual(duplicate_score(Person(birthdate="1985-04-12"), Person(birthdate="1985-04-12")), 0)

    @PROPERTY
    @given(PEOPLE, PEOPLE)
    def test_symmetric_and_bounded(self, one, two):
        score = duplicate_score(one, two)
        self.assertIsInstance(score, int)
        self.assertTrue(0 <= score <= 100)
        self.assertEqual(score, duplicate_score(two, one))

    @PROPERTY
    @given(PEOPLE)
    def test_nobody_is_less_than_himself(self, person):
        if fold(person.first_name) and fold(person.last_name) and person.birthdate:
            self.assert_likely(person, person)
