"""The gestures of a chart in the browser: asked and answered, stopped with a reason, prescribed again."""

from odoo.addons.medical_practice.tests.prescription.common import PrescriptionCase
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestFactsTour(PrescriptionCase, HttpCase):
    def _long(self, **values):
        return self._line(long_term=True, duration=3, duration_unit="month", **values)

    def _courses(self):
        return self.env["medical.treatment"].search([("patient_id", "=", self.patient.id)], order="id")

    def _action(self, model):
        """Return an action on the facts of the patient alone, whatever else the database holds."""
        return self.env["ir.actions.act_window"].create(
            {
                "name": "Facts of the patient",
                "res_model": model,
                "view_mode": "list,form",
                "domain": [("patient_id", "=", self.patient.id)],
                "context": {"default_patient_id": self.patient.id},
            }
        )

    def test_no_known_allergy_then_one(self):
        patient = self.as_role("assistant", self.patient)
        patient.action_no_known_allergy()
        self.assertEqual(patient.allergy_status, "none")
        action = self._action("medical.allergy")
        self.start_tour(f"/odoo/action-{action.id}", "medical_practice_allergy", login="test_assistant")
        self.env.invalidate_all()
        self.assertEqual(patient.allergy_status, "some")
        allergy = patient.allergy_ids
        self.assertEqual((allergy.name, allergy.reaction, allergy.onset), ("Latex", "hives", "2021-03"))
        self.assertTrue(patient.statement_ids.ended_on)

    def test_stop_with_a_reason(self):
        self._signed(self._long())
        course = self._courses()
        self.start_tour(
            f"/odoo/medical.treatment/{course.id}", "medical_practice_treatment_stop", login="test_practitioner"
        )
        self.env.invalidate_all()
        self.assertEqual((course.status, course.stop_reason_code), ("stopped", "adverse_effect"))
        self.assertEqual(self.patient.allergy_ids.mapped("reaction"), ["rash"])

    def test_renew_all(self):
        self._signed(self._long(), self._long(drug_id=self.cream.id, dose=1))
        courses = self._courses()
        action = self._action("medical.treatment")
        self.start_tour(f"/odoo/action-{action.id}", "medical_practice_treatment_renew", login="test_practitioner")
        self.env.invalidate_all()
        self.assertEqual(self._courses(), courses, "Renewed, not started again.")
        self.assertEqual([len(course.prescription_line_ids) for course in courses], [2, 2])
