from odoo import api, fields, models
from odoo.tools import float_repr

BILLING_SIDE = "medical_practice.group_reception,account.group_account_invoice"


class MedicalCoverage(models.Model):
    """What a payer takes over for a patient: a rate or a fixed share of each act, between two dates.

    The first coverage in the order of the list that is valid on the day of an act applies to it. The patient and his
    policy are hidden from the manager, who reads figures without names.
    """

    _name = "medical.coverage"
    _description = "Coverage"
    _order = "sequence, id"
    _check_company_auto = True

    # === Who pays for whom === #
    patient_id = fields.Many2one(
        "medical.patient", required=True, index=True, ondelete="cascade", check_company=True, groups=BILLING_SIDE
    )
    company_id = fields.Many2one(related="patient_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Payer", required=True, index=True, ondelete="restrict", domain=[("is_payer", "=", True)]
    )
    policy_number = fields.Char(groups=BILLING_SIDE, help="Printed on the invoices of the payer.")

    # === What it takes over === #
    rate = fields.Float("Share (%)", help="Percentage of the price that the payer takes over.")
    fixed_share = fields.Monetary(help="Amount per unit that the payer takes over, instead of a percentage.")
    share_limit = fields.Monetary("At Most", help="Highest amount per act that the payer takes over; 0: no limit.")

    # === Validity === #
    date_start = fields.Date("Valid from")
    date_end = fields.Date("Valid until", help="Last day of the coverage.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _rate_range = models.Constraint("CHECK (rate >= 0 AND rate <= 100)", "A share lies between 0 and 100 %.")
    _rate_or_fixed = models.Constraint(
        "CHECK ((COALESCE(rate, 0) > 0) <> (COALESCE(fixed_share, 0) > 0))",
        "A payer takes over either a percentage or a fixed amount: fill in exactly one of the two.",
    )
    _amounts_positive = models.Constraint(
        "CHECK (COALESCE(fixed_share, 0) >= 0 AND COALESCE(share_limit, 0) >= 0)", "An amount is never negative."
    )
    _dates_order = models.Constraint("CHECK (date_end >= date_start)", "A coverage ends after it has started.")

    @api.depends("partner_id.name", "rate", "fixed_share", "currency_id")
    def _compute_display_name(self):
        for coverage in self:
            if coverage.rate:
                share = f"{coverage.rate:g} %"
            else:
                currency = coverage.currency_id
                share = f"{float_repr(coverage.fixed_share, currency.decimal_places or 2)} {currency.symbol or ''}"
            # The name of the payer stands on the coverage, whoever may read that contact.
            name = coverage.partner_id.sudo().name
            coverage.display_name = f"{name} ({share.strip()})" if name else False

    def _get_applicable(self, date):
        """Return the coverages of the set that are valid on a date, first to apply first.

        :param datetime.date date: the day of the act.
        """
        return self.filtered(
            lambda coverage: (
                coverage.active
                and (not coverage.date_start or coverage.date_start <= date)
                and (not coverage.date_end or date <= coverage.date_end)
            )
        ).sorted(lambda coverage: (coverage.sequence, coverage._origin.id or 0))

    def _get_share(self, amount, quantity, currency, date):
        """Return what the payer takes over of an amount, rounded, never more than the amount.

        :param float amount: price of the act, in ``currency``.
        :param float quantity: number of units, for a fixed share.
        :param currency: ``res.currency`` of the amount; fixed amounts are converted to it.
        :param datetime.date date: day of the conversion.
        """
        self.ensure_one()

        def convert(value):
            return self.currency_id._convert(value, currency, self.company_id, date)

        share = amount * self.rate / 100 if self.rate else convert(self.fixed_share) * quantity
        if self.share_limit:
            share = min(share, convert(self.share_limit))
        return currency.round(max(0.0, min(share, amount)))
