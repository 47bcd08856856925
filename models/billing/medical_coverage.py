from odoo import fields, models


class MedicalCoverage(models.Model):
    """What a payer takes over for a patient: a rate or a fixed share of each act, between two dates."""

    _name = "medical.coverage"
    _description = "Coverage"
    _order = "sequence, id"
    _check_company_auto = True

    patient_id = fields.Many2one("medical.patient", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="patient_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Payer", required=True, ondelete="restrict", domain=[("is_payer", "=", True)]
    )
    policy_number = fields.Char()
    rate = fields.Float("Share (%)", help="Percentage of the price that the payer takes over.")
    fixed_share = fields.Monetary(help="Amount per act that the payer takes over, instead of a percentage.")
    date_start = fields.Date()
    date_end = fields.Date()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _rate_range = models.Constraint("CHECK (rate >= 0 AND rate <= 100)", "A share lies between 0 and 100 %.")
