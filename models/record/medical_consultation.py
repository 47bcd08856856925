from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class MedicalConsultation(models.Model):
    """The facts a consultation addressed or brought into the chart."""

    _name = "medical.consultation"
    _inherit = "medical.consultation"

    condition_ids = fields.Many2many(
        "medical.condition",
        "medical_condition_medical_consultation_rel",
        "medical_consultation_id",
        "medical_condition_id",
        string="Problems Addressed",
        domain="[('patient_id', '=', patient_id), ('entered_in_error', '=', False)]",
        copy=False,
    )
    document_ids = fields.One2many("medical.document", "consultation_id", "Documents")

    @api.constrains("condition_ids", "patient_id")
    def _check_conditions(self):
        for visit in self:
            if visit.condition_ids.patient_id - visit.patient_id:
                raise ValidationError(self.env._("A visit addresses problems of its own patient."))

    # === Signature === #

    def _prepare_signed_content(self):
        content = super()._prepare_signed_content()
        content["conditions"] = self.condition_ids.sorted("id").ids
        return content

    def _prepare_signed_snapshot(self):
        """The problems as they read that day: what becomes of them later changes nothing here."""
        conditions = [
            {
                "id": condition.id,
                "code": condition.code_id.code or "",
                "name": condition.display_name,
                "status": condition.clinical_status,
            }
            for condition in self.condition_ids.sorted("id")
        ]
        return super()._prepare_signed_snapshot() | {"problems": conditions}

    # === A draft and the facts recorded in it === #

    def unlink(self):
        self._check_not_signed()
        self._check_nothing_left_behind()
        # Through the ORM and with the user's own rights.
        for facts in self._get_facts():
            facts.unlink()
        return super().unlink()

    @api.model
    def _get_fact_models(self):
        """Return the names of the models of facts that a consultation brings into the chart."""
        mixin = self.env.registry["medical.chart.entry"]
        return [name for name, model in self.env.registry.items() if issubclass(model, mixin) and model._auto]

    def _get_facts(self):
        """Return the facts recorded in these consultations: one recordset a model."""
        return [self.env[name].search([("consultation_id", "in", self.ids)]) for name in self._get_fact_models()]

    def _check_nothing_left_behind(self):
        super()._check_nothing_left_behind()
        if any(facts.filtered("entered_in_error") for facts in self._get_facts()):
            raise UserError(
                self.env._("A fact of this consultation was marked as entered in error and stays in the chart.")
            )

    def _follow_people(self, vals):
        super()._follow_people(vals)
        if "patient_id" in vals:
            for facts in self._get_facts():
                facts.write({"patient_id": vals["patient_id"]})

    # === Ways to the facts === #

    def action_open_conditions(self):
        """Open the problems and the history of the patient; what is recorded there belongs to this visit."""
        return self._in_this_visit(self.patient_id.action_open_conditions())

    def action_open_allergies(self):
        """Open the allergies of the patient; what is recorded there belongs to this visit."""
        return self._in_this_visit(self.patient_id.action_open_allergies())

    def action_open_treatments(self):
        """Open the treatments of the patient; what is recorded there belongs to this visit."""
        return self._in_this_visit(self.patient_id.action_open_treatments())

    def action_renew_treatments(self):
        """Put all long-term treatments on a draft prescription of this visit, and open it."""
        self.ensure_one()
        return self.with_context(default_consultation_id=self.id).patient_id.action_renew_treatments()

    def _in_this_visit(self, action):
        """Return an action whose new facts belong to this visit, while it is a draft."""
        self.ensure_one()
        if self.state != "draft":
            return action
        own = {"default_consultation_id": self.id, "default_practitioner_id": self.practitioner_id.id}
        return {**action, "context": {**action["context"], **own}}
