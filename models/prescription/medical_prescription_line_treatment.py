from odoo import api, fields, models
from odoo.addons.medical_practice.lib import dosage, treatments

TREATMENT_ACTIONS = [("start", "Starts"), ("renew", "Renews"), ("change", "Changes"), ("stop", "Stops")]


class MedicalPrescriptionLine(models.Model):
    """What a line does to the treatments of the patient: starts one, renews, changes or stops it."""

    _name = "medical.prescription.line"
    _inherit = "medical.prescription.line"

    treatment_action = fields.Selection(
        TREATMENT_ACTIONS,
        "Treatment",
        compute="_compute_treatment_action",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="What signing does to the treatments of the patient. Stops: an order not to take the drug any more.",
    )

    # === What it does === #

    @api.depends(
        "kind",
        "prescription_id.patient_id",
        "drug_id",
        "name",
        "route",
        "dose",
        "dose_max",
        "dose_unit",
        "frequency_id",
        "weekdays",
        "as_needed",
        "max_per_day",
        "side",
        "steps",
    )
    def _compute_treatment_action(self):
        drafts = self.filtered(lambda line: line.prescription_id.state == "draft")
        drafts._set_treatment_action()
        for line in self - drafts:
            line.treatment_action = line.treatment_action

    def _set_treatment_action(self):
        """Say what the lines do, as the chart stands now; an order to stop remains one."""
        actions = {}
        running = self._get_running_treatments()
        for prescription, own in self.filtered(lambda line: line.kind == "drug").grouped("prescription_id").items():
            # A line that is being created is not among those of its prescription yet.
            for lines, _treatment, action in (prescription.line_ids | own)._get_treatment_plan(running):
                actions |= dict.fromkeys(lines, action)
        for line in self:
            line.treatment_action = actions.get(line, "start" if line.kind == "drug" else False)

    def _get_running_treatments(self):
        """Return what the patients of these lines take today."""
        return self.env["medical.treatment"]._find_active(self.prescription_id.patient_id._origin)

    def _get_treatment_plan(self, running=None):
        """Return what lines of one prescription do: ``[(lines, treatment, action)]``, a new course without treatment.

        Lines of one product are one course; see ``lib.treatments``.

        :param running: treatments among which those of the patient are looked for, instead of a search.
        """
        running = self._get_running_treatments() if running is None else running
        patient = self.prescription_id.patient_id._origin
        courses = {
            treatment.id: treatment._prepare_medication(treatment.id)
            for treatment in running.filtered(lambda treatment: treatment.patient_id == patient)
        }
        named = self.filtered(lambda line: line.drug_id or (line.name or "").strip())
        items = {line: line._prepare_medication(line) for line in named}
        found = treatments.match(list(items.values()), list(courses.values()))
        plan = []
        for key, course in courses.items():
            if lines := named.filtered(lambda line, key=key: found[line] == key):
                plan.append((lines, running.browse(key), lines._get_effect(items, course)))
        for group in treatments.group_new(items[line] for line in named if found[line] is None):
            lines = named.browse().concat(*(item.key for item in group))
            plan.append((lines, running.browse(), lines._get_effect(items, None)))
        return plan

    def _get_effect(self, items, course):
        """Return what lines of one product do to the course they continue, or to none."""
        if all(line._is_stop() for line in self):
            return "stop"
        effects = {treatments.effect(items[line], course) for line in self}
        return effects.pop() if len(effects) == 1 else "change"

    def _is_stop(self):
        self.ensure_one()
        return self.treatment_action == "stop"

    # === The course === #

    def _prepare_treatment_vals(self):
        """Return the values of the course that these lines of one product make."""
        lines = self.filtered(lambda line: not line._is_stop())
        first, prescription = lines[0], self.prescription_id
        end = treatments.course_end(prescription.date, [line._get_supply() for line in lines])
        long_term = any(lines.mapped("long_term"))
        writer = self.env["medical.prescription.sentence"]
        sentences = [
            line.sig if line.sig and line.sig != line.sig_generated else writer._get_sentence(line) for line in lines
        ]
        return {
            **first._prepare_item_vals(),
            "name": first.drug_id.display_name if first._is_from_register() else first.name,
            "sig": "\n".join(filter(None, sentences)),
            "long_term": long_term,
            "origin": "prescribed",
            "practitioner_id": prescription.practitioner_id.id,
            "recorded_status": "active",
            "date_end": False if long_term else end,
            "prescribed_until": end,
            "stop_reason_code": False,
            "stop_reason": False,
            "prescription_line_id": first.id,
            "prescription_line_ids": [fields.Command.link(line.id) for line in lines],
        }

    def _prepare_treatment_start_vals(self):
        """Return the values of a course that begins with these lines."""
        prescription = self.prescription_id
        return {
            **self._prepare_treatment_vals(),
            "patient_id": prescription.patient_id.id,
            "date_start": prescription.date,
            "consultation_id": False,
        }

    def _get_supply(self):
        """Return how long the line lasts: its duration, or what its quantity gives."""
        self.ensure_one()
        duration, unit = self.duration, self.duration_unit
        if self._get_steps():
            duration, unit = self._get_total_days(), "day"
        elif not duration:
            duration, unit = self._get_days_of_quantity(), "day"
        return treatments.Supply(
            duration, unit, rhythm=(self.frequency_id.id, self.as_needed), single=bool(self.frequency_id.single_dose)
        )

    def _get_days_of_quantity(self):
        """Return the days that the quantity lasts, 0 where nobody can tell."""
        self.ensure_one()
        frequency = self.frequency_id._get_frequency()
        if self.as_needed or not frequency or not self.dose or self.quantity_unit != self.dose_unit:
            return 0
        return int(self.quantity / self.dose / float(dosage.daily_administrations(frequency)))

    # === An order to stop === #

    @api.depends("treatment_action")
    def _compute_sig(self):
        super()._compute_sig()

    def _get_sentence(self):
        if self._is_stop():
            return self.with_context(lang=self._get_item_lang()).env._("Stop taking this medicine.")
        return super()._get_sentence()

    def _get_missing_drug(self):
        """An order to stop needs no dosage."""
        if self._is_stop():
            return [] if (self.name or "").strip() else [self.env._("name the drug.")]
        return super()._get_missing_drug()
