from odoo import fields, models

CONDITION_CATEGORIES = [
    ("problem", "Problem"),
    ("medical_history", "Medical history"),
    ("surgical_history", "Surgical history"),
    ("family_history", "Family history"),
    ("lifestyle", "Lifestyle"),
]


class MedicalCondition(models.Model):
    """A problem or an item of history of a patient, coded or in words (FHIR ``Condition``)."""

    _name = "medical.condition"
    _description = "Condition"
    _inherit = ["medical.chart.entry"]

    code_id = fields.Many2one("medical.code", index="btree_not_null", ondelete="restrict")
    name = fields.Char(required=True)
    category = fields.Selection(CONDITION_CATEGORIES, default="problem", required=True, index=True)
    clinical_status = fields.Selection(
        [("active", "Active"), ("resolved", "Resolved"), ("suspected", "Suspected")], default="active", required=True
    )
    onset = fields.Char(help="As precise as it is known: 2019, 03/2021, 2021-03-14, childhood.")
    onset_date = fields.Date(help="The first day the onset can mean, for sorting; empty where it is no date.")
    resolved = fields.Char(help="As precise as it is known.")
    resolved_date = fields.Date()
    note = fields.Text()
    consultation_ids = fields.Many2many("medical.consultation", string="Addressed in")
