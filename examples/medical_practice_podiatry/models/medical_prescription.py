from odoo import models


class MedicalPrescription(models.Model):
    _inherit = "medical.prescription"

    def _prepare_paper_patient(self):
        # Frozen with the rest of the paper when the prescription is signed.
        risks = dict(self.patient_id._fields["foot_risk"]._description_selection(self.env))
        return {**super()._prepare_paper_patient(), "foot_risk": risks.get(self.patient_id.foot_risk, "")}
