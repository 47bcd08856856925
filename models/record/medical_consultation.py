from odoo import fields, models


class MedicalConsultation(models.Model):
    """The facts a consultation addressed or brought into the chart."""

    _name = "medical.consultation"
    _inherit = "medical.consultation"

    condition_ids = fields.Many2many("medical.condition", string="Problems Addressed")
    document_ids = fields.One2many("medical.document", "consultation_id", "Documents")
