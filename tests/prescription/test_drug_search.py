"""Finding a drug as one types it."""

from odoo.tests import Form, tagged, users

from .common import FRENCH, PrescriptionCase


@tagged("post_install", "-at_install")
class TestDrugSearch(PrescriptionCase):
    def _found(self, text, **context):
        return [name for _id, name in self.env["medical.drug"].with_context(**context).name_search(text)]

    def test_fragments_in_any_order_without_accents(self):
        for text in ("novam 500 cap", "cap amoxicill novamoxin", "AMOXICILLINE 500", "00000001"):
            with self.subTest(text=text):
                self.assertIn("Novamoxin 500 mg Capsule", self._found(text))
        self.assertFalse(self._found("novam 750"))

    def test_marketed_drugs_come_first(self):
        found = [name for name in self._found("amox 500") if "Novamoxin" in name or "Amoxil" in name]
        self.assertEqual(found, ["Novamoxin 500 mg Capsule", "Amoxil 500 mg Capsule"])

    def test_name_in_the_language_of_the_user(self):
        self.assertIn("Hyderm 1 % Crème", self._found("hyderm", lang=FRENCH))
        self.assertIn("Hyderm 1 % Cream", self._found("hyderm"))

    def test_hostile_searches(self):
        model = self.env["medical.drug"]
        for text in ("%", "_", "'; DROP TABLE medical_drug; --", "🙂", "x" * 10000, "a " * 5000, "\\", "(((", "<b>"):
            with self.subTest(text=text[:20]):
                self.assertNotIn("Novamoxin 500 mg Capsule", self._found(text)) if text in "%_\\(((" else None
                self.assertIsInstance(model.search_for_prescription(text, limit=99999), list)
        self.assertTrue(model.name_search(""))
        self.assertTrue(model.search([("display_name", "ilike", "novam cap")]))

    @users("test_practitioner")
    def test_form_fills_unit_route_and_sentence(self):
        form = Form(self.env["medical.prescription"].with_user(self.users["practitioner"]))
        form.patient_id = self.patient.with_env(self.env)
        with form.line_ids.new() as line:
            line.drug_id = self.amoxicillin.with_env(self.env)
            self.assertEqual((line.name, line.dose_unit, line.route), ("Novamoxin 500 mg Capsule", "capsule", "oral"))
            line.dose = 1
            line.frequency_id = self.thrice.with_env(self.env)
            line.duration = 10
            self.assertEqual(line.sig, "Prendre 1 capsule par voie orale 3 fois par jour pendant 10 jours.")
            self.assertEqual(line.quantity, 30)
            line.sig = "Un matin, midi et soir."
            line.dose = 2
            self.assertEqual(line.sig, "Un matin, midi et soir.")
        prescription = form.save()
        self.assertEqual(prescription.practitioner_id, self.physician.with_env(self.env))
        self.assertEqual(prescription.line_ids.quantity, 60)
