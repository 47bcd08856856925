from odoo import api, fields, models
from odoo.exceptions import UserError

#: What a person chooses from: the rest is said by the system.
OFFERED = ("adverse_effect", "ineffective", "completed", "replaced", "patient", "other")


class MedicalTreatmentStop(models.TransientModel):
    """Asks why treatments are stopped; an adverse effect is recorded as an intolerance, unless one says no.

    Context key: ``default_treatment_ids``.
    """

    _name = "medical.treatment.stop"
    _description = "Stop of Treatments"

    treatment_ids = fields.Many2many("medical.treatment", required=True, string="Treatments")
    summary = fields.Char(compute="_compute_summary", string="What Is Stopped")
    reason_code = fields.Selection("_selection_reason_code", "Why", required=True)
    reason = fields.Char("Details")
    date = fields.Date("Last Day", required=True, default=fields.Date.context_today)
    record_intolerance = fields.Boolean("Record an Intolerance", default=True)
    reaction = fields.Char(help="What happened: nausea, rash, cough...")
    reaction_type = fields.Selection(
        [("intolerance", "Intolerance"), ("allergy", "Allergy")], "Recorded as", default="intolerance", required=True
    )
    criticality = fields.Selection([("low", "Low"), ("high", "High"), ("unknown", "Unknown")], default="unknown")

    @api.model
    def _selection_reason_code(self):
        labels = dict(self.env["medical.treatment"]._fields["stop_reason_code"]._description_selection(self.env))
        return [(code, labels[code]) for code in OFFERED]

    @api.depends("treatment_ids")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = ", ".join(wizard.treatment_ids.mapped("name"))

    def action_confirm(self):
        """Stop the treatments, and record what they did to the patient.

        :raises UserError: without treatments, for a day to come, or for what runs no more.
        """
        self.ensure_one()
        treatments = self.treatment_ids.exists()
        if not treatments:
            raise UserError(self.env._("There is nothing to stop."))
        if self.date > fields.Date.context_today(self):
            raise UserError(self.env._("The last day lies ahead: give the treatment that last day instead."))
        details = (self.reason or "").strip()
        treatments._stop(self.reason_code, details or (self.reaction or "").strip(), self.date)
        if self.reason_code == "adverse_effect" and self.record_intolerance:
            self._record_intolerances(treatments)
        return {"type": "ir.actions.act_window_close"}

    def _record_intolerances(self, treatments):
        """Record what the patient did not tolerate, but for what the chart holds already."""
        known = self.env["medical.allergy"]._find_active(treatments.patient_id)
        vals_list = []
        for treatment in treatments:
            substances = treatment.drug_id.substance_ids.substance_id
            standing = known.filtered(lambda allergy, patient=treatment.patient_id: allergy.patient_id == patient)
            # Of a product of several substances nobody knows which one it was.
            substance = substances if len(substances) == 1 else substances.browse()
            same = standing.substance_id & substance or standing.filtered(
                lambda allergy, name=treatment.name: allergy.name == name
            )
            if not same:
                vals_list.append(self._prepare_intolerance_vals(treatment, substance))
        self.env["medical.allergy"].create(vals_list)

    def _prepare_intolerance_vals(self, treatment, substance):
        return {
            "patient_id": treatment.patient_id.id,
            "substance_id": substance.id,
            "name": substance.display_name or treatment.name,
            "category": "drug",
            "type": self.reaction_type,
            "criticality": self.criticality,
            "reaction": (self.reaction or self.reason or "").strip() or False,
            "onset": fields.Date.to_string(self.date),
        }
