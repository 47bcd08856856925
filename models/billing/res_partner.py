from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_payer = fields.Boolean("Health Payer", help="An insurer or a public plan that pays for patients.")
