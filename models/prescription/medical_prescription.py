from odoo import fields, models

PRESCRIPTION_KINDS = [
    ("drug", "Drugs"),
    ("care", "Care"),
    ("examination", "Examinations"),
    ("device", "Devices"),
]


class MedicalPrescription(models.Model):
    """An order signed by a practitioner for a patient: drugs, care, examinations or devices.

    A draft until it is signed; then it is numbered, frozen, printed with a code by which anybody who holds the paper
    can check it, and it can only be cancelled.
    """

    _name = "medical.prescription"
    _description = "Prescription"
    _inherit = ["medical.signature.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, index=True)
    patient_id = fields.Many2one("medical.patient", required=True, index=True, ondelete="restrict", check_company=True)
    practitioner_id = fields.Many2one(
        "medical.practitioner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        default=lambda self: self.env["medical.practitioner"]._get_current(),
    )
    company_id = fields.Many2one(related="patient_id.company_id", store=True, index=True)
    consultation_id = fields.Many2one(
        "medical.consultation", index="btree_not_null", ondelete="restrict", check_company=True
    )
    kind = fields.Selection(PRESCRIPTION_KINDS, default="drug", required=True)
    date = fields.Date(required=True, default=fields.Date.context_today, copy=False)
    valid_until = fields.Date(copy=False)
    line_ids = fields.One2many("medical.prescription.line", "prescription_id", "Lines", copy=True)
    note = fields.Text("Note to the Pharmacist")
    verification_token = fields.Char(readonly=True, copy=False, index="btree_not_null", groups="base.group_system")
