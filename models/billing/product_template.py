from odoo import fields, models


class ProductTemplate(models.Model):
    """A service of the fee schedule when ``is_medical_act`` is set."""

    _inherit = "product.template"

    is_medical_act = fields.Boolean("Medical Act", index="btree_not_null")
    act_code = fields.Char(index="btree_not_null", help="Code of the act in the fee schedule of the practice.")
    invoice_label = fields.Char(
        translate=True, help="What the invoice says. Neutral: it never names a diagnosis, a reason or a body part."
    )
