from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from .test_medical_access_log import AccessLogCase


@tagged("post_install", "-at_install")
class TestMedicalAccessReport(AccessLogCase):
    """What a patient who asks is given."""

    def setUp(self):
        super().setUp()
        for role in ("practitioner", "reception"):
            self.as_role(role, self.patient).web_read({"last_name": {}})
        self.as_role("assistant", self.patient2).web_read({"alert": {}})
        self._new_rows()
        self.reports = self.env["medical.access.report"].with_user(self.users["privacy"])

    def test_it_names_people_and_gestures_of_this_patient_only(self):
        report = self.reports.create({"patient_id": self.patient.id})
        accesses = report._get_accesses()
        self.assertEqual(accesses.patient_id, self.patient)
        self.assertLessEqual(self.users["practitioner"] | self.users["reception"], accesses.user_id)
        action = report.action_print()
        html, _type = (
            self.env["ir.actions.report"]
            .with_user(self.users["privacy"])
            ._render_qweb_html(action["report_name"], report.ids)
        )
        html = html.decode()
        self.assertIn(self.users["reception"].name, html)
        self.assertNotIn(self.users["assistant"].name, html)
        self.assertNotIn("last_name", html)

    def test_the_period(self):
        report = self.reports.create({"patient_id": self.patient.id})
        report.date_to = report.date_from + relativedelta(days=1)
        self.assertFalse(report._get_accesses())
        with self.assertRaises(ValidationError):
            report.date_to = fields.Date.add(report.date_from, days=-1)

    def test_only_the_officer(self):
        for role in ("practitioner", "manager", "reception", "employee"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env["medical.access.report"].with_user(self.users[role]).create({"patient_id": self.patient.id})


@tagged("post_install", "-at_install")
class TestPortalAccesses(AccessLogCase, HttpCase):
    def test_a_patient_sees_who_opened_his_record(self):
        portal = new_test_user(self.env, "test_portal_accesses", "base.group_portal", password="test_portal_accesses")
        portal.partner_id = self.patient.partner_id
        self.as_role("practitioner", self.patient).web_read({"alert": {}})
        self.as_role("assistant", self.patient2).web_read({"alert": {}})
        self._new_rows()
        self.authenticate("test_portal_accesses", "test_portal_accesses")
        page = self.url_open("/my/record-accesses").text
        self.assertIn(self.users["practitioner"].name, page)
        self.assertNotIn(self.users["assistant"].name, page)
        self.assertIn("/my/record-accesses", self.url_open("/my").text)
