"""What the tests of the agenda start from: a Monday morning, two types, two rooms."""

from datetime import datetime, timedelta

from odoo.addons.medical_practice.tests.common import MedicalCase

#: A Monday, 10:00 in Montréal; far enough for the calendar to think of invitations.
MONDAY = datetime(2035, 4, 2, 14, 0)


class AgendaCase(MedicalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.env["medical.appointment.type"].create({"name": "Visit (test)", "duration": 1 / 3})
        cls.long_visit = cls.env["medical.appointment.type"].create({"name": "Long visit (test)", "duration": 0.75})
        cls.room = cls.env["medical.room"].create({"name": "Room 1 (test)"})
        cls.room2 = cls.env["medical.room"].create({"name": "Room 2 (test)"})

    @classmethod
    def _values(cls, minutes=0, **values):
        return {
            "patient_id": cls.patient.id,
            "practitioner_id": cls.physician.id,
            "appointment_type_id": cls.visit.id,
            "start": MONDAY + timedelta(minutes=minutes),
            **values,
        }

    @classmethod
    def _book(cls, minutes=0, role="reception", **values):
        """Book as a person of the practice; the record comes back as that person sees it."""
        events = cls.env["calendar.event"].with_user(cls.users[role]) if role else cls.env["calendar.event"]
        return events.create(cls._values(minutes, **values))
