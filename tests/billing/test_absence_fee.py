"""The absence fee: an act of its own, agreed to beforehand, on an invoice of its own."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BillingCase


@tagged("post_install", "-at_install")
class TestAbsenceFee(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fee = cls.env.ref("medical_practice.product_product_absence_fee")
        cls.fee.list_price = 40
        cls.patient.absence_agreed_on = "2025-01-10"
        cls.event = cls.env["calendar.event"].create(
            {
                "name": "Appointment",
                "start": "2025-03-03 15:00:00",
                "stop": "2025-03-03 15:30:00",
                "patient_id": cls.patient.id,
                "practitioner_id": cls.physician.id,
                "appointment_state": "booked",
            }
        )
        cls.event.appointment_state = "no_show"

    def test_one_click_by_the_reception(self):
        self._create_coverage(rate=100)
        self.as_role("reception", self.event).action_charge_absence()
        act = self.env["medical.act"].search([("event_id", "=", self.event.id)])
        self.assertEqual((act.product_id, act.practitioner_id, act.amount_total), (self.fee, self.physician, 40.0))
        self.assertEqual(str(act.date), "2025-03-03")
        self.assertFalse(act.coverage_id, "No insurer pays an absence")
        invoice = act.invoice_line_ids.move_id
        self.assertEqual((invoice.partner_id, invoice.invoice_line_ids.name), (self.patient.partner_id, "Absence fee"))
        self.as_role("reception", self.event).action_charge_absence()
        self.assertEqual(act.invoice_line_ids.move_id, invoice, "Pressed twice, charged once")

    def test_on_an_invoice_of_its_own(self):
        act = self.env["medical.act"].create(self.event._prepare_absence_act_vals())
        invoices = self._invoice(act | self._create_visit().act_ids)
        self.assertEqual(sorted(invoices.mapped("amount_total")), [40.0, 80.0])

    def test_refused_without_agreement(self):
        for agreed_on in (False, "2025-03-04"):
            self.patient.absence_agreed_on = agreed_on
            with self.subTest(agreed_on=agreed_on), self.assertRaises(UserError) as raised:
                self.event.action_charge_absence()
            self.assertIn("had not agreed in writing", str(raised.exception))

    def test_refused_when_the_patient_came(self):
        self.event.appointment_state = "booked"
        with self.assertRaises(UserError) as raised:
            self.event.action_charge_absence()
        self.assertIn("mark it as a no-show first", str(raised.exception))

    def test_refused_without_a_price_or_a_fee(self):
        self.fee.list_price = 0
        with self.assertRaises(UserError) as raised:
            self.event.action_charge_absence()
        self.assertIn("has no price yet", str(raised.exception))
        self.fee.product_tmpl_id.active = False
        with self.assertRaises(UserError) as raised:
            self.event.action_charge_absence()
        self.assertIn("has no absence fee", str(raised.exception))

    def test_the_reception_invoices_from_the_appointment(self):
        event = self.event.copy({"start": "2025-04-03 15:00:00", "stop": "2025-04-03 15:30:00"})
        visit = self._create_visit(event_id=event.id)
        event.consultation_id = visit
        self.as_role("reception", event).action_invoice()
        self.assertEqual(visit.billing_state, "invoiced")
