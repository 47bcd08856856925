import base64
import io
from datetime import date

import qrcode
from babel.dates import format_date as babel_format_date

from odoo import api, models
from odoo.addons.medical_practice.lib import pagination, paper
from odoo.tools.misc import babel_locale_parse

#: Geometry in millimetres, type sizes in points. ``leading`` is the height of a line in em.
FORMATS = {
    "A5": {
        "width": 148,
        "height": 210,
        "margin": 9,
        "number_width": 7.5,
        "practice_size": 11,
        "small_size": 7.2,
        "name_size": 9.2,
        "text_size": 8.6,
        "title_size": 14,
        "patient_height": 16,
        "title_height": 9.5,
        "footer_height": 34,
        "qr_size": 22,
        "logo_height": 13,
        "gap": 2.6,
    },
    "A4": {
        "width": 210,
        "height": 297,
        "margin": 16,
        "number_width": 10,
        "practice_size": 14,
        "small_size": 8.6,
        "name_size": 11.2,
        "text_size": 10.4,
        "title_size": 19,
        "patient_height": 20,
        "title_height": 13,
        "footer_height": 42,
        "qr_size": 28,
        "logo_height": 18,
        "gap": 4,
    },
}
FORMATS["Letter"] = {**FORMATS["A4"], "width": 215.9, "height": 279.4}

#: Templates of the parts of a page that a country prints in its own way; the others are the international ones.
LAYOUTS = {
    "fr": {
        "practitioner": "medical_practice.prescription_practitioner_fr",
        "line": "medical_practice.prescription_line_fr",
        "signature": "medical_practice.prescription_signature_fr",
        "verification": "medical_practice.prescription_verification_fr",
    },
    "ca_qc": {"line": "medical_practice.prescription_line_ca_qc"},
}
PARTS = ("practitioner", "patient", "line", "signature", "verification")
LEADING = 1.38
#: Bold type is so much wider.
BOLD = 1.12
MM_PER_POINT = 25.4 / 72
#: Every page keeps this much for the words under its last line, the last one for the end mark.
FILLER_HEIGHT = 8.0
#: Lines a head of a column takes at most: what a letterhead holds.
MAX_HEAD_LINES = 7


class MedicalPrescriptionReport(models.AbstractModel):
    """Lays signed prescriptions out on pages that each stand alone: head, patient, lines, signature, code.

    Builds of wkhtmltopdf without patched Qt print no running header, so the pages are made here. Heights are
    estimated on the generous side; what an estimate leaves over is struck out, like all unused paper.

    Other layouts override ``_get_geometry``, the small templates, or ``_prepare_document``.
    """

    _name = "report.medical_practice.report_prescription"
    _description = "Prescription on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        prescriptions = self.env["medical.prescription"].browse(docids)
        prescriptions.check_access("read")
        prescriptions._check_printable()
        return {
            "doc_ids": docids,
            "doc_model": "medical.prescription",
            "docs": prescriptions,
            "documents": [self._prepare_copies(prescription) for prescription in prescriptions],
        }

    @api.model
    def _prepare_copies(self, prescription):
        """Return the legal copy, which brings the plain one in the language of the patient where that is another."""
        document = self._prepare_document(prescription)
        if plain := document["paper"].get("patient_copy"):
            document["plain_copy"] = self._prepare_document(prescription, plain, plain=True)
        return document

    @api.model
    def _get_layout_templates(self, layout):
        """Return the template of each part of a page, by its name, in the layout of a country."""
        own = LAYOUTS.get(layout, {})
        return {part: own.get(part, f"medical_practice.prescription_{part}") for part in PARTS}

    @api.model
    def _prepare_document(self, prescription, content=None, plain=False):
        """Return what the template prints of one prescription: texts, pictures, geometry and pages.

        :param dict content: the paper to print, that of the legal copy where none is given.
        :param bool plain: whether it is the copy for the patient, which is no prescription.
        """
        content = content or prescription._get_paper()
        lang = self._get_print_lang(content["lang"])
        prescription = prescription.with_context(lang=lang)
        geometry = self._get_geometry(prescription)
        elements = self._prepare_elements(content, geometry)
        head_height = self._get_head_height(content, geometry, prescription)
        pages = self._prepare_pages(elements, geometry, head_height)
        return {
            "prescription": prescription,
            "paper": content,
            "lang": lang,
            "title": self.env(context={**self.env.context, "lang": lang})._("Copy for the patient")
            if plain
            else prescription._get_paper_title(),
            "plain": plain,
            "copy": self._is_copy(),
            "templates": self._get_layout_templates(content.get("layout") or "generic"),
            "geometry": {**geometry, "head_height": head_height},
            "pages": pages,
            "item_count": len(content["lines"]),
            "date": self._format_date(prescription.date, lang),
            "valid_until": self._format_date(prescription.valid_until, lang),
            "birthdate": self._format_date(content["patient"]["birthdate"], lang),
            "cancelled_on": self._format_date(prescription._get_cancelled_day(), lang),
            "logo": self._get_image_uri(prescription, "logo_image"),
            "signature": "" if plain else self._get_image_uri(prescription, "signature_image"),
            "url": prescription._get_verification_url(),
            "qr_code": self._get_qr_uri(prescription._get_verification_url()),
        }

    @api.model
    def _is_copy(self):
        """Tell whether what is printed is a copy: everything but the first print that was counted."""
        return self.env.context.get("prescription_print_number") != 1

    @api.model
    def _get_print_lang(self, lang):
        """Return the language of the paper, or the user's where that one has been removed since."""
        return lang if self.env["res.lang"]._get_data(code=lang) else self.env.lang or "en_US"

    @api.model
    def _format_date(self, value, lang):
        """Return a date in words, so that no country reads the month for the day."""
        if not value:
            return ""
        value = date.fromisoformat(value) if isinstance(value, str) else value
        return babel_format_date(value, format="long", locale=babel_locale_parse(lang))

    # === Pictures === #

    @api.model
    def _get_image_uri(self, prescription, name):
        image = prescription.with_context(bin_size=False)[name]
        if not image:
            return ""
        kind = "svg+xml" if image[:1] == b"P" else "jpeg" if image[:1] == b"/" else "png"
        return f"data:image/{kind};base64,{image.decode()}"

    @api.model
    def _get_qr_uri(self, text):
        """Return a QR code as a picture that needs no network."""
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=8, border=0)
        code.add_data(text)
        code.make(fit=True)
        picture = io.BytesIO()
        code.make_image().save(picture, format="PNG")
        return "data:image/png;base64," + base64.b64encode(picture.getvalue()).decode()

    # === Geometry === #

    @api.model
    def _get_geometry(self, prescription):
        """Return the geometry of the practice's paper."""
        # The size of the paper is a setting of the practice, whoever prints.
        geometry = FORMATS[prescription.company_id.sudo().medical_prescription_format]
        return {**geometry, "column": geometry["width"] - 2 * geometry["margin"]}

    @api.model
    def _height(self, text, width, size, bold=False):
        """Return the height in mm of a text of ``size`` points in a column of ``width`` mm."""
        em = size * MM_PER_POINT
        return len(paper.lines_of(text, width / (em * (BOLD if bold else 1)))) * em * LEADING

    @api.model
    def _get_head_height(self, content, geometry, prescription):
        """Return the height of practice and practitioner side by side."""
        column, small = geometry["column"] / 2 - 2, geometry["small_size"]
        practice, practitioner = content["practice"], content["practitioner"]
        left_width = column - (geometry["logo_height"] + 2 if prescription.logo_image else 0)
        left = self._height(practice["name"], left_width, geometry["practice_size"], bold=True)
        left += sum(self._height(text, left_width, small) for text in self._get_practice_texts(practice))
        right = self._height(practitioner["name"], column, geometry["practice_size"], bold=True)
        right += 4 * small * MM_PER_POINT * LEADING
        highest = MAX_HEAD_LINES * small * MM_PER_POINT * LEADING + 2 * geometry["practice_size"] * MM_PER_POINT
        return round(min(max(left, right, geometry["logo_height"]), highest) + 2, 1)

    @api.model
    def _get_practice_texts(self, practice):
        contact = " · ".join(filter(None, [practice["phone"], practice["email"]]))
        return [*practice["address"], contact]

    # === Elements of the body === #

    @api.model
    def _prepare_elements(self, content, geometry):
        """Return the blocks of the body in their order, each with its height, none higher than a page."""
        width = geometry["column"] - geometry["number_width"]
        elements = []
        for zone, lines in self._get_zones(content):
            if zone:
                elements.append({"kind": "zone", "zone": zone, "height": self._get_zone_height(geometry)})
            for line in lines:
                elements += self._prepare_line_elements(line, geometry, width)
        for text in self._split_text(content["note"], geometry["column"], geometry["text_size"], geometry):
            height = self._height(text, geometry["column"] - 4, geometry["text_size"]) + geometry["gap"] + 5
            elements.append({"kind": "note", "text": text, "height": height})
        return elements

    @api.model
    def _get_zones(self, content):
        """Return ``[(zone, lines)]``; France: what an ALD covers stands apart, above the rest (RXF-09)."""
        lines = content["lines"]
        if content.get("layout") != "fr" or not any(line.get("ald") for line in lines):
            return [("", lines)]
        zones = {"ald": [line for line in lines if line.get("ald")]}
        zones["other"] = [line for line in lines if not line.get("ald")]
        return list(zones.items())

    @api.model
    def _get_zone_height(self, geometry):
        return 3 * geometry["small_size"] * MM_PER_POINT * LEADING + geometry["gap"] + 2

    @api.model
    def _prepare_line_elements(self, line, geometry, width):
        """Return the blocks of one line: one, or several where its text is longer than a page."""
        first = self._height(line["name"], width, geometry["name_size"], bold=True) + geometry["gap"]
        small = geometry["small_size"]
        details = [
            line["quantity"] and "x" * 14 + line["quantity"],
            line["indication"] and "x" * 14 + line["indication"],
        ]
        if line["no_substitution"]:
            details.append("X" * 18 + line["no_substitution_reason"])
        details += ["x" * 20 for flag in ("long_term", "single_fill") if line[flag]]
        details += ["x" * 14 + line[name] for name in ("inn", "letters", "fills", "urgency", "side") if line.get(name)]
        details += ["x" * 30 for flag in ("fasting", "no_substitution_code") if line.get(flag)]
        last = sum(self._height(text, width, small) for text in details if text)
        pieces = self._split_text(line["sig"], width, geometry["text_size"], geometry) or [""]
        blocks = []
        for position, text in enumerate(pieces):
            block = {"kind": "line", "line": line, "sig": text, "first": position == 0}
            block["last"] = position == len(pieces) - 1
            height = self._height(text, width, geometry["text_size"]) + geometry["gap"] * 0.5
            block["height"] = (
                height + (first if block["first"] else geometry["gap"] + 5) + (last if block["last"] else 0)
            )
            blocks.append(block)
        return blocks

    @api.model
    def _split_text(self, text, width, size, geometry):
        """Return a text in pieces of at most a third of a page."""
        em = size * MM_PER_POINT
        most = max(int(geometry["height"] / 3 / (em * LEADING)), 1)
        return paper.pieces_of(text, width / em, most)

    @api.model
    def _prepare_pages(self, elements, geometry, head_height):
        """Return the pages: number, total, the blocks of each and the height of its body."""
        inner = geometry["height"] - 2 * geometry["margin"] - geometry["footer_height"]
        bodies = {
            True: inner - head_height - geometry["title_height"] - geometry["patient_height"] - 5,
            False: inner - geometry["title_height"] - geometry["patient_height"] - 5,
        }
        room = {first: height - FILLER_HEIGHT for first, height in bodies.items()}
        split = pagination.split([element["height"] for element in elements], room[True], room[False]) or [[]]
        return [
            {
                "number": number,
                "total": len(split),
                "elements": [elements[index] for index in indexes],
                "body_height": round(bodies[number == 1], 1),
                "last": number == len(split),
            }
            for number, indexes in enumerate(split, 1)
        ]
