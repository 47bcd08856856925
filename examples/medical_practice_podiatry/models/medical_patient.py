from odoo import fields, models


class MedicalPatient(models.Model):
    _inherit = "medical.patient"

    # A clinical fact: hidden from the reception like the rest of the chart.
    foot_risk = fields.Selection(
        [("low", "Low"), ("moderate", "Moderate"), ("high", "High")], groups="medical_practice.group_assistant"
    )
