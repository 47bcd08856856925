import base64

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common_documents import PDF, TEXT, DocumentCase

OUTSIDE = ("reception", "billing", "manager", "privacy", "employee", "admin")


@tagged("post_install", "-at_install")
class TestDocumentDoors(DocumentCase, HttpCase):
    """A file of the chart is read through its document and through no other door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in cls.users.values():
            user.password = f"{user.login}-secret"
        cls.portal = new_test_user(cls.env, "doc_portal", "base.group_portal", password="doc_portal-secret")
        cls.document = cls._receive(PDF, "Tremblay Marie ferritine.pdf", patient_id=cls.patient.id)
        cls.attachment = cls.env["ir.attachment"].search(
            [("res_model", "=", "medical.document"), ("res_field", "=", "content"), ("res_id", "=", cls.document.id)]
        )

    def test_the_attachment_says_nothing(self):
        self.assertEqual(len(self.attachment), 1)
        self.assertEqual(self.attachment.name, "content")
        self.assertFalse(self.attachment.public or self.attachment.access_token or self.attachment.index_content)
        text = self._receive(TEXT, "x.txt")
        stored = self.env["ir.attachment"].search([("res_field", "=", "content"), ("res_id", "=", text.id)])
        self.assertFalse(stored.index_content)

    def test_by_id_and_by_search(self):
        for role in OUTSIDE:
            files = self.as_role(role, self.env["ir.attachment"])
            with self.subTest(role):
                self.assertFalse(files.browse(self.attachment.id).has_access("read"))
                with self.assertRaises(AccessError):
                    files.browse(self.attachment.id).read(["datas"])
                self.assertFalse(self._find(files, [("id", "=", self.attachment.id)]))
                self.assertFalse(self._find(files, [("checksum", "=", self.attachment.checksum), ("id", "!=", False)]))
                of_documents = [("res_model", "=", "medical.document"), ("res_field", "!=", False)]
                self.assertFalse(self._find(files, of_documents))
        for role in ("assistant", "practitioner"):
            self.assertTrue(self.as_role(role, self.attachment).has_access("read"))

    def _find(self, files, domain):
        """Return what a search gives; a refusal is nothing too."""
        try:
            return files.search(domain)
        except AccessError:
            return files.browse()

    def test_not_in_the_list_of_all_attachments(self):
        for role in ("assistant", "practitioner", "admin"):
            self.assertNotIn(self.attachment, self.as_role(role, self.env["ir.attachment"]).search([]))

    def test_in_care_but_of_another_practice(self):
        elsewhere = self.env["res.company"].create({"name": "Another practice"})
        stranger = new_test_user(
            self.env,
            "doc_stranger",
            "medical_practice.group_practitioner",
            company_id=elsewhere.id,
            company_ids=[(6, 0, elsewhere.ids)],
        )
        self.assertFalse(self.attachment.with_user(stranger).has_access("read"))

    def test_nobody_opens_it_by_hand(self):
        own = self.as_role("practitioner", self.attachment)
        for values in ({"public": True}, {"access_token": "x"}, {"res_id": False}, {"name": "Tremblay"}, {"raw": b"x"}):
            with self.subTest(values), self.assertRaises(AccessError):
                own.write(values)
        with self.assertRaises(AccessError):
            own.generate_access_token()
        with self.assertRaises(AccessError):
            own.unlink()
        with self.assertRaises(AccessError):
            self.attachment.sudo().write({"public": True})
        with self.assertRaises(AccessError):
            self.as_role("practitioner", self.env["ir.attachment"]).create(
                {"name": "x", "res_model": "medical.document", "res_id": self.document.id, "raw": b"x"}
            )
        with self.assertRaises(AccessError):
            self.as_role("practitioner", self.env["ir.attachment"]).create({"name": "x", "raw": b"x"}).write(
                {"res_model": "medical.document", "res_id": self.document.id}
            )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_attachment")
    def test_through_the_browser(self):
        urls = [
            f"/web/content/{self.attachment.id}",
            f"/web/content/{self.attachment.id}?download=true",
            f"/web/content/{self.attachment.id}?access_token=false",
            f"/web/content/medical.document/{self.document.id}/content",
            f"/web/content?model=medical.document&id={self.document.id}&field=content",
            f"/web/image/{self.attachment.id}",
            f"/web/image/medical.document/{self.document.id}/content",
        ]
        refused = [None, "doc_portal", *(f"test_{role}" for role in OUTSIDE)]
        marker = PDF[:20]
        for login in refused:
            self.authenticate(login, f"{login}-secret" if login else None)
            for url in urls:
                with self.subTest(login=login, url=url):
                    self.assertNotIn(marker, self.url_open(url).content)
        self.authenticate("test_practitioner", "test_practitioner-secret")
        answer = self.url_open(urls[3] + "?filename_field=content_name&download=true")
        self.assertIn(marker, answer.content)
        self.assertIn(f"document-{self.document.id:06d}.pdf", answer.headers["Content-Disposition"])

    def test_a_text_is_served_as_text(self):
        hostile = self._receive(b"plain text with a < b and nothing else", "x.html", patient_id=self.patient.id)
        self.authenticate("test_practitioner", "test_practitioner-secret")
        answer = self.url_open(f"/web/content/medical.document/{hostile.id}/content")
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain"))
        self.assertEqual(answer.headers.get("X-Content-Type-Options"), "nosniff")

    def test_export_and_read(self):
        for role in OUTSIDE:
            seen = self.as_role(role, self.document)
            with self.subTest(role), self.assertRaises(AccessError):
                seen.read(["file_name"])
            with self.subTest(role), self.assertRaises(AccessError):
                seen.read(["content"])

    def test_upload_needs_the_chart(self):
        for role in OUTSIDE:
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_role(role, self.env["medical.document"]).action_upload("x.pdf", base64.b64encode(PDF).decode())
