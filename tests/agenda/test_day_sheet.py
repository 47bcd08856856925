from datetime import datetime, timedelta

import pytz
from lxml import etree

from odoo.addons.medical_practice.tests.agenda.common import MONDAY, AgendaCase
from odoo.tests import HttpCase, tagged


def _list_specification(env, view):
    """Return the specification the web client asks for, made from the fields of the view as the user gets it."""
    arch = etree.fromstring(env["calendar.event"].get_view(view.id, view.type)["arch"])
    fields = env["calendar.event"]._fields
    names = {node.get("name") for node in arch.iter("field")}
    return {name: {"fields": {"display_name": {}}} if fields[name].type == "many2one" else {} for name in names}


@tagged("post_install", "-at_install")
class TestDaySheet(AgendaCase):
    """The screen the reception lives in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patients = cls.env["medical.patient"].create(
            [{"first_name": f"First {number}", "last_name": f"Last {number}"} for number in range(60)]
        )

    def _book_day(self, day, count):
        start = MONDAY.replace(hour=13) + timedelta(days=day)
        practitioners = (self.physician, self.physician2, self.dentist, self.physio)
        self.env["calendar.event"].create(
            [
                {
                    "patient_id": self.patients[number].id,
                    "practitioner_id": practitioners[number % 4].id,
                    "appointment_type_id": self.visit.id,
                    "room_id": (self.room | self.room2)[number % 2].id,
                    "start": start + timedelta(minutes=20 * number),
                }
                for number in range(count)
            ]
        )
        return [
            ("start", ">=", start),
            ("start", "<", start + timedelta(minutes=20 * count)),
            ("patient_id", "!=", False),
        ]

    def _count_queries(self, role, domain, specification):
        events = self.env["calendar.event"].with_user(self.users[role])
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        result = events.web_search_read(domain, specification, limit=200, order="start, id")
        return self.env.cr.sql_log_count - before, result

    def test_queries_do_not_grow_with_the_day(self):
        few, many = self._book_day(0, 10), self._book_day(7, 60)
        for role in ("reception", "practitioner"):
            view = self.env.ref("medical_practice.calendar_event_view_list_day_sheet")
            specification = _list_specification(self.env(user=self.users[role]), view)
            self.assertIn("patient_id", specification)
            self.assertEqual("patient_alert" in specification, role == "practitioner")
            self._count_queries(role, few, specification)
            queries_few, result_few = self._count_queries(role, few, specification)
            queries_many, result_many = self._count_queries(role, many, specification)
            self.assertEqual((result_few["length"], result_many["length"]), (10, 60))
            self.assertEqual(queries_few, queries_many, role)
            self.assertLess(queries_many, 25, role)

    def test_agenda_queries_do_not_grow_with_practitioners(self):
        events = self.env["calendar.event"].with_user(self.users["reception"])
        bounds = (str(MONDAY - timedelta(days=1)), str(MONDAY + timedelta(days=6)))

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            events.get_agenda_setup(*bounds)
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for number in range(10):
            self._create_practitioner(f"Practitioner {number}", self.physician_licence, str(number))
        count()
        self.assertEqual(count(), few)

    def test_agenda_setup(self):
        self.physician.resource_calendar_id.tz = "America/Toronto"
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": self.physician.resource_id.id,
                "date_from": MONDAY,
                "date_to": MONDAY + timedelta(hours=2),
                "name": "Away",
            }
        )
        events = self.env["calendar.event"].with_user(self.users["reception"])
        setup = events.get_agenda_setup("2035-04-02 05:00:00", "2035-04-03 05:00:00")
        by_id = {practitioner["id"]: practitioner for practitioner in setup["practitioners"]}
        self.assertEqual(
            by_id[self.physician.id]["absences"],
            [{"start": "2035-04-02 14:00:00", "stop": "2035-04-02 16:00:00", "name": "Away"}],
        )
        self.assertFalse(by_id[self.physician2.id]["absences"])
        self.assertTrue(by_id[self.physician.id]["hours"])
        self.assertIn(self.room.name, [room["name"] for room in setup["rooms"]])

    def test_kanban_has_every_column(self):
        self._book()
        events = self.env["calendar.event"].with_user(self.users["reception"]).with_context(read_group_expand=True)
        result = events.web_read_group([("patient_id", "!=", False)], ["appointment_state"], ["__count"])
        states = [group["appointment_state"] for group in result["groups"]]
        self.assertEqual(states, ["booked", "confirmed", "arrived", "in_progress", "done", "no_show", "cancelled"])


@tagged("post_install", "-at_install")
class TestDaySheetTour(AgendaCase, HttpCase):
    """A receptionist's morning, in the browser."""

    def test_tour(self):
        # The browser of the tests is where the server is: its day is that of UTC.
        expected = self._book(
            start=datetime.now(pytz.utc).replace(tzinfo=None, hour=15, minute=0, second=0, microsecond=0)
        )
        self.start_tour("/odoo/agenda", "medical_practice_day_sheet", login="test_reception")
        self.env.invalidate_all()
        self.assertEqual(expected.appointment_state, "arrived")
        self.assertTrue(expected.arrived_on)
        booked = self.env["calendar.event"].search([("patient_id", "=", self.patient2.id)])
        self.assertEqual(len(booked), 1)
        self.assertEqual(booked.appointment_type_id, self.long_visit)
        self.assertEqual(booked.stop - booked.start, timedelta(minutes=45))
        self.assertEqual(booked.appointment_state, "confirmed")
        self.assertEqual(booked.name, "Appointment")
        self.assertEqual(booked.practitioner_id, self.dentist)
        self.assertFalse(
            self.env["mail.mail"].search([("model", "=", "calendar.event"), ("res_id", "in", (booked | expected).ids)])
        )
