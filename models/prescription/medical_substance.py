from odoo import api, fields, models

from ...lib.registers.substances import substance_key


class MedicalSubstance(models.Model):
    """An active ingredient, as an official register names it."""

    _name = "medical.substance"
    _description = "Substance"
    _order = "name, id"

    name = fields.Char(required=True, translate=True, index="trigram")
    register_kind = fields.Char(required=True, index=True, help="The register that names it, such as dpd.")
    register_code = fields.Char(required=True)
    key = fields.Char(
        compute="_compute_key",
        store=True,
        index=True,
        help="The name without salt, language and habits of a country: what allergies and interactions are found by.",
    )
    atc_code = fields.Char("ATC Code", index="btree_not_null")
    active = fields.Boolean(default=True)
    drug_link_ids = fields.One2many("medical.drug.substance", "substance_id", "Drugs")

    _register_uniq = models.UniqueIndex("(register_kind, register_code)", "This substance is in the register already.")

    @api.depends("name")
    def _compute_key(self):
        """Substances of all registers meet under one key; loaders write it themselves."""
        for substance in self.with_context(lang=None):
            substance.key = substance_key(substance.name or "") or False
