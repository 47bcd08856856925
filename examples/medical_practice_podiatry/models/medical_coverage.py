from odoo import models


class MedicalCoverage(models.Model):
    _inherit = "medical.coverage"

    def _get_share(self, amount, quantity, currency, date):
        # The rule of this payer: nothing for an act under ten in the currency of the act.
        return super()._get_share(amount, quantity, currency, date) if amount >= 10 else 0.0
