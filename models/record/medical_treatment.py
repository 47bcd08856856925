from odoo import fields, models


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
