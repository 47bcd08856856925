from odoo.tests import HttpCase, tagged

from .safety_common import SafetyCase


@tagged("post_install", "-at_install")
class TestSafetyTour(SafetyCase, HttpCase):
    def test_an_allergy_is_seen_asked_about_and_kept(self):
        self._allergic("Amoxicillin", reaction="hives")
        self.amoxicillin.unlink()
        self.start_tour(
            f"/odoo/medical.patient/{self.patient.id}", "medical_practice_safety", login="test_practitioner"
        )
        prescription = self.env["medical.prescription"].search([("patient_id", "=", self.patient.id)])
        self.assertEqual((prescription.state, prescription.line_ids.drug_id), ("signed", self.amox))
        alert = prescription.alert_ids.filtered(lambda alert: alert.kind == "allergy")
        self.assertEqual(alert.line_id, prescription.line_ids)
        self.assertEqual(alert.override_reason, "Desensitised in 2024")
        self.assertEqual(alert.overridden_by_id, self.users["practitioner"])
        self.assertIn("no_edition", prescription.alert_ids.mapped("code"))
        self.assertTrue(prescription._is_signature_intact())
