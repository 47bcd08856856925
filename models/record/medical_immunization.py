from odoo import fields, models


class MedicalImmunization(models.Model):
    """A dose of a vaccine given, reported, or refused (FHIR ``Immunization``)."""

    _name = "medical.immunization"
    _description = "Immunization"
    _inherit = ["medical.chart.entry"]

    vaccine_id = fields.Many2one("medical.vaccine", required=True, index=True, ondelete="restrict")
    status = fields.Selection(
        [("completed", "Given"), ("reported", "Given elsewhere"), ("refused", "Refused")],
        default="completed",
        required=True,
    )
    given_on = fields.Date("Given on", required=True, default=fields.Date.context_today)
    lot = fields.Char("Lot Number")
    expires_on = fields.Date("Lot Expires on")
    site = fields.Char()
    route = fields.Char()
    dose_number = fields.Integer()
    next_due_on = fields.Date("Next Due")
    note = fields.Text()
