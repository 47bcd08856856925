from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.addons.mail.tests.common import MailCase
from odoo.addons.medical_practice.tests.agenda.common import MONDAY, AgendaCase
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

MARKER = "Zyxomma"


@tagged("post_install", "-at_install")
class TestAppointment(AgendaCase):
    """What an appointment is made of, and what it does not say."""

    def test_two_fields_are_enough(self):
        event = (
            self.env["calendar.event"]
            .with_user(self.users["practitioner"])
            .create({"patient_id": self.patient.id, "appointment_type_id": self.long_visit.id, "start": MONDAY})
        )
        self.assertEqual(event.practitioner_id, self.physician)
        self.assertEqual(event.stop, MONDAY + timedelta(minutes=45))
        self.assertEqual(event.appointment_state, "booked")

    def test_practitioner_gives_the_type(self):
        self.physician2.default_appointment_type_id = self.long_visit
        event = self._book(practitioner_id=self.physician2.id, appointment_type_id=False)
        self.assertEqual(event.appointment_type_id, self.long_visit)
        self.assertEqual(event.stop - event.start, timedelta(minutes=45))

    def test_usual_practitioner_of_the_patient(self):
        self.patient.practitioner_id = self.physician2
        self.assertEqual(self._book(practitioner_id=False).practitioner_id, self.physician2)

    def test_length_given_wins_over_the_type(self):
        self.assertEqual(self._book(duration=1.5).stop, MONDAY + timedelta(minutes=90))
        other = self._book(120, stop=MONDAY + timedelta(minutes=130))
        self.assertEqual(other.stop, MONDAY + timedelta(minutes=130))

    def test_changing_the_type_changes_the_end(self):
        event = self._book()
        event.appointment_type_id = self.long_visit
        self.assertEqual(event.stop, MONDAY + timedelta(minutes=45))

    def test_dragging_moves_both_ends(self):
        event = self._book()
        start = MONDAY + timedelta(days=1)
        event.write({"start": start, "stop": start + timedelta(minutes=20)})
        self.assertEqual((event.start, event.stop), (start, start + timedelta(minutes=20)))

    def test_form(self):
        self.physician.default_appointment_type_id = self.visit
        events = self.env["calendar.event"].with_user(self.users["practitioner"])
        context = {"default_appointment_state": "booked", "default_start": "2035-04-02 14:00:00"}
        view = "medical_practice.calendar_event_view_form_appointment"
        with Form(events.with_context(**context), view) as form:
            self.assertEqual(form.practitioner_id, self.physician)
            self.assertEqual(form.appointment_type_id, self.visit)
            form.patient_id = self.patient
            form.appointment_type_id = self.long_visit
        self.assertEqual((form.record.start, form.record.stop), (MONDAY, MONDAY + timedelta(minutes=45)))

    def test_it_is_neutral(self):
        event = self._book(
            name=f"{MARKER} cancer",
            partner_ids=[Command.link(self.patient.partner_id.id)],
            alarm_ids=[Command.link(self.env.ref("calendar.alarm_mail_1").id)],
            privacy="public",
        )
        self.assertEqual(event.sudo().name, "Appointment")
        self.assertEqual(event.partner_ids, self.physician.partner_id)
        self.assertEqual(event.attendee_ids.partner_id, self.physician.partner_id)
        self.assertEqual(event.user_id, self.users["practitioner"])
        self.assertEqual(event.privacy, "confidential")
        self.assertFalse(event.alarm_ids or event.description or event.location or event.res_id or event.activity_ids)

    def test_it_stays_neutral(self):
        event = self._book()
        event.write(
            {
                "name": f"{MARKER} cancer",
                "privacy": "public",
                "partner_ids": [Command.link(self.patient.partner_id.id)],
                "alarm_ids": [Command.link(self.env.ref("calendar.alarm_mail_1").id)],
                "user_id": self.users["reception"].id,
            }
        )
        self.assertEqual(event.name, "Appointment")
        self.assertEqual(event.partner_ids, self.physician.partner_id)
        self.assertEqual(event.user_id, self.users["practitioner"])
        self.assertEqual(event.privacy, "confidential")
        self.assertFalse(event.alarm_ids)

    def test_neutral_name_is_in_the_language_of_the_practice(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        self.company.partner_id.lang = "fr_CA"
        self.env["calendar.event"].with_context(lang="fr_CA").env._("Appointment")
        expected = self.env["calendar.event"].with_context(lang="fr_CA").env._("Appointment")
        self.assertEqual(self._book().sudo().name, expected)

    def test_no_free_text_leaves(self):
        for field in ("description", "notes", "location", "videocall_location"):
            with self.subTest(field=field), self.assertRaisesRegex(UserError, "carries no description"):
                self._book(**{field: f"<p>{MARKER}</p>"})
        event = self._book(appointment_note=MARKER)
        with self.assertRaisesRegex(UserError, "carries no description"):
            event.description = MARKER

    def test_patient_name_stands_nowhere_in_the_calendar_tables(self):
        patient = self._create_patient(MARKER, MARKER, email=f"{MARKER}@example.com", phone="+1 514 555 0177")
        event = self._book(
            patient_id=patient.id, recurrency=True, rrule_type="weekly", count=3, mon=True, end_type="count"
        )
        event.write({"start": MONDAY + timedelta(minutes=5), "stop": MONDAY + timedelta(minutes=25)})
        event.action_arrive()
        self.env.flush_all()
        for table in (
            "calendar_event",
            "calendar_attendee",
            "calendar_recurrence",
            "mail_message",
            "mail_mail",
            "mail_activity",
        ):
            self.env.cr.execute(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE %s", [f"%{MARKER}%"])
            self.assertEqual(self.env.cr.fetchone()[0], 0, table)

    def test_changing_the_practitioner_changes_the_calendar(self):
        event = self._book()
        event.practitioner_id = self.physician2
        self.assertEqual(event.partner_ids, self.physician2.partner_id)
        self.assertEqual(event.attendee_ids.partner_id, self.physician2.partner_id)
        self.assertEqual(event.user_id, self.users["practitioner2"])

    def test_screen_it_is_booked_from_leaves_nothing(self):
        events = self.env["calendar.event"].with_user(self.users["reception"])
        event = events.with_context(
            active_model="medical.patient",
            active_id=self.patient.id,
            default_res_model="medical.patient",
            default_res_id=self.patient.id,
            default_patient_id=self.patient.id,
            default_description=MARKER,
        ).create({"practitioner_id": self.physician.id, "appointment_type_id": self.visit.id, "start": MONDAY})
        self.assertEqual(event.patient_id, self.patient)
        self.assertFalse(event.res_model_id or event.res_id or event.description)
        self.assertFalse(self.patient.activity_ids)

    def test_display_name_names_the_patient_to_the_practice_only(self):
        event = self._book()
        self.assertEqual(event.display_name, f"{self.patient.name} · Visit (test)")
        self.assertEqual(
            event.with_user(self.users["practitioner"]).display_name, f"{self.patient.name} · Visit (test)"
        )
        root = self.env.ref("base.user_root")
        for user in (root, self.users["employee"], self.users["billing"], self.users["admin"]):
            self.assertEqual(event.with_user(user).sudo().display_name, "Appointment", user.login)

    def test_found_by_the_name_of_the_patient(self):
        event = self._book()
        events = self.env["calendar.event"]
        found = events.with_user(self.users["reception"]).name_search("Tremblay")
        self.assertIn(event.id, [ident for ident, _name in found])
        self.assertNotIn(
            event.id, [ident for ident, _name in events.with_user(self.users["employee"]).name_search("Tremblay")]
        )

    def test_parties_belong_to_one_practice(self):
        other = self.env["res.company"].create({"name": "Other practice"})
        room = self.env["medical.room"].create({"name": "Elsewhere", "company_id": other.id})
        with self.assertRaisesRegex(ValidationError, "belong to the practice"):
            self._book(role=None, room_id=room.id)

    def test_type_of_other_practitioners(self):
        self.visit.practitioner_ids = self.physician2
        with self.assertRaisesRegex(ValidationError, "does not offer “Visit \\(test\\)”.*Bruno Second"):
            self._book()
        self.assertTrue(self._book(practitioner_id=self.physician2.id))

    def test_booking_role(self):
        matrix = {
            "reception": {"reception", "assistant", "practitioner"},
            "assistant": {"assistant", "practitioner"},
            "practitioner": {"practitioner"},
        }
        for role, allowed in matrix.items():
            self.visit.booking_role = role
            for minutes, user in enumerate(("reception", "assistant", "practitioner")):
                with self.subTest(role=role, user=user):
                    if user in allowed:
                        self._book(minutes * 30, role=user).action_cancel_appointment()
                    else:
                        with self.assertRaisesRegex(ValidationError, "is booked by:"):
                            self._book(minutes * 30, role=user)

    def test_a_meeting_never_becomes_an_appointment_nor_back(self):
        meeting = (
            self.env["calendar.event"]
            .with_user(self.users["reception"])
            .create({"name": "Team", "start": MONDAY, "stop": MONDAY})
        )
        with self.assertRaises(UserError):
            meeting.patient_id = self.patient
        event = self._book()
        with self.assertRaises(UserError):
            event.patient_id = False

    def test_meetings_keep_working(self):
        """Whoever is not of the practice meets as before, with description and invitation."""
        employee = self.users["employee"]
        guest = self.env["res.partner"].create({"name": "Guest", "email": "guest@example.com"})
        meeting = (
            self.env["calendar.event"]
            .with_user(employee)
            .create(
                {
                    "name": "Team",
                    "start": MONDAY,
                    "stop": MONDAY + timedelta(hours=1),
                    "partner_ids": [Command.link(guest.id)],
                }
            )
        )
        self.assertIn("guest@example.com", meeting.description)
        meeting.write({"name": "All", "location": "Here"})
        self.assertEqual(meeting.display_name, "All")
        self.assertTrue(meeting.copy())
        meeting.unlink()

    def test_mixed_creation_and_writing(self):
        events = (
            self.env["calendar.event"]
            .with_user(self.users["reception"])
            .create([self._values(), {"name": "Team", "start": MONDAY, "stop": MONDAY + timedelta(hours=1)}])
        )
        self.assertEqual(len(events), 2)
        self.assertEqual(len(events.filtered("patient_id")), 1)
        events.write({"name": "Renamed"})
        self.assertEqual(set(events.sudo().mapped("name")), {"Appointment", "Renamed"})

    def test_what_happened_is_not_deleted(self):
        event = self._book()
        event.action_arrive()
        with self.assertRaisesRegex(UserError, "stays in the agenda"):
            event.unlink()
        self._book(60).unlink()

    def test_copy_is_a_new_booking(self):
        event = self._book()
        event.action_arrive()
        copy = event.copy({"start": MONDAY + timedelta(hours=2), "stop": MONDAY + timedelta(hours=3)})
        self.assertEqual((copy.appointment_state, copy.arrived_on, copy.consultation_id.id), ("booked", False, False))
        self.assertEqual(copy.partner_ids, self.physician.partner_id)

    def test_hostile_input(self):
        event = self._book(
            appointment_note="<script>alert(1)</script> '; DROP TABLE calendar_event; -- {{ 7*7 }} \u202e" + "é" * 5000
        )
        self.assertEqual(event.appointment_note[:8], "<script>")
        for start, stop in ((MONDAY, MONDAY), (MONDAY, MONDAY - timedelta(hours=1))):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._book(180, start=start, stop=stop)
                self.env.flush_all()
        found = self.env["calendar.event"].with_user(self.users["reception"]).name_search("zzqx' OR TRUE; --")
        self.assertFalse(found)

    def test_opens_in_the_form_of_the_practice(self):
        event = self._book()
        form = self.env.ref("medical_practice.calendar_event_view_form_appointment")
        self.assertEqual(event.get_formview_id(), form.id)

    def test_warnings(self):
        self._book()
        other = self._book(practitioner_id=self.physician2.id)
        self.assertIn("The patient has another appointment", other.booking_warning)
        night = self._book(600)
        self.assertIn("Outside the hours of Alice", night.booking_warning)
        self.env["resource.calendar.leaves"].with_user(self.users["reception"]).create(
            {
                "practitioner_id": self.dentist.id,
                "date_from": MONDAY,
                "date_to": MONDAY + timedelta(hours=4),
                "name": "Training",
            }
        )
        away = self._book(patient_id=self.patient2.id, practitioner_id=self.dentist.id)
        self.assertIn("Chantal Dentaire is absent (Training)", away.booking_warning)

    def test_nothing_unusual_no_warning(self):
        self.physician.resource_calendar_id.tz = "America/Toronto"
        self.physician.tz = "America/Toronto"
        self.assertFalse(self._book().booking_warning)

    def test_private_calendar_does_not_hide_from_the_reception(self):
        self.users["practitioner"].with_user(self.users["practitioner"]).calendar_default_privacy = "private"
        event = self._book()
        self.env.invalidate_all()
        self.assertEqual(self.as_role("reception", event).patient_id, self.patient)
        self.assertIn("Tremblay", self.as_role("reception", event).display_name)


@tagged("post_install", "-at_install")
class TestAppointmentSilence(AgendaCase, MailCase):
    """Nobody is ever written to about an appointment."""

    def setUp(self):
        super().setUp()
        # What the tests silence elsewhere is loud here: this is about the appointment's own silence.
        self.env = self.env(context={"tz": "America/Toronto"})
        self.patient.partner_id.email = "marie@example.com"
        self.physician.partner_id.email = "alice@example.com"
        new_test_user(self.env, "test_silence", groups="medical_practice.group_reception", email="desk@example.com")

    def test_nobody_is_written_to(self):
        values = self._values(recurrency=True, rrule_type="weekly", count=3, mon=True, end_type="count")
        user = self.env["res.users"].search([("login", "=", "test_silence")])
        before = self.env["mail.message"].search_count([("model", "=", "calendar.event")])
        with self.mock_mail_gateway(), self.mock_bus():
            event = self.env["calendar.event"].with_user(user).create(values)
            event.write({"start": MONDAY + timedelta(hours=1), "stop": MONDAY + timedelta(hours=2)})
            event.practitioner_id = self.physician2
            event.message_post(  # pylint: disable=translation-required
                body="hello",
                partner_ids=self.patient.partner_id.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            event.attendee_ids._send_invitation_emails()
            event.action_confirm()
            event.action_cancel_appointment()
            event.write({"active": False})
            self.env["calendar.alarm_manager"]._send_reminder()
            self.env.flush_all()
            self.flush_tracking()
        self.assertFalse(self._new_mails)
        self.assertFalse(self._mails)
        messages = self.env["mail.message"].search([("model", "=", "calendar.event")])
        # The one that was posted on purpose, and it notified nobody.
        self.assertEqual(len(messages) - before, 1)
        self.assertFalse(messages.notification_ids)
        self.assertFalse(
            event.message_follower_ids - event.message_follower_ids.filtered(lambda f: f.partner_id == user.partner_id)
        )

    def test_buttons_that_write_refuse(self):
        event = self._book()
        for method in ("action_sendmail", "action_open_composer"):
            with self.assertRaisesRegex(UserError, "Nobody is written to"):
                getattr(event, method)()
