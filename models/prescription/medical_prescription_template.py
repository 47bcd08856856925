from odoo import fields, models

from .medical_prescription import PRESCRIPTION_KINDS


class MedicalPrescriptionTemplate(models.Model):
    """A favourite: one or several items that a practitioner puts on a prescription in one gesture."""

    _name = "medical.prescription.template"
    _description = "Prescription Favourite"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    kind = fields.Selection(PRESCRIPTION_KINDS, default="drug", required=True)
    practitioner_id = fields.Many2one(
        "medical.practitioner", ondelete="cascade", check_company=True, help="Empty: shared by the whole practice."
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    line_ids = fields.One2many("medical.prescription.template.line", "template_id", "Items", copy=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
