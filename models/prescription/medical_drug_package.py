from odoo import api, fields, models

from ...lib.dosage import DOSE_UNITS


class MedicalDrugPackage(models.Model):
    """A package a drug is sold in, as the register describes it; what a quantity is rounded to.

    Rows come from a register and are never typed; one that disappears is marked as no longer marketed.
    """

    _name = "medical.drug.package"
    _description = "Package of a Drug"
    _order = "drug_id, marketed desc, quantity, id"

    drug_id = fields.Many2one("medical.drug", required=True, index=True, ondelete="cascade")
    name = fields.Char(required=True)
    code = fields.Char(index="btree_not_null", help="CIP in France, GTIN or UPC elsewhere.")
    quantity = fields.Float(digits=(12, 3), help="How much is in it, in its unit; 0 where the register does not say.")
    unit = fields.Char(help="The unit of the quantity, in the words of a dosage, or g.")
    unit_label = fields.Char("Unit of the Quantity", compute="_compute_unit_label")
    price = fields.Float(digits=(12, 2), help="What the public pays, where the register says.")
    currency = fields.Char(help="ISO code of the currency of the price.")
    marketed = fields.Boolean(default=True)
    register_kind = fields.Char(required=True)
    register_code = fields.Char(required=True)

    _register_uniq = models.UniqueIndex("(register_kind, register_code)", "This package is in the register already.")

    @api.depends("unit")
    @api.depends_context("lang")
    def _compute_unit_label(self):
        labels = dict(self.env["medical.prescription.dosage"]._get_unit_labels(DOSE_UNITS.values()))
        for package in self:
            package.unit_label = labels.get(package.unit, package.unit)
