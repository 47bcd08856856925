from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.mail import html2plaintext, is_html_empty

from .medical_text_macro import NOTE_SECTIONS

BILLING_STATES = [
    ("nothing", "Nothing to Invoice"),
    ("to_invoice", "To Invoice"),
    ("invoiced", "Invoiced"),
    ("free", "Free of Charge"),
]
SECTIONS = [name for name, __ in NOTE_SECTIONS]
#: Visits shown beside the note; the whole history is one click away.
PREVIOUS_SHOWN = 6


class MedicalConsultation(models.Model):
    """A visit of a patient: why he came, what was found, concluded and planned (SOAP), and what followed from it.

    A draft until its practitioner signs it; then it is read-only for everybody and grows by addenda.

    Context keys: ``default_patient_id`` (from the chart), ``default_event_id`` (from the agenda).
    """

    _name = "medical.consultation"
    _description = "Consultation"
    _inherit = ["medical.signature.mixin", "medical.vitals.mixin", "medical.banner.mixin"]
    _order = "date_start desc, id desc"
    _check_company_auto = True
    _rec_names_search = ("name", "patient_id.name")

    # === Who, when === #
    name = fields.Char("Number", readonly=True, copy=False, index=True)
    patient_id = fields.Many2one("medical.patient", required=True, index=True, ondelete="restrict", check_company=True)
    practitioner_id = fields.Many2one(
        "medical.practitioner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        compute="_compute_practitioner_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    company_id = fields.Many2one(related="patient_id.company_id", store=True, index=True)
    type_id = fields.Many2one(
        "medical.consultation.type",
        ondelete="restrict",
        check_company=True,
        default=lambda self: self._default_type_id(),
    )
    event_id = fields.Many2one("calendar.event", "Appointment", copy=False, index="btree_not_null", ondelete="set null")
    date_start = fields.Datetime("Date", required=True, default=fields.Datetime.now, copy=False)
    date_end = fields.Datetime("End", copy=False)

    # === The patient, always in view === #
    patient_avatar = fields.Image(related="patient_id.avatar_128", string="Photo")
    patient_age = fields.Char(related="patient_id.age_display", string="Age")
    patient_birthdate = fields.Date(related="patient_id.birthdate", string="Birthdate")
    patient_identifier = fields.Char(related="patient_id.identifier", string="Chart Number")
    patient_sex = fields.Selection(related="patient_id.sex", string="Sex")
    patient_alert = fields.Char(related="patient_id.alert", string="Alert", groups="medical_practice.group_assistant")

    # === Note === #
    reason = fields.Char("Reason for Visit")
    subjective = fields.Html()
    objective = fields.Html()
    assessment = fields.Html()
    plan = fields.Html()
    note_properties = fields.Properties(
        "Form of the Specialty", definition="type_id.note_properties_definition", copy=True
    )
    note_properties_signed = fields.Html(
        "Signed Form",
        compute="_compute_note_properties_signed",
        help="The specialty's form as signed: labels and values.",
    )
    has_assessment = fields.Boolean(compute="_compute_has_note")
    has_plan = fields.Boolean(compute="_compute_has_note")

    # === What followed === #
    prescription_ids = fields.One2many("medical.prescription", "consultation_id", "Prescriptions")
    act_ids = fields.One2many("medical.act", "consultation_id", "Acts")
    addendum_ids = fields.One2many("medical.consultation.addendum", "consultation_id", "Addenda", readonly=True)
    addendum_count = fields.Integer(compute="_compute_counts")
    prescription_count = fields.Integer(compute="_compute_counts")
    previous_consultation_ids = fields.Many2many("medical.consultation", compute="_compute_previous_consultation_ids")
    can_sign = fields.Boolean(compute="_compute_can_sign")

    # === Billing === #
    is_free = fields.Boolean("Free of Charge", copy=False)
    invoice_ids = fields.Many2many("account.move", compute="_compute_invoice_ids")
    billing_state = fields.Selection(BILLING_STATES, compute="_compute_billing_state", store=True)

    _event_uniq = models.UniqueIndex(
        "(event_id) WHERE event_id IS NOT NULL AND state <> 'cancelled'",
        "This appointment has its consultation already.",
    )
    _name_uniq = models.UniqueIndex("(name, company_id) WHERE name IS NOT NULL", "This consultation number is taken.")
    _dates_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)", "A consultation ends after it starts."
    )

    # === Defaults and computes === #

    def _default_type_id(self):
        """Return the type of the practitioner's specialty, or else the first general one."""
        specialty = self.env["medical.practitioner"]._get_current().specialty_id
        types = self.env["medical.consultation.type"].search(
            [("specialty_id", "in", [False, *specialty.ids]), ("company_id", "in", [False, self.env.company.id])]
        )
        return (specialty and types.filtered(lambda kind: kind.specialty_id == specialty)[:1]) or types[:1]

    @api.depends("patient_id")
    def _compute_practitioner_id(self):
        current = self.env["medical.practitioner"]._get_current()
        for consultation in self:
            consultation.practitioner_id = (
                consultation.practitioner_id or current or consultation.patient_id.practitioner_id
            )

    @api.depends("name", "patient_id.name")
    def _compute_display_name(self):
        for consultation in self:
            consultation.display_name = " · ".join(
                filter(None, [consultation.name or self.env._("New consultation"), consultation.patient_id.name])
            )

    @api.depends("assessment", "plan")
    def _compute_has_note(self):
        for consultation in self:
            consultation.has_assessment = not is_html_empty(consultation.assessment)
            consultation.has_plan = not is_html_empty(consultation.plan)

    @api.depends("signed_content", "state")
    def _compute_note_properties_signed(self):
        for consultation in self:
            form = consultation._get_note_form() if consultation.state != "draft" else []
            consultation.note_properties_signed = Markup("").join(
                Markup("<div class='o_medical_signed_field'><span>%s</span> <strong>%s</strong></div>")
                % (item["label"], item["value"])
                for item in form
            )

    @api.depends("addendum_ids", "prescription_ids")
    def _compute_counts(self):
        for consultation in self:
            consultation.addendum_count = len(consultation.addendum_ids)
            consultation.prescription_count = len(consultation.prescription_ids)

    @api.depends_context("uid")
    @api.depends("practitioner_id", "state")
    def _compute_can_sign(self):
        is_practitioner = self.env.user.has_group("medical_practice.group_practitioner")
        for consultation in self:
            consultation.can_sign = (
                is_practitioner
                and consultation.state == "draft"
                and consultation.practitioner_id.user_id == self.env.user
            )

    @api.depends("patient_id", "date_start")
    def _compute_previous_consultation_ids(self):
        """The last visits before each one, whoever saw the patient; only ids and dates are read here."""
        visits = self.search_fetch(
            [("patient_id", "in", self.patient_id.ids), ("state", "!=", "cancelled")], ["patient_id", "date_start"]
        )
        by_patient = visits.grouped("patient_id")
        for consultation in self:
            earlier = by_patient.get(consultation.patient_id, self.browse()) - consultation._origin
            if consultation.date_start:
                earlier = earlier.filtered(lambda visit, until=consultation.date_start: visit.date_start <= until)
            consultation.previous_consultation_ids = earlier[:PREVIOUS_SHOWN]

    def _compute_invoice_ids(self):
        self.invoice_ids = False

    def _compute_billing_state(self):
        self.billing_state = "nothing"

    # === Constraints === #

    @api.constrains("event_id", "patient_id")
    def _check_event(self):
        for consultation in self:
            if consultation.event_id and consultation.event_id.patient_id != consultation.patient_id:
                raise ValidationError(self.env._("The appointment is that of another patient."))

    # === Create, write, delete === #

    @api.model_create_multi
    def create(self, vals_list):
        consultations = super().create(vals_list)
        for consultation in consultations:
            consultation.name = consultation._next_number()
        consultations._add_default_acts()
        consultations._link_appointments()
        return consultations

    def write(self, vals):
        old_products = {}
        if "type_id" in vals:
            old_products = {consultation: consultation._get_default_products() for consultation in self}
        result = super().write(vals)
        if "patient_id" in vals or "practitioner_id" in vals:
            self._follow_people(vals)
        for consultation, products in old_products.items():
            consultation._replace_default_acts(products)
        return result

    def unlink(self):
        self._check_not_signed()
        self._check_nothing_left_behind()
        # Everything that belonged to the draft goes with it, through the ORM and with the user's own rights.
        self.prescription_ids.unlink()
        self.act_ids.unlink()
        self.measurement_ids.filtered(lambda measurement: not measurement.entered_in_error).unlink()
        self._release_appointments()
        return super().unlink()

    def _next_number(self):
        self.ensure_one()
        return self.env["ir.sequence"].with_company(self.company_id).next_by_code("medical.consultation")

    def _follow_people(self, vals):
        """Let what belongs to a draft follow a correction of its patient or practitioner."""
        if "patient_id" in vals and self.prescription_ids:
            raise UserError(
                self.env._("There is a prescription for this patient: delete it before the patient changes.")
            )
        changes = {name: vals[name] for name in ("patient_id", "practitioner_id") if name in vals}
        self.measurement_ids.write(changes)
        self.act_ids.filtered(lambda act: act.state != "invoiced").write(changes)

    def _check_nothing_left_behind(self):
        """Refuse to delete a draft that others already rely on.

        :raises UserError: naming what stands in the way.
        """
        if any(prescription.state != "draft" for prescription in self.prescription_ids):
            raise UserError(
                self.env._("A signed prescription was made in this consultation: it cannot be deleted any more.")
            )
        if any(act.state == "invoiced" for act in self.act_ids):
            raise UserError(self.env._("An act of this consultation is invoiced: credit the invoice first."))
        if any(measurement.entered_in_error for measurement in self.measurement_ids):
            raise UserError(
                self.env._("A measurement of this consultation was marked as entered in error and stays in the chart.")
            )

    # === Appointment === #

    @api.model
    def _prepare_from_appointment(self, event):
        """Return the values of the consultation that an appointment leads to.

        :param event: one ``calendar.event`` with a patient
        :return: values for ``create``; its acts come from the types when it is created
        """
        event.ensure_one()
        vals = {
            "patient_id": event.patient_id.id,
            "event_id": event.id,
            "date_start": fields.Datetime.now(),
            "reason": event.appointment_note or False,
        }
        if practitioner := event.practitioner_id or self.env["medical.practitioner"]._get_current():
            vals["practitioner_id"] = practitioner.id
        if kind := event.appointment_type_id.consultation_type_id:
            vals["type_id"] = kind.id
        return vals

    def _link_appointments(self):
        for consultation in self.filtered("event_id"):
            if consultation.event_id.consultation_id != consultation:
                consultation.event_id.consultation_id = consultation

    def _release_appointments(self):
        """Put the appointments of deleted drafts back among those who wait."""
        events = self.event_id
        events.filtered(lambda event: event.consultation_id in self).write({"consultation_id": False})
        waiting = events.filtered(lambda event: event.appointment_state == "in_progress")
        arrivals = {event: event.arrived_on for event in waiting}
        # An appointment goes back only by way of booked; who waits keeps the moment he came.
        waiting.write({"appointment_state": "booked"})
        waiting.write({"appointment_state": "arrived"})
        for event, arrived_on in arrivals.items():
            event.arrived_on = arrived_on or fields.Datetime.now()

    def _finish_appointments(self):
        events = self.event_id.filtered(lambda event: event.appointment_state in ("arrived", "in_progress"))
        events.write({"appointment_state": "done"})

    # === Acts === #

    def _get_default_products(self):
        """Return the acts that the type of the visit and that of its appointment lead to."""
        self.ensure_one()
        return self.type_id.act_product_ids | self.event_id.appointment_type_id.act_product_ids

    def _prepare_act_vals(self, product):
        """Return the values of an act of this visit; its price follows from the product and the patient."""
        self.ensure_one()
        return {
            "consultation_id": self.id,
            "patient_id": self.patient_id.id,
            "practitioner_id": self.practitioner_id.id,
            "company_id": self.company_id.id,
            "date": fields.Datetime.context_timestamp(self, self.date_start).date(),
            "product_id": product.id,
            "quantity": 1,
        }

    def _add_default_acts(self):
        """Put the acts of the types on the visits, in one batch, but those that are there already."""
        self.env["medical.act"].create(
            [
                consultation._prepare_act_vals(product)
                for consultation in self
                for product in consultation._get_default_products() - consultation.act_ids.product_id
            ]
        )

    def _replace_default_acts(self, old_products):
        """Follow a change of type: the old defaults that nobody touched go, the new ones come."""
        self.ensure_one()
        gone = old_products - self._get_default_products()
        self.act_ids.filtered(lambda act: act.product_id in gone and self._is_untouched(act)).unlink()
        self._add_default_acts()

    @api.model
    def _is_untouched(self, act):
        """Tell whether an act is still what the default made it: once, not invoiced, never written since."""
        return (
            act.quantity == 1
            and act.state == "to_invoice"
            and not act.invoice_line_ids
            and act.write_date == act.create_date
        )

    # === Signing === #

    def _get_signature_content_fields(self):
        return [
            *super()._get_signature_content_fields(),
            "name",
            "patient_id",
            "practitioner_id",
            "type_id",
            "date_start",
            "date_end",
            "reason",
            *SECTIONS,
            "note_properties",
        ]

    def _get_fields_writable_after_signing(self):
        # Acts and what is invoiced follow the billing; prescriptions and addenda have signatures of their own.
        return super()._get_fields_writable_after_signing() | {
            "act_ids",
            "is_free",
            "billing_state",
            "invoice_ids",
            "prescription_ids",
        }

    def _get_missing_before_signing(self):
        missing = super()._get_missing_before_signing()
        if not self.reason and all(is_html_empty(self[section]) for section in SECTIONS):
            missing.append(self.env._("A note: the reason of the visit, or one of its sections"))
        return missing

    def _before_signing(self):
        super()._before_signing()
        if not self.date_end:
            self.date_end = max(fields.Datetime.now(), self.date_start)

    def _after_signing(self):
        super()._after_signing()
        self._finish_appointments()

    def _prepare_content_values(self, names):
        values = super()._prepare_content_values([name for name in names if name != "note_properties"])
        if "note_properties" in names:
            # The stored values by their technical names: today's form, which the practice may change, has no say here.
            stored = self.note_properties._values or {}
            values["note_properties"] = {name: self._plain_content_value(value) for name, value in stored.items()}
        return values

    def _prepare_signed_content(self):
        content = super()._prepare_signed_content()
        # A measurement later marked as entered in error was signed all the same.
        content["measurements"] = [
            {"id": row.id, "type": row.type_id.code, "value": row.value, "unit": row.type_id.ucum_unit or ""}
            for row in self.measurement_ids.sorted("id")
        ]
        return content

    def _prepare_signed_snapshot(self):
        return super()._prepare_signed_snapshot() | {
            "note_form": self._prepare_note_form(),
            "people": {
                "patient": self.patient_id.name,
                "identifier": self.patient_identifier or "",
                "birthdate": self.patient_birthdate.isoformat() if self.patient_birthdate else "",
                "practitioner": self.practitioner_id._get_printed_name(),
                "licence_number": self.practitioner_id.licence_number or "",
                "type": self.type_id.name or "",
            },
        }

    def _prepare_note_form(self):
        """Return the filled fields of the specialty's form as people read them: ``[{name, label, value}]``."""
        self.ensure_one()
        form = []
        for item in self.read(["note_properties"])[0]["note_properties"]:
            if item["type"] == "separator":
                form.append({"name": item["name"], "label": item["string"], "type": "separator", "value": ""})
            elif value := self._format_property(item):
                form.append({"name": item["name"], "label": item["string"], "type": item["type"], "value": value})
        return [
            item
            for index, item in enumerate(form)
            # A heading without anything below says nothing.
            if item["type"] != "separator" or (index + 1 < len(form) and form[index + 1]["type"] != "separator")
        ]

    def _get_note_form(self):
        """Return the specialty's form to show or print: as signed, or as it stands in a draft."""
        self.ensure_one()
        if self.state == "draft":
            return self._prepare_note_form()
        return (self.signed_content or {}).get("note_form") or []

    @api.model
    def _format_property(self, item):
        """Return the value of one property as text, in the user's language; empty when nothing was entered."""
        value, kind = item.get("value"), item["type"]
        if kind == "boolean":
            return self.env._("Yes") if value else ""
        if value in (False, None, "", []):
            return ""
        if kind == "selection":
            return dict(item.get("selection") or []).get(value, str(value))
        if kind == "tags":
            labels = {tag[0]: tag[1] for tag in item.get("tags") or []}
            return ", ".join(labels.get(tag, str(tag)) for tag in value)
        if kind == "many2one":
            return value[1] or ""
        if kind == "many2many":
            return ", ".join(name or "" for __, name in value)
        if kind == "html":
            return html2plaintext(value).strip()
        return f"{value:g}" if isinstance(value, float) else str(value)

    def _after_cancelling(self):
        super()._after_cancelling()
        # Nothing of a cancelled visit is left to invoice; what is invoiced stays for a credit note.
        self.act_ids.filtered(lambda act: act.state != "invoiced" and not act.invoice_line_ids).unlink()

    # === Actions === #

    def action_prescribe(self):
        """Open a new prescription for the patient of this visit."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Prescription"),
            "res_model": "medical.prescription",
            "view_mode": "form",
            "context": self._prepare_prescription_context(),
        }

    def _prepare_prescription_context(self):
        """Return the defaults of a prescription made in this visit."""
        return {
            "default_patient_id": self.patient_id.id,
            "default_consultation_id": self.id,
            "default_practitioner_id": self.practitioner_id.id,
        }

    def action_add_addendum(self):
        """Open the dialog in which an addendum is written and signed."""
        self.ensure_one()
        self._check_may_take_addendum()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add an Addendum"),
            "res_model": "medical.consultation.addendum.add",
            "view_mode": "form",
            "target": "new",
            "context": {"default_consultation_id": self.id},
        }

    def _check_may_take_addendum(self):
        if self.state != "signed":
            raise UserError(self.env._("Only a signed consultation takes an addendum: a draft is simply changed."))

    def action_print(self):
        """Print the note, its signature and its addenda."""
        return self.env.ref("medical_practice.medical_consultation_report").report_action(self)

    def _get_printed_sections(self):
        """Return the filled sections of the note: ``[(title, html)]``, titles in the user's language."""
        self.ensure_one()
        titles = {name: info["string"] for name, info in self.fields_get(SECTIONS, ["string"]).items()}
        return [(titles[name], self[name]) for name in SECTIONS if not is_html_empty(self[name])]

    def action_open_previous(self):
        """Open the whole history of the patient's visits."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Consultations of %s", self.patient_id.name),
            "res_model": "medical.consultation",
            "view_mode": "list,form",
            "domain": [("patient_id", "=", self.patient_id.id)],
            "context": {"default_patient_id": self.patient_id.id},
        }
