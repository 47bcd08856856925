from odoo import fields, models


class MedicalPrescriptionTemplateLine(models.Model):
    """An item of a favourite; its sentence is written when it is prescribed, in the language of the patient."""

    _name = "medical.prescription.template.line"
    _description = "Prescription Favourite Item"
    _inherit = ["medical.prescription.dosage"]
    _order = "template_id, sequence, id"

    template_id = fields.Many2one("medical.prescription.template", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(related="template_id.kind")
    sig = fields.Text("Instructions", help="Instead of the sentence of the dosage; kept word for word.")

    def _prepare_line_vals(self):
        """Return the values of the prescription line this item becomes."""
        self.ensure_one()
        values = self._prepare_item_vals()
        if (self.sig or "").strip():
            values["sig"] = self.sig
        return values
