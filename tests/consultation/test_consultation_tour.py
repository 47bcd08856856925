"""A practitioner's visit in the browser, then what the database says of it."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools.mail import html2plaintext

from ..common import MedicalCase


@tagged("post_install", "-at_install")
class TestConsultationTour(MedicalCase, HttpCase):
    def test_visit(self):
        self.patient.alert = "Penicillin"
        kind = self.env["medical.consultation.type"].create(
            {"name": "Visit (tour)", "act_product_ids": [Command.set(self.act.ids)]}
        )
        appointment_type = self.env["medical.appointment.type"].create(
            {"name": "Visit (tour)", "consultation_type_id": kind.id}
        )
        self.env["medical.text.macro"].create(
            {
                "name": "Normal lungs",
                "shortcut": "lungs",
                "section": "objective",
                "body": "<p>Clear, no crackles.</p>",
                "practitioner_id": False,
            }
        )
        now = fields.Datetime.now()
        model = self.as_role("practitioner", self.env["medical.consultation"])
        earlier = model.create(
            {
                "patient_id": self.patient.id,
                "practitioner_id": self.physician.id,
                "reason": "Earlier cough",
                "assessment": "<p>Viral bronchitis</p>",
                "date_start": now - timedelta(days=30),
                "weight": 68.3,
            }
        )
        earlier.action_sign()
        event = (
            self.env["calendar.event"]
            .with_context(no_mail_to_attendees=True, dont_notify=True)
            .create(
                {
                    "name": "Appointment",
                    "start": now,
                    "stop": now + timedelta(minutes=30),
                    "patient_id": self.patient.id,
                    "practitioner_id": self.physician.id,
                    "appointment_type_id": appointment_type.id,
                }
            )
        )
        event.appointment_state = "arrived"
        event.appointment_state = "in_progress"
        visit = model.create({**model._prepare_from_appointment(event), "reason": "Sore throat"})

        self.start_tour(f"/odoo/consultations/{visit.id}", "medical_practice_consultation", login="test_practitioner")

        visit.invalidate_recordset()
        self.assertEqual(visit.state, "signed")
        self.assertEqual(visit.signed_by_id, self.users["practitioner"])
        rows = {row.type_id.code: row.value for row in visit.measurement_ids}
        self.assertEqual(rows, {"weight": 70.5, "height": 168, "bp_systolic": 121, "bp_diastolic": 79})
        self.assertIn("Fever until yesterday", visit.subjective)
        self.assertIn("Clear, no crackles.", visit.objective)
        self.assertEqual(html2plaintext(visit.plan).strip(), "Rest and fluids")
        self.assertTrue(visit._is_signature_intact())
        self.assertEqual(visit.act_ids.product_id, self.act)
        self.assertEqual(visit.event_id.appointment_state, "done")
        self.assertIn("Throat culture negative", visit.addendum_ids.body)
        self.assertEqual(visit.addendum_ids.state, "signed")
