from odoo.tests import HttpCase, new_test_user, tagged

from ..common import MedicalCase


@tagged("post_install", "-at_install")
class TestPortal(MedicalCase, HttpCase):
    """A patient sees his own appointments and signed prescriptions in the portal, and nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = new_test_user(
            cls.env, login="test_portal", password="test_portal", groups="base.group_portal"
        )
        cls.portal_user.partner_id = cls.patient.partner_id
        visit = {"practitioner_id": cls.physician.id}
        start = {"name": "x", "start": "2099-03-02 14:00:00", "stop": "2099-03-02 14:30:00"}
        later = {"name": "x", "start": "2099-03-02 15:00:00", "stop": "2099-03-02 15:30:00"}
        cls.env["calendar.event"].create(
            [
                {**visit, **start, "patient_id": cls.patient.id, "appointment_note": "MARKER-NOTE"},
                {**visit, **later, "patient_id": cls.patient2.id},
            ]
        )
        line = {"name": "Testol 5 mg tablet", "dose": 1, "duration": 10, "sig": "One tablet a day for ten days."}
        cls.own, cls.own_draft, cls.other = cls.env["medical.prescription"].create(
            [
                {**visit, "patient_id": patient.id, "line_ids": [(0, 0, line)]}
                for patient in (cls.patient, cls.patient, cls.patient2)
            ]
        )
        for prescription in cls.own | cls.other:
            prescription._sign()

    def test_home_counts_own_documents(self):
        self.authenticate("test_portal", "test_portal")
        self.assertEqual(self.url_open("/my/home").status_code, 200)
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["medical_appointment_count", "medical_prescription_count"]}
        )
        self.assertEqual(counters["medical_appointment_count"], 1)
        self.assertEqual(counters["medical_prescription_count"], 1)

    def test_own_appointments_only(self):
        self.authenticate("test_portal", "test_portal")
        response = self.url_open("/my/appointments")
        self.assertIn("Alice Médecin", response.text)
        self.assertEqual(response.text.count("Alice Médecin"), 1)
        self.assertNotIn("MARKER-NOTE", response.text)
        self.assertEqual(response.headers["Cache-Control"], "no-store")

    def test_own_signed_prescriptions_only(self):
        self.authenticate("test_portal", "test_portal")
        text = self.url_open("/my/prescriptions").text
        self.assertIn(self.own.name, text)
        self.assertNotIn(self.other.name, text)
        self.assertNotIn(f"/my/prescriptions/{self.own_draft.id}/pdf", text)

    def test_pdf_of_own_prescription_only(self):
        self.authenticate("test_portal", "test_portal")
        self.assertEqual(self.url_open(f"/my/prescriptions/{self.own.id}/pdf").status_code, 200)
        for refused in (self.other, self.own_draft):
            self.assertEqual(self.url_open(f"/my/prescriptions/{refused.id}/pdf").status_code, 404)
        self.assertEqual(self.url_open("/my/prescriptions/999999999/pdf").status_code, 404)

    def test_pages_ask_for_a_login(self):
        for page in ("/my/appointments", "/my/prescriptions", f"/my/prescriptions/{self.own.id}/pdf"):
            self.assertIn("/web/login", self.url_open(page).url)
