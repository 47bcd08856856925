"""What the tests of documents share: a practice whose practitioners sign, and small files."""

import base64

from ..common import MedicalCase

PDF = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TEXT = b"Glucose 12,4 mmol/L\nFerritine basse"


class DocumentCase(MedicalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_CA")
        cls.patient.lang = "fr_CA"
        cls.correspondent = cls.env["res.partner"].create(
            {"name": "Dr Côme Fournier", "street": "12 rue de l'Église", "city": "Lévis", "zip": "G6V 1A1"}
        )
        cls.template = cls.env["medical.document.template"].create(
            {"name": "Report", "body": "<p>Dear {{recipient.name}}, {{patient.name}}, {{today}}.</p>"}
        )

    @classmethod
    def _receive(cls, data=PDF, name="scan.pdf", role="assistant", **values):
        documents = cls.env["medical.document"].with_user(cls.users[role])
        return documents.browse(documents.action_upload(name, base64.b64encode(data).decode(), values))

    @classmethod
    def _write_letter(cls, role="practitioner", **values):
        vals = {"patient_id": cls.patient.id, "name": "Report", "body": "<p>All is well.</p>", **values}
        return cls.env["medical.document"].with_user(cls.users[role]).create(vals)
