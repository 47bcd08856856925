"""The figures on the buttons of the chart."""

from datetime import datetime, timedelta

from odoo.addons.medical_practice.tests.common import MedicalCase
from odoo.tests import freeze_time, tagged

NOW = datetime(2026, 3, 2, 15)


@tagged("post_install", "-at_install")
class TestChartFigures(MedicalCase):
    def _book(self, start, patient=None):
        return self.env["calendar.event"].create(
            {
                "patient_id": (patient or self.patient).id,
                "practitioner_id": self.physician.id,
                "start": start,
                "stop": start + timedelta(minutes=20),
            }
        )

    @freeze_time(NOW)
    def test_appointments(self):
        self.assertEqual((self.patient.appointment_count, self.patient.next_appointment_on), (0, False))
        self._book(NOW - timedelta(days=7))
        cancelled = self._book(NOW + timedelta(days=1))
        cancelled.action_cancel_appointment()
        coming = self._book(NOW + timedelta(days=3))
        self._book(NOW + timedelta(days=30))
        self._book(NOW + timedelta(hours=1), self.patient2)
        self.env.flush_all()
        self.env.invalidate_all()
        for role in ("reception", "practitioner"):
            patient = self.as_role(role, self.patient)
            self.assertEqual(patient.appointment_count, 3)
            self.assertEqual(patient.next_appointment_on, coming.start)
