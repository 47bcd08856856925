from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    medical_prescription_format = fields.Selection(related="company_id.medical_prescription_format", readonly=False)
    medical_prescription_validity = fields.Integer(related="company_id.medical_prescription_validity", readonly=False)
    medical_prescription_layout = fields.Selection(related="company_id.medical_prescription_layout", readonly=False)
    medical_prescription_lang = fields.Selection(related="company_id.medical_prescription_lang", readonly=False)
    medical_prescription_letters = fields.Boolean(related="company_id.medical_prescription_letters", readonly=False)
    medical_prescription_handwritten = fields.Boolean(
        related="company_id.medical_prescription_handwritten", readonly=False
    )
    medical_pregnancy_age_from = fields.Integer(related="company_id.medical_pregnancy_age_from", readonly=False)
    medical_pregnancy_age_to = fields.Integer(related="company_id.medical_pregnancy_age_to", readonly=False)
    medical_pregnancy_answer_days = fields.Integer(related="company_id.medical_pregnancy_answer_days", readonly=False)
