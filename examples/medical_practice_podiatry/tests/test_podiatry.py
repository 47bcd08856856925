from odoo.addons.medical_practice.tests.common import MedicalCase
from odoo.exceptions import ValidationError
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestPodiatry(MedicalCase):
    def test_foot_examination_asks_for_the_risk(self):
        visit = self.env["medical.consultation"].create(
            {
                "patient_id": self.patient.id,
                "practitioner_id": self.physician.id,
                "type_id": self.env.ref("medical_practice_podiatry.consultation_type_foot").id,
                "reason": "Yearly examination",
            }
        )
        visit = self.as_role("practitioner", visit)
        with self.assertRaisesRegex(ValidationError, "risk of the feet"):
            visit.action_sign()
        self.patient.foot_risk = "moderate"
        visit.action_sign()
        self.assertEqual(visit.state, "signed")

    def test_the_risk_is_on_the_paper(self):
        self.patient.foot_risk = "high"
        prescription = self.env["medical.prescription"].create(
            {"patient_id": self.patient.id, "practitioner_id": self.physician.id, "kind": "care"}
        )
        self.assertEqual(prescription._prepare_paper()["patient"]["foot_risk"], "High")

    def test_the_payer_leaves_small_amounts(self):
        payer = self.env["res.partner"].create({"name": "Insurer", "is_payer": True})
        coverage = self.env["medical.coverage"].create(
            {"patient_id": self.patient.id, "partner_id": payer.id, "rate": 50}
        )
        today = self.patient.create_date.date()
        shares = [coverage._get_share(amount, 1, coverage.currency_id, today) for amount in (8, 100)]
        self.assertEqual(shares, [0.0, 50.0])

    def test_the_reception_does_not_see_it(self):
        self.assertNotIn("foot_risk", self.env["medical.patient"].with_user(self.users["reception"]).fields_get())
