from dataclasses import replace

from odoo import api, models


class MedicalSafetyCheck(models.AbstractModel):
    """The check looks at what the patient will take once the prescription is signed.

    What a line orders to stop is neither prescribed nor taken any more. A treatment that a line replaces by another
    brand or strength still counts: that the patient takes it is what the prescriber has to know.
    """

    _name = "medical.safety.check"
    _inherit = "medical.safety.check"

    @api.model
    def _get_lines(self, prescription):
        return super()._get_lines(prescription).filtered(lambda line: not line._is_stop())

    @api.model
    def _get_treatments(self, prescription):
        running = super()._get_treatments(prescription)
        gone = running.browse()
        if prescription.kind == "drug":
            for _lines, treatment, action in prescription.line_ids._get_treatment_plan(running):
                if action == "stop":
                    gone |= treatment
        return running - gone

    @api.model
    def _prepare_patient(self, patient, allergies, treatments, known):
        facts = super()._prepare_patient(patient, allergies, treatments, known)
        # A treatment that is being stopped was told all the same.
        if facts.treatments_status == "unknown" and self.env["medical.treatment"]._find_active(patient):
            return replace(facts, treatments_status="some")
        return facts
