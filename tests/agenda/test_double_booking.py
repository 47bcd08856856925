from datetime import timedelta
from functools import partial

from psycopg2 import IntegrityError
from psycopg2.errors import ExclusionViolation

from odoo.addons.medical_practice.tests.agenda.common import MONDAY, AgendaCase
from odoo.addons.medical_practice.tests.parallel import ParallelCase
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestDoubleBooking(AgendaCase):
    """Nobody and no room is booked twice by accident."""

    def test_practitioner(self):
        self._book()
        with self.assertRaisesRegex(
            ValidationError, "Alice Médecin already has an appointment .*10:00.*10:20.*Overbook"
        ):
            self._book(10, patient_id=self.patient2.id)
        self.assertTrue(self._book(20, patient_id=self.patient2.id), "one begins when the other ends")
        self.assertTrue(self._book(10, patient_id=self.patient2.id, practitioner_id=self.physician2.id))

    def test_room(self):
        self._book(room_id=self.room.id)
        with self.assertRaisesRegex(ValidationError, "Room 1 \\(test\\) is taken .*Overbook"):
            self._book(patient_id=self.patient2.id, practitioner_id=self.physician2.id, room_id=self.room.id)
        self.assertTrue(
            self._book(patient_id=self.patient2.id, practitioner_id=self.physician2.id, room_id=self.room2.id)
        )

    def test_the_transaction_goes_on_after_a_refusal(self):
        self._book()
        with self.assertRaises(ValidationError):
            self._book()
        self.assertTrue(self._book(60))

    def test_every_way_to_get_in_the_way(self):
        self._book(room_id=self.room.id)
        later = self._book(60, patient_id=self.patient2.id, room_id=self.room2.id)
        other = self._book(10, patient_id=self.patient2.id, practitioner_id=self.physician2.id, room_id=self.room2.id)
        cancelled = self._book(120, patient_id=self.patient2.id)
        cancelled.action_cancel_appointment()
        cancelled.write({"start": MONDAY, "stop": MONDAY + timedelta(minutes=20)})
        attempts = [
            (later, {"start": MONDAY + timedelta(minutes=10), "stop": MONDAY + timedelta(minutes=30)}),
            (later, {"start": MONDAY - timedelta(hours=1), "stop": MONDAY + timedelta(hours=3)}),
            (other, {"practitioner_id": self.physician.id}),
            (other, {"room_id": self.room.id}),
            (cancelled, {"appointment_state": "booked"}),
        ]
        for event, vals in attempts:
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                event.write(vals)
        archived = self._book(180)
        archived.active = False
        archived.write({"start": MONDAY, "stop": MONDAY + timedelta(minutes=20)})
        with self.assertRaises(ValidationError):
            archived.active = True

    def test_longer_type_reaches_the_next(self):
        first = self._book()
        self._book(30, patient_id=self.patient2.id)
        with self.assertRaises(ValidationError):
            first.appointment_type_id = self.long_visit

    def test_several_at_once(self):
        events = self.env["calendar.event"].with_user(self.users["reception"])
        with self.assertRaises(ValidationError):
            events.create([self._values(), self._values(5)])
        self.assertEqual(len(events.create([self._values(), self._values(20)])), 2)

    def test_time_freed_and_taken_in_one_go(self):
        event = self._book()
        event.action_cancel_appointment()
        self.assertTrue(self._book(patient_id=self.patient2.id))
        missed = self._book(60)
        missed.action_no_show()
        self.assertTrue(self._book(60, patient_id=self.patient2.id))

    def test_overbook_is_deliberate(self):
        self._book()
        extra = self._book(patient_id=self.patient2.id, overbooked=True)
        self.assertTrue(extra.overbooked)
        with self.assertRaises(ValidationError):
            extra.overbooked = False

    def test_form_warns_before(self):
        self._book()
        event = (
            self.env["calendar.event"]
            .with_user(self.users["reception"])
            .new(
                {
                    **self._values(5, patient_id=self.patient2.id),
                    "stop": MONDAY + timedelta(minutes=25),
                    "appointment_state": "booked",
                }
            )
        )
        self.assertRegex(event.booking_warning, "Alice Médecin has another appointment .*10:00")

    def test_meetings_do_not_collide(self):
        events = self.env["calendar.event"].with_user(self.users["practitioner"])
        vals = {"name": "Team", "start": MONDAY, "stop": MONDAY + timedelta(hours=1)}
        self.assertEqual(len(events.create([vals, vals])), 2)
        self.assertTrue(self._book())

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_plain_sql(self):
        event = self._book()
        later = self._book(60)
        self.env.flush_all()
        with self.assertRaises(ExclusionViolation), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE calendar_event SET start = %s WHERE id = %s", [event.start, later.id])
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE calendar_event SET stop = start WHERE id = %s", [later.id])
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE calendar_event SET practitioner_id = NULL WHERE id = %s", [later.id])

    @mute_logger("odoo.sql_db")
    def test_message_when_only_the_database_noticed(self):
        self._book()
        with self.assertRaises(ExclusionViolation) as refusal, self.env.cr.savepoint():
            later = self._book(60)
            self.env.flush_all()
            self.env.cr.execute("UPDATE calendar_event SET start = %s WHERE id = %s", [MONDAY, later.id])
        message = self.env["calendar.event"]._sql_error_to_message(refusal.exception)
        self.assertIn("Alice Médecin already has an appointment", message)
        self.assertIn("Overbook", message)


@tagged("post_install", "-at_install")
class TestParallelBooking(ParallelCase):
    """Several receptionists, as many connections, one time: all but one are told."""

    def setUp(self):
        super().setUp()
        with self._committed() as env:
            partner = env["res.partner"].create({"name": "Parallel Practitioner (test)"})
            self.practitioner_id = env["medical.practitioner"].create({"partner_id": partner.id}).id
            patients = [{"first_name": f"Parallel {number}", "last_name": "Test"} for number in range(self.ATTEMPTS)]
            self.patient_ids = env["medical.patient"].create(patients).ids
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        with self._committed() as env:
            env["calendar.event"].search([("practitioner_id", "=", self.practitioner_id)]).unlink()
            patients = env["medical.patient"].browse(self.patient_ids)
            practitioner = env["medical.practitioner"].browse(self.practitioner_id)
            partners, resource = patients.partner_id | practitioner.partner_id, practitioner.resource_id
            patients.unlink()
            practitioner.unlink()
            resource.unlink()
            partners.unlink()

    def _book(self, values, env):
        return env["calendar.event"].create(values).id

    def _book_all(self, **values):
        slot = {"practitioner_id": self.practitioner_id, "start": MONDAY, "stop": MONDAY + timedelta(minutes=20)}
        results = self._in_parallel(
            [partial(self._book, {**slot, **values, "patient_id": patient_id}) for patient_id in self.patient_ids]
        )
        with self._committed() as env:
            count = env["calendar.event"].search_count([("practitioner_id", "=", self.practitioner_id)])
        return results, count

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_one_of_many_gets_the_time(self):
        results, count = self._book_all()
        refused = [result for result in results if isinstance(result, ValidationError)]
        self.assertEqual((count, len(refused)), (1, self.ATTEMPTS - 1), results)
        self.assertTrue(all("already has an appointment" in str(error) for error in refused), refused)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_all_overbooked_get_it(self):
        results, count = self._book_all(overbooked=True)
        self.assertFalse([result for result in results if isinstance(result, Exception)])
        self.assertEqual(count, self.ATTEMPTS)


@tagged("post_install", "-at_install")
class TestParallelVisit(ParallelCase):
    """Two clicks at once make one consultation, and one invoice."""

    ATTEMPTS = 3

    def setUp(self):
        super().setUp()
        self.addCleanup(self._clean_up)
        with self._committed() as env:
            partner = env["res.partner"].create({"name": "Parallel Practitioner (test)"})
            practitioner = env["medical.practitioner"].create({"partner_id": partner.id})
            patient = env["medical.patient"].create({"first_name": "Parallel", "last_name": "Visit"})
            act = env["product.product"].create(
                {"name": "Parallel visit (test)", "type": "service", "is_medical_act": True, "list_price": 80.0}
            )
            event = env["calendar.event"].create(
                {
                    "patient_id": patient.id,
                    "practitioner_id": practitioner.id,
                    "start": MONDAY,
                    "stop": MONDAY + timedelta(minutes=20),
                }
            )
            event.action_arrive()
            self.ids = {record._name: record.id for record in (practitioner, patient, act, event)}

    def _clean_up(self):
        with self._committed() as env:
            patient = env["medical.patient"].browse(self.ids["medical.patient"])
            practitioner = env["medical.practitioner"].browse(self.ids["medical.practitioner"])
            patient.consultation_ids.act_ids.invoice_line_ids.move_id.unlink()
            patient.consultation_ids.act_ids.unlink()
            patient.consultation_ids.unlink()
            # An appointment that took place stays in the agenda: only the owner of the database takes it out.
            env.cr.execute("DELETE FROM calendar_event WHERE id = %s", [self.ids["calendar.event"]])
            env.invalidate_all()
            partners, resource = patient.partner_id | practitioner.partner_id, practitioner.resource_id
            patient.unlink()
            practitioner.unlink()
            resource.unlink()
            partners.unlink()
            env["product.product"].browse(self.ids["product.product"]).unlink()

    def _start(self, env):
        event = env["calendar.event"].browse(self.ids["calendar.event"])
        return event.action_start_consultation()["res_id"]

    def _invoice(self, env):
        patient = env["medical.patient"].browse(self.ids["medical.patient"])
        patient.consultation_ids.action_invoice()

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_one_consultation_and_one_invoice(self):
        results = self._in_parallel([self._start] * self.ATTEMPTS)
        self.assertEqual(len(set(results)), 1, results)
        with self._committed() as env:
            consultation = env["medical.consultation"].search([("event_id", "=", self.ids["calendar.event"])])
            self.assertEqual(consultation.ids, results[:1])
            consultation.act_ids = [
                Command.create({"product_id": self.ids["product.product"], "patient_id": consultation.patient_id.id})
            ]
        results = self._in_parallel([self._invoice] * self.ATTEMPTS)
        with self._committed() as env:
            invoices = env["account.move"].search([("medical_patient_id", "=", self.ids["medical.patient"])])
            self.assertEqual(len(invoices), 1, results)
            self.assertEqual(invoices.amount_untaxed, 80.0)
