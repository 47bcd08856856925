from odoo import models
from odoo.fields import Command


class MedicalPrescription(models.Model):
    """What a prescription does to the treatments of the chart."""

    _name = "medical.prescription"
    _inherit = "medical.prescription"

    def _before_signing(self):
        super()._before_signing()
        # What the lines do is said as the chart stands now, not as it stood when they were typed.
        self.line_ids._set_treatment_action()

    def _after_signing(self):
        super()._after_signing()
        if self.kind == "drug":
            self.env["medical.treatment"]._apply_prescription(self)

    def _after_cancelling(self):
        super()._after_cancelling()
        if self.kind == "drug":
            self.env["medical.treatment"]._undo_prescription(self, self.cancel_reason)

    def _add_treatments(self, treatments):
        """Add lines that prescribe treatments again, but for those that stand on the draft already."""
        self.ensure_one()
        standing = {treatment.id for _lines, treatment, _action in self.line_ids._get_treatment_plan()}
        drugs = self.line_ids.drug_id
        last = max(self.line_ids.mapped("sequence"), default=0)
        vals_list = [
            vals
            for treatment in treatments
            if treatment.id not in standing and treatment.drug_id not in drugs
            for vals in treatment._prepare_renewal_vals()
        ]
        self.line_ids = [
            Command.create({**vals, "sequence": last + position}) for position, vals in enumerate(vals_list, 1)
        ]
