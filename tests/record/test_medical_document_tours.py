import io

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from .common_documents import DocumentCase


@tagged("post_install", "-at_install")
class TestDocumentTours(DocumentCase, HttpCase):
    def test_from_template_to_signed_paper(self):
        self.patient.lang = "en_US"
        self.env["medical.document.template"].create(
            {"name": "Tour template", "body": "<p>About {{patient.name}}, born {{patient.birthdate}}.</p>"}
        )
        self.start_tour(
            f"/odoo/medical.patient/{self.patient.id}", "medical_practice_letter", login="test_practitioner"
        )
        letter = self.env["medical.document"].search([("patient_id", "=", self.patient.id)])
        self.assertEqual((letter.state, letter.practitioner_id), ("signed", self.physician))
        self.assertTrue(letter._is_signature_intact())
        reports = self.env["ir.actions.report"].with_user(self.users["practitioner"])
        content, __ = reports.with_context(force_report_rendering=True)._render_qweb_pdf(
            "medical_practice.report_document", letter.ids
        )
        text = " ".join(PdfFileReader(io.BytesIO(content)).pages[0].extract_text().split())
        self.assertIn("About Marie Tremblay, born May 12, 1985.", text)

    def test_from_upload_to_acknowledged(self):
        # One of the files of the tour is refused, which the server says in its log.
        with mute_logger("odoo.http"):
            self.start_tour("/odoo/medical-inbox", "medical_practice_inbox", login="test_practitioner")
        document = self.env["medical.document"].search([("file_name", "=", "Tremblay Marie labo.txt")])
        self.assertEqual((document.patient_id, document.review_state), (self.patient, "reviewed"))
        self.assertEqual(document.reviewed_by_id, self.users["practitioner"])
        self.assertEqual(document.step_ids.sorted("id").mapped("kind"), ["received", "matched", "reviewed"])
