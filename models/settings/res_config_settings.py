from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    medical_prescription_format = fields.Selection(related="company_id.medical_prescription_format", readonly=False)
    medical_prescription_validity = fields.Integer(related="company_id.medical_prescription_validity", readonly=False)
    medical_prescription_handwritten = fields.Boolean(
        related="company_id.medical_prescription_handwritten", readonly=False
    )
