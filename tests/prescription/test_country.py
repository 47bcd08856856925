"""The paper: copies, languages, countries, narcotics in letters, packs and generics."""

import io
import re

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, tagged
from odoo.tools.pdf import PdfFileReader

from ...lib.letters import in_letters
from .common import FRENCH, PrescriptionCase


@tagged("post_install", "-at_install")
class TestLetters(BaseCase):
    def test_in_letters(self):
        for text, lang, expected in (
            ("21 comprimés", "fr_CA", "vingt et un comprimés"),
            ("21 capsules", "fr_FR", "vingt et une capsules"),
            ("½ comprimé", "fr", "un demi comprimé"),
            ("2,5 mL", "fr", "deux virgule cinq millilitres"),
            ("1 mg", "fr", "un milligramme"),
            ("2.5 mg", "en_US", "two point five milligrams"),
            ("1½ tablets", "en", "one and a half tablets"),
            ("Vitamine B12", "fr", "Vitamine B12"),
            ("12", "de", ""),
            (None, "fr", ""),
        ):
            self.assertEqual(in_letters(text, lang), expected)
        for hostile in ("9" * 500, "½½½", "1,,2", "." * 100, "\x00 5"):
            self.assertIsInstance(in_letters(hostile, "fr"), str)


@tagged("post_install", "-at_install")
class TestPaperOfACountry(PrescriptionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        substance = cls.env["medical.substance"].create(
            {"name": "Morphine sulfate", "register_kind": "dpd", "register_code": "S1"}
        )
        cls.morphine.substance_ids = [(0, 0, {"substance_id": substance.id, "strength": "5 mg"})]

    def _pages(self, prescription):
        reader = PdfFileReader(io.BytesIO(self._print(prescription)))
        return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]

    def _narcotic(self, **values):
        return self._line(drug_id=self.morphine.id, duration=7, **values)

    def test_the_first_print_is_the_original(self):
        prescription = self._signed()
        first, second = self._pages(prescription), self._pages(prescription)
        self.assertNotIn("COPIE", first[0])
        self.assertIn("COPIE", second[0])
        self.assertEqual(prescription.print_ids.mapped("number"), [2, 1])
        self.assertEqual(prescription.print_ids.user_id, self.users["practitioner"])
        self.assertTrue(prescription._is_signature_intact())

    def test_nobody_writes_the_log_of_prints(self):
        prescription = self._signed()
        prescription._count_print()
        row = self.as_role("practitioner", prescription).print_ids
        for name, args in (("write", [{"number": 5}]), ("unlink", []), ("copy", [])):
            with self.subTest(name=name), self.assertRaises(AccessError):
                getattr(row, name)(*args)
        with self.assertRaises(UserError):
            self._print(self._prescribe())

    def test_what_the_patient_prints_is_a_copy(self):
        prescription = self._signed()
        portal = self.env["res.users"].create({
            "name": "Portal Person", "login": "portal_rx", "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            "partner_id": self.patient.partner_id.id,
        })  # fmt: skip
        self.assertEqual(prescription.with_user(portal)._count_print(), 2)
        self.assertEqual(prescription._count_print(), 1)
        self.assertEqual(prescription._count_print(), 3)

    def test_a_legal_copy_and_a_plain_one(self):
        self.company.medical_prescription_lang = FRENCH
        prescription = self._signed(patient=self.patient2)
        self.assertIn("Take 1 capsule", prescription.line_ids.sig)
        legal, plain = self._pages(prescription)
        self.assertIn("Prendre 1 capsule par voie orale", legal)
        self.assertNotIn("Take", legal)
        self.assertIn("Copy for the patient", plain)
        self.assertIn("NOT A PRESCRIPTION", plain)
        self.assertIn("Take 1 capsule by mouth", plain)
        self.company.medical_prescription_lang = "en_US"
        self.assertIn("Prendre", self._pages(prescription)[0], "the paper is frozen")
        self.assertTrue(prescription._is_signature_intact())
        self.assertEqual(len(self._pages(self._signed(patient=self.patient2))), 1)

    def test_letter_paper(self):
        self.company.medical_prescription_format = "Letter"
        box = PdfFileReader(io.BytesIO(self._print(self._signed()))).pages[0].mediabox
        self.assertEqual((round(float(box.width)), round(float(box.height))), (612, 792))

    def test_france(self):
        self.company.medical_prescription_layout = "fr"
        self.physician.rpps_number = "10001234567"
        prescription = self._signed(self._narcotic(no_substitution=True, no_substitution_code="CIF"))
        (page,) = self._pages(prescription)
        for text in (
            "RPPS 10001234567", "Morphine sulfate 5 mg", "Non substituable (CIF)", "cinq milligrammes",
            "Prendre un comprimé par voie orale trois fois par jour pendant sept jours", "vingt et un comprimés",
            "en une seule fois", "sécurisée", "pas le code de l’ordonnance numérique nationale",
        ):  # fmt: skip
            self.assertIn(text, page)

    def test_france_refuses(self):
        self.company.medical_prescription_layout = "fr"
        for lines, said in (
            ([self._narcotic(), self._line()], "secured form"),
            ([self._line(no_substitution=True)], "MTE"),
            ([{**self._narcotic(quantity=21), "duration": 0}], "duration"),
        ):
            with self.subTest(said=said), self.assertRaisesRegex(ValidationError, said):
                self._prescribe(*lines).action_sign()
        with self.assertRaises(ValidationError):
            self.physician.rpps_number = "123"

    def test_two_zones(self):
        self.company.medical_prescription_layout = "fr"
        (page,) = self._pages(self._signed(self._line(), self._line(drug_id=self.cream.id, ald=True, quantity=30)))
        self.assertLess(page.index("EXONÉRANTE"), page.index("Hyderm"))
        self.assertLess(page.index("Hyderm"), page.index("INTERCURRENTES"))
        self.assertLess(page.index("INTERCURRENTES"), page.index("Novamoxin"))
        self.company.medical_prescription_layout = "ca_qc"
        (page,) = self._pages(self._signed(self._line(ald=True)))
        self.assertNotIn("EXONÉRANTE", page)

    def test_part_fills_and_letters_in_canada(self):
        self.company.medical_prescription_letters = True
        line = self._narcotic(fill_quantity=7, fill_interval=2)
        (page,) = self._pages(self._signed(line))
        self.assertIn("7 comprimés à la fois, tous les 2 jours", page)
        self.assertIn("vingt et un comprimés", page)
        for bad in ({"fill_quantity": 7}, {"fill_interval": 2}, {"fill_quantity": 22, "fill_interval": 2}):
            with self.subTest(bad=bad), self.assertRaisesRegex(ValidationError, "fill"):
                self._prescribe(self._narcotic(**bad)).action_sign()

    def test_layout_follows_the_country(self):
        company = self.env["res.company"].create({"name": "Cabinet", "country_id": self.env.ref("base.fr").id})
        self.assertEqual(company.medical_prescription_layout, "fr")
        company.write({"country_id": self.env.ref("base.ca").id, "state_id": self.env.ref("base.state_ca_qc").id})
        self.assertEqual(company.medical_prescription_layout, "ca_qc")

    def test_an_examination(self):
        values = {"name": "Radiographie du genou", "side": "left", "urgency": "urgent", "fasting": True,
                  "indication": "Gonarthrose"}  # fmt: skip
        (page,) = self._pages(self._signed(values, kind="examination"))
        for text in ("Radiographie du genou", "Gonarthrose", "À jeun"):
            self.assertIn(text, page)

    def test_a_mouth_rinse(self):
        line = self._prescribe(self._line(dose=15, dose_unit="ml", route="dental")).line_ids
        self.assertIn("Se rincer la bouche avec 15 mL", line.sig)

    def test_packs(self):
        for number, (size, marketed) in enumerate(((14, True), (100, True), (21, False))):
            self.env["medical.drug.package"].create({
                "drug_id": self.amoxicillin.id, "name": str(size), "quantity": size, "unit": "capsule",
                "marketed": marketed, "register_kind": "dpd", "register_code": f"P{number}",
            })  # fmt: skip
        line = self._prescribe().line_ids
        self.assertEqual(line.quantity, 30)
        self.assertIn("3 × pack of 14", line.pack_info)
        line.action_round_to_packs()
        self.assertEqual(line.quantity, 42)
        with self.assertRaises(UserError):
            self._prescribe(self._line(drug_id=self.morphine.id)).line_ids.action_round_to_packs()

    def test_alternatives(self):
        group = self.env["medical.generic.group"].create(
            {"name": "Amoxicillin 500", "register_kind": "dpd", "register_code": "G1"}
        )
        (self.amoxicillin | self.withdrawn).generic_group_id = group
        other = self._create_drug(
            "00000009", "Apo-Amoxi", "500 mg", "Capsule", "Capsule", "oral", "capsule", "apo amoxi"
        )
        other.generic_group_id = group
        line = self._prescribe().line_ids
        self.assertTrue(line.has_alternatives)
        action = line.action_open_alternatives()
        self.assertEqual(action["domain"], [("id", "in", other.ids)])
        other.with_user(self.users["practitioner"]).with_context(**action["context"]).action_choose_alternative()
        self.assertEqual((line.drug_id, line.dose, line.quantity), (other, 1, 30))
        self.assertIn("Apo-Amoxi", line.name)
        with self.assertRaises(UserError):
            line.action_replace_drug(self.morphine.id)
        with self.assertRaises(UserError):
            self._prescribe(self._line(drug_id=self.cream.id)).line_ids.action_open_alternatives()
