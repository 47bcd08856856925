from odoo import fields, models


class MedicalVaccine(models.Model):
    """A vaccine, by its CVX code where it has one, and the diseases it protects from."""

    _name = "medical.vaccine"
    _description = "Vaccine"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="CVX code, or the practice's own.")
    target = fields.Char(translate=True, help="The diseases it protects from.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
