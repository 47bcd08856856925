from odoo import fields, models
from odoo.fields import Command
from odoo.tools import format_date


class AccountMoveLine(models.Model):
    """A line of an invoice, which may carry acts; its label is that of the fee schedule for invoices."""

    _inherit = "account.move.line"

    medical_act_ids = fields.Many2many(
        "medical.act",
        "medical_act_account_move_line_rel",
        string="Acts",
        copy=False,
        groups="medical_practice.group_reception,account.group_account_invoice",
    )

    # === What the line says and bears === #

    def _compute_name(self):
        """An act is named on an invoice by its neutral label, also when billing adds it by hand."""
        acts = self.filtered(lambda line: line._is_medical_sale())
        result = super(AccountMoveLine, self - acts)._compute_name()
        for line in acts:
            before = line._origin
            old_label = before.product_id and before.product_id._get_invoice_label(line.partner_id.lang)
            if not line.name or before.name == old_label:
                line.name = line.product_id._get_invoice_label(line.partner_id.lang)
        return result

    def _get_computed_taxes(self):
        """An act bears the taxes of the fee schedule only: none means exempt, whatever the income account adds."""
        if self._is_medical_sale():
            companies = self.env["account.tax"]._check_company_domain(self.move_id.company_id)
            if not self.product_id.taxes_id.filtered_domain(companies):
                return self.env["account.tax"]
        return super()._get_computed_taxes()

    def _is_medical_sale(self):
        return (
            self.display_type == "product"
            and self.product_id.is_medical_act
            and self.move_id.is_sale_document(include_receipts=True)
        )

    # === Acts === #

    def _copy_data_extend_business_fields(self, values):
        """A credit note, and the invoice that replaces it, carry the acts; a duplicate does not."""
        super()._copy_data_extend_business_fields(values)
        # Whoever may credit an invoice may not read acts: the link is kept in the practice's name.
        if acts := self.sudo().medical_act_ids:
            values["medical_act_ids"] = [Command.set(acts.ids)]

    def _is_live_medical_invoice(self):
        """Tell whether the line stands on an invoice that was not cancelled."""
        return self.move_id.move_type in ("out_invoice", "out_receipt") and self.parent_state != "cancel"

    def _is_posted_medical_refund(self):
        """Tell whether the line stands on the posted credit note of an invoice."""
        move = self.move_id
        return move.move_type == "out_refund" and self.parent_state == "posted" and bool(move.reversed_entry_id)

    def _get_receipt_details(self):
        """Return what the receipt says under a line: date of service, length, practitioner."""
        self.ensure_one()
        sentences = []
        for act in self.medical_act_ids:
            minutes = round(act.duration * 60)
            duration = self.env._("%(minutes)s min", minutes=minutes) if minutes else False
            day = format_date(self.env, act.date)
            sentences.append(" · ".join(filter(None, [day, duration, act.practitioner_id._get_printed_name()])))
        return sentences
