from odoo import api, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model_create_multi
    def create(self, vals_list):
        """A product made with its template in one go gets the taxes of its purpose too, not the default ones."""
        templates = self.env["product.template"]
        return super().create(
            [vals if vals.get("product_tmpl_id") else templates._prepare_act_product_vals(vals) for vals in vals_list]
        )

    def _get_invoice_label(self, lang=None):
        """Return what the invoice says of an act, in the language of whoever gets it; never its clinical name.

        :param str lang: code of the language, by default that of the user.
        """
        self.ensure_one()
        product = self.with_context(lang=lang or self.env.lang)
        return product.invoice_label or product.env._("Professional services")
