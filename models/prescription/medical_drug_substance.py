from odoo import fields, models


class MedicalDrugSubstance(models.Model):
    """An active ingredient of a drug, with its strength."""

    _name = "medical.drug.substance"
    _description = "Substance of a Drug"
    _order = "drug_id, sequence, id"

    drug_id = fields.Many2one("medical.drug", required=True, index=True, ondelete="cascade")
    substance_id = fields.Many2one("medical.substance", required=True, index=True, ondelete="restrict")
    strength = fields.Char()
    sequence = fields.Integer(default=10)

    _substance_uniq = models.UniqueIndex("(drug_id, substance_id, strength)")
