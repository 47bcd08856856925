"""The chart in the browser."""

from datetime import datetime, timedelta

from odoo.tests import HttpCase, tagged

from ..common import MedicalCase


@tagged("post_install", "-at_install")
class TestChartTour(HttpCase, MedicalCase):
    def test_chart(self):
        for number, reason in enumerate(("Sore throat", "Knee pain"), start=1):
            self.env["medical.consultation"].create(
                {
                    "patient_id": self.patient.id,
                    "practitioner_id": self.physician.id,
                    "date_start": datetime.now() - timedelta(days=number),
                    "reason": reason,
                    "pulse": 70,
                }
            )
        url = f"/odoo/patients/{self.patient.id}"
        self.start_tour(url, "medical_practice_chart", login="test_practitioner")
        self.assertEqual(self.patient.condition_ids.mapped("name"), ["Gout"])
        self.assertEqual(self.patient.condition_ids.create_uid, self.users["practitioner"])
        statement = self.patient.statement_ids
        self.assertEqual((statement.kind, statement.practitioner_id), ("no_known_allergy", self.physician))
