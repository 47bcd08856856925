from odoo import fields, models

NARCOTIC_CLASSES = [
    ("narcotic", "Narcotic"),
    ("targeted", "Targeted substance"),
    ("controlled", "Controlled drug"),
]


class MedicalDrug(models.Model):
    """A product of an official register: brand, form, strength, route, and the substances in it.

    Rows come from a register and are never typed; an edition that no longer names a product marks it ``marketed =
    False``, it is never deleted, because signed prescriptions stand on it.
    """

    _name = "medical.drug"
    _description = "Drug"
    _order = "name, strength, id"

    name = fields.Char(required=True, translate=True, help="Brand name.")
    form = fields.Char(translate=True)
    strength = fields.Char()
    route = fields.Char(translate=True)
    route_code = fields.Char(help="The route, in the words of a dosage.")
    dose_unit = fields.Char(help="The unit a dose of this form is counted in.")
    company_name = fields.Char("Manufacturer")
    atc_code = fields.Char("ATC Code", index="btree_not_null")
    atc_name = fields.Char("ATC Class")
    schedule = fields.Char(help="Legal schedules, as the register states them.")
    narcotic_class = fields.Selection(NARCOTIC_CLASSES, index="btree_not_null")
    marketed = fields.Boolean(default=True, index=True)
    substance_ids = fields.One2many("medical.drug.substance", "drug_id", "Substances")
    register_id = fields.Many2one("medical.register", index="btree_not_null", ondelete="restrict")
    register_kind = fields.Char(required=True, index=True)
    register_code = fields.Char("Register Code", required=True, help="DIN in Canada, CIS in France.")
    register_part = fields.Char(help="The part of the register the drug is listed in, where it has several.")
    search_key = fields.Char(help="What the search looks in: names, substances, strength and code, without accents.")

    _register_uniq = models.UniqueIndex("(register_kind, register_code)", "This drug is in the register already.")
    _search_key_idx = models.Index("USING gin (search_key gin_trgm_ops)")
