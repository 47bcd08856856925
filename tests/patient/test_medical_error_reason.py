from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import MedicalCase


@tagged("post_install", "-at_install")
class TestMedicalErrorReason(MedicalCase):
    """A fact entered in error is marked, with a reason, and stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kind = cls.env["medical.measurement.type"].search([("code", "=", "weight")], limit=1)
        kind = kind or kind.create({"name": "Weight", "code": "weight"})
        cls.measurement = (
            cls.env["medical.measurement"]
            .with_user(cls.users["practitioner"])
            .create({"patient_id": cls.patient.id, "type_id": kind.id, "value": 70})
        )
        cls.context = {"active_model": "medical.measurement", "active_ids": cls.measurement.ids}

    def test_marked_with_a_reason(self):
        self.assertEqual(self.patient._get_last_weight(), self.measurement)
        wizard = self.env["medical.error.reason"].with_user(self.users["practitioner"]).with_context(**self.context)
        with Form(wizard) as form:
            self.assertTrue(form.facts)
            form.reason = "Another patient"
        form.record.action_confirm()
        self.assertTrue(self.measurement.entered_in_error)
        self.assertEqual(self.measurement.error_reason, "Another patient")
        self.assertFalse(self.patient._get_last_weight())

    def test_other_models_are_refused(self):
        wizards = self.env["medical.error.reason"].with_user(self.users["practitioner"])
        for model in ("res.partner", "no.such.model"):
            with self.assertRaisesRegex(UserError, "Only facts of a chart"):
                wizards.create({"res_model": model, "res_ids": self.patient.ids, "reason": "x"}).action_confirm()
        with self.assertRaisesRegex(UserError, "nothing to mark"):
            wizards.create({"res_model": "medical.measurement", "res_ids": [], "reason": "x"}).action_confirm()

    def test_reception_has_no_such_button(self):
        with self.assertRaises(AccessError):
            self.env["medical.error.reason"].with_user(self.users["reception"]).with_context(**self.context).create(
                {"reason": "x"}
            )
