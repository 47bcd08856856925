from datetime import timedelta

from odoo import fields
from odoo.addons.medical_practice.models.agenda.calendar_event_flow import TRANSITIONS
from odoo.addons.medical_practice.tests.agenda.common import MONDAY, AgendaCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

ACTIONS = {
    "booked": "action_reset_booked",
    "confirmed": "action_confirm",
    "arrived": "action_arrive",
    "done": "action_done",
    "no_show": "action_no_show",
    "cancelled": "action_cancel_appointment",
}


@tagged("post_install", "-at_install")
class TestAppointmentFlow(AgendaCase):
    """How an appointment goes through the day."""

    def _force(self, event, state):
        """Put an appointment in a state by hand, past the transitions under test."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE calendar_event SET appointment_state = %s WHERE id = %s", [state, event.id])
        event.invalidate_recordset()

    def test_every_transition(self):
        event = self._book()
        for target, action in ACTIONS.items():
            for state in (*ACTIONS, "in_progress"):
                with self.subTest(state=state, target=target):
                    self._force(event, state)
                    if state in TRANSITIONS[target] or state == target:
                        getattr(event, action)()
                        self.assertEqual(event.appointment_state, target)
                    else:
                        with self.assertRaisesRegex(UserError, "does not go from"):
                            getattr(event, action)()

    def test_writing_the_state_is_checked_too(self):
        event = self._book()
        with self.assertRaisesRegex(UserError, "does not go from “Booked” to “Done”"):
            event.write({"appointment_state": "done"})

    @freeze_time("2035-04-02 14:00:00")
    def test_arrival(self):
        event = self._book()
        event.action_arrive()
        self.assertEqual(event.arrived_on, MONDAY)
        with freeze_time("2035-04-02 14:12:30"):
            event.invalidate_recordset(["waiting_minutes"])
            self.assertEqual(event.waiting_minutes, 12)
            event.action_arrive()
            self.assertEqual(event.arrived_on, MONDAY, "a second click does not start the waiting again")
            event.write({"appointment_state": "in_progress"})
        with freeze_time("2035-04-02 15:00:00"):
            event.invalidate_recordset(["waiting_minutes"])
            self.assertEqual(event.waiting_minutes, 12, "nobody waits once the visit has started")

    def test_reset_clears_the_arrival(self):
        event = self._book()
        event.action_arrive()
        event.action_reset_booked()
        self.assertFalse(event.arrived_on)
        self.assertEqual(event.waiting_minutes, 0)

    def test_late(self):
        event = self._book()
        with freeze_time(MONDAY + timedelta(minutes=1)):
            self.assertTrue(event.is_late)
            event.action_arrive()
            self.assertFalse(event.is_late)
        self.assertFalse(self._book(60).is_late)

    def test_several_at_once(self):
        events = self._book() | self._book(60) | self._book(120)
        events[1].action_arrive()
        events.action_arrive()
        self.assertEqual(set(events.mapped("appointment_state")), {"arrived"})

    def test_start_consultation(self):
        event = self._book(role="practitioner", appointment_note="knee")
        event.action_arrive()
        action = event.action_start_consultation()
        consultation = event.consultation_id
        self.assertEqual((action["res_model"], action["res_id"]), ("medical.consultation", consultation.id))
        self.assertEqual(consultation.patient_id, self.patient)
        self.assertEqual(consultation.practitioner_id, self.physician)
        self.assertEqual(consultation.event_id, event)
        self.assertEqual(event.appointment_state, "in_progress")
        self.assertTrue(event.started_on)

    def test_start_consultation_twice_opens_the_same(self):
        event = self._book(role="practitioner")
        first = event.action_start_consultation()
        second = event.action_start_consultation()
        self.assertEqual(first["res_id"], second["res_id"])
        self.assertEqual(self.env["medical.consultation"].search_count([("event_id", "=", event.id)]), 1)

    def test_start_finds_a_consultation_made_elsewhere(self):
        event = self._book(role="practitioner")
        made = self.env["medical.consultation"].create(
            {"patient_id": self.patient.id, "practitioner_id": self.physician.id, "event_id": event.id}
        )
        self.assertEqual(event.action_start_consultation()["res_id"], made.id)

    def test_reception_starts_no_consultation(self):
        event = self._book()
        with self.assertRaises(AccessError):
            event.action_start_consultation()
        self.assertEqual(event.appointment_state, "booked")

    def test_what_has_a_consultation_took_place(self):
        event = self._book(role="practitioner")
        event.action_start_consultation()
        for method in ("action_reset_booked", "action_no_show", "action_cancel_appointment"):
            with self.assertRaises(UserError):
                getattr(event, method)()
        with self.assertRaises(UserError):
            event.unlink()
        event.action_done()
        self.assertEqual(event.appointment_state, "done")

    def test_links(self):
        event = self._book(role="practitioner")
        self.assertEqual(event.action_open_chart()["res_id"], self.patient.id)
        with self.assertRaisesRegex(UserError, "not started"):
            event.action_open_consultation()
        event.action_start_consultation()
        self.assertEqual(event.action_open_consultation()["res_id"], event.consultation_id.id)
        self.assertEqual(event.action_open_invoices()["domain"], [("medical_patient_id", "=", self.patient.id)])

    def test_missed_frees_the_time(self):
        event = self._book()
        event.action_no_show()
        self.assertTrue(self._book(patient_id=self.patient2.id))
        self.assertEqual(fields.Datetime.to_datetime(event.start), MONDAY)


@tagged("post_install", "-at_install")
class TestAppointmentSeries(AgendaCase):
    """This one, this one and the following, or all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event = cls._book(recurrency=True, rrule_type="weekly", interval=1, count=4, mon=True, end_type="count")
        cls.events = cls.event.recurrence_id.calendar_event_ids.sorted("start")

    def test_series_is_booked_and_neutral(self):
        self.assertEqual(len(self.events), 4)
        self.assertEqual(set(self.events.mapped("appointment_state")), {"booked"})
        self.assertEqual(self.events.patient_id, self.patient)
        self.assertEqual(set(self.events.mapped("name")), {"Appointment"})
        self.assertEqual(self.events.attendee_ids.partner_id, self.physician.partner_id)
        self.assertEqual(len(self.events.attendee_ids), 4)
        self.assertEqual({event.stop - event.start for event in self.events}, {timedelta(minutes=20)})

    def test_this_one(self):
        event = self.events[1]
        start = event.start + timedelta(hours=1)
        event.write({"start": start, "stop": start + timedelta(minutes=20), "recurrence_update": "self_only"})
        self.assertEqual(event.start, start)
        self.assertEqual(self.events[2].start, MONDAY + timedelta(days=14))
        self.assertEqual(event.appointment_state, "booked")

    def test_all(self):
        start = self.event.start + timedelta(hours=1)
        self.event.write({"start": start, "stop": start + timedelta(minutes=20), "recurrence_update": "all_events"})
        events = self.event.recurrence_id.calendar_event_ids
        self.assertEqual(len(events), 4)
        self.assertEqual({event.start.hour for event in events}, {15})
        self.assertEqual(set(events.mapped("appointment_state")), {"booked"})
        self.assertEqual(set(events.mapped("name")), {"Appointment"})

    def test_all_other_room(self):
        self.event.write({"room_id": self.room.id, "recurrence_update": "all_events"})
        self.assertEqual(self.events.room_id, self.room)

    def test_following(self):
        event = self.events[2]
        start = event.start + timedelta(hours=1)
        event.write({"start": start, "stop": start + timedelta(minutes=20), "recurrence_update": "future_events"})
        self.assertEqual(self.events[0].start, MONDAY)
        self.assertEqual(len(event.recurrence_id.calendar_event_ids), 2)

    def test_a_series_does_not_drag_along_what_happened(self):
        self.events[0].action_arrive()
        start = self.events[1].start + timedelta(hours=1)
        with self.assertRaisesRegex(UserError, "took place"):
            self.events[1].write(
                {"start": start, "stop": start + timedelta(minutes=20), "recurrence_update": "all_events"}
            )

    def test_state_is_of_each(self):
        self.events[0].action_arrive()
        self.assertEqual(self.events[1].appointment_state, "booked")

    def test_cancel_following(self):
        self.events[1].action_cancel_following()
        self.assertEqual(self.events.mapped("appointment_state"), ["booked", "cancelled", "cancelled", "cancelled"])

    def test_series_over_another_appointment(self):
        with self.assertRaisesRegex(Exception, "already has an appointment"):
            self._book(
                -7 * 24 * 60,
                patient_id=self.patient2.id,
                recurrency=True,
                rrule_type="weekly",
                count=3,
                mon=True,
                end_type="count",
            )
