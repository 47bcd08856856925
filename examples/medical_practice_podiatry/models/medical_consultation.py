from odoo import models


class MedicalConsultation(models.Model):
    _inherit = "medical.consultation"

    def _get_missing_before_signing(self):
        missing = super()._get_missing_before_signing()
        examination = self.env.ref("medical_practice_podiatry.consultation_type_foot")
        if self.type_id == examination and not self.patient_id.foot_risk:
            missing.append(self.env._("The risk of the feet, in the chart"))
        return missing
