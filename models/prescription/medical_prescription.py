import base64
import hashlib
import secrets

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.addons.medical_practice.lib import dosage, prescribing
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import LazyTranslate, format_date

_lt = LazyTranslate(__name__)

PRESCRIPTION_KINDS = [
    ("drug", "Drugs"),
    ("care", "Care"),
    ("examination", "Examinations"),
    ("device", "Devices"),
]

#: The title of the paper, by kind.
PAPER_TITLES = {
    "drug": _lt("Prescription"),
    "care": _lt("Prescription for care"),
    "examination": _lt("Request for examinations"),
    "device": _lt("Prescription for a device"),
}

#: Random bytes of the token in the QR code: nobody guesses 192 bits.
TOKEN_BYTES = 24
MAX_NOTE = 1500


class MedicalPrescription(models.Model):
    """An order signed by a practitioner for a patient: drugs, care, examinations or devices.

    A draft until it is signed; then it is numbered, frozen, printed with a code by which anybody who holds the paper
    can check it, and it can only be cancelled.

    Everything that stands on the paper is kept at the signature in ``signed_content["paper"]``, in the language of the
    patient: another name of the practitioner, the patient, a drug or the practice changes no signed paper.
    """

    _name = "medical.prescription"
    _description = "Prescription"
    _inherit = ["medical.signature.mixin", "medical.banner.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    # === Who, when === #
    name = fields.Char("Number", readonly=True, copy=False, index=True)
    patient_id = fields.Many2one("medical.patient", required=True, index=True, ondelete="restrict", check_company=True)
    practitioner_id = fields.Many2one(
        "medical.practitioner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        default=lambda self: self.env["medical.practitioner"]._get_current(),
    )
    company_id = fields.Many2one(related="patient_id.company_id", store=True, index=True)
    consultation_id = fields.Many2one(
        "medical.consultation",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('patient_id', '=', patient_id)]",
        groups="medical_practice.group_assistant",
    )
    kind = fields.Selection(PRESCRIPTION_KINDS, default="drug", required=True)
    date = fields.Date(required=True, default=fields.Date.context_today, copy=False)
    valid_until = fields.Date(
        compute="_compute_valid_until",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="The last day the pharmacist may serve it. Empty: it does not expire.",
    )
    is_expired = fields.Boolean(compute="_compute_is_expired")

    # === What === #
    line_ids = fields.One2many("medical.prescription.line", "prescription_id", "Lines", copy=True)
    alert_ids = fields.One2many("medical.prescription.alert", "prescription_id", "Alerts", readonly=True)
    note = fields.Text("Printed Note", help="Printed under the lines: for the pharmacist, the laboratory, the carer.")
    summary = fields.Char(compute="_compute_summary", string="Items")
    template_id = fields.Many2one(
        "medical.prescription.template", "Add a Favourite", store=False, domain="[('kind', '=', kind)]"
    )

    quick_entry = fields.Char(
        store=False, help="A drug and its dosage in one line, as you write it: “amox 500 cap 1 co tid x 10j”."
    )
    quick_drug_id = fields.Many2one("medical.drug", store=False)
    quick_free = fields.Boolean(store=False)

    # === Paper === #
    verification_token = fields.Char(readonly=True, copy=False, index="btree_not_null", groups="base.group_system")
    verification_failures = fields.Integer(readonly=True, copy=False, groups="base.group_system")
    verification_locked_until = fields.Datetime(readonly=True, copy=False, groups="base.group_system")
    signature_image = fields.Binary(attachment=True, readonly=True, copy=False)
    logo_image = fields.Binary(attachment=True, readonly=True, copy=False)

    _valid_until_after_date = models.Constraint(
        "CHECK (valid_until IS NULL OR valid_until >= date)", "A prescription is valid at least on its own day."
    )
    _name_uniq = models.UniqueIndex(
        "(name, company_id) WHERE name IS NOT NULL", "This prescription number is taken already."
    )
    _token_uniq = models.UniqueIndex(
        "(verification_token) WHERE verification_token IS NOT NULL", "This verification code is taken already."
    )

    # === Computed === #

    @api.depends("name", "date", "state")
    def _compute_display_name(self):
        for prescription in self:
            if prescription.name:
                prescription.display_name = prescription.name
            elif prescription.date:
                date = format_date(self.env, prescription.date)
                prescription.display_name = self.env._("Draft of %(date)s", date=date)
            else:
                prescription.display_name = self.env._("New prescription")

    @api.depends("date", "kind")
    def _compute_valid_until(self):
        for prescription in self:
            prescription.valid_until = prescription._get_default_valid_until()

    def _get_default_valid_until(self):
        """Return the last day of validity: drugs expire after the months set for the practice, the rest does not.

        Québec: 24 months for drugs (summary of the Collège des médecins, 2015; RXQ-06).
        """
        self.ensure_one()
        months = (self.company_id or self.env.company).medical_prescription_validity
        if self.kind != "drug" or not self.date or months <= 0:
            return False
        return self.date + relativedelta(months=months)

    @api.depends("valid_until")
    @api.depends_context("tz")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for prescription in self:
            prescription.is_expired = bool(prescription.valid_until and prescription.valid_until < today)

    @api.depends("line_ids.name")
    def _compute_summary(self):
        for prescription in self:
            prescription.summary = ", ".join(filter(None, prescription.line_ids.mapped("name")))

    @api.onchange("template_id")
    def _onchange_template_id(self):
        """Add the items of the favourite picked, and be ready for the next one."""
        if self.template_id:
            self.line_ids = [Command.create(vals) for vals in self._prepare_template_lines(self.template_id)]
            self.template_id = False

    # === Quick entry === #

    @api.onchange("quick_entry")
    def _onchange_quick_entry(self):
        """Add the line that was typed, and be ready for the next one."""
        text = (self.quick_entry or "").strip()
        if not text:
            return None
        chosen = self.quick_drug_id or self.quick_free
        values, cautions = self._prepare_quick_line(text, self.quick_drug_id if chosen else None)
        self.line_ids = [Command.create(values)]
        self.quick_entry = self.quick_drug_id = self.quick_free = False
        rest = [values["shorthand"]] if values.get("shorthand") else []
        return self.env["medical.prescription.line"]._get_caution_warning(rest, cautions)

    def _prepare_quick_line(self, text, drug):
        """Return ``(values, cautions)`` of the line that a quick entry adds after those that stand here.

        :param drug: the one chosen, None for the best match, an empty set for free text.
        """
        self.ensure_one()
        reader = self.env["medical.prescription.shorthand"]
        values, cautions = reader._prepare_entry_vals(text, self.kind, drug)
        return {**values, "sequence": max(self.line_ids.mapped("sequence"), default=0) + 1}, cautions

    def action_quick_entry(self, text, drug_id=None):
        """Add to a draft the line that a text says, such as "amox 500 cap 1 co tid x 10j".

        :param str text: an item and its dosage, in French or English shorthand.
        :param int drug_id: the ``medical.drug``, where it was chosen; else the best match is taken.
        :return: the sentences of caution about the way it was written.
        """
        self.ensure_one()
        if not isinstance(text, str) or not text.strip():
            raise UserError(self.env._("Type an item and its dosage."))
        drug = self.env["medical.drug"].browse(drug_id).exists() if drug_id else None
        values, cautions = self._prepare_quick_line(text.strip(), drug)
        self.line_ids = [Command.create(values)]
        return cautions

    @api.model
    @api.readonly
    def read_quick_entry(self, text, kind="drug"):
        """Return what a quick entry would become: the drugs it may mean, the dosage in full, what is not understood.

        :param str text: what is typed so far.
        :param str kind: the kind of the prescription.
        """
        self.browse().check_access("read")
        reader = self.env["medical.prescription.shorthand"]
        item, read = reader._read_entry(str(text or "")[:500])
        drugs = reader._find_drugs(item, read) if kind == "drug" else self.env["medical.drug"]
        return {
            "item": item,
            "drugs": [self._prepare_quick_option(drug, read) for drug in drugs],
            "free": self._prepare_quick_option(self.env["medical.drug"], read),
        }

    @api.model
    def _prepare_quick_option(self, drug, read):
        """Return one choice of a quick entry, with its dosage in full in the language of the user."""
        values, rest, cautions = self.env["medical.prescription.shorthand"]._convert(read, drug)
        item = self.env["medical.prescription.template.line"].new({"drug_id": drug.id, **values})
        return {
            "id": drug.id or False,
            "label": drug.display_name if drug else "",
            "detail": drug.company_name or "",
            "marketed": drug.marketed if drug else True,
            "narcotic": bool(drug.narcotic_class),
            "sentence": self.env["medical.prescription.sentence"]._get_sentence(item),
            "rest": rest,
            "cautions": cautions,
        }

    # === Signature === #

    def _get_signature_content_fields(self):
        return [
            "name",
            "patient_id",
            "practitioner_id",
            "kind",
            "date",
            "valid_until",
            "note",
        ]

    def _get_signature_columns(self):
        """The code of the paper stays with the paper, whoever writes to the database."""
        return sorted({*super()._get_signature_columns(), "verification_token"})

    def _get_line_content_fields(self):
        """Return the names of the fields of a line that the signature covers."""
        return [*self.env["medical.prescription.line"]._get_dosage_fields(), "sig"]

    def _prepare_signed_content(self):
        """Return the content: the fields, the lines, the pictures, and the paper as it stood at the signature."""
        content = super()._prepare_signed_content()
        lines = self.line_ids.read(self._get_line_content_fields(), load=None)
        content["lines"] = self._plain_content_value(lines)
        content["images"] = {name: self._get_image_digest(name) for name in ("logo_image", "signature_image")}
        content["paper"] = self._get_paper()
        return content

    def _get_image_digest(self, name):
        image = self.with_context(bin_size=False)[name]
        return hashlib.sha256(base64.b64decode(image)).hexdigest() if image else False

    def _get_paper(self):
        """Return what is printed: kept with the signature, or made now for a draft that is being signed."""
        self.ensure_one()
        kept = (self.signed_content or {}).get("paper") if self.state != "draft" else None
        return kept if kept is not None else self._prepare_paper()

    def _before_signing(self):
        """Give the number, the code of the paper and the pictures, which the signature then freezes."""
        super()._before_signing()
        # The practice numbers its prescriptions, keeps its logo and its practitioners' signatures: whoever may sign
        # need not be allowed to read the sequence, the company's files or to write a field of the system.
        prescription = self.sudo()
        practitioner = prescription.practitioner_id.with_context(bin_size=False)
        company = prescription.company_id.with_context(bin_size=False)
        prescription.write(
            {
                "name": prescription._next_number(),
                "verification_token": secrets.token_urlsafe(TOKEN_BYTES),
                "signature_image": practitioner.signature,
                "logo_image": company.logo if company.logo_web else False,
            }
        )

    def _next_number(self):
        """Return the next number of the practice."""
        self.ensure_one()
        sequence = self.env["ir.sequence"].with_company(self.company_id)
        number = sequence.next_by_code("medical.prescription", sequence_date=self.date)
        if not number:
            raise UserError(self.env._("The numbering of prescriptions is missing: ask your administrator."))
        return number

    def _get_missing_before_signing(self):
        """Name what the law asks for and the prescription lacks (RXQ-01 to -04, -10, -11, -13)."""
        missing = super()._get_missing_before_signing()
        missing += self._get_missing_practitioner() + self._get_missing_patient()
        if not self.date:
            missing.append(self.env._("The date is missing."))
        if not self.line_ids:
            missing.append(self.env._("Add at least one line."))
        for number, line in enumerate(self.line_ids, 1):
            missing += line._get_missing(number)
        return missing + self._get_missing_note()

    def _get_missing_practitioner(self):
        # What the licence says and whether a signature is on file are facts of the practice, whoever asks.
        practitioner, _ = self.practitioner_id.sudo(), self.env._
        name, missing = practitioner.display_name, []
        if not (practitioner.licence_number or "").strip():
            missing.append(_("The licence number of %(practitioner)s is missing.", practitioner=name))
        if not (practitioner.phone or self.company_id.sudo().phone):
            missing.append(_("The phone number of %(practitioner)s is missing.", practitioner=name))
        if self.kind == "drug" and not practitioner._can_prescribe_drugs():
            missing.append(_("The licence of %(practitioner)s does not allow prescribing drugs.", practitioner=name))
        by_hand = self.company_id.sudo().medical_prescription_handwritten
        if not by_hand and not practitioner.with_context(bin_size=True).signature:
            missing.append(
                _(
                    "The signature of %(practitioner)s is missing: add its picture to the practitioner, or choose in "
                    "the settings that prescriptions are signed by hand.",
                    practitioner=name,
                )
            )
        return missing

    def _get_missing_patient(self):
        patient, missing = self.patient_id, []
        if not (patient.name or "").strip():
            missing.append(self.env._("The name of the patient is missing."))
        if not patient.birthdate:
            missing.append(self.env._("The birthdate of the patient is missing."))
        return missing

    def _get_missing_note(self):
        """An examination needs the clinical information that explains it; no text may stand for a dosage."""
        missing = []
        explained = (self.note or "").strip() or all((line.indication or "").strip() for line in self.line_ids)
        if self.kind == "examination" and not explained:
            missing.append(self.env._("Give the clinical information: an indication on each line, or a note."))
        if dosage.is_vague(self.note):
            missing.append(self.env._("The note is vague: write it out."))
        if self.note and len(self.note) > MAX_NOTE:
            missing.append(self.env._("The note is too long (%(limit)s characters).", limit=MAX_NOTE))
        if any(self.line_ids.mapped("narcotic_class")) and prescribing.mentions_refill(self.note):
            missing.append(self.env._("The note mentions a refill, which a narcotic or controlled drug cannot have."))
        return missing

    # === Paper === #

    def _get_paper_lang(self):
        """Return the language of the paper: the patient's, where it is installed."""
        lang = self.patient_id.lang
        if lang and self.env["res.lang"]._get_data(code=lang):
            return lang
        return self.env.lang or "en_US"

    def _prepare_paper(self):
        """Return everything that is printed, as plain texts in the language of the paper.

        Another addon adds its own parts here; they are frozen with the rest.
        """
        self.ensure_one()
        # The paper shows what the practice stands for, whatever the person who signs may read of it.
        prescription = self.sudo()
        lang, patient_lang = self._get_legal_lang(), self._get_paper_lang()
        paper = prescription.with_context(lang=lang)._prepare_paper_content()
        if lang != patient_lang:
            paper["patient_copy"] = prescription.with_context(lang=patient_lang)._prepare_paper_content()
        return paper

    def _get_legal_lang(self):
        """Return the language of the legal copy: that of the practice where it has one, else the patient's."""
        self.ensure_one()
        # How the practice prints is a setting of it, whoever writes.
        lang = self.company_id.sudo().medical_prescription_lang
        return lang if lang and self.env["res.lang"]._get_data(code=lang) else self._get_paper_lang()

    def _prepare_paper_content(self):
        """Return one copy of the paper, in the language of the context."""
        self.ensure_one()
        return {
            "lang": self.env.lang,
            "number": self.name,
            "practice": self._prepare_paper_practice(),
            "practitioner": self._prepare_paper_practitioner(),
            "patient": self._prepare_paper_patient(),
            "lines": [line._prepare_paper_line(number) for number, line in enumerate(self.line_ids, 1)],
            "note": (self.note or "").strip(),
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
            "name": practitioner._get_printed_name(),
            "specialty": practitioner.specialty_id.name or "",
            "authority": practitioner.licence_type_id.authority or "",
            "licence_number": practitioner.licence_number or "",
            "phone": practitioner.phone or self.company_id.phone or "",
        }

    def _prepare_paper_patient(self):
        patient = self.patient_id
        sexes = dict(patient._fields["sex"]._description_selection(self.env))
        return {
            "name": patient.name,
            "birthdate": patient.birthdate.isoformat() if patient.birthdate else "",
            "sex": sexes.get(patient.sex, "") if patient.sex in ("female", "male", "other") else "",
            "health_number": patient.health_number or "",
            "address": ", ".join(filter(None, [patient.street, patient.city, patient.zip])),
            "phone": patient.phone or "",
        }

    def _get_paper_title(self):
        """Return the title of the paper in the language of the context."""
        self.ensure_one()
        return self.env._(PAPER_TITLES[self.kind])

    def _get_cancelled_day(self):
        """Return the day of the cancellation where the practice stands, or False."""
        self.ensure_one()
        if not self.cancelled_on:
            return False
        # The clock of the practice is a setting of it, whoever asks.
        timezone = self.company_id.sudo().resource_calendar_id.tz or self.env.user.tz or "UTC"
        return fields.Datetime.context_timestamp(self.with_context(tz=timezone), self.cancelled_on).date()

    def _get_report_file_name(self):
        """Return the name of the printed file: the number, and nothing about the patient."""
        self.ensure_one()
        return (self.name or "prescription").replace("/", "-")

    def _get_verification_url(self):
        """Return the public address at which whoever holds the paper checks it."""
        self.ensure_one()
        # The token is printed on the paper of whoever may print it.
        return f"{self.get_base_url()}/prescription/verify/{self.sudo().verification_token}"

    # === Lines from elsewhere === #

    def _prepare_template_lines(self, template):
        """Return the values of the lines a favourite brings, after those that stand here."""
        self.ensure_one()
        last = max(self.line_ids.mapped("sequence"), default=0)
        return [
            {**item._prepare_line_vals(), "sequence": last + position}
            for position, item in enumerate(template.line_ids, 1)
        ]

    def action_apply_template(self, template_id):
        """Add the items of a favourite to a draft.

        :param int template_id: the ``medical.prescription.template``.
        """
        self.ensure_one()
        template = self.env["medical.prescription.template"].browse(template_id).exists()
        template.check_access("read")
        self.line_ids = [Command.create(vals) for vals in self._prepare_template_lines(template)]
        return True

    def _get_last_domain(self):
        return Domain(
            [
                ("patient_id", "=", self.patient_id.id),
                ("kind", "=", self.kind),
                ("state", "=", "signed"),
                ("id", "!=", self.id),
            ]
        )

    def action_copy_last(self):
        """Add to a draft the lines of the patient's last signed prescription of the same kind."""
        self.ensure_one()
        last = self.search(self._get_last_domain(), limit=1)
        if not last:
            raise UserError(self.env._("This patient has no earlier signed prescription of this kind."))
        start = max(self.line_ids.mapped("sequence"), default=0)
        self.line_ids = [
            Command.create({**vals, "sequence": start + position})
            for position, vals in enumerate(last.line_ids.copy_data(), 1)
        ]
        return True

    def copy_data(self, default=None):
        """A copy is written by whoever makes it, where that person is a practitioner."""
        vals_list = super().copy_data(default)
        current = self.env["medical.practitioner"]._get_current()
        for vals in vals_list:
            if current and "practitioner_id" not in (default or {}):
                vals["practitioner_id"] = current.id
            if "consultation_id" not in (default or {}):
                vals.pop("consultation_id", None)
        return vals_list

    # === Actions === #

    def action_duplicate(self):
        """Make a new draft with the same lines and open it."""
        self.ensure_one()
        return self.copy()._action_open()

    def _action_open(self):
        """Return the action that opens the prescription in its form."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_print(self):
        """Return the paper of signed or cancelled prescriptions."""
        self._check_printable()
        return self.env.ref("medical_practice.action_report_prescription").report_action(self, config=False)

    def _check_printable(self):
        """Refuse to print a draft: a paper that looks like a prescription is one.

        :raises UserError: naming the drafts.
        """
        if drafts := self.filtered(lambda prescription: prescription.state == "draft"):
            raise UserError(
                self.env._(
                    "%(documents)s: a draft is not printed, sign it first.",
                    documents=", ".join(drafts.mapped("display_name")),
                )
            )

    def action_sign_and_print(self):
        """Sign, then return the paper."""
        self.action_sign()
        return self.action_print()

    def action_open_cancel(self):
        """Ask for the reason of a cancellation."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the Prescription"),
            "res_model": "medical.prescription.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_prescription_id": self.id},
        }

    def action_save_as_favourite(self):
        """Open a new favourite made of the lines of the prescription."""
        self.ensure_one()
        return self.env["medical.prescription.template"]._action_new_from_lines(self.line_ids)
