from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # Who founds a company need not have any right on sequences.
        companies.sudo()._create_consultation_sequences()
        return companies

    def _create_consultation_sequences(self):
        """Give each practice its own numbering of consultations."""
        sequences = self.env["ir.sequence"].search(
            [("code", "=", "medical.consultation"), ("company_id", "in", self.ids)]
        )
        self.env["ir.sequence"].create(
            [company._prepare_consultation_sequence_vals() for company in self - sequences.company_id]
        )

    def _prepare_consultation_sequence_vals(self):
        """Return the values of the sequence that numbers the consultations of the practice."""
        self.ensure_one()
        return {
            "name": self.env._("Consultations of %s", self.name),
            "code": "medical.consultation",
            "prefix": "C%(range_year)s-",
            "padding": 5,
            "company_id": self.id,
            "use_date_range": True,
        }
