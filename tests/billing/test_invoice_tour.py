"""The path of billing in a browser: acts, invoice, confirm, payment; the database is checked afterwards."""

from odoo.tests import HttpCase, tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestInvoiceTour(HttpCase, BillingCase):
    def test_from_acts_to_payment(self):
        act = self._create_visit(reason="Not for billing").act_ids
        self.start_tour("/odoo", "medical_practice_invoice", login="test_billing")
        invoice = act.invoice_line_ids.move_id
        self.assertEqual(len(invoice), 1)
        self.assertEqual((invoice.state, invoice.amount_total), ("posted", 80.0))
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertEqual(invoice.partner_id, self.patient.partner_id)
        self.assertEqual(act.state, "invoiced")
