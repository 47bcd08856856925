"""Numbers of persons: what exists, what agrees with its bearer, what hostile input does."""

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib.identifiers import KINDS, MAX_LENGTH, check, ramq_birthdates, ramq_letters
from .common import PROPERTY

HOSTILE = (
    None,
    False,
    True,
    "",
    "   ",
    "\x00",
    "😀😀😀😀12345678",
    "\u202etrem85551234",
    "TREM 8555 1234" * 1000,
    "<script>alert(1)</script>",
    "'; DROP TABLE res_partner; --",
    "{{ object.env }}",
    "١٢٣٤٥٦٧٨٩٠",
    b"TREM85551234",
    1.5,
    -1,
    10**5000,
    ["TREM85551234"],
    {"a": 1},
    date(2020, 1, 1),
    "\ud800",
)

# Numbers published as examples in the documentation of python-stdnum.
EXAMPLES = {
    "nir": "2 95 10 99 126 111 93",
    "ca_bc_phn": "9698 658 215",
    "gb_nhs": "943-476-5870",
    "be_nn": "85.07.30-033 28",
    "ch_ssn": "7569217076985",
    "nl_bsn": "1112.22.333",
    "it_cf": "RCCMNL83S18D969H",
    "es_nif": "54362315-K",
    "at_vnr": "1237 010180",
    "dk_cpr": "211062-5629",
    "fi_hetu": "131052-308T",
    "se_pnr": "880320-0016",
    "no_fnr": "151086 95088",
    "pl_pesel": "44051401359",
    "ro_cnp": "1630615123457",
    "br_cpf": "390.533.447-05",
    "bg_egn": "752316 926 3",
    "gr_amka": "01013099997",
    "hr_oib": "33392005961",
    "cz_rc": "710319/2745",
    "is_kennitala": "450401-3150",
}


def codes(issues):
    return [issue.code for issue in issues]


@tagged("post_install", "-at_install")
class TestRamq(BaseCase):
    def test_card_is_read(self):
        result = check(
            "ramq",
            "trem 8555-1234",
            last_name="Tremblay",
            first_name="Marie",
            birthdate=date(1985, 5, 12),
            sex="female",
        )
        self.assertEqual(result.value, "TREM85551234")
        self.assertEqual(result.display, "TREM 8555 1234")
        self.assertTrue(result.ok)
        self.assertEqual(result.warnings, ())
        self.assertEqual(result.birthdate, date(1985, 5, 12))
        self.assertEqual(result.sex, "female")

    def test_structure_is_required(self):
        for value in ("TREM8555123", "TREM855512345", "TRE185551234", "TREMB5551234", "85551234TREM", "ÉÉÉÉ85551234"):
            self.assertEqual(codes(check("ramq", value).errors), ["ramq_format"], value)

    def test_impossible_dates_are_errors(self):
        for digits in ("851312", "850012", "856312", "855032", "850431", "855100", "850230", "990229"):
            self.assertEqual(codes(check("ramq", f"TREM{digits}34").errors), ["ramq_date"], digits)

    def test_leap_day_needs_one_leap_century(self):
        # 1900 had no 29 February, 2000 had
        self.assertEqual(ramq_birthdates("TREM00022934", date(2026, 1, 1)), [date(2000, 2, 29)])

    def test_date_to_come_is_of_last_century(self):
        self.assertEqual(ramq_birthdates("TREM26120112", date(2026, 11, 22)), [date(1926, 12, 1)])

    def test_no_card_for_a_future_birth_alone(self):
        # 29 February 1928 and 2028 exist; 31 December 1899 would be 126 years old
        self.assertEqual(ramq_birthdates("TREM99123112", date(2026, 1, 1)), [date(1999, 12, 31)])

    def test_century_follows_the_birthdate(self):
        for year in (1920, 2020):
            result = check("ramq", "ROYA20010112", birthdate=date(year, 1, 1))
            self.assertEqual((result.birthdate, result.warnings), (date(year, 1, 1), ()))
        self.assertIsNone(check("ramq", "ROYA20010112").birthdate)

    def test_disagreement_only_warns(self):
        result = check(
            "ramq", "TREM85551234", last_name="Gagnon", first_name="Luc", birthdate=date(1985, 5, 13), sex="male"
        )
        self.assertTrue(result.ok)
        self.assertEqual(codes(result.warnings), ["name_mismatch", "birthdate_mismatch", "sex_mismatch"])
        self.assertEqual(result.warnings[0].params, {"expected": "GAGL", "found": "TREM"})
        self.assertEqual(result.warnings[1].params, {"expected": "1985-05-13", "found": "1985-05-12"})

    def test_undetermined_sex_is_not_compared(self):
        for sex in ("other", "unknown", "X", "", None):
            self.assertEqual(check("ramq", "TREM85551234", sex=sex).warnings, ())

    def test_letters_of_names(self):
        for last, first, letters in (
            ("Côté", "Élise", "COTE"),
            ("D'Amours", "Luc", "DAML"),
            ("St-Pierre", "Anne", "STPA"),
            ("Ng", "Thi", "NGXT"),
            ("O", "Ana", "OXXA"),
            ("Œuvrard", "Zoé", "OEUZ"),
            ("  Roy ", "jean", "ROYJ"),
            ("王", "明", ""),
            ("", "Luc", ""),
        ):
            self.assertEqual(ramq_letters(last, first), letters, last)

    def test_compound_names_and_particles_agree(self):
        for last in ("De La Tour", "Tour", "Gagnon-Tour", "Tour Gagnon", "de la Tour"):
            self.assertEqual(check("ramq", "TOUM85551234", last_name=last, first_name="Anne-Marie").warnings, (), last)

    def test_moment_as_birthdate(self):
        self.assertEqual(check("ramq", "TREM85551234", birthdate=datetime(1985, 5, 12, 8, 0)).warnings, ())

    @PROPERTY
    @given(
        st.dates(date(1930, 1, 1), date(2025, 12, 31)),
        st.sampled_from(("male", "female")),
        st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=12),
        st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=12),
        st.integers(0, 99),
    )
    def test_every_card_agrees_with_its_bearer(self, birthdate, sex, last, first, number):
        month = birthdate.month + (50 if sex == "female" else 0)
        value = f"{ramq_letters(last, first)}{birthdate:%y}{month:02}{birthdate:%d}{number:02}"
        result = check("ramq", value.lower(), last_name=last, first_name=first, birthdate=birthdate, sex=sex)
        self.assertEqual((result.errors, result.warnings), ((), ()))
        self.assertEqual((result.value, result.birthdate, result.sex), (value, birthdate, sex))
        self.assertEqual(check("ramq", result.display).value, value)


@tagged("post_install", "-at_install")
class TestNir(BaseCase):
    def nir(self, body):
        """Return a number with its key, computed as INSEE describes it."""
        number = body.replace("2A", "19").replace("2B", "18")
        return f"{body}{97 - int(number) % 97:02}"

    def test_key_sex_and_birth(self):
        value = self.nir("2850578006048")
        result = check("nir", value, birthdate=date(1985, 5, 12), sex="female")
        self.assertEqual((result.value, result.errors, result.warnings), (value, (), ()))
        self.assertEqual(result.display, f"2 85 05 78 006 048 {value[-2:]}")
        wrong = check("nir", value[:-2] + f"{(int(value[-2:]) % 97) + 1:02}")
        self.assertEqual(codes(wrong.errors), ["checksum"])

    def test_corsica(self):
        for body in ("185052A006048", "185052B006048"):
            self.assertTrue(check("nir", self.nir(body)).ok, body)
        swapped = self.nir("185052A006048").replace("2A", "2B")
        self.assertEqual(codes(check("nir", swapped).errors), ["checksum"])

    def test_disagreement_only_warns(self):
        result = check("nir", self.nir("1850578006048"), birthdate=date(1986, 5, 12), sex="female")
        self.assertTrue(result.ok)
        self.assertEqual(codes(result.warnings), ["birthdate_mismatch", "sex_mismatch"])

    def test_unknown_month_is_not_compared(self):
        self.assertEqual(check("nir", self.nir("1852078006048"), birthdate=date(1985, 5, 12)).warnings, ())

    def test_missing_key_and_wrong_first_digit(self):
        self.assertTrue(check("nir", "2850578006048").errors)
        self.assertEqual(codes(check("nir", self.nir("9850578006048")).errors), ["component"])


@tagged("post_install", "-at_install")
class TestOtherKinds(BaseCase):
    def test_published_examples(self):
        for kind, number in EXAMPLES.items():
            result = check(kind, number)
            self.assertEqual(result.errors, (), f"{kind} {number}")
            self.assertEqual(check(kind, result.display).value, result.value)

    def test_one_wrong_digit_is_seen(self):
        for kind in ("gb_nhs", "ca_bc_phn", "be_nn", "ch_ssn", "nl_bsn", "nir", "br_cpf"):
            number = check(kind, EXAMPLES[kind]).value
            changed = number[:-1] + str((int(number[-1]) + 1) % 10)
            self.assertEqual(codes(check(kind, changed).errors), ["checksum"], kind)

    def test_spanish_companies_are_no_persons(self):
        self.assertEqual(codes(check("es_nif", "B64717838").errors), ["component"])

    def test_what_a_number_says_is_compared(self):
        result = check("it_cf", "RCCMNL83S18D969H", birthdate=date(1983, 11, 18), sex="m")
        self.assertEqual((result.warnings, result.birthdate, result.sex), ((), date(1983, 11, 18), "male"))
        result = check("it_cf", "RCCMNL83S18D969H", birthdate=date(1983, 11, 19), sex="f")
        self.assertEqual(codes(result.warnings), ["birthdate_mismatch", "sex_mismatch"])

    def test_other_is_kept_as_typed(self):
        self.assertEqual(check("other", "  ab  12-3/4 ").value, "AB 12-3/4")
        self.assertEqual(codes(check("other", "<b>1</b>").errors), ["format"])
        self.assertEqual(codes(check("other", "--").errors), ["format"])

    def test_unknown_kind(self):
        for kind in ("xx", "", None, 7, ["ramq"]):
            self.assertEqual(codes(check(kind, "123").errors), ["unknown_kind"])

    def test_kinds_are_ordered_for_people(self):
        kinds = list(KINDS)
        self.assertEqual((kinds[0], kinds[1], kinds[-1]), ("ramq", "nir", "other"))
        self.assertTrue(all(label and label == label.strip() for label in KINDS.values()))

    def test_every_kind_is_really_checked(self):
        for kind in KINDS:
            warnings = codes(check(kind, "A1").warnings)
            self.assertNotIn("unchecked", warnings, kind)


@tagged("post_install", "-at_install")
class TestHostileNumbers(BaseCase):
    def test_never_raises_and_never_accepts(self):
        for kind in KINDS:
            for value in HOSTILE:
                result = check(kind, value, last_name=value, first_name=value, birthdate=value, sex=value)
                if kind == "other" and value in ("١٢٣٤٥٦٧٨٩٠", -1):
                    continue  # digits of another script and a number are texts like any other
                self.assertTrue(result.errors, f"{kind} {type(value)!s}")
                self.assertLessEqual(len(result.value), MAX_LENGTH)

    def test_hostile_bearer_of_a_good_number(self):
        for value in HOSTILE:
            result = check("ramq", "TREM85551234", last_name=value, first_name=value, birthdate=value, sex=value)
            self.assertEqual(result.value, "TREM85551234")

    @PROPERTY
    @given(st.sampled_from(list(KINDS)), st.text(max_size=40), st.text(max_size=20))
    def test_any_text(self, kind, value, name):
        result = check(kind, value, last_name=name, first_name=name, birthdate=date(1980, 2, 29), sex=name)
        again = check(kind, result.display)
        if result.ok:
            self.assertEqual(again.value, result.value)
        self.assertTrue(all(isinstance(issue.code, str) for issue in (*result.errors, *result.warnings)))
