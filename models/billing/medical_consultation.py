from odoo import api, fields, models
from odoo.exceptions import UserError


class MedicalConsultation(models.Model):
    """The billing side of a visit: its acts, and the invoices that carry them."""

    _inherit = "medical.consultation"

    invoice_count = fields.Integer(compute="_compute_invoice_ids", compute_sudo=True)
    invoice_ids = fields.Many2many(string="Invoices", compute_sudo=True)
    amount_total = fields.Monetary("Amount of the Acts", compute="_compute_amount_total")
    currency_id = fields.Many2one(related="company_id.currency_id")

    # === Computes === #

    @api.depends("act_ids.invoice_line_ids.move_id")
    def _compute_invoice_ids(self):
        for consultation in self:
            consultation.invoice_ids = consultation.act_ids.invoice_line_ids.move_id
            consultation.invoice_count = len(consultation.invoice_ids)

    @api.depends("act_ids.amount_total")
    def _compute_amount_total(self):
        for consultation in self:
            consultation.amount_total = sum(consultation.act_ids.mapped("amount_total"))

    @api.depends("is_free", "act_ids.state")
    def _compute_billing_state(self):
        for consultation in self:
            states = set(consultation.act_ids.mapped("state"))
            consultation.billing_state = next(
                (state for state in ("to_invoice", "invoiced", "free") if state in states),
                "free" if consultation.is_free else "nothing",
            )

    # === Guards === #

    def _get_fields_writable_after_signing(self):
        """Billing goes on after the signature: it is not content."""
        return super()._get_fields_writable_after_signing() | {"act_ids", "is_free", "billing_state"}

    def write(self, vals):
        if "patient_id" in vals:
            moved = self.filtered(lambda consultation: consultation.patient_id.id != vals["patient_id"])
            # An invoiced act is fixed for everybody, also for whoever cannot see all of it.
            moved.sudo().act_ids._check_not_invoiced()
        if "is_free" in vals:
            changed = self.filtered(lambda consultation: consultation.is_free != bool(vals["is_free"]))
            changed.sudo().act_ids._check_not_invoiced()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_invoiced(self):
        # An invoiced act is fixed for everybody, also for whoever cannot see all of it.
        invoiced = self.filtered(lambda consultation: consultation.sudo().act_ids._get_live_invoices())
        if invoiced:
            raise UserError(
                self.env._(
                    "%(consultations)s is invoiced and cannot be deleted. Cancel or credit the invoice first.",
                    consultations=", ".join(
                        visit.display_name or self.env._("This consultation") for visit in invoiced
                    ),
                )
            )

    # === Actions === #

    def action_invoice(self):
        """Put the acts of the consultations on draft invoices: one click, several visits in one.

        :raises UserError: if there is nothing to invoice.
        """
        self.check_access("write")
        return self.act_ids.action_invoice()

    def action_set_free(self):
        """Give the consultations with their acts for free.

        :raises UserError: if one of the acts is invoiced.
        """
        self.write({"is_free": True})
        return True

    def action_set_chargeable(self):
        """Charge consultations that were free."""
        self.write({"is_free": False})
        return True

    def action_open_invoices(self):
        """Show the invoices and credit notes of the consultations."""
        return self.invoice_ids._get_medical_invoices_action()

    def _prepare_invoice_vals(self, share, journal):
        """Return the values of the draft invoice of the acts of the consultations (see ``medical.act``)."""
        return self.act_ids._prepare_invoice_vals(share, journal)
