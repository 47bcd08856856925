from odoo import fields, models

DURATION_UNITS = [("day", "Days"), ("week", "Weeks"), ("month", "Months")]


class MedicalPrescriptionDosage(models.AbstractModel):
    """One item with its structured dosage: shared by the lines of prescriptions and of their templates."""

    _name = "medical.prescription.dosage"
    _description = "Prescribed Item"

    sequence = fields.Integer(default=10)
    drug_id = fields.Many2one("medical.drug", index="btree_not_null", ondelete="restrict")
    name = fields.Char(
        "Item", compute="_compute_name", store=True, readonly=False, precompute=True, help="The item as it is printed."
    )
    dose = fields.Float(digits=(16, 3))
    dose_unit = fields.Selection(
        selection="_selection_dose_unit", compute="_compute_dose_unit", store=True, readonly=False, precompute=True
    )
    frequency_id = fields.Many2one("medical.dosage.frequency", ondelete="restrict")
    as_needed = fields.Boolean("As Needed")
    route = fields.Selection(
        selection="_selection_route", compute="_compute_route", store=True, readonly=False, precompute=True
    )
    duration = fields.Float(digits=(16, 2))
    duration_unit = fields.Selection(DURATION_UNITS, default="day", required=True)
    indication = fields.Char()
    no_substitution = fields.Boolean("No Substitution")
    no_substitution_reason = fields.Char()
    long_term = fields.Boolean("Long-term")

    def _selection_dose_unit(self):
        return []

    def _selection_route(self):
        return []

    def _compute_name(self):
        pass

    def _compute_dose_unit(self):
        pass

    def _compute_route(self):
        pass
