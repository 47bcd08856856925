from datetime import timedelta

from odoo.addons.medical_practice.tests.agenda.common import MONDAY, AgendaCase
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

OUTSIDERS = ("employee", "billing", "manager", "privacy", "admin")
PRACTICE = ("reception", "assistant", "practitioner")
APPOINTMENT_FIELDS = ("patient_id", "practitioner_id", "room_id", "appointment_state", "appointment_note", "overbooked")


@tagged("post_install", "-at_install")
class TestAppointmentSecrecy(AgendaCase):
    """Outside the practice an appointment does not exist, through whichever door one looks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.series = cls._book(
            recurrency=True, rrule_type="weekly", count=3, mon=True, end_type="count", room_id=cls.room.id
        )
        cls.event = cls._book(120, appointment_note="secret note")
        cls.portal = new_test_user(cls.env, "test_portal", groups="base.group_portal")
        cls.portal.partner_id.name = "Portal Patient"
        cls.portal_patient = cls.env["medical.patient"].create(
            {"partner_id": cls.portal.partner_id.id, "first_name": "Portal", "last_name": "Patient"}
        )
        cls.own = cls._book(240, patient_id=cls.portal_patient.id)
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _each(self, roles, model):
        return [self.env[model].with_user(self.users[role]) for role in roles]

    def test_outsiders_find_no_event(self):
        for events in self._each(OUTSIDERS, "calendar.event"):
            ids = (self.event | self.series).ids
            self.assertFalse(events.search([("id", "in", ids)]))
            self.assertFalse(events.search_count([("name", "=", "Appointment"), ("id", "in", ids)]))
            self.assertFalse(events.name_search("Appointment", domain=[("id", "in", ids)]))
            self.assertFalse(events._read_group([("id", "in", ids)], ["user_id"], ["__count"]))
            self.assertFalse(events.web_search_read([("id", "in", ids)], {"name": {}, "start": {}})["records"])
            for operation in ("read", "write", "unlink"):
                self.assertFalse(events.browse(ids).has_access(operation))

    def test_outsiders_read_nothing(self):
        for events in self._each(OUTSIDERS, "calendar.event"):
            event = events.browse(self.event.id)
            for names in (["name"], ["start"], ["display_name"]):
                with self.assertRaises(AccessError):
                    event.read(names)
            with self.assertRaises(UserError):
                event.export_data(["name", "start"])
            with self.assertRaises(AccessError):
                event.write({"start": MONDAY})
            with self.assertRaises(AccessError):
                event.action_arrive()
            with self.assertRaises(AccessError):
                event.unlink()

    def test_outsiders_do_not_even_name_the_fields(self):
        for events in self._each(OUTSIDERS, "calendar.event"):
            self.assertFalse(set(APPOINTMENT_FIELDS) & set(events.fields_get()))
            for name in APPOINTMENT_FIELDS:
                with self.assertRaises(AccessError):
                    events.search([(name, "!=", False)])
                with self.assertRaises(AccessError):
                    events.create({"name": "x", "start": MONDAY, "stop": MONDAY, name: 1})

    def test_attendees(self):
        ids = (self.event | self.series).attendee_ids.ids
        self.assertTrue(ids)
        for attendees in self._each(OUTSIDERS, "calendar.attendee"):
            self.assertFalse(attendees.search([("id", "in", ids)]))
            with self.assertRaises(AccessError):
                attendees.browse(ids[:1]).read(["access_token"])
            with self.assertRaises(AccessError):
                attendees.browse(ids[:1]).write({"state": "declined"})
            with self.assertRaises(AccessError):
                attendees.create({"event_id": self.event.id, "partner_id": attendees.env.user.partner_id.id})

    def test_series(self):
        recurrence = self.series.recurrence_id
        self.assertTrue(recurrence)
        for recurrences in self._each(OUTSIDERS, "calendar.recurrence"):
            self.assertFalse(recurrences.search([("id", "=", recurrence.id)]))
            with self.assertRaises(AccessError):
                recurrences.browse(recurrence.id).read(["name"])
            with self.assertRaises(AccessError):
                recurrences.browse(recurrence.id).unlink()

    def test_messages_and_attachments(self):
        message = self.event.message_post(body="secret message")  # pylint: disable=translation-required
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.users["reception"])
            .create({"name": "secret.txt", "raw": b"secret", "res_model": "calendar.event", "res_id": self.event.id})
        )
        for messages in self._each(OUTSIDERS, "mail.message"):
            self.assertFalse(messages.search([("id", "=", message.id)]))
            with self.assertRaises(AccessError):
                messages.browse(message.id).read(["body"])
            with self.assertRaises(AccessError):
                messages.env["ir.attachment"].browse(attachment.id).read(["raw"])

    def test_contact_of_the_practitioner_counts_no_appointments(self):
        for partners in self._each(("employee", "admin"), "res.partner"):
            partner = partners.browse(self.physician.partner_id.id)
            self.assertEqual(partner.meeting_count, 0)
            self.assertFalse(partner.meeting_ids)

    def test_systray_and_activities_of_the_practitioner_are_neutral(self):
        user = self.users["practitioner"]
        event = self._book(0, start=MONDAY - timedelta(days=7))
        with self.subTest("systray"):
            domain = [("id", "=", event.id)]
            line = self.env["calendar.event"].with_user(user).search_read(domain, ["id", "start", "name", "allday"])[0]
            self.assertEqual(line["name"], "Appointment")
        self.assertFalse(
            self.env["mail.activity"].search([("calendar_event_id", "in", (self.event | self.series).ids)])
        )

    def test_agenda_is_for_the_practice(self):
        for events in self._each(("employee", "admin"), "calendar.event"):
            with self.assertRaises(AccessError):
                events.get_agenda_setup("2035-04-02 00:00:00", "2035-04-03 00:00:00")
        setup = self.as_role("reception", self.env["calendar.event"]).get_agenda_setup(
            "2035-04-02 00:00:00", "2035-04-03 00:00:00"
        )
        self.assertIn(self.physician.id, [practitioner["id"] for practitioner in setup["practitioners"]])

    def test_practice_sees_and_writes(self):
        for events in self._each(PRACTICE, "calendar.event"):
            event = events.browse(self.event.id)
            self.assertEqual(event.patient_id.id, self.patient.id)
            self.assertTrue(event.has_access("write"))
            self.assertEqual(
                events.search([("id", "in", (self.event | self.series).ids)]),
                events.browse((self.event | self.series).ids).sorted("start", reverse=True),
            )

    def test_alert_of_the_chart_is_not_for_the_reception(self):
        self.patient.alert = "HIV"
        self.assertEqual(self.as_role("practitioner", self.event).patient_alert, "HIV")
        with self.assertRaises(AccessError):
            self.as_role("reception", self.event).read(["patient_alert"])

    def test_another_practice_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other practice"})
        user = new_test_user(
            self.env,
            "test_other",
            groups="medical_practice.group_practitioner",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        events = self.env["calendar.event"].with_user(user)
        self.assertFalse(events.search([("patient_id", "!=", False)]))
        with self.assertRaises(AccessError):
            events.browse(self.event.id).read(["name"])
        self.assertFalse(self.env["calendar.attendee"].with_user(user).search([("event_id", "=", self.event.id)]))
        self.assertFalse(
            self.env["calendar.recurrence"].with_user(user).search([("id", "=", self.series.recurrence_id.id)])
        )

    def test_portal_patient_reads_his_own(self):
        events = self.env["calendar.event"].with_user(self.portal)
        self.assertEqual(events.search([("id", "in", (self.event | self.own).ids)]).ids, self.own.ids)
        line = events.browse(self.own.id).read(["name", "start", "stop", "display_name"])[0]
        self.assertEqual((line["name"], line["display_name"]), ("Appointment", "Appointment"))
        for name in (*APPOINTMENT_FIELDS, "appointment_type_id", "consultation_id"):
            with self.assertRaises(AccessError):
                events.browse(self.own.id).read([name])
        with self.assertRaises(AccessError):
            events.browse(self.own.id).write({"start": MONDAY})
        with self.assertRaises(AccessError):
            events.browse(self.event.id).read(["start"])

    def test_absences(self):
        leave = (
            self.env["resource.calendar.leaves"]
            .with_user(self.users["reception"])
            .create(
                {
                    "practitioner_id": self.physician.id,
                    "date_from": MONDAY,
                    "date_to": MONDAY + timedelta(hours=1),
                    "name": "Surgery",
                }
            )
        )
        self.assertEqual(leave.resource_id, self.physician.resource_id)
        for leaves in self._each(("employee", "billing", "privacy", "admin"), "resource.calendar.leaves"):
            self.assertFalse(leaves.search([("id", "=", leave.id)]))
            with self.assertRaises(AccessError):
                leaves.browse(leave.id).read(["name"])
        for leaves in self._each(("reception", "practitioner2", "manager"), "resource.calendar.leaves"):
            self.assertEqual(leaves.search([("practitioner_id", "=", self.physician.id)]).ids, leave.ids)
            leaves.browse(leave.id).name = "Away"

    def test_master_data(self):
        for rooms in self._each(("reception", "practitioner"), "medical.room"):
            self.assertTrue(rooms.browse(self.room.id).name)
            with self.assertRaises(AccessError):
                rooms.create({"name": "x"})
        for types in self._each(("employee", "admin", "billing"), "medical.appointment.type"):
            with self.assertRaises(AccessError):
                types.search([])
        self.assertTrue(self.as_role("manager", self.env["medical.room"]).create({"name": "New"}))
