from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    medical_exempt_tax_id = fields.Many2one(
        related="company_id.medical_exempt_tax_id",
        readonly=False,
        domain="[('type_tax_use', '=', 'sale'), ('company_id', '=', company_id)]",
    )
    medical_invoice_mention = fields.Text(related="company_id.medical_invoice_mention", readonly=False)
    medical_invoice_signature_line = fields.Boolean(related="company_id.medical_invoice_signature_line", readonly=False)
