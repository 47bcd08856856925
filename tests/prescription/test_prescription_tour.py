from odoo.tests import HttpCase, tagged

from .common import PrescriptionCase


@tagged("post_install", "-at_install")
class TestPrescriptionTour(PrescriptionCase, HttpCase):
    def test_prescribe_from_the_chart(self):
        self._prescribe_in_the_browser()
        self.assertEqual(self._get_line().name, "Novamoxin 500 mg Capsule")

    def test_prescribe_from_the_chart_in_french(self):
        self.users["practitioner"].lang = "fr_CA"
        self._prescribe_in_the_browser()
        self.assertTrue(self._get_line().name.startswith("Novamoxin 500 mg"))

    def test_prescribe_in_one_line(self):
        self._prescribe_in_the_browser("medical_practice_quick_entry")
        prescription = self._get_line().prescription_id
        self.assertFalse(prescription.print_ids)
        self.assertTrue(self._print(prescription).startswith(b"%PDF"))
        self.assertEqual(prescription.print_ids.mapped("number"), [1])

    def _get_line(self):
        return self.env["medical.prescription"].search([("patient_id", "=", self.patient.id)]).line_ids

    def _prescribe_in_the_browser(self, tour="medical_practice_prescription"):
        self.start_tour(f"/odoo/medical.patient/{self.patient.id}", tour, login="test_practitioner")
        prescription = self.env["medical.prescription"].search([("patient_id", "=", self.patient.id)])
        self.assertEqual((prescription.state, prescription.practitioner_id), ("signed", self.physician))
        self.assertTrue(prescription.name)
        line = self._get_line()
        self.assertEqual((line.drug_id, line.dose, line.quantity), (self.amoxicillin, 1, 30))
        self.assertEqual(line.sig, "Prendre 1 capsule par voie orale 3 fois par jour pendant 10 jours.")
        self.assertTrue(prescription._is_signature_intact())
