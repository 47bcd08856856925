import io
from datetime import date

import psycopg2

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from ..common import MedicalCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 15:00:00")
class TestImmunization(MedicalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vaccine = cls.env["medical.vaccine"].create(
            {
                "name": "Testovax",
                "code": "T1",
                "target": "Testitis",
                "route": "intramuscular",
                "dose_ids": [
                    (0, 0, {"number": 2, "interval_days": 30}),
                    (0, 0, {"number": 3, "interval_days": 150}),
                    (0, 0, {"number": 4, "interval_days": 3650, "repeats": True}),
                ],
            }
        )

    def _give(self, given_on="2026-03-02", **values):
        vals = {"patient_id": self.patient.id, "vaccine_id": self.vaccine.id, "given_on": given_on, **values}
        return self.env["medical.immunization"].with_user(self.users["assistant"]).create(vals)

    def test_doses_are_counted_and_the_next_is_proposed(self):
        first, second, third = self._give("2025-01-01"), self._give("2025-02-03"), self._give("2025-08-01")
        self.assertEqual([dose.dose_number for dose in (first, second, third)], [1, 2, 3])
        self.assertEqual(first.next_due_on, date(2025, 1, 31))
        self.assertEqual(second.next_due_on, date(2025, 7, 3))
        self.assertEqual(third.next_due_on, date(2035, 7, 30))
        fifth = self._give("2026-03-02", dose_number=5)
        self.assertEqual(fifth.next_due_on, date(2036, 2, 28))
        self.assertEqual(first.route, "intramuscular")

    def test_a_dose_reported_later_counts_by_its_day(self):
        self._give("2026-03-01")
        self.assertEqual(self._give("2020-01-01", status="reported").dose_number, 1)

    def test_what_does_not_count(self):
        self._give("2025-01-01").action_enter_in_error("Wrong patient")
        self._give("2025-02-01", status="refused", refusal_reason="Fear of needles")
        self._give("2025-02-02", patient_id=self.patient2.id)
        self.assertEqual(self._give().dose_number, 1)

    def test_a_refusal_says_why_and_is_no_dose(self):
        refused = self._give(status="refused", refusal_reason="Fear of needles")
        self.assertEqual((refused.dose_number, refused.next_due_on), (0, False))
        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._give(status="refused", refusal_reason="  ").flush_recordset()

    def test_an_expired_lot_warns(self):
        form = Form(self.env["medical.immunization"].with_user(self.users["assistant"]))
        form.patient_id, form.vaccine_id = self.patient, self.vaccine
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
            form.expires_on = date(2026, 2, 28)
        self.assertIn("expired", logs.output[0])
        self.assertTrue(form.save().is_lot_expired)
        self.assertFalse(self._give(expires_on="2026-03-02").is_lot_expired)

    def test_dates_that_cannot_be(self):
        with self.assertRaises(ValidationError):
            self._give("2026-03-04")
        with self.assertRaises(ValidationError):
            self._give("1985-05-11")

    def test_one_query_for_all_doses(self):
        patients = self.env["medical.patient"].create(
            [{"first_name": "A", "last_name": f"B{number}", "birthdate": "1980-01-01"} for number in range(12)]
        )
        vals = {"vaccine_id": self.vaccine.id, "given_on": "2026-01-01"}
        for batch in (patients[:2], patients):
            before = self.env.cr.sql_log_count
            self.env["medical.immunization"].create([{**vals, "patient_id": patient.id} for patient in batch])
            self.env.flush_all()
            used = self.env.cr.sql_log_count - before
        self.assertLess(used, 25)

    def test_shipped_codes_are_unique_and_findable(self):
        found = self.env["medical.vaccine"].name_search("Shingles")
        self.assertIn(self.env.ref("medical_practice.medical_vaccine_zoster").id, [item[0] for item in found])
        self.assertEqual(self.env.ref("medical_practice.medical_vaccine_mmr").code, "03")

    def test_paper_in_the_language_of_the_patient(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        self.patient.lang = "fr_CA"
        self._give(lot="AB123", practitioner_id=self.physician.id, site="left_deltoid")
        self._give("2024-02-03", status="refused", refusal_reason="Private words")
        reports = self.env["ir.actions.report"].with_user(self.users["assistant"])
        content, __ = reports.with_context(force_report_rendering=True)._render_qweb_pdf(
            "medical_practice.report_immunization_record", self.patient.ids
        )
        text = " ".join(page.extract_text() for page in PdfFileReader(io.BytesIO(content)).pages)
        text = " ".join(text.split())
        for expected in ("Marie Tremblay", "2 mars 2026", "Testovax", "AB123", "Alice Médecin", "3 février 2024"):
            self.assertIn(expected, text)
        self.assertNotIn("Private words", text)
        for role in ("reception", "employee", "manager"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.env["ir.actions.report"].with_user(self.users[role])._render_qweb_html(
                    "medical_practice.report_immunization_record", self.patient.ids
                )
