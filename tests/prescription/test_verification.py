"""The public page behind the code: what it says, and to whom."""

from datetime import date, timedelta

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.addons.medical_practice.controllers.prescription_verification import read_birthdate
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, HttpCase, freeze_time, get_db_name, tagged
from odoo.tools import mute_logger

from .common import PrescriptionCase

SECRETS = ("Tremblay", "Novamoxin", "capsule", "1985")


@tagged("post_install", "-at_install")
class TestVerification(PrescriptionCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.prescription = self._signed()
        self.path = f"/prescription/verify/{self.prescription.sudo().verification_token}"

    def _get(self, path=None, lang="en"):
        self.env.flush_all()
        return self.url_open(path or self.path, headers={"Accept-Language": lang})

    def _post(self, birthdate, lang="en"):
        self.env.flush_all()
        response = self.url_open(self.path, data={"birthdate": birthdate}, headers={"Accept-Language": lang})
        self.env.invalidate_all()
        return response.text

    def test_authentic_without_the_lines(self):
        response = self._get()
        self.assertEqual(response.status_code, 200)
        for text in ("is authentic", "Alice Médecin, M.D.", "12345", self.prescription.name, "Clinique de l’Œuvre"):
            self.assertIn(text, response.text)
        for secret in SECRETS:
            self.assertNotIn(secret, response.text.replace("1985-05-12", ""))

    def test_kept_nowhere(self):
        headers = self._get().headers
        self.assertIn("no-store", headers["Cache-Control"])
        self.assertIn("noindex", headers["X-Robots-Tag"])
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertNotIn("script-src", headers["Content-Security-Policy"])

    def test_language_of_the_visitor(self):
        self.assertIn("Cette ordonnance est authentique", self._get(lang="fr-FR,fr;q=0.9").text)
        self.assertIn("This prescription is authentic", self._get(lang="en-CA").text)
        self.assertIn("Ce n’est pas la date", self._post("1990-01-01", lang="fr"))

    def test_unknown_tokens(self):
        draft = self._prescribe()
        draft.sudo().verification_token = "d" * 32
        bodies = set()
        for token in ("x" * 32, "d" * 32, "a", "%27%20OR%201=1", "..%2f..%2fweb", "A" * 5000, "é" * 20):
            response = self._get(f"/prescription/verify/{token}")
            self.assertEqual(response.status_code, 404, token)
            if "is unknown" in response.text:
                bodies.add(response.text)
        self.assertEqual(len(bodies), 1, "an unknown code, a draft and a malformed code answer alike")

    def test_right_birthdate_in_many_writings(self):
        for text in (
            "1985-05-12",
            "12/05/1985",
            "19850512",
            "12 mai 1985",
            "May 12, 1985",
            "12 MAI. 1985",
            " 1985 05 12 ",
        ):
            with self.subTest(text=text):
                page = self._post(text)
                self.assertIn("Novamoxin 500 mg Capsule", page)
                self.assertIn("Prendre 1 capsule par voie orale", page)
                self.assertNotIn("Tremblay", page)

    def test_birthdate_in_the_address_shows_nothing(self):
        self.assertNotIn("Novamoxin", self._get(f"{self.path}?birthdate=1985-05-12").text)

    def test_unreadable_birthdates_count_for_nothing(self):
        for text in (
            "",
            "hier",
            "1985-13-45",
            "05/13/1985",
            "<script>",
            "9" * 5000,
            "12 foo 1985",
            "\x00",
            "mai mai 1985",
        ):
            with self.subTest(text=text[:20]):
                page = self._post(text)
                self.assertIn("could not be read", page)
                self.assertNotIn("<script>", page)
        self.assertFalse(self.prescription.sudo().verification_failures)

    def test_five_wrong_tries_close_the_lines_for_an_hour(self):
        for _number in range(4):
            self.assertIn("not the birthdate", self._post("1990-01-01"))
        self.assertEqual(self.prescription.sudo().verification_failures, 4)
        self.assertIn("Too many", self._post("1990-01-02"))
        page = self._post("1985-05-12")
        self.assertIn("Too many", page)
        self.assertNotIn("Novamoxin", page)
        self.assertIn("is authentic", page)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            self.assertEqual(self.prescription.sudo()._try_birthdate(fields.Date.to_date("1990-01-01")), "wrong")
            self.assertEqual(self.prescription.sudo().verification_failures, 1)
            self.assertEqual(self.prescription.sudo()._try_birthdate(fields.Date.to_date("1985-05-12")), "right")
        self.assertFalse(self.prescription.sudo().verification_failures)
        self.assertTrue(self.prescription._is_signature_intact())

    def test_cancelled_and_expired(self):
        self.prescription.action_cancel("Secret reason")
        page = self._get().text
        self.assertIn("was cancelled", page)
        self.assertNotIn("Secret reason", page)
        day = fields.Date.today() - timedelta(days=900)
        self.prescription = self._signed(date=day, valid_until=day + timedelta(days=1))
        self.path = f"/prescription/verify/{self.prescription.sudo().verification_token}"
        self.assertIn("has expired", self._get().text)

    def test_altered_in_sql(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE medical_prescription_line SET dose = 5 WHERE prescription_id = %s", [self.prescription.id]
        )
        self.env.invalidate_all()
        page = self._get().text
        self.assertIn("was altered", page)
        self.assertNotIn("is authentic", page)

    def test_name_changed_since_is_that_of_the_paper(self):
        self.physician.partner_id.name = "Somebody Else"
        self.patient.birthdate = "1999-09-09"
        self.assertIn("Alice Médecin", self._get().text)
        self.assertIn("Novamoxin", self._post("1985-05-12"))


@tagged("post_install", "-at_install")
class TestReadBirthdate(PrescriptionCase):
    def test_months_by_name(self):
        self.assertEqual(str(read_birthdate("1er août 2001")), "2001-08-01")
        self.assertEqual(str(read_birthdate("29 Feb 2024")), "2024-02-29")
        for text in ("29 février 2023", "ju 2001", "12 ma 2001", "mai 1985", "12 mai 85", None):
            self.assertIsNone(read_birthdate(text), text)


@tagged("post_install", "-at_install")
class TestTriesTogether(BaseCase):
    """Two visitors at once, on connections of their own; committed for real, hence cleaned by hand."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            practitioner = env["medical.practitioner"].create({"name": "Together Practitioner"})
            patient = env["medical.patient"].create(
                {"first_name": "Together", "last_name": "Patient", "birthdate": "1985-05-12"}
            )
            prescription = env["medical.prescription"].create(
                {"patient_id": patient.id, "practitioner_id": practitioner.id}
            )
            self.records = (prescription, patient, practitioner)
        self.addCleanup(self._clean)

    def _clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            prescription, patient, practitioner = (record.with_env(env) for record in self.records)
            partners = patient.partner_id | practitioner.partner_id
            prescription.unlink()
            patient.unlink()
            practitioner.unlink()
            partners.exists().unlink()

    def _try(self, cr, day):
        prescription = self.records[0].with_env(api.Environment(cr, SUPERUSER_ID, {}))
        return prescription._try_birthdate(date(1985, 5, day)), prescription.verification_failures

    def test_no_try_is_lost(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT 1")
            self.assertEqual(self._try(first, 1), ("wrong", 1))
            first.commit()
            # The second does not read an old count: the database has its request run again.
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self._try(second, 2)
            second.rollback()
            self.assertEqual(self._try(second, 2), ("wrong", 2))
            second.commit()
