from odoo import fields, models


class MedicalMeasurement(models.Model):
    """A value measured on a patient at a moment, in the unit of its type."""

    _name = "medical.measurement"
    _description = "Measurement"
    _inherit = ["medical.chart.entry"]

    type_id = fields.Many2one("medical.measurement.type", required=True, index=True, ondelete="restrict")
    value = fields.Float(required=True, digits=(16, 4), aggregator="avg")
    unit_display = fields.Char(related="type_id.unit_display")
