from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain

#: What a service is for decides its tax, not who renders it (Canada: ETA Sch. V Pt II; France: CGI 261-4-1°).
ACT_PURPOSES = [
    ("care", "Care"),
    ("appliance", "Appliance or goods"),
    ("cosmetic", "Cosmetic service"),
    ("report", "Report for a third party"),
    ("other", "Other taxable service"),
    ("absence", "Absence fee"),
]

EXEMPT_PURPOSES = ("care", "absence")
COVERED_PURPOSES = ("care", "appliance")


class ProductTemplate(models.Model):
    """A service of the fee schedule when ``is_medical_act`` is set.

    Its purpose proposes its taxes: care starts without the company's default sale tax, what is not care starts with
    it; both may be changed on the product. What the invoice says of it is ``invoice_label``, never its name.
    """

    _inherit = "product.template"

    # === Fee schedule === #
    is_medical_act = fields.Boolean("Medical Act", index="btree_not_null")
    act_code = fields.Char(
        index="btree_not_null", copy=False, help="Code of the act in the fee schedule of the practice."
    )
    act_purpose = fields.Selection(
        ACT_PURPOSES,
        "Purpose",
        help="Decides the taxes of a new act: care and absence fees start exempt, everything else with the default "
        "sales tax. Insurers take over care and appliances only.",
    )
    invoice_label = fields.Char(
        translate=True,
        help="What the invoice says. Neutral: it never names a diagnosis, a reason or a body part. "
        "Empty: “Professional services”.",
    )

    _act_code_uniq = models.UniqueIndex(
        "(act_code, COALESCE(company_id, 0)) WHERE is_medical_act AND active AND act_code IS NOT NULL",
        "Another act of the fee schedule has this code already.",
    )

    @api.constrains("act_code", "company_id", "is_medical_act", "active")
    def _check_act_code_scope(self):
        """Refuse a code that a shared act and an act of one company would both bear."""
        acts = self.filtered(lambda act: act.is_medical_act and act.act_code and act.active)
        if not acts:
            return
        # A code is taken even when the user cannot see the company that has it.
        same = self.sudo().search(
            Domain("is_medical_act", "=", True) & Domain("act_code", "in", acts.mapped("act_code"))
        )
        for act in acts:
            for other in same.filtered(lambda o, act=act: o.act_code == act.act_code and o.id != act.id):
                if not act.company_id or not other.company_id or act.company_id == other.company_id:
                    raise ValidationError(
                        self.env._("The code %(code)s is that of “%(act)s” already.", code=act.act_code, act=other.name)
                    )

    # === Taxes === #

    @api.model
    def _get_exempt_taxes(self, companies):
        """Return the taxes that say "exempt" in the localisation of the companies; often none."""
        # Whoever keeps the fee schedule need not read taxes or companies.
        return companies.sudo().medical_exempt_tax_id

    @api.model
    def _get_act_taxes(self, purpose, companies):
        """Return the taxes a new act of that purpose starts with."""
        if purpose in EXEMPT_PURPOSES:
            return self._get_exempt_taxes(companies)
        return companies.sudo().account_sale_tax_id

    @api.onchange("is_medical_act", "act_purpose")
    def _onchange_act_purpose(self):
        if self.is_medical_act:
            self.act_purpose = self.act_purpose or "care"
            companies = self.company_id or self.env.companies
            self.taxes_id = [Command.set(self._get_act_taxes(self.act_purpose, companies).ids)]
            self.type = "service"

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("default_is_medical_act") and "taxes_id" in fields:
            purpose = values.get("act_purpose", "care")
            values["taxes_id"] = [Command.set(self._get_act_taxes(purpose, self.env.companies).ids)]
        return values

    def _force_default_sale_tax(self, companies):
        """An exempt act does not take the sale tax of the other companies either."""
        exempt = self.filtered(lambda product: product.is_medical_act and product.act_purpose in EXEMPT_PURPOSES)
        if exempt and (taxes := self._get_exempt_taxes(companies)):
            exempt.write({"taxes_id": [Command.link(tax.id) for tax in taxes]})
        return super(ProductTemplate, self - exempt)._force_default_sale_tax(companies)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_act_product_vals(vals) for vals in vals_list])

    @api.model
    def _prepare_act_product_vals(self, vals):
        """Complete the values of a new act: its taxes by purpose, and its code as internal reference."""
        if not vals.get("is_medical_act", self.env.context.get("default_is_medical_act")):
            return vals
        vals = dict(vals)
        purpose = vals.setdefault("act_purpose", self.env.context.get("default_act_purpose", "care"))
        if "taxes_id" not in vals:
            company = self.env["res.company"].browse(vals.get("company_id") or [])
            taxes = self._get_act_taxes(purpose, company or self.env.companies)
            vals["taxes_id"] = [Command.set(taxes.ids)]
        if vals.get("act_code") and not vals.get("default_code"):
            vals["default_code"] = vals["act_code"]
        return vals

    def write(self, vals):
        followers = self.browse()
        if "act_code" in vals and "default_code" not in vals:
            followers = self.filtered(lambda act: not act.default_code or act.default_code == act.act_code)
        result = super().write(vals)
        if vals.get("is_medical_act"):
            self.filtered(lambda act: not act.act_purpose).act_purpose = "care"
        if followers := followers.filtered("is_medical_act"):
            followers.default_code = vals["act_code"]
        return result

    # === Prices === #

    def action_open_pricelist_rules_of_act(self):
        """Open the tariffs and agreements in which the act has a price of its own."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Prices of %(act)s", act=self.name),
            "res_model": "product.pricelist.item",
            "view_mode": "list,form",
            "domain": [("product_tmpl_id", "=", self.id)],
            "context": {"default_product_tmpl_id": self.id, "default_applied_on": "1_product"},
        }
