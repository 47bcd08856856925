from odoo.tests import HttpCase, tagged

from .common import PrescriptionCase


@tagged("post_install", "-at_install")
class TestPrescriptionTour(PrescriptionCase, HttpCase):
    def test_prescribe_from_the_chart(self):
        self.start_tour(
            f"/odoo/medical.patient/{self.patient.id}", "medical_practice_prescription", login="test_practitioner"
        )
        prescription = self.env["medical.prescription"].search([("patient_id", "=", self.patient.id)])
        self.assertEqual((prescription.state, prescription.practitioner_id), ("signed", self.physician))
        self.assertTrue(prescription.name)
        line = prescription.line_ids
        self.assertEqual((line.drug_id, line.dose, line.quantity), (self.amoxicillin, 1, 30))
        self.assertEqual(line.name, "Novamoxin 500 mg Capsule")
        self.assertEqual(line.sig, "Prendre 1 capsule par voie orale 3 fois par jour pendant 10 jours.")
        self.assertTrue(prescription._is_signature_intact())
