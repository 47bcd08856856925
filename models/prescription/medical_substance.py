from odoo import fields, models


class MedicalSubstance(models.Model):
    """An active ingredient, as an official register names it."""

    _name = "medical.substance"
    _description = "Substance"
    _order = "name, id"

    name = fields.Char(required=True, translate=True, index="trigram")
    register_kind = fields.Char(required=True, index=True, help="The register that names it, such as dpd.")
    register_code = fields.Char(required=True)
    atc_code = fields.Char("ATC Code", index="btree_not_null")
    active = fields.Boolean(default=True)
    drug_link_ids = fields.One2many("medical.drug.substance", "substance_id", "Drugs")

    _register_uniq = models.UniqueIndex("(register_kind, register_code)", "This substance is in the register already.")
