from odoo import api, fields, models


class MedicalTreatment(models.Model):
    """A course of medication: what the patient takes, prescribed here or reported (FHIR ``MedicationStatement``)."""

    _name = "medical.treatment"
    _description = "Treatment"
    _inherit = ["medical.chart.entry", "medical.prescription.dosage"]

    origin = fields.Selection(
        [("prescribed", "Prescribed here"), ("reported", "Reported")], default="reported", required=True
    )
    sig = fields.Text("Instructions")
    date_start = fields.Date(default=fields.Date.context_today)
    date_end = fields.Date()
    status = fields.Selection(
        [("active", "Active"), ("stopped", "Stopped"), ("completed", "Completed")],
        default="active",
        required=True,
        index=True,
    )
    stop_reason = fields.Char()
    prescription_line_id = fields.Many2one(
        "medical.prescription.line", "Last Prescribed", readonly=True, copy=False, ondelete="restrict"
    )

    @api.model_create_multi
    def create(self, vals_list):
        treatments = super().create(vals_list)
        treatments._end_contrary_statements()
        return treatments

    def write(self, vals):
        result = super().write(vals)
        if {"status", "long_term", "patient_id"} & vals.keys():
            self._end_contrary_statements()
        return result

    def _end_contrary_statements(self):
        """A long-term treatment ends “no long-term treatment”."""
        patients = self.filtered_domain(self._get_long_term_domain()).patient_id
        self.env["medical.chart.statement"]._find_in_force(patients.ids, "treatment")._end()

    @api.model
    def _get_long_term_domain(self):
        return [("status", "=", "active"), ("long_term", "=", True), ("entered_in_error", "=", False)]

    @api.model
    def _find_long_term(self, patients):
        """Return the long-term treatments that patients take."""
        return self.search([("patient_id", "in", patients.ids), *self._get_long_term_domain()])
