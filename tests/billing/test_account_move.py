"""From acts to invoices and back: what goes on them, who gets them, and what cancelling or crediting gives back."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestInvoicing(BillingCase):
    # === One click === #

    def test_one_click(self):
        consultation = self._create_visit(self.act | self.cosmetic)
        invoice = self._invoice(consultation)
        self.assertRecordValues(
            invoice,
            [
                {
                    "move_type": "out_invoice",
                    "state": "draft",
                    "partner_id": self.patient.partner_id.id,
                    "medical_patient_id": self.patient.id,
                    "medical_coverage_id": False,
                    "company_id": self.company.id,
                    "amount_untaxed": 180.0,
                    "amount_tax": 15.0,
                }
            ],
        )
        self.assertRecordValues(
            invoice.invoice_line_ids.sorted("price_unit"),
            [
                {
                    "product_id": self.act.id,
                    "name": "Professional services",
                    "quantity": 1.0,
                    "price_unit": 80.0,
                    "tax_ids": [],
                },
                {
                    "product_id": self.cosmetic.id,
                    "name": "Service",
                    "quantity": 1.0,
                    "price_unit": 100.0,
                    "tax_ids": self.tax.ids,
                },
            ],
        )
        self.assertEqual(consultation.billing_state, "invoiced")
        self.assertEqual(consultation.invoice_ids, invoice)
        self.assertEqual(invoice.consultation_ids, consultation)

    def test_pressed_twice(self):
        consultation = self._create_visit()
        first = self._invoice(consultation)
        again = consultation.action_invoice()
        self.assertEqual(again["res_id"], first.id)
        self.assertEqual(self._invoice(consultation), first)

    def test_the_rows_are_locked(self):
        """The second click waits for the first: the acts are locked before their state is looked at."""
        acts = self._create_visit().act_ids
        executed = []
        execute = type(self.env.cr).execute

        def spy(cr, query, *args, **kwargs):
            executed.append(str(query))
            return execute(cr, query, *args, **kwargs)

        self.patch(type(self.env.cr), "execute", spy)
        acts.action_invoice()
        lock = next(
            number for number, query in enumerate(executed) if "medical_act" in query and "FOR NO KEY UPDATE" in query
        )
        insert = next(number for number, query in enumerate(executed) if 'INSERT INTO "account_move"' in query)
        self.assertLess(lock, insert)

    def test_an_income_account_does_not_tax_care(self):
        account = self.act.product_tmpl_id._get_product_accounts()["income"]
        account.tax_ids = [Command.set(self.tax.ids)]
        self.assertFalse(self._invoice(self._create_visit()).invoice_line_ids.tax_ids)

    def test_fiscal_position_of_the_recipient(self):
        exempt = self.env["account.tax"].create({"name": "Out of scope", "amount": 0.0, "type_tax_use": "sale"})
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        exempt.write(
            {"fiscal_position_ids": [Command.link(position.id)], "original_tax_ids": [Command.link(self.tax.id)]}
        )
        self.patient.partner_id.property_account_position_id = position
        self.assertEqual(self._invoice(self._create_visit(self.cosmetic)).invoice_line_ids.tax_ids, exempt)

    def test_several_consultations_in_one(self):
        visits = self._create_visit() | self._create_visit(self.act2, date_start="2026-11-21 15:00:00")
        invoice = self._invoice(visits)
        self.assertEqual(len(invoice), 1)
        self.assertEqual(invoice.amount_total, 125.0)
        self.assertEqual(invoice.consultation_ids, visits)

    def test_one_invoice_a_patient(self):
        visits = self._create_visit() | self._create_visit(patient=self.patient2)
        invoices = self._invoice(visits)
        self.assertEqual(invoices.medical_patient_id, self.patient | self.patient2)
        self.assertEqual(len(invoices), 2)

    def test_everything_open_of_a_patient(self):
        visits = self._create_visit() | self._create_visit(self.act2)
        self._create_visit(patient=self.patient2)
        patient = self.as_role("reception", self.patient)
        self.assertEqual(patient.open_act_count, 2)
        patient.action_invoice_acts()
        self.assertEqual(visits.invoice_ids.amount_total, 125.0)
        patient.invalidate_recordset()
        self.assertEqual(patient.open_act_count, 0)
        with self.assertRaises(UserError):
            patient.action_invoice_acts()

    def test_the_relation_that_pays(self):
        mother = self.env["res.partner"].create({"name": "Lise Tremblay"})
        billing_address = self.env["res.partner"].create({"name": "Bills", "type": "invoice", "parent_id": mother.id})
        self.env["medical.patient.relation"].create(
            {"patient_id": self.patient.id, "partner_id": mother.id, "kind": "parent", "is_payer": True}
        )
        invoice = self._invoice(self._create_visit())
        self.assertEqual(invoice.partner_id, billing_address)
        self.assertEqual(invoice.medical_patient_id, self.patient)

    def test_labels_in_the_language_of_the_recipient(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.act.with_context(lang="fr_FR").invoice_label = "Services professionnels"
        self.patient.partner_id.lang = "fr_FR"
        invoice = self._invoice(self._create_visit())
        self.assertEqual(invoice.invoice_line_ids.name, "Services professionnels")
        invoice.action_post()
        self.assertEqual(invoice.invoice_line_ids.name, "Services professionnels")

    def test_an_act_added_by_billing_has_its_neutral_label(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.insurer.id,
                "invoice_line_ids": [Command.create({"product_id": self.act2.id})],
            }
        )
        self.assertEqual(invoice.invoice_line_ids.name, "Professional services")

    def test_other_products_are_left_alone(self):
        product = self.env["product.product"].create({"name": "Coffee", "list_price": 3.0})
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.insurer.id,
                "invoice_line_ids": [Command.create({"product_id": product.id})],
            }
        )
        self.assertEqual(invoice.invoice_line_ids.name, "Coffee")
        self.assertEqual(invoice.invoice_line_ids.tax_ids, self.tax)
        self.assertIsNone(invoice._prepare_medical_receipt())

    def test_no_sales_journal(self):
        consultation = self._create_visit()
        self.env["account.journal"].search([("type", "=", "sale")]).active = False
        with self.assertRaises(UserError) as raised:
            consultation.action_invoice()
        self.assertIn("create a sales journal", str(raised.exception))

    # === Payers === #

    def test_split_between_patient_and_payer(self):
        coverage = self._create_coverage(rate=75)
        invoices = self._invoice(self._create_visit(self.act | self.act2))
        to_payer = invoices.filtered("medical_coverage_id")
        to_patient = invoices - to_payer
        self.assertEqual((len(to_payer), len(to_patient)), (1, 1))
        self.assertEqual((to_payer.partner_id, to_payer.medical_coverage_id), (self.insurer, coverage))
        self.assertEqual(to_payer.amount_total, 93.75)
        self.assertEqual(to_patient.amount_total, 31.25)
        self.assertEqual(to_patient.partner_id, self.patient.partner_id)
        self.assertEqual(to_payer.invoice_line_ids.mapped("name"), ["Professional services (share of the payer)"] * 2)

    def test_a_payer_who_takes_it_all(self):
        self._create_coverage(rate=100)
        consultation = self._create_visit()
        consultation.act_ids.quantity = 2
        invoice = self._invoice(consultation)
        self.assertEqual((invoice.partner_id, invoice.amount_total), (self.insurer, 160.0))
        self.assertEqual(invoice.invoice_line_ids.quantity, 2.0)
        self.assertEqual(consultation.billing_state, "invoiced")

    def test_one_share_given_back(self):
        self._create_coverage(rate=75)
        consultation = self._create_visit()
        invoices = self._invoice(consultation)
        to_payer = invoices.filtered("medical_coverage_id")
        to_payer.button_cancel()
        self.assertEqual((consultation.billing_state, consultation.act_ids.is_locked), ("to_invoice", True))
        again = self._invoice(consultation) - invoices
        self.assertEqual(again.partner_id, self.insurer, "Only the share of the payer is invoiced again")
        self.assertEqual(again.amount_total, 60.0)
        self.assertEqual(consultation.billing_state, "invoiced")

    # === What gives acts back === #

    def test_cancelled_and_reopened(self):
        consultation = self._create_visit()
        invoice = self._invoice(consultation)
        invoice.button_cancel()
        self.assertEqual(consultation.billing_state, "to_invoice")
        consultation.act_ids.price_unit = 75
        invoice.button_draft()
        self.assertEqual(consultation.billing_state, "invoiced")

    def test_posted_then_cancelled(self):
        consultation = self._create_visit()
        invoice = self._invoice(consultation)
        invoice.action_post()
        self.assertEqual(consultation.billing_state, "invoiced")
        invoice.button_cancel()
        self.assertEqual(consultation.billing_state, "to_invoice")

    def test_deleted_draft(self):
        consultation = self._create_visit(self.act | self.act2)
        invoice = self._invoice(consultation)
        invoice.unlink()
        self.assertEqual(consultation.billing_state, "to_invoice")
        self.assertFalse(consultation.act_ids.invoice_line_ids)
        self.assertEqual(self._invoice(consultation).amount_total, 125.0)

    def test_deleted_line_gives_back_its_act_only(self):
        consultation = self._create_visit(self.act | self.act2)
        invoice = self._invoice(consultation)
        invoice.write({"invoice_line_ids": [Command.delete(invoice.invoice_line_ids[0].id)]})
        self.assertEqual(sorted(consultation.act_ids.mapped("state")), ["invoiced", "to_invoice"])
        left = consultation.act_ids.filtered(lambda act: act.state == "to_invoice")
        left.unlink()
        self.assertEqual(consultation.billing_state, "invoiced")

    def test_full_credit_note_gives_acts_back_once_posted(self):
        consultation = self._create_visit(self.act | self.act2)
        invoice = self._invoice(consultation)
        invoice.action_post()
        refund = self._credit(invoice)
        self.assertEqual(refund.medical_patient_id, self.patient)
        self.assertEqual(consultation.billing_state, "invoiced", "A draft credit note changes nothing yet")
        refund.action_post()
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertEqual(set(consultation.act_ids.mapped("state")), {"to_invoice"})
        second = self._invoice(consultation) - invoice - refund
        self.assertEqual(second.amount_total, 125.0)
        second.action_post()
        self.assertEqual(consultation.billing_state, "invoiced")

    def test_credit_note_of_one_line(self):
        consultation = self._create_visit(self.act | self.act2)
        invoice = self._invoice(consultation)
        invoice.action_post()
        refund = self._credit(invoice)
        dropped = refund.invoice_line_ids.filtered(lambda line: line.product_id == self.act)
        refund.write({"invoice_line_ids": [Command.delete(dropped.id)]})
        refund.action_post()
        states = {act.product_id: act.state for act in consultation.act_ids}
        self.assertEqual(states, {self.act: "invoiced", self.act2: "to_invoice"})

    def test_partial_credit_is_a_rebate(self):
        consultation = self._create_visit()
        invoice = self._invoice(consultation)
        invoice.action_post()
        refund = self._credit(invoice)
        refund.invoice_line_ids.price_unit = 30
        refund.action_post()
        self.assertEqual((consultation.billing_state, consultation.act_ids.is_locked), ("invoiced", True))

    def test_cancelled_credit_note(self):
        consultation = self._create_visit()
        invoice = self._invoice(consultation)
        invoice.action_post()
        refund = self._credit(invoice)
        refund.action_post()
        refund.button_cancel()
        self.assertEqual(consultation.billing_state, "invoiced")

    def test_reversed_and_redone_in_invoicing(self):
        consultation = self._create_visit()
        invoice = self._invoice(consultation)
        invoice.action_post()
        redone = self._credit(invoice, modify=True)
        self.assertEqual((redone.move_type, redone.state), ("out_invoice", "draft"))
        self.assertEqual(
            (redone.medical_patient_id, redone.invoice_line_ids.medical_act_ids), (self.patient, consultation.act_ids)
        )
        self.assertEqual(consultation.billing_state, "invoiced")
        redone.unlink()
        self.assertEqual(consultation.billing_state, "to_invoice")

    def test_a_duplicate_carries_no_act(self):
        consultation = self._create_visit()
        invoice = self._invoice(consultation)
        duplicate = invoice.copy()
        self.assertFalse(duplicate.medical_patient_id)
        self.assertFalse(duplicate.invoice_line_ids.medical_act_ids)
        invoice.unlink()
        self.assertEqual(consultation.billing_state, "to_invoice")

    def test_acts_are_not_charged_twice(self):
        consultation = self._create_visit()
        first = self._invoice(consultation)
        first.button_cancel()
        second = self._invoice(consultation) - first
        second.action_post()
        first.button_draft()
        with self.assertRaises(UserError) as raised:
            first.action_post()
        self.assertIn(second.name, str(raised.exception))

    def test_draft_turned_into_a_credit_note(self):
        consultation = self._create_visit()
        invoice = self._invoice(consultation)
        invoice.action_switch_move_type()
        self.assertEqual(consultation.billing_state, "to_invoice")

    def test_an_act_without_price(self):
        consultation = self._create_visit()
        consultation.act_ids.price_unit = 0
        invoice = self._invoice(consultation)
        self.assertEqual((len(invoice), consultation.billing_state), (1, "invoiced"))
        invoice.unlink()
        self.assertEqual(consultation.billing_state, "to_invoice")

    def test_signed_consultations_are_billed(self):
        consultation = self.as_role("practitioner", self._create_visit(reason="Follow-up"))
        consultation.action_sign()
        consultation.action_invoice()
        self.assertEqual(consultation.billing_state, "invoiced")
        consultation.sudo().invoice_ids.unlink()
        consultation.action_set_free()
        self.assertEqual(consultation.billing_state, "free")
        self.assertTrue(consultation._is_signature_intact())

    # === Companies === #

    def test_the_company_of_the_patient(self):
        other = self.env["res.company"].create({"name": "Other Practice"})
        self.env["account.chart.template"].try_loading("generic_coa", other, install_demo=False)
        patient = self._create_patient("Paul", "Ailleurs", company_id=other.id)
        practitioner = self.env["medical.practitioner"].create(
            {"name": "Eve", "partner_id": self.env["res.partner"].create({"name": "Eve"}).id, "company_id": other.id}
        )
        visits = self._create_visit(patient=patient, practitioner_id=practitioner.id) | self._create_visit()
        self.assertEqual(visits.act_ids.company_id, other | self.company)
        invoices = self._invoice(visits)
        self.assertEqual(
            {invoice.company_id: invoice.medical_patient_id for invoice in invoices},
            {other: patient, self.company: self.patient},
        )
        for invoice in invoices:
            self.assertEqual(invoice.journal_id.company_id, invoice.company_id)
            self.assertEqual(invoice.line_ids.account_id.company_ids, invoice.company_id)
        billing = self.users["billing"]
        self.assertFalse(self.env["medical.act"].with_user(billing).search([("company_id", "=", other.id)]))
        with self.assertRaises(UserError):
            visits.act_ids.filtered(lambda act: act.company_id == other).with_user(billing).action_invoice()

    # === Cost === #

    def _count_queries(self, number):
        visits = self.env["medical.consultation"].union(
            *[self._create_visit(self.act | self.act2) for _i in range(number)]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        visits.act_ids.action_invoice()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_the_acts(self):
        self._count_queries(1)
        few, many = self._count_queries(2), self._count_queries(10)
        # Odoo itself looks up the analytic distribution of each line; nothing else may depend on the number.
        self.assertLessEqual(many - few, 16, f"{few} queries for 4 acts, {many} for 20")
        self.assertLess(many, 100)
