from odoo import fields, models

PRACTICE_AND_BILLING = "medical_practice.group_reception,account.group_account_invoice"


class AccountMove(models.Model):
    """An invoice, which may be that of a patient's visits; it never carries clinical text."""

    _inherit = "account.move"

    medical_patient_id = fields.Many2one(
        "medical.patient", "Patient", copy=False, index="btree_not_null", ondelete="restrict", groups=PRACTICE_AND_BILLING
    )
    consultation_ids = fields.Many2many(
        "medical.consultation", compute="_compute_consultation_ids", groups="medical_practice.group_reception"
    )

    def _compute_consultation_ids(self):
        self.consultation_ids = False
