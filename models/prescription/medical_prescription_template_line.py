from odoo import fields, models


class MedicalPrescriptionTemplateLine(models.Model):
    """An item of a favourite."""

    _name = "medical.prescription.template.line"
    _description = "Prescription Favourite Item"
    _inherit = ["medical.prescription.dosage"]
    _order = "template_id, sequence, id"

    template_id = fields.Many2one("medical.prescription.template", required=True, index=True, ondelete="cascade")
