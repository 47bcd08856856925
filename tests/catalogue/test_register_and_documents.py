"""What a new edition of the register does to what was written with the old one: nothing."""

from pathlib import Path
from tempfile import TemporaryDirectory

from odoo.addons.medical_practice.tests.catalogue.dpd_files import sample
from odoo.addons.medical_practice.tests.prescription.common import PrescriptionCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestRegisterAndDocuments(PrescriptionCase):
    """Prescriptions of a drug that is renamed, changed or withdrawn afterwards."""

    def setUp(self):
        super().setUp()
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self._load(sample(), "first")
        self.drug = self.env["medical.drug"].search([("register_kind", "=", "dpd"), ("register_code", "=", "00000101")])

    def _load(self, files, name):
        return self.env["medical.register"].load_edition("dpd", files.write(self.folder / name))

    def _changed(self):
        """Return the extract with the drug under another name, form and schedule, and with another substance."""
        files = sample().remove("101")
        ingredients = [("3", "MORPHINE SULFATE", "Sulfate de morphine", "15", "MG")]
        return files.add(
            "101", "00000101", "OTHER NAME", ingredients, form=("SYRUP", "Sirop"), schedule="Narcotic (CDSA I)"
        )

    def _content(self, prescription):
        self.env.flush_all()
        self.env.invalidate_all()
        lines = prescription.line_ids.read(["name", "sig", "dose", "dose_unit", "route", "quantity", "write_date"])
        return prescription.read(["digest", "signed_content", "summary", "state", "write_date"]), lines

    def test_signed_prescriptions_stay_as_they_are(self):
        prescription = self._signed(self._line(drug_id=self.drug.id))
        before = self._content(prescription)
        self.assertEqual(self._load(self._changed(), "changed")["changed"], 1)
        self.assertEqual(self.drug.name, "Other Name")
        self.assertEqual(self._content(prescription), before)
        self.assertTrue(prescription._is_signature_intact())
        self.assertGreaterEqual(self._load(sample().remove("101"), "withdrawn")["withdrawn"], 1)
        self.assertFalse(self.drug.marketed)
        self.assertEqual(self._content(prescription), before)
        self.assertTrue(prescription._is_signature_intact())

    def test_drafts_keep_what_was_written(self):
        draft = self._prescribe(self._line(drug_id=self.drug.id))
        before = self._content(draft)[1]
        self._load(self._changed(), "changed")
        self.assertEqual(self._content(draft)[1], before)
