from odoo import api, fields, models
from odoo.addons.medical_practice.lib import dosage
from odoo.exceptions import UserError

MAX_ALTERNATIVES = 12


class MedicalPrescriptionDosage(models.AbstractModel):
    """Quantities in whole packs, and the generics of a drug."""

    _inherit = "medical.prescription.dosage"

    pack_info = fields.Char(
        "Packs", compute="_compute_pack_info", help="The packs that cover the quantity, where the register knows them."
    )
    has_alternatives = fields.Boolean(compute="_compute_has_alternatives")

    def _get_packages(self):
        """Return the marketed packages of the drug that are counted as the quantity is."""
        self.ensure_one()
        return self.drug_id.package_ids.filtered(
            lambda package: package.marketed and package.quantity > 0 and package.unit == self.quantity_unit
        )

    def _get_pack(self):
        """Return ``(package, how many)`` of the size that covers the quantity with the least left over."""
        self.ensure_one()
        packages = self._get_packages()
        rounded = dosage.round_to_packs(self.quantity, packages.mapped("quantity"))
        if rounded is None:
            return packages[:0], 0
        total = float(rounded)
        fitting = packages.filtered(lambda package: not round(total % package.quantity, 3))
        package = fitting.sorted("quantity")[-1:]
        return package, round(total / package.quantity) if package else 0

    @api.depends("drug_id.package_ids.quantity", "drug_id.package_ids.marketed", "quantity", "quantity_unit")
    @api.depends_context("lang")
    def _compute_pack_info(self):
        writer = self.env["medical.prescription.sentence"]
        for item in self:
            package, count = item._get_pack() if item.drug_id and item.quantity else (None, 0)
            if not count:
                item.pack_info = False
                continue
            size = writer._get_amount(package.quantity, item.quantity_unit)
            item.pack_info = self.env._("%(count)s × pack of %(size)s", count=count, size=size)

    @api.depends("drug_id")
    def _compute_has_alternatives(self):
        alternatives = self.drug_id._get_alternatives() if self.drug_id else {}
        for item in self:
            item.has_alternatives = bool(item.drug_id and alternatives.get(item.drug_id))

    def action_round_to_packs(self):
        """Make the quantity that of whole packs.

        :raises UserError: where the register knows no pack that is counted as the quantity is.
        """
        for item in self:
            package, count = item._get_pack()
            if not count:
                raise UserError(self.env._("The register knows no pack for this quantity."))
            item.quantity = package.quantity * count
        return True


class MedicalPrescriptionLine(models.Model):
    """The generics of a line's drug."""

    _inherit = "medical.prescription.line"

    def action_open_alternatives(self):
        """Open the drugs of the same generic group; choosing one puts it in the place of this one."""
        self.ensure_one()
        drugs = self.drug_id._get_alternatives().get(self.drug_id) or self.env["medical.drug"]
        if not drugs:
            raise UserError(self.env._("The register names no alternative for this drug."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Alternatives"),
            "res_model": "medical.drug",
            "views": [(self.env.ref("medical_practice.medical_drug_view_list_alternatives").id, "list")],
            "domain": [("id", "in", drugs.ids)],
            "target": "new",
            "context": {"medical_prescription_line_id": self.id},
        }

    def action_replace_drug(self, drug_id):
        """Put another drug of the same generic group in the place of the line's, with the same dosage.

        :param int drug_id: the ``medical.drug`` chosen.
        :raises UserError: for a drug that is no alternative.
        """
        self.ensure_one()
        drug = self.env["medical.drug"].browse(drug_id)
        if drug not in (self.drug_id._get_alternatives().get(self.drug_id) or self.env["medical.drug"]):
            raise UserError(self.env._("The register does not name this drug as an alternative."))
        kept = {name: self[name] for name in ("dose_unit", "route", "quantity_unit")}
        self.drug_id = drug
        self.write(kept)
        return True


class MedicalDrug(models.Model):
    """A drug chosen in place of another."""

    _inherit = "medical.drug"

    def action_choose_alternative(self):
        """Put this drug in the place of that of the line the list was opened from."""
        self.ensure_one()
        line = self.env["medical.prescription.line"].browse(self.env.context.get("medical_prescription_line_id"))
        line.action_replace_drug(self.id)
        return {"type": "ir.actions.act_window_close"}
