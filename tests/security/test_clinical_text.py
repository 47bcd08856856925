import base64

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from ..common import MedicalCase

MARKER = "Zyxmarkerqv"

#: Columns of a clinical row that outsiders may never find again, by model: every free text of a visit.
CLINICAL_TEXTS = {
    "medical.consultation": ("reason", "subjective", "objective", "assessment", "plan"),
    "medical.prescription": ("note",),
    "medical.prescription.line": ("name", "sig", "indication"),
}


@tagged("post_install", "-at_install")
class TestClinicalText(MedicalCase):
    """Clinical text stays in the tables of the record: a marker put into it is found nowhere else in the database."""

    def test_a_whole_day_leaves_no_trace_outside_the_record(self):
        patient = self.patient
        patient.alert = f"alert {MARKER}"
        self.physician.signature = self._get_signature_picture()
        appointment = self.as_role("reception", self.env["calendar.event"]).create(
            {
                "patient_id": patient.id,
                "practitioner_id": self.physician.id,
                "start": fields.Datetime.now(),
                "stop": fields.Datetime.add(fields.Datetime.now(), minutes=20),
                "appointment_note": f"note {MARKER}",
            }
        )
        appointment.action_arrive()
        own = self.as_role("practitioner", appointment)
        own.action_start_consultation()
        consultation = own.consultation_id
        consultation.write(dict.fromkeys(CLINICAL_TEXTS["medical.consultation"], f"<p>{MARKER}</p>"))
        self.as_role("practitioner", self.env["medical.act"]).create(
            {"consultation_id": consultation.id, "patient_id": patient.id, "product_id": self.act.id}
        )
        consultation.action_sign()
        prescription = self._prescribe(consultation)
        self.env["ir.actions.report"].with_user(self.users["reception"])._render_qweb_html(
            "medical_practice.action_report_prescription", prescription.ids
        )
        consultation.action_invoice()
        invoices = consultation.sudo().invoice_ids
        invoices.with_user(self.users["billing"]).action_post()
        self.env.flush_all()
        self.cr.flush()
        self.assertTrue(invoices)
        self.assertTrue(self.env["medical.consultation"].search_count([("plan", "ilike", MARKER)]))
        self.assertEqual(self._find_marker(), {})

    def test_letters_results_and_vaccines_leave_no_trace_outside_the_record(self):
        patient = {"patient_id": self.patient.id}
        documents = self.as_role("practitioner", self.env["medical.document"])
        letter = documents.create(
            {**patient, "name": f"About {MARKER}", "body": f"<p>{MARKER}</p>", "recipient": MARKER}
        )
        letter.action_sign()
        letter.action_cancel(f"Wrong {MARKER}")
        self.env["ir.actions.report"].with_user(self.users["practitioner"])._render_qweb_html(
            "medical_practice.report_document", letter.ids
        )
        text = base64.b64encode(f"Result {MARKER}".encode()).decode()
        received = documents.browse(documents.action_upload(f"{MARKER}.txt", text))
        received.name = f"Result {MARKER}"
        received.action_match(self.patient.id)
        received.action_task(self.users["assistant"].id, comment=f"Do {MARKER}")
        received.activity_ids.with_user(self.users["assistant"]).action_feedback(feedback=f"Did {MARKER}")
        received.action_recall(comment=f"Because {MARKER}")
        received.action_acknowledge(f"Read {MARKER}")
        vaccine = self.env["medical.vaccine"].create({"name": "Vaccine (text)"})
        dose = {**patient, "vaccine_id": vaccine.id, "lot": MARKER, "note": MARKER}
        self.env["medical.immunization"].create([dose, {**dose, "status": "refused", "refusal_reason": MARKER}])
        rule = self.env["medical.prevention.rule"].create({"name": "Rule (text)"})
        self.as_role("practitioner", self.patient).action_prevention_decline(rule.id, f"No {MARKER}")
        self.env.flush_all()
        self.cr.flush()
        self.assertTrue(self.env["medical.document.step"].search_count([("comment", "ilike", MARKER)]))
        self.assertEqual(self._find_marker(), {})

    def _prescribe(self, consultation):
        line = {"name": f"{MARKER} 5 mg tablet", "dose": 1, "duration": 10, "sig": f"One {MARKER} a day for ten days."}
        line |= {"indication": MARKER, "route": "oral", "quantity": 10}
        prescription = self.as_role("practitioner", self.env["medical.prescription"]).create(
            {
                "patient_id": self.patient.id,
                "practitioner_id": self.physician.id,
                "consultation_id": consultation.id,
                "note": MARKER,
                "line_ids": [(0, 0, line)],
            }
        )
        prescription.action_sign()
        return prescription

    def _get_signature_picture(self):
        # The smallest PNG there is: one transparent point.
        return "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

    def _find_marker(self):
        """Return ``{table: columns}`` outside the record in which the marker stands."""
        self.cr.execute(
            """
            SELECT table_name, column_name FROM information_schema.columns
             WHERE table_schema = current_schema() AND data_type IN ('character varying', 'text', 'jsonb')
               AND table_name NOT LIKE 'medical\\_%' AND table_name NOT LIKE 'ir\\_model%'
            """
        )
        columns = [(table, column) for table, column in self.cr.fetchall() if not self._is_private(table, column)]
        found = {}
        for table, column in columns:
            query = SQL(
                "SELECT 1 FROM %s WHERE %s::text ILIKE %s LIMIT 1",
                SQL.identifier(table),
                SQL.identifier(column),
                f"%{MARKER}%",
            )
            if self.env.execute_query(query):
                found.setdefault(table, []).append(column)
        return found

    def _is_private(self, table, column):
        # The practice's own note on an appointment: a field that only the practice reads.
        return (table, column) == ("calendar_event", "appointment_note")
