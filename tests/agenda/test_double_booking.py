import threading
from contextlib import contextmanager
from datetime import timedelta

from psycopg2 import IntegrityError, OperationalError
from psycopg2.errors import ExclusionViolation

from odoo import SUPERUSER_ID, api
from odoo.addons.medical_practice.tests.agenda.common import MONDAY, AgendaCase
from odoo.exceptions import ValidationError
from odoo.modules.registry import DummyRLock, Registry
from odoo.tests import BaseCase, get_db_name, tagged
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
class TestParallelBooking(BaseCase):
    """Two receptionists, two connections, one time: one is told."""

    ATTEMPTS = 4

    def setUp(self):
        super().setUp()
        # The test runner holds the lock of the registries, which every thread asks for.
        self.patch(Registry, "_lock", DummyRLock())
        self.registry = Registry(get_db_name())
        with self._committed() as env:
            partner = env["res.partner"].create({"name": "Parallel Practitioner (test)"})
            self.practitioner_id = env["medical.practitioner"].create({"partner_id": partner.id}).id
            patients = [{"first_name": f"Parallel {number}", "last_name": "Test"} for number in range(self.ATTEMPTS)]
            self.patient_ids = env["medical.patient"].create(patients).ids
        self.addCleanup(self._clean_up)

    @contextmanager
    def _committed(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

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

    def _book(self, patient_id, barrier, results, **values):
        try:
            with self._committed() as env:
                barrier.wait(timeout=20)
                env["calendar.event"].create(
                    {
                        "patient_id": patient_id,
                        "practitioner_id": self.practitioner_id,
                        "start": MONDAY,
                        "stop": MONDAY + timedelta(minutes=20),
                        **values,
                    }
                )
            results.append("booked")
        except ValidationError as error:
            results.append(str(error))
        except OperationalError:
            # Two that wait for each other: PostgreSQL sends one back, and Odoo would try it again.
            results.append("retry")

    def _book_all(self, **values):
        results = []
        barrier = threading.Barrier(self.ATTEMPTS)
        threads = [
            threading.Thread(target=self._book, args=(patient_id, barrier, results), kwargs=values)
            for patient_id in self.patient_ids
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        self.assertEqual(len(results), self.ATTEMPTS)
        with self._committed() as env:
            count = env["calendar.event"].search_count([("practitioner_id", "=", self.practitioner_id)])
        return results, count

    @mute_logger("odoo.sql_db")
    def test_one_of_many_gets_the_time(self):
        results, count = self._book_all()
        self.assertEqual(results.count("booked"), 1)
        self.assertEqual(count, 1)
        refused = [result for result in results if result not in ("booked", "retry")]
        self.assertTrue(all("already has an appointment" in message for message in refused), refused)

    @mute_logger("odoo.sql_db")
    def test_all_overbooked_get_it(self):
        results, count = self._book_all(overbooked=True)
        self.assertEqual(results, ["booked"] * self.ATTEMPTS)
        self.assertEqual(count, self.ATTEMPTS)
