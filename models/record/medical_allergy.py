from odoo import fields, models


class MedicalAllergy(models.Model):
    """An allergy or intolerance of a patient, to a substance of a register or in words (FHIR ``AllergyIntolerance``).

    That a patient has none is a statement (``medical.chart.statement``), never an empty list.
    """

    _name = "medical.allergy"
    _description = "Allergy"
    _inherit = ["medical.chart.entry"]

    substance_id = fields.Many2one("medical.substance", index="btree_not_null", ondelete="restrict")
    name = fields.Char(required=True)
    category = fields.Selection(
        [("drug", "Drug"), ("food", "Food"), ("environment", "Environment")], default="drug", required=True
    )
    type = fields.Selection([("allergy", "Allergy"), ("intolerance", "Intolerance")], default="allergy", required=True)
    criticality = fields.Selection([("low", "Low"), ("high", "High"), ("unknown", "Unknown")], default="unknown")
    reaction = fields.Char()
    status = fields.Selection(
        [("active", "Active"), ("resolved", "Resolved"), ("refuted", "Refuted")], default="active", required=True
    )
    onset = fields.Char(help="As precise as it is known.")
    onset_date = fields.Date()
