"""The paper: what stands on it, page by page, and what never does."""

import base64
import io
import re
from datetime import timedelta

from odoo import fields
from odoo.addons.medical_practice.lib import paper
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from .common import PrescriptionCase

LONG = "Prendre une capsule le matin avec un grand verre d’eau, puis une autre le soir au coucher. "


@tagged("post_install", "-at_install")
class TestReport(PrescriptionCase):
    def _pages(self, prescription, role="practitioner"):
        """Return the texts of the pages, blanks made one."""
        reader = PdfFileReader(io.BytesIO(self._print(prescription, role)))
        return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]

    def _document(self, prescription):
        return self.env["report.medical_practice.report_prescription"]._get_report_values(prescription.ids)[
            "documents"
        ][0]

    def test_everything_the_law_asks_for(self):
        prescription = self._signed(
            self._line(indication="Angine à streptocoque", no_substitution=True), note="Cesser à l’œdème."
        )
        (page,) = self._pages(prescription)
        for text in (
            "Clinique de l’Œuvre", "+1 514 555 0100", "Alice Médecin, M.D.", "N° de permis 12345", "Marie Tremblay",
            "12 mai 1985", prescription.name, "Valide jusqu’au", "1.", "Novamoxin 500 mg Capsule",
            "Prendre 1 capsule par voie orale 3 fois par jour pendant 10 jours.", "30 capsules",
            "Angine à streptocoque", "Ne pas substituer", "Cesser à l’œdème.", "1 article", "Page 1 sur 1",
        ):  # fmt: skip
            self.assertIn(text, page)

    def test_language_of_the_patient(self):
        (page,) = self._pages(self._signed(patient=self.patient2))
        for text in (
            "Prescription",
            "Licence no. 12345",
            "November 30, 1951",
            "Take 1 capsule",
            "1 item",
            "Page 1 of 1",
        ):
            self.assertIn(text, page)
        self.assertNotIn("substitute", page)

    def test_pages_of_one_to_forty_lines(self):
        for size in ("A5", "A4"):
            self.company.medical_prescription_format = size
            for count in (1, 3, 12, 40):
                with self.subTest(size=size, count=count):
                    lines = [self._line(indication=f"Ligne numéro {number}") for number in range(1, count + 1)]
                    prescription = self._signed(*lines)
                    pages = self._pages(prescription)
                    self.assertEqual(len(pages), len(self._document(prescription)["pages"]))
                    for number, page in enumerate(pages, 1):
                        self.assertIn(f"Page {number} sur {len(pages)}", page)
                        self.assertIn("Marie Tremblay", page)
                        self.assertIn(prescription.name, page)
                        self.assertIn("12345", page)
                    whole = " ".join(pages)
                    for number in range(1, count + 1):
                        self.assertEqual(len(re.findall(rf"numéro {number}\b", whole)), 1)
                    self.assertIn(f"{count} article", pages[-1])
                    self.assertGreater(len(pages), 1) if count > 10 else None

    def test_texts_longer_than_a_page(self):
        lines = [
            self._line(sig=(LONG * 30)[:1990], indication="Très longue indication " * 12),
            self._line(sig="\n".join(str(number) for number in range(400))),
            self._line(sig="x" * 1900),
            self._line(sig="漢字" * 900),
        ]
        prescription = self._signed(*lines, note=LONG * 12)
        document = self._document(prescription)
        for page in document["pages"]:
            self.assertLess(sum(element["height"] for element in page["elements"]), page["body_height"])
        pages = self._pages(prescription)
        self.assertEqual(len(pages), len(document["pages"]))
        whole = " ".join(pages)
        for number in (0, 199, 399):
            self.assertIn(f" {number} ", whole)
        self.assertEqual(whole.replace(" ", "").count("x" * 50) > 0, True)
        self.assertIn("(suite)", whole)

    def test_size_of_the_paper_is_the_setting_of_the_practice(self):
        prescription = self._signed()
        for size, points in (("A5", (420, 595)), ("A4", (595, 842))):
            self.company.medical_prescription_format = size
            box = PdfFileReader(io.BytesIO(self._print(prescription))).pages[0].mediabox
            self.assertEqual((round(float(box.width)), round(float(box.height))), points)

    def test_millimetres_are_true(self):
        """The last line of the page stands where the layout puts it, at the bottom margin."""
        prescription = self._signed()
        places = []

        def visit(text, matrix, text_matrix, *_font):
            if "Page" in text:
                places.append(matrix[1] * text_matrix[4] + matrix[3] * text_matrix[5] + matrix[5])

        PdfFileReader(io.BytesIO(self._print(prescription))).pages[0].extract_text(visitor_text=visit)
        from_bottom = places[0] * 25.4 / 72
        self.assertTrue(8 < from_bottom < 14, from_bottom)

    def test_nothing_of_the_patient_outside_the_page(self):
        prescription = self._signed()
        reader = PdfFileReader(io.BytesIO(self._print(prescription)))
        self.assertNotIn("Tremblay", str(reader.metadata))
        report = self.env.ref("medical_practice.action_report_prescription")
        self.assertEqual(report.print_report_name, "object._get_report_file_name()")
        self.assertEqual(prescription._get_report_file_name(), prescription.name)

    def test_fonts_are_in_the_file(self):
        pages = PdfFileReader(io.BytesIO(self._print(self._signed()))).pages
        fonts = pages[0]["/Resources"]["/Font"]
        self.assertTrue(fonts)
        for font in fonts.values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            self.assertIn("/FontFile2", descendant["/FontDescriptor"])

    def test_a_draft_is_not_printed(self):
        draft = self._prescribe()
        with self.assertRaises(UserError):
            draft.action_print()
        with self.assertRaises(UserError):
            self._print(draft)

    def test_reception_prints_signed_ones_only(self):
        signed, draft = self._signed(), self._prescribe()
        self.assertIn(signed.name, self._pages(signed, "reception")[0])
        with self.assertRaises(AccessError):
            self._print(draft, "reception")
        for role in ("employee", "billing", "manager"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._print(signed, role)

    def test_cancelled_says_so_on_every_page(self):
        prescription = self._signed(*[self._line()] * 12)
        prescription.action_cancel("Erreur")
        pages = self._pages(prescription)
        self.assertGreater(len(pages), 1)
        for page in pages:
            self.assertIn("Annulée le", page)
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("medical_practice.report_prescription", prescription.ids)[0]
            .decode()
        )
        self.assertEqual(html.count("ANNULÉE"), len(pages))

    def test_several_at_once(self):
        both = self._signed(*[self._line()] * 12) | self._signed(patient=self.patient2)
        whole = " ".join(self._pages(both))
        for prescription in both:
            self.assertIn(prescription.name, whole)
        self.assertIn("Page 1 of 1", whole)

    def test_no_substitution_only_where_set(self):
        prescription = self._signed(self._line(), self._line(no_substitution=True, no_substitution_reason="Lactose"))
        (page,) = self._pages(prescription)
        self.assertEqual(page.count("Ne pas substituer"), 1)
        self.assertIn("(Lactose)", page)

    def test_signed_by_hand_leaves_an_empty_place(self):
        self.company.medical_prescription_handwritten = True
        self.physician.signature = False
        self.assertFalse(self._document(self._signed())["signature"])

    def test_code_is_that_of_the_public_page(self):
        prescription = self._signed()
        document = self._document(prescription)
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        self.assertEqual(document["url"], f"{base}/prescription/verify/{prescription.sudo().verification_token}")
        report = self.env["report.medical_practice.report_prescription"]
        self.assertEqual(document["qr_code"], report._get_qr_uri(document["url"]))
        picture = base64.b64decode(document["qr_code"].split(",")[1])
        self.assertTrue(picture.startswith(b"\x89PNG"))

    def test_expired_is_no_obstacle_to_a_copy(self):
        day = fields.Date.today() - timedelta(days=900)
        prescription = self._signed(date=day, valid_until=day + timedelta(days=10))
        self.assertTrue(prescription.is_expired)
        self.assertTrue(self._pages(prescription))


@tagged("post_install", "-at_install")
class TestPaper(PrescriptionCase):
    def test_pieces_lose_nothing(self):
        for text in (LONG * 40, "\n".join("abc" for _n in range(300)), "x" * 3000, "é" * 10 + " " * 500 + "b"):
            pieces = paper.pieces_of(text, 40, 12)
            self.assertEqual("".join("".join(pieces).split()), "".join(text.split()))
            for piece in pieces:
                self.assertLessEqual(len(paper.lines_of(piece, 40)), 12)
