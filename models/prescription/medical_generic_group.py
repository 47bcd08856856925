from odoo import fields, models


class MedicalGenericGroup(models.Model):
    """Drugs that may stand for each other: the generic group of a register (the répertoire des génériques in France).

    Where a register names none, its loader makes them: the same substances in the same strengths, the same form and the
    same route. That is what a prescriber looks for; whether a pharmacist may exchange them is for the country's law.
    """

    _name = "medical.generic.group"
    _description = "Generic Group"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    register_kind = fields.Char(required=True)
    register_code = fields.Char(required=True)
    drug_ids = fields.One2many("medical.drug", "generic_group_id", "Drugs")

    _register_uniq = models.UniqueIndex("(register_kind, register_code)", "This group is in the register already.")
