"""The paper: what an insurer asks for stands on it, and nothing else."""

from lxml import html

from odoo.tests import tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestInvoiceReport(BillingCase):
    def _render(self, invoice, user="billing"):
        reports = self.env["ir.actions.report"].with_user(self.users[user])
        source, _kind = reports._render_qweb_html("account.account_invoices", invoice.ids)
        return " ".join(html.fromstring(source).text_content().split())

    def test_the_receipt_of_the_patient(self):
        self.company.write({"medical_invoice_mention": "You may claim a reimbursement.", "street": "12, rue du Test"})
        consultation = self._create_visit(self.act | self.act2, date_start="2026-11-20 15:00:00")
        consultation.act_ids[:1].duration = 0.75
        invoice = self._invoice(consultation)
        invoice.action_post()
        paper = self._render(invoice)
        for text in (
            "Marie Tremblay",
            "Professional services",
            "11/20/2026",
            "45 min",
            "Alice Médecin, M.D.",
            "Physician (test)",
            "Licence 12345",
            "12, rue du Test",
            "Signature",
            "You may claim a reimbursement.",
        ):
            self.assertIn(text, paper)
        for text in ("Office visit", "Follow-up", self.patient.identifier or "no number"):
            self.assertNotIn(text, paper)

    def test_the_part_of_the_payer(self):
        self.company.medical_invoice_mention = "You may claim a reimbursement."
        self._create_coverage(rate=75)
        invoice = self._invoice(self._create_visit()).filtered("medical_coverage_id")
        paper = self._render(invoice)
        self.assertIn("Assurance Test", paper)
        self.assertIn("Marie Tremblay", paper)
        self.assertIn("POL-77", paper)
        self.assertIn("60.00", paper)
        self.assertNotIn("20.00", paper, "A payer sees his part only")
        self.assertNotIn("reimbursement", paper)

    def test_the_setting_of_the_signature_line(self):
        self.company.medical_invoice_signature_line = False
        invoice = self._invoice(self._create_visit())
        invoice.action_post()
        self.assertNotIn("Signature", self._render(invoice))

    def test_the_patient_reads_the_same_in_the_portal(self):
        invoice = self._invoice(self._create_visit())
        invoice.action_post()
        portal = self.env["res.users"].create(
            {
                "login": "test_portal_patient",
                "partner_id": self.patient.partner_id.id,
                "group_ids": [self.env.ref("base.group_portal").id],
            }
        )
        details = invoice.with_user(portal)._prepare_medical_receipt()
        self.assertEqual(details["patient"], "Marie Tremblay")
        self.assertIn("Alice Médecin", details["lines"][invoice.invoice_line_ids.id][0])

    def test_an_ordinary_invoice_is_untouched(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.insurer.id,
                "invoice_line_ids": [(0, 0, {"name": "Rent", "price_unit": 10})],
            }
        )
        invoice.action_post()
        paper = self._render(invoice)
        for text in ("Patient", "Licence", "Signature"):
            self.assertNotIn(text, paper)
