import base64
import hashlib

import lxml.html
from babel.dates import format_date as babel_format_date

from odoo import api, fields, models
from odoo.addons.medical_practice.lib import placeholders
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate
from odoo.tools.mail import html2plaintext, html_sanitize, is_html_empty
from odoo.tools.misc import babel_locale_parse

_lt = LazyTranslate(__name__)

#: What a template may hold, and how the list beside the template explains it.
PLACEHOLDERS = {
    "today": _lt("Date of the day, in words"),
    "patient.name": _lt("Patient: name"),
    "patient.first_name": _lt("Patient: first name"),
    "patient.last_name": _lt("Patient: last name"),
    "patient.birthdate": _lt("Patient: birthdate"),
    "patient.age": _lt("Patient: age"),
    "patient.sex": _lt("Patient: sex"),
    "patient.chart_number": _lt("Patient: chart number"),
    "patient.health_number": _lt("Patient: health number"),
    "patient.address": _lt("Patient: address"),
    "patient.phone": _lt("Patient: phone"),
    "practitioner.name": _lt("Practitioner: name and title"),
    "practitioner.specialty": _lt("Practitioner: specialty"),
    "practitioner.licence_number": _lt("Practitioner: licence number"),
    "practitioner.phone": _lt("Practitioner: phone"),
    "practice.name": _lt("Practice: name"),
    "practice.phone": _lt("Practice: phone"),
    "practice.city": _lt("Practice: city"),
    "recipient.name": _lt("Recipient: name"),
    "conditions": _lt("Active problems"),
    "history": _lt("Medical and surgical history"),
    "allergies": _lt("Allergies, or that there is none known, or that it was not asked"),
    "treatments": _lt("Current treatments"),
    "immunizations": _lt("Vaccines received"),
    "consultation.date": _lt("Consultation: date"),
    "consultation.reason": _lt("Consultation: reason"),
    "consultation.assessment": _lt("Consultation: assessment"),
    "consultation.plan": _lt("Consultation: plan"),
    "last.bp": _lt("Last blood pressure"),
}
#: Which method fills which group of placeholders.
PROVIDERS = {
    "today": "_get_day_values",
    "patient": "_get_patient_values",
    "practitioner": "_get_practitioner_values",
    "practice": "_get_practice_values",
    "recipient": "_get_recipient_values",
    "conditions": "_get_condition_values",
    "history": "_get_history_values",
    "allergies": "_get_allergy_values",
    "treatments": "_get_treatment_values",
    "immunizations": "_get_immunization_values",
    "consultation": "_get_consultation_values",
    "last": "_get_measurement_values",
}
#: ISO 3166 codes of countries whose envelopes usually have their window on the right (France: AFNOR NF Z 11-001).
WINDOW_ON_THE_RIGHT = {"FR", "BE", "LU", "MC"}
BLOOD_PRESSURE = ("bp_systolic", "bp_diastolic")


class MedicalDocument(models.Model):
    """Letters and certificates: filled from a template, completed by hand, addressed, signed, printed."""

    _name = "medical.document"
    _inherit = "medical.document"

    template_id = fields.Many2one(
        "medical.document.template", ondelete="restrict", index="btree_not_null", check_company=True
    )
    practitioner_id = fields.Many2one(
        compute="_compute_practitioner_id", store=True, readonly=False, precompute=True, copy=True
    )
    lang = fields.Selection(
        selection="_selection_lang",
        string="Language",
        compute="_compute_lang",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        help="The language of the paper: the patient's, unless the letter goes to somebody who reads another.",
    )
    recipient = fields.Text(
        compute="_compute_recipient",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        help="Name and address as they are printed.",
    )
    body = fields.Html(sanitize=True, sanitize_attributes=True, sanitize_style=True)
    body_origin = fields.Char(copy=False, help="Digest of the text as it was filled in: equal while nobody changed it.")
    signature_image = fields.Binary(attachment=True, readonly=True, copy=False)
    logo_image = fields.Binary(attachment=True, readonly=True, copy=False)
    can_sign = fields.Boolean(compute="_compute_can_sign")

    # === Computes === #

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    @api.depends("patient_id", "direction")
    def _compute_practitioner_id(self):
        current = self.env["medical.practitioner"]._get_current()
        for document in self:
            author = document.practitioner_id
            if document.direction == "outgoing" and document.state == "draft":
                author = author or document.consultation_id.practitioner_id or current
                author = author or document.patient_id.practitioner_id
            document.practitioner_id = author

    @api.depends("patient_id", "direction")
    def _compute_lang(self):
        installed = dict(self.env["res.lang"].get_installed())
        for document in self:
            if document.direction == "incoming":
                document.lang = document.lang
            else:
                lang = document.patient_id.lang
                document.lang = lang if lang in installed else self.env.lang or "en_US"

    @api.depends("correspondent_id", "template_id", "lang")
    def _compute_recipient(self):
        for document in self:
            if document.direction == "outgoing" and document.state == "draft":
                document.recipient = document._prepare_recipient()
            else:
                document.recipient = document.recipient

    def _prepare_recipient(self):
        """Return the lines of the address window, in the language of the letter."""
        self.ensure_one()
        document = self.with_context(lang=self.lang)
        if partner := document.correspondent_id:
            lines = [partner.name, *partner._display_address(without_company=True).splitlines()]
            return "\n".join(line.strip() for line in lines if line and line.strip())
        return document.env._("To whom it may concern") if document.template_id.to_whom == "whom" else False

    @api.depends_context("uid")
    @api.depends("practitioner_id", "state", "direction")
    def _compute_can_sign(self):
        is_practitioner = self.env.user.has_group("medical_practice.group_practitioner")
        for document in self:
            draft = document.direction == "outgoing" and document.state == "draft"
            document.can_sign = draft and is_practitioner and document.practitioner_id.user_id == self.env.user

    # === Filling in === #

    @api.onchange("template_id", "patient_id", "practitioner_id", "correspondent_id", "consultation_id", "lang")
    def _onchange_fill(self):
        """Fill the letter in again as long as nobody changed its text."""
        if self.direction == "outgoing" and self.template_id and self.state == "draft" and self._is_untouched():
            self.update(self._prepare_filled())

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        for document in documents:
            if document.template_id and is_html_empty(document.body) and document.direction == "outgoing":
                document.update(document._prepare_filled())
        return documents

    def _is_untouched(self):
        self.ensure_one()
        return is_html_empty(self.body) or self._text_digest(self.body) == self.body_origin

    @api.model
    def _text_digest(self, body):
        text = " ".join(html2plaintext(body or "").split())
        return hashlib.sha256(text.encode()).hexdigest()

    def _prepare_filled(self):
        """Return the text of the template with the fields of the chart, and its digest."""
        self.ensure_one()
        source = self.template_id.with_context(lang=self.lang).body or ""
        values = self._get_placeholder_values(placeholders.keys_of(source))
        body = placeholders.render(source, values)
        return {"body": body, "body_origin": self._text_digest(body)}

    def action_fill(self):
        """Write the text of the template anew: what was typed is lost."""
        self.check_access("write")
        for document in self:
            if not document.template_id:
                raise UserError(self.env._("Choose a template first."))
            document.write(document._prepare_filled())
        return True

    @api.model
    def _get_placeholders(self):
        """Return ``{key: label}`` of everything a template may hold."""
        kinds = self.env["medical.measurement.type"].search([])  # pylint: disable=no-search-all
        last = {f"last.{kind.code}": self.env._("Last %(name)s", name=kind.name) for kind in kinds}
        return {key: self.env._(label) for key, label in PLACEHOLDERS.items()} | last

    def _get_placeholder_values(self, keys):
        """Return ``{key: text or list of texts}`` for the keys a template holds, in the language of the letter."""
        self.ensure_one()
        document = self.with_context(lang=self.lang)
        values = {}
        for group, method in PROVIDERS.items():
            wanted = [key for key in keys if key.partition(".")[0] == group]
            if wanted:
                values |= getattr(document, method)(wanted)
        return {key: value or "" for key, value in values.items()}

    def _get_day_values(self, keys):
        return {"today": self._format_day(fields.Date.context_today(self))}

    @api.model
    def _format_day(self, day):
        """Return a date in words, so that no country reads the month for the day."""
        locale = babel_locale_parse(self.env.lang or "en_US")
        return babel_format_date(day, format="long", locale=locale) if day else ""

    def _format_moment(self, moment):
        return self._format_day(moment and fields.Datetime.context_timestamp(self, moment).date())

    def _get_patient_values(self, keys):
        patient = self.patient_id
        sexes = dict(patient._fields["sex"]._description_selection(self.env))
        return {
            "patient.name": patient.name,
            "patient.first_name": patient.first_name,
            "patient.last_name": patient.last_name,
            "patient.birthdate": self._format_day(patient.birthdate),
            "patient.age": patient.age_display,
            "patient.sex": sexes.get(patient.sex, "") if patient.sex != "unknown" else "",
            "patient.chart_number": patient.identifier,
            "patient.health_number": patient.health_number_display,
            "patient.address": ", ".join(filter(None, [patient.street, patient.city, patient.zip])),
            "patient.phone": patient.phone,
        }

    def _get_practitioner_values(self, keys):
        practitioner = self.practitioner_id
        return {
            "practitioner.name": practitioner._get_printed_name() if practitioner else "",
            "practitioner.specialty": practitioner.specialty_id.name,
            "practitioner.licence_number": practitioner.licence_number,
            "practitioner.phone": practitioner.phone,
        }

    def _get_practice_values(self, keys):
        # The practice's own letterhead, whatever the user may read of companies.
        company = (self.company_id or self.env.company).sudo()
        return {"practice.name": company.name, "practice.phone": company.phone, "practice.city": company.city}

    def _get_recipient_values(self, keys):
        return {"recipient.name": self.correspondent_id.name or (self.recipient or "").partition("\n")[0]}

    def _get_facts(self, model, domain, order=None):
        """Return the valid facts of the patient, as the user may read them."""
        patient = self.patient_id._origin or self.patient_id
        domain = [("patient_id", "=", patient.id), ("entered_in_error", "=", False), *domain]
        return self.env[model].search(domain, order=order) if patient.id else self.env[model]

    def _has_stated(self, kind):
        return bool(self._get_facts("medical.chart.statement", [("kind", "=", kind), ("ended_on", "=", False)]))

    def _get_condition_values(self, keys):
        domain = [("category", "=", "problem"), ("clinical_status", "in", ("active", "suspected"))]
        names = self._get_facts("medical.condition", domain).mapped("name")
        return {"conditions": names or self.env._("none recorded")}

    def _get_history_values(self, keys):
        domain = [("category", "in", ("medical_history", "surgical_history"))]
        facts = self._get_facts("medical.condition", domain, order="onset_date, id")
        names = [f"{fact.name} ({fact.onset})" if fact.onset else fact.name for fact in facts]
        return {"history": names or self.env._("none recorded")}

    def _get_allergy_values(self, keys):
        facts = self._get_facts("medical.allergy", [("status", "=", "active")])
        names = [f"{fact.name} ({fact.reaction})" if fact.reaction else fact.name for fact in facts]
        if not names:
            stated = self._has_stated("no_known_allergy")
            names = self.env._("no known allergy") if stated else self.env._("allergies not asked")
        return {"allergies": names}

    def _get_treatment_values(self, keys):
        facts = self._get_facts("medical.treatment", [("status", "=", "active")], order="sequence, id")
        names = [f"{fact.name}: {fact.sig}" if fact.sig else fact.name for fact in facts if fact.name]
        if not names:
            stated = self._has_stated("no_long_term_treatment")
            names = self.env._("no long-term treatment") if stated else self.env._("treatments not asked")
        return {"treatments": names}

    def _get_immunization_values(self, keys):
        facts = self._get_facts("medical.immunization", [("status", "!=", "refused")], order="given_on, id")
        names = [f"{fact.vaccine_id.name} ({self._format_day(fact.given_on)})" for fact in facts]
        return {"immunizations": names or self.env._("none recorded")}

    def _get_consultation_values(self, keys):
        visit = self.consultation_id
        return {
            "consultation.date": self._format_moment(visit.date_start) if visit else "",
            "consultation.reason": visit.reason,
            "consultation.assessment": html2plaintext(visit.assessment or "").strip(),
            "consultation.plan": html2plaintext(visit.plan or "").strip(),
        }

    def _get_measurement_values(self, keys):
        codes = {key.partition(".")[2] for key in keys}
        if "bp" in codes:
            codes |= set(BLOOD_PRESSURE)
        patient = self.patient_id._origin or self.patient_id
        found = self.env["medical.measurement"]._get_last_values(patient, codes, self.env["medical.consultation"])
        values = {f"last.{code}": self._format_measurement(found.get((patient.id, code))) for code in codes}
        if "bp" in codes:
            values["last.bp"] = self._format_blood_pressure(*(found.get((patient.id, code)) for code in BLOOD_PRESSURE))
        return values

    def _format_measurement(self, measurement):
        """Return a value with its unit and its day, or that there is none."""
        if not measurement:
            return self.env._("not measured")
        value = measurement.type_id._format(measurement.value)
        return f"{value} ({self._format_moment(measurement.date)})"

    def _format_blood_pressure(self, systolic, diastolic):
        if not systolic or not diastolic or systolic.date != diastolic.date:
            return self._format_measurement(systolic)
        unit = systolic.type_id.unit_display or ""
        values = f"{systolic.value:.0f}/{diastolic.value:.0f} {unit}".strip()
        return f"{values} ({self._format_moment(systolic.date)})"

    # === Signature === #

    def _get_missing_before_signing(self):
        missing = super()._get_missing_before_signing()
        if is_html_empty(self.body):
            missing.append(self.env._("The letter is empty."))
        if left := placeholders.keys_of(self.body or ""):
            missing.append(self.env._("Fill in or delete: %(keys)s", keys=", ".join(f"{{{{{key}}}}}" for key in left)))
        # Whether a signature is on file and how the practice signs are facts of it, whoever asks.
        by_hand = self.company_id.sudo().medical_prescription_handwritten
        if not by_hand and not self.practitioner_id.sudo().with_context(bin_size=True).signature:
            missing.append(
                self.env._(
                    "The signature of %(practitioner)s is missing: add its picture to the practitioner, or choose in "
                    "the settings that prescriptions are signed by hand.",
                    practitioner=self.practitioner_id.display_name,
                )
            )
        return missing

    def _before_signing(self):
        """Keep the pictures of the day, which the signature then freezes."""
        super()._before_signing()
        # The practice's logo and signatures: whoever signs need not be allowed to read the company's files.
        document = self.sudo()
        company = document.company_id.with_context(bin_size=False)
        document.write(
            {
                "signature_image": document.practitioner_id.with_context(bin_size=False).signature,
                "logo_image": False if company.uses_default_logo else company.logo,
            }
        )

    def _prepare_signed_content(self):
        """Return the content: the fields, the pictures, and the paper as it stood at the signature."""
        content = super()._prepare_signed_content()
        content["images"] = {name: self._get_image_digest(name) for name in ("logo_image", "signature_image")}
        content["paper"] = self._get_paper()
        return content

    def _get_image_digest(self, name):
        image = self.with_context(bin_size=False)[name]
        return hashlib.sha256(base64.b64decode(image)).hexdigest() if image else False

    # === Paper === #

    def _get_paper(self):
        """Return what is printed round the text: kept with the signature, or made now for a draft."""
        self.ensure_one()
        kept = (self.signed_content or {}).get("paper") if self.state != "draft" else None
        return kept if kept is not None else self._prepare_paper()

    def _prepare_paper(self):
        """Return the letterhead, the patient and the recipient as plain texts in the language of the letter."""
        self.ensure_one()
        # The paper shows what the practice stands for, whatever the person who signs may read of it.
        document = self.sudo().with_context(lang=self.lang or self.env.lang)
        return {
            "lang": document.env.lang,
            "title": document.name,
            "date": document._format_moment(document.date),
            "city": document.company_id.city or "",
            "recipient": [line for line in (document.recipient or "").splitlines() if line.strip()],
            "practice": document._prepare_paper_practice(),
            "practitioner": document._prepare_paper_practitioner(),
            "patient": document._prepare_paper_patient(),
        }

    def _prepare_paper_practice(self):
        company = self.company_id
        address = company.partner_id._display_address(without_company=True)
        return {
            "name": company.name,
            "address": [line.strip() for line in address.splitlines() if line.strip()],
            "phone": company.phone or "",
            "email": company.email or "",
        }

    def _prepare_paper_practitioner(self):
        practitioner = self.practitioner_id
        return {
            "name": practitioner._get_printed_name() if practitioner else "",
            "specialty": practitioner.specialty_id.name or "",
            "licence_number": practitioner.licence_number or "",
            "phone": practitioner.phone or self.company_id.phone or "",
        }

    def _prepare_paper_patient(self):
        patient = self.patient_id
        return {
            "name": patient.name or "",
            "birthdate": self._format_day(patient.birthdate),
            "identifier": patient.identifier or "",
            "health_number": patient.health_number_display or "",
        }

    def _get_paper_body(self):
        """Return the text of the letter without anything that would be fetched from elsewhere to print it."""
        self.ensure_one()
        if is_html_empty(self.body):
            return ""
        root = lxml.html.fragment_fromstring(str(self.body), create_parent="div")
        for node in root.xpath(".//img | .//iframe | .//object | .//embed | .//link | .//video | .//audio"):
            if not (node.tag == "img" and (node.get("src") or "").startswith("data:image/")):
                node.drop_tree()
        return lxml.html.tostring(root, encoding="unicode")

    def _get_paper_markup(self):
        """Return the same as HTML that a template prints as it is: sanitized once more on its way to the printer."""
        return html_sanitize(self._get_paper_body(), sanitize_attributes=True, sanitize_style=True)

    def _get_image_uri(self, name):
        """Return a picture of the paper as it stands in the page itself: kept at the signature, or today's."""
        self.ensure_one()
        # The letterhead of the practice, whoever prints.
        document = self.sudo().with_context(bin_size=False)
        image = document[name]
        if self.state == "draft" and name == "logo_image" and not document.company_id.uses_default_logo:
            image = document.company_id.logo
        if not image:
            return ""
        kind = "svg+xml" if image[:1] == b"P" else "jpeg" if image[:1] == b"/" else "png"
        return f"data:image/{kind};base64,{image.decode()}"

    def _has_window_on_the_right(self):
        """Tell whether envelopes of the practice's country show the address on the right (DL, France)."""
        return self.company_id.sudo().country_id.code in WINDOW_ON_THE_RIGHT

    def _get_cancelled_text(self):
        return self.with_context(lang=self.lang)._format_moment(self.cancelled_on)

    def _get_paper_frame(self):
        """Return what stands on every page: the foot, the head of the pages after the first, the stamp across."""
        self.ensure_one()
        paper = self._get_paper()
        patient, document = paper["patient"], self.with_context(lang=paper["lang"])
        born = document.env._("born %(date)s", date=patient["birthdate"]) if patient["birthdate"] else ""
        chart = document.env._("chart %(number)s", number=patient["identifier"]) if patient["identifier"] else ""
        stamps = {"draft": document.env._("DRAFT"), "cancelled": document.env._("CANCELLED")}
        return {
            "lang": paper["lang"],
            "foot": " · ".join(filter(None, [patient["name"], born, chart])),
            "head": " · ".join(filter(None, [paper["practice"]["name"], paper["title"], paper["date"]])),
            "stamp": stamps.get(self.state, ""),
        }

    def action_print(self):
        """Return the paper: a draft is printed with DRAFT across it."""
        self.check_access("read")
        if self.filtered(lambda document: document.direction == "incoming"):
            raise UserError(self.env._("A document that came in is opened or downloaded as it is."))
        return self.env.ref("medical_practice.action_report_document").report_action(self, config=False)

    def action_sign_and_print(self):
        """Sign, then return the paper."""
        self.action_sign()
        return self.action_print()
