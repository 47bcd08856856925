from odoo import fields, models

ACT_STATES = [("to_invoice", "To Invoice"), ("invoiced", "Invoiced"), ("free", "Free of Charge")]


class MedicalAct(models.Model):
    """A service rendered to a patient, at a price: what goes from the visit to the invoice.

    Billing reads acts and never the chart, so that an act says nothing clinical: a service of the fee schedule, a
    quantity, a price.
    """

    _name = "medical.act"
    _description = "Act"
    _order = "date desc, id desc"
    _check_company_auto = True

    patient_id = fields.Many2one(
        "medical.patient",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        groups="medical_practice.group_reception,account.group_account_invoice",
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    consultation_id = fields.Many2one(
        "medical.consultation",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        groups="medical_practice.group_reception,account.group_account_invoice",
    )
    event_id = fields.Many2one(
        "calendar.event",
        "Appointment",
        index="btree_not_null",
        ondelete="set null",
        groups="medical_practice.group_reception",
        help="The missed appointment of an absence fee.",
    )
    practitioner_id = fields.Many2one("medical.practitioner", required=True, ondelete="restrict", check_company=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    product_id = fields.Many2one(
        "product.product", "Act", required=True, ondelete="restrict", domain=[("is_medical_act", "=", True)]
    )
    quantity = fields.Float(default=1, required=True)
    price_unit = fields.Monetary()
    coverage_id = fields.Many2one("medical.coverage", ondelete="restrict", check_company=True)
    payer_share = fields.Monetary()
    state = fields.Selection(ACT_STATES, default="to_invoice", required=True, index=True)
    invoice_line_ids = fields.Many2many("account.move.line", "medical_act_account_move_line_rel", copy=False)
