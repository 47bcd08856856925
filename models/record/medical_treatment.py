from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

TREATMENT_STATUSES = [("active", "Active"), ("stopped", "Stopped"), ("completed", "Completed")]
STOP_REASONS = [
    ("adverse_effect", "Adverse effect"),
    ("ineffective", "Not effective"),
    ("completed", "Course completed"),
    ("replaced", "Replaced by another"),
    ("patient", "The patient's choice"),
    ("prescription", "Stopped by a prescription"),
    ("other", "Other"),
]


class MedicalTreatment(models.Model):
    """A course of medication: what the patient takes, prescribed here or reported (FHIR ``MedicationStatement``).

    A prescription starts, renews, changes or stops it when it is signed, and takes that back when it is cancelled
    (``_apply_prescription``, ``_undo_prescription``); dosage and dates are then those of its last lines. One product is
    one active course, which a unique index holds. A course with a last day is completed when that day is past, without
    anybody doing anything: ``status`` is computed from ``recorded_status`` and ``date_end``.
    """

    _name = "medical.treatment"
    _description = "Treatment"
    _inherit = ["medical.chart.life", "medical.prescription.dosage"]
    _order = "long_term desc, date_start desc, id desc"

    # === What === #
    origin = fields.Selection(
        [("prescribed", "Prescribed here"), ("reported", "Reported")], default="reported", required=True
    )
    long_term = fields.Boolean(
        compute="_compute_long_term",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        help="Taken until somebody stops it; renewed with the others in one gesture.",
    )
    sig = fields.Text("Instructions", compute="_compute_sig", store=True, readonly=False, precompute=True, copy=True)
    sig_generated = fields.Text(compute="_compute_sig", store=True, precompute=True, copy=True)

    # === Its life === #
    date_start = fields.Date("Start", default=fields.Date.context_today)
    date_end = fields.Date("Last Day", help="The last day it is taken. Empty: until somebody stops it.")
    recorded_status = fields.Selection(
        TREATMENT_STATUSES, default="active", required=True, index=True, string="Status (Recorded)"
    )
    status = fields.Selection(
        TREATMENT_STATUSES, compute="_compute_status", inverse="_inverse_status", search="_search_status"
    )
    stop_reason_code = fields.Selection(STOP_REASONS, "Why It Was Stopped")
    stop_reason = fields.Char("Details of the Stop")

    # === Prescriptions === #
    prescription_line_id = fields.Many2one(
        "medical.prescription.line", "Last Prescribed", readonly=True, copy=False, ondelete="restrict"
    )
    prescription_id = fields.Many2one(related="prescription_line_id.prescription_id", string="Last Prescription")
    prescription_line_ids = fields.Many2many(
        "medical.prescription.line",
        "medical_treatment_prescription_line_rel",
        "treatment_id",
        "line_id",
        string="Prescribed by",
        readonly=True,
        copy=False,
    )
    prescribed_until = fields.Date(
        readonly=True, copy=False, help="The last day that the last prescription covers; then it is to be renewed."
    )

    _name_given = models.Constraint("CHECK (coalesce(name, '') ~ '\\S')", "Say what the patient takes.")
    _dates_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_start IS NULL OR date_end >= date_start)", "A treatment ends after it starts."
    )
    _active_drug_uniq = models.UniqueIndex(
        "(patient_id, drug_id) "
        "WHERE recorded_status = 'active' AND drug_id IS NOT NULL AND entered_in_error IS NOT TRUE",
        "The patient takes this drug already: look among the treatments.",
    )

    # === Computed === #

    @api.depends("origin")
    def _compute_long_term(self):
        """What a patient reports without a last day is taken for long, until somebody says otherwise."""
        for treatment in self:
            reported = treatment.origin == "reported" and not treatment._origin.id
            treatment.long_term = not treatment.date_end if reported else treatment.long_term

    @api.depends(
        "drug_id",
        "dose",
        "dose_max",
        "dose_unit",
        "frequency_id",
        "weekdays",
        "as_needed",
        "max_per_day",
        "route",
        "side",
        "duration",
        "duration_unit",
        "steps",
        "then_stop",
    )
    def _compute_sig(self):
        """Write the dosage as a sentence, in the user's language; one that was written by hand is kept."""
        for treatment in self:
            sentence = self.env["medical.prescription.sentence"]._get_sentence(treatment)
            edited = treatment.sig and treatment.sig != treatment.sig_generated
            treatment.sig = treatment.sig if edited else sentence
            treatment.sig_generated = sentence

    @api.depends("recorded_status", "date_end")
    @api.depends_context("tz")
    def _compute_status(self):
        today = fields.Date.context_today(self)
        for treatment in self:
            over = treatment.recorded_status == "active" and treatment.date_end and treatment.date_end < today
            treatment.status = "completed" if over else treatment.recorded_status

    def _inverse_status(self):
        for treatment in self:
            treatment.recorded_status = treatment.status

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        recorded = {status: Domain("recorded_status", "=", status) for status, _label in TREATMENT_STATUSES}
        over = recorded["active"] & Domain("date_end", "!=", False) & Domain("date_end", "<", "today")
        domains = recorded | {"active": recorded["active"] & ~over, "completed": recorded["completed"] | over}
        return Domain.OR(domains[status] for status in value if status in domains)

    @api.depends("name", "status")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["status"]._description_selection(self.env))
        for treatment in self:
            ended = f" ({labels[treatment.status].lower()})" if treatment.status in ("stopped", "completed") else ""
            treatment.display_name = f"{treatment.name or ''}{ended}"

    # === Create, write === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_by_hand(vals)
        self._complete_overdue({vals["patient_id"] for vals in vals_list if vals.get("patient_id")})
        treatments = super().create([self._translate_status(vals) for vals in vals_list])
        treatments._end_contrary_statements()
        return treatments

    def write(self, vals):
        self._check_not_by_hand(vals)
        vals = self._translate_status(vals)
        if vals.get("recorded_status") == "stopped":
            self._check_reason_given(vals)
        if vals.keys() - self._get_fields_writable_after_signing() - {"sequence"}:
            self._check_not_prescribed()
        result = super().write(vals)
        if {"recorded_status", "long_term", "patient_id", "date_end"} & vals.keys():
            self._end_contrary_statements()
        return result

    @api.model
    def _translate_status(self, vals):
        """The status that is written is the recorded one."""
        if "status" not in vals:
            return vals
        rest = {name: value for name, value in vals.items() if name != "status"}
        return {"recorded_status": vals["status"], **rest}

    @api.model
    def _check_not_by_hand(self, vals):
        """Refuse to say by hand what only a signature says."""
        if {"prescription_line_id", "prescription_line_ids", "prescribed_until"} & vals.keys():
            raise UserError(self.env._("Only a signed prescription says what it prescribed."))

    def _check_reason_given(self, vals):
        if not vals.get("stop_reason_code") and not all(self.mapped("stop_reason_code")):
            raise UserError(self.env._("Say why it is stopped: use the button Stop."))

    def _check_not_prescribed(self):
        """Refuse to change by hand what a prescription says.

        :raises UserError: naming the prescriptions.
        """
        # What a signed prescription says holds, whoever may read it.
        if prescriptions := self.sudo().prescription_line_id.prescription_id:
            raise UserError(
                self.env._(
                    "This was prescribed (%(prescriptions)s): prescribe it again with the new dosage, or stop it.",
                    prescriptions=", ".join(prescriptions.mapped("display_name")),
                )
            )

    def _end_contrary_statements(self):
        """A long-term treatment ends “no long-term treatment”."""
        patients = self.filtered_domain(self._get_long_term_domain()).patient_id
        self.env["medical.chart.statement"]._find_in_force(patients.ids, "treatment")._end()

    @api.model
    def _complete_overdue(self, patient_ids):
        """Write down that courses whose last day is past are completed: they make room for new ones."""
        # A course is over for everybody, whoever may see it.
        overdue = self.sudo().search(
            [
                ("patient_id", "in", list(patient_ids)),
                ("recorded_status", "=", "active"),
                ("date_end", "<", fields.Date.context_today(self)),
                ("entered_in_error", "=", False),
            ]
        )
        if overdue:
            before = overdue._get_life_values()
            overdue._write_past_guard({"recorded_status": "completed"})
            overdue._keep_changes(before)
        self.flush_model(["recorded_status", "date_end", "entered_in_error"])

    def _get_life_fields(self):
        return super()._get_life_fields() | {
            "recorded_status",
            "status",
            "date_end",
            "stop_reason_code",
            "stop_reason",
            "long_term",
        }

    def _get_history_fields(self):
        return (super()._get_history_fields() - {"status"}) | self._get_prescribed_fields()

    @api.model
    def _get_prescribed_fields(self):
        """Return the names of the fields that follow from the last prescription."""
        names = set(self._get_dosage_fields()) - {"sequence", "no_substitution", "no_substitution_reason"}
        return names | {
            "sig",
            "origin",
            "date_end",
            "recorded_status",
            "practitioner_id",
            "prescription_line_id",
            "prescribed_until",
            "stop_reason_code",
            "stop_reason",
        }

    # === What others ask === #

    @api.model
    def _get_active_domain(self):
        return [("status", "=", "active"), ("entered_in_error", "=", False)]

    @api.model
    def _get_long_term_domain(self):
        return [*self._get_active_domain(), ("long_term", "=", True)]

    @api.model
    def _find_active(self, patients):
        """Return what patients take today."""
        return self.search([("patient_id", "in", patients.ids), *self._get_active_domain()])

    @api.model
    def _find_long_term(self, patients):
        """Return the long-term treatments that patients take."""
        return self.search([("patient_id", "in", patients.ids), *self._get_long_term_domain()])

    # === Stop, resume === #

    def action_open_stop(self):
        """Ask why the treatments are stopped."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stop"),
            "res_model": "medical.treatment.stop",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_treatment_ids": [Command.set(self.ids)]},
        }

    def _stop(self, code, reason, day, prescription=None):
        """Stop treatments that are running.

        :param str code: one of ``STOP_REASONS``; *completed* makes them completed.
        :param str reason: in the words of the user, may be empty.
        :param day: the last day they were taken.
        :raises UserError: for what runs no more.
        """
        if over := self.filtered(lambda treatment: treatment.status != "active"):
            raise UserError(self.env._("%(name)s is not taken any more.", name=over[0].name))
        for first, group in self.grouped(lambda treatment: max(day, treatment.date_start or day)).items():
            vals = {
                "recorded_status": "completed" if code == "completed" else "stopped",
                "stop_reason_code": code,
                "stop_reason": reason or False,
                "date_end": first,
            }
            if prescription:
                group._write_caused(vals, prescription)
            else:
                group.write(vals)

    def action_resume(self):
        """Take the treatments up again: they were stopped or completed too early."""
        self.write({"recorded_status": "active", "date_end": False, "stop_reason_code": False, "stop_reason": False})
        return True

    # === Prescriptions === #

    @api.model
    def _apply_prescription(self, prescription):
        """Let a prescription that has just been signed start, renew, change or stop courses; see ``lib.treatments``.

        :param prescription: one ``medical.prescription`` of drugs.
        """
        self._complete_overdue(prescription.patient_id.ids)
        plan = prescription.line_ids._get_treatment_plan()
        followed = self.browse().concat(*(course for _lines, course, action in plan if action in ("renew", "change")))
        before = followed._get_life_values()
        for lines, course, action in plan:
            if action == "stop" and course:
                course._stop("prescription", prescription.name, prescription.date, prescription)
            elif course in followed:
                course._write_past_guard(lines._prepare_treatment_vals())
        followed._keep_changes(before, prescription)
        starting = [lines for lines, _course, action in plan if action == "start"]
        started = super().create([lines._prepare_treatment_start_vals() for lines in starting])
        (followed | started)._end_contrary_statements()

    @api.model
    def _undo_prescription(self, prescription, reason):
        """Take back what a prescription did, now that it is cancelled; what others did since stays.

        A course it started was never ordered: it is marked as entered in error, with the reason, unless somebody has
        written since what became of it. A course it renewed, changed or stopped is again as it was before, field by
        field, where nothing has changed it since. A course that a later prescription has taken over is that
        prescription's. The history keeps both, with the prescription.

        :param str reason: why the prescription was cancelled.
        """
        rows = self.env["medical.chart.change"].search(
            [("prescription_id", "=", prescription.id), ("res_model", "=", self._name)], order="id"
        )
        touched = self.browse(rows.mapped("res_id"))
        of_lines = self.search([("prescription_line_id.prescription_id", "=", prescription.id)])
        for treatment in touched:
            treatment._restore(rows.filtered(lambda row, treatment=treatment: row.res_id == treatment.id), prescription)
        message = self.env._(
            "The prescription %(number)s was cancelled: %(reason)s", number=prescription.name, reason=reason
        )
        untouched = (of_lines - touched).filtered(lambda course: not course.change_ids and not course.entered_in_error)
        untouched.action_enter_in_error(message)

    def _restore(self, rows, prescription):
        """Put a course back as it was before the changes of a prescription.

        :param rows: what the prescription changed, a ``medical.chart.change`` recordset.
        """
        self.ensure_one()
        line = rows.filtered(lambda row: row.field_name == "prescription_line_id")
        if self.entered_in_error or (line and line[-1].new_value != self._get_plain_value("prescription_line_id")):
            return
        back = {}
        for row in rows:
            if row.new_value == self._get_plain_value(row.field_name):
                kept = row.old_value
                relation = self._fields[row.field_name].type == "many2one"
                back[row.field_name] = kept[0] if relation and kept else kept
        # All of a dosage is written together: a part left out would be computed anew from the drug.
        dosage = self._prepare_item_vals() | {"name": self.name, "sig": self.sig}
        self._write_caused(dosage | back, prescription)

    # === Prescribing again === #

    def action_renew(self):
        """Put the treatments on a draft prescription, and open it; a draft that waits for the patient is used again.

        :raises UserError: for treatments of several patients, or entered in error.
        """
        if not self:
            raise UserError(self.env._("Choose the treatments to prescribe again."))
        if len(self.patient_id) > 1:
            raise UserError(self.env._("A prescription is for one patient: choose treatments of one patient."))
        if wrong := self.filtered("entered_in_error"):
            raise UserError(self.env._("%(name)s was entered in error.", name=wrong[0].name))
        draft = self._get_draft_prescription()
        draft._add_treatments(self)
        return draft._action_open()

    def _get_draft_prescription(self):
        """Return the draft of drugs that waits for the patient, written by the same practitioner, or a new one.

        Context key: ``default_consultation_id``, the visit in which it is made.
        """
        patient, visit_id = self.patient_id, self.env.context.get("default_consultation_id")
        practitioner = self._get_prescriber()
        domain = [("patient_id", "=", patient.id), ("state", "=", "draft"), ("kind", "=", "drug")]
        domain += [("practitioner_id", "=", practitioner.id)]
        domain += [("consultation_id", "=", visit_id)] if visit_id else []
        model = self.env["medical.prescription"]
        return model.search(domain, order="id desc", limit=1) or model.create(
            {"patient_id": patient.id, "practitioner_id": practitioner.id, "consultation_id": visit_id, "kind": "drug"}
        )

    def _get_prescriber(self):
        """Return who is to sign: the user, the patient's usual practitioner, or who prescribed last.

        :raises UserError: if there is nobody.
        """
        candidates = [self.env["medical.practitioner"]._get_current(), self.patient_id.practitioner_id]
        last = self.prescription_line_id.prescription_id.sorted("date")[-1:]
        for practitioner in (*candidates, last.practitioner_id):
            if practitioner:
                return practitioner
        raise UserError(self.env._("Say who prescribes: give the patient a usual practitioner, or start from a visit."))

    def _get_last_lines(self):
        """Return the lines of the last prescription that make up this course, in their order."""
        self.ensure_one()
        last = self.prescription_line_id.prescription_id
        return self.prescription_line_ids.filtered(lambda line: line.prescription_id == last)

    def _prepare_renewal_vals(self):
        """Return the values of the prescription lines that prescribe this course again: ``[vals]``."""
        self.ensure_one()
        if lines := self._get_last_lines():
            own = {"prescription_id": False, "treatment_action": False}
            return [
                {name: value for name, value in vals.items() if name not in own} | {"long_term": self.long_term}
                for vals in lines.copy_data()
            ]
        values = self._prepare_item_vals()
        if self.sig and self.sig != self.sig_generated:
            values["sig"] = self.sig
        return [values]
