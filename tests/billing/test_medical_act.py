"""Acts: what they take from the visit, what they cost, who pays, and when they are locked."""

from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import MARKER, BillingCase


@tagged("post_install", "-at_install")
class TestMedicalAct(BillingCase):
    # === What comes from the visit === #

    def test_act_takes_everything_from_the_consultation(self):
        event = self.env["calendar.event"].create(
            {
                "name": "Appointment",
                "start": "2026-11-20 15:00:00",
                "stop": "2026-11-20 15:45:00",
                "patient_id": self.patient.id,
                "practitioner_id": self.physician.id,
            }
        )
        act = self._create_visit(event_id=event.id).act_ids
        self.assertEqual(act.patient_id, self.patient)
        self.assertEqual(act.partner_id, self.patient.partner_id)
        self.assertEqual(act.practitioner_id, self.physician)
        self.assertEqual(act.company_id, self.patient.company_id)
        self.assertEqual(act.date, date(2026, 11, 20))
        self.assertEqual(act.duration, 0.75)
        self.assertEqual(act.state, "to_invoice")

    def test_act_follows_a_draft_consultation(self):
        consultation = self._create_visit()
        consultation.practitioner_id = self.physician2
        self.assertEqual(consultation.act_ids.practitioner_id, self.physician2)

    def test_display_name_is_neutral(self):
        act = self._create_visit(reason=MARKER, subjective=MARKER).act_ids
        self.assertEqual(act.display_name, "Professional services, 2026-11-20")
        self.assertNotIn("Tremblay", act.display_name)

    # === Price === #

    def test_price_of_the_fee_schedule(self):
        act = self._create_visit().act_ids
        self.assertEqual((act.price_unit, act.amount_total, act.patient_share), (80.0, 80.0, 80.0))
        self.assertEqual(act.currency_id, self.company.currency_id)

    def test_price_of_the_patients_tariff_and_quantity(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Agreement",
                "item_ids": [
                    Command.create(
                        {"applied_on": "1_product", "product_tmpl_id": self.act.product_tmpl_id.id, "fixed_price": 70}
                    ),
                    Command.create(
                        {
                            "applied_on": "1_product",
                            "product_tmpl_id": self.act.product_tmpl_id.id,
                            "fixed_price": 50,
                            "min_quantity": 2,
                        }
                    ),
                ],
            }
        )
        self.patient.partner_id.property_product_pricelist = pricelist
        act = self._create_visit().act_ids
        self.assertEqual(act.pricelist_id, pricelist)
        self.assertEqual(act.price_unit, 70.0)
        act.quantity = 2
        self.assertEqual((act.price_unit, act.amount_total), (50.0, 100.0))

    def test_tariff_in_another_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Abroad",
                "currency_id": euro.id,
                "item_ids": [Command.create({"compute_price": "fixed", "fixed_price": 60})],
            }
        )
        self.patient.partner_id.property_product_pricelist = pricelist
        consultation = self._create_visit()
        self.assertEqual(consultation.act_ids.currency_id, euro)
        invoice = self._invoice(consultation)
        self.assertEqual((invoice.currency_id, invoice.amount_untaxed), (euro, 60.0))

    def test_price_is_editable_until_invoiced(self):
        consultation = self._create_visit()
        consultation.act_ids.price_unit = 65.0
        invoice = self._invoice(consultation)
        self.assertEqual(invoice.amount_total, 65.0)
        with self.assertRaises(UserError) as raised:
            consultation.act_ids.price_unit = 60.0
        self.assertIn("Cancel or credit the invoice first", str(raised.exception))

    def test_reception_records_an_act_in_the_form(self):
        act = self.env["medical.act"].with_user(self.users["reception"])
        with Form(act) as form:
            form.product_id = self.act.with_user(self.users["reception"])
            form.patient_id = self.patient.with_user(self.users["reception"])
            form.practitioner_id = self.physician.with_user(self.users["reception"])
            self.assertEqual(form.price_unit, 80.0)
            form.quantity = 3
            self.assertEqual(form.amount_total, 240.0)
        self.assertEqual(form.record.state, "to_invoice")

    @mute_logger("odoo.sql_db")
    def test_database_refuses_impossible_acts(self):
        act = self._create_visit().act_ids
        for values in ({"quantity": 0}, {"quantity": -1}, {"price_unit": -5}):
            with self.subTest(values=values), self.assertRaises(IntegrityError), self.env.cr.savepoint():
                act.write(values)
                act.flush_recordset()

    def test_only_acts_of_the_fee_schedule(self):
        other = self.env["product.product"].create({"name": "Coffee", "type": "consu"})
        with self.assertRaises(ValidationError):
            self._create_visit(other)

    def test_one_patient(self):
        consultation = self._create_visit()
        with self.assertRaises(ValidationError):
            consultation.act_ids.patient_id = self.patient2
        coverage = self._create_coverage(rate=50)
        with self.assertRaises(ValidationError):
            self._create_visit(patient=self.patient2).act_ids.coverage_id = coverage

    def test_the_patient_of_an_invoiced_consultation_stays(self):
        consultation = self._create_visit()
        self._invoice(consultation)
        with self.assertRaises(UserError):
            consultation.patient_id = self.patient2

    # === Coverage === #

    def test_rate_fixed_share_and_limit(self):
        coverage = self._create_coverage(rate=80)
        act = self._create_visit().act_ids
        self.assertEqual(act.coverage_id, coverage)
        self.assertEqual((act.payer_share, act.patient_share), (64.0, 16.0))
        coverage.share_limit = 50
        self.assertEqual(self._create_visit().act_ids.payer_share, 50.0)
        coverage.write({"rate": 0, "fixed_share": 30, "share_limit": 0})
        act = self._create_visit().act_ids
        act.quantity = 2
        self.assertEqual((act.payer_share, act.patient_share), (60.0, 100.0))

    def test_a_fixed_share_is_capped_by_the_price(self):
        self._create_coverage(fixed_share=500)
        act = self._create_visit().act_ids
        self.assertEqual((act.payer_share, act.patient_share), (80.0, 0.0))

    def test_coverage_outside_its_dates_or_for_what_is_not_care(self):
        self._create_coverage(rate=80, date_end="2026-11-19")
        second = self._create_coverage(rate=50, date_start="2026-11-20", date_end="2026-11-20", sequence=20)
        acts = self._create_visit(self.act | self.cosmetic).act_ids
        self.assertEqual(acts.filtered(lambda act: act.product_id == self.act).coverage_id, second)
        self.assertFalse(acts.filtered(lambda act: act.product_id == self.cosmetic).coverage_id)

    def test_coverage_applicable_on_a_date(self):
        first = self._create_coverage(rate=80, date_start="2026-01-01", date_end="2026-06-30")
        always = self._create_coverage(rate=10, sequence=20)
        self.assertEqual((first | always)._get_applicable(date(2026, 6, 30)), first | always)
        self.assertEqual((first | always)._get_applicable(date(2026, 7, 1)), always)
        self.assertEqual((first | always)._get_applicable(date(2025, 12, 31)), always)

    @mute_logger("odoo.sql_db")
    def test_database_refuses_impossible_coverages(self):
        for values in (
            {},
            {"rate": 101},
            {"rate": -1},
            {"rate": 50, "fixed_share": 20},
            {"rate": 50, "date_start": "2026-02-01", "date_end": "2026-01-01"},
        ):
            with self.subTest(values=values), self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._create_coverage(**values)

    def test_share_is_editable_within_the_amount(self):
        self._create_coverage(rate=80)
        act = self._create_visit().act_ids
        act.payer_share = 20
        self.assertEqual(act.patient_share, 60.0)
        with self.assertRaises(ValidationError):
            act.payer_share = 81
        act.payer_share = 20
        with self.assertRaises(ValidationError):
            self._create_visit(patient=self.patient2).act_ids.payer_share = 5

    # === Locks === #

    def test_invoiced_acts_are_locked(self):
        consultation = self._create_visit()
        act = consultation.act_ids
        self._invoice(consultation)
        self.assertEqual((act.state, act.is_locked), ("invoiced", True))
        for values in ({"quantity": 2}, {"product_id": self.act2.id}, {"is_free": True}, {"consultation_id": False}):
            with self.subTest(values=values), self.assertRaises(UserError):
                act.sudo().write(values)
        with self.assertRaises(UserError):
            act.unlink()
        with self.assertRaises(UserError) as raised:
            consultation.unlink()
        self.assertRegex(str(raised.exception), "is invoiced")

    def test_lines_are_not_put_on_an_act_by_hand(self):
        invoice = self._invoice(self._create_visit())
        act = self._create_visit(patient=self.patient2).act_ids
        with self.assertRaises(UserError):
            act.write({"invoice_line_ids": [Command.set(invoice.invoice_line_ids.ids)]})

    def test_a_draft_consultation_goes_with_its_acts(self):
        consultation = self._create_visit()
        act = consultation.act_ids
        consultation.unlink()
        self.assertFalse(act.exists())

    # === Free === #

    def test_free_consultation(self):
        consultation = self._create_visit(self.act | self.act2)
        self.assertEqual(consultation.billing_state, "to_invoice")
        consultation.action_set_free()
        self.assertEqual(set(consultation.act_ids.mapped("state")), {"free"})
        self.assertEqual(sum(consultation.act_ids.mapped("amount_total")), 0.0)
        self.assertEqual(consultation.billing_state, "free")
        with self.assertRaises(UserError) as raised:
            consultation.action_invoice()
        self.assertIn("free of charge", str(raised.exception))
        consultation.write({"act_ids": [Command.create({"product_id": self.act.id})]})
        self.assertEqual(consultation.billing_state, "free", "An act added to a free visit is free too")
        consultation.action_set_chargeable()
        self.assertEqual(consultation.billing_state, "to_invoice")
        self.assertEqual(sum(consultation.act_ids.mapped("amount_total")), 205.0)

    def test_one_free_act_beside_a_charged_one(self):
        consultation = self._create_visit(self.act | self.act2)
        consultation.act_ids[:1].action_set_free()
        self.assertEqual(consultation.billing_state, "to_invoice")
        invoice = self._invoice(consultation)
        self.assertEqual(len(invoice.invoice_line_ids), 1)
        self.assertEqual(consultation.billing_state, "invoiced")

    def test_nothing_to_invoice(self):
        consultation = self._create_visit(self.env["product.product"])
        self.assertEqual(consultation.billing_state, "nothing")
        with self.assertRaises(UserError) as raised:
            consultation.action_invoice()
        self.assertIn("Nothing to invoice", str(raised.exception))
