from odoo import fields, models

PRESCRIPTION_FORMATS = [("A5", "A5"), ("A4", "A4")]


class ResCompany(models.Model):
    """A practice: its papers, its patients and its figures are its own."""

    _inherit = "res.company"

    medical_prescription_format = fields.Selection(PRESCRIPTION_FORMATS, default="A5", required=True)
    medical_prescription_validity = fields.Integer(
        default=24,
        help="Months a drug prescription stays valid unless the practitioner says otherwise "
        "(Québec: 24 months, summary of the Collège des médecins, 2015).",
    )
