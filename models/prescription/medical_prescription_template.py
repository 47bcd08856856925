from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .medical_prescription import PRESCRIPTION_KINDS


class MedicalPrescriptionTemplate(models.Model):
    """A favourite: one or several items that a practitioner puts on a prescription in one gesture."""

    _name = "medical.prescription.template"
    _description = "Prescription Favourite"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    kind = fields.Selection(PRESCRIPTION_KINDS, default="drug", required=True)
    practitioner_id = fields.Many2one(
        "medical.practitioner",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        default=lambda self: self.env["medical.practitioner"]._get_current(),
        help="Empty: shared by the whole practice.",
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    line_ids = fields.One2many("medical.prescription.template.line", "template_id", "Items", copy=True)
    summary = fields.Char(compute="_compute_summary", string="Content")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.depends("line_ids.name")
    def _compute_summary(self):
        for template in self:
            template.summary = ", ".join(filter(None, template.line_ids.mapped("name")))

    @api.model
    def _action_new_from_lines(self, lines):
        """Open a new favourite filled with the items of prescription lines; nothing is kept until it is saved.

        :raises UserError: without lines.
        """
        if not lines:
            raise UserError(self.env._("There is no line to keep as a favourite."))
        prescription = lines.prescription_id[:1]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Save as Favourite"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_name": (lines[0].name or "").strip()[:80],
                "default_kind": prescription.kind,
                "default_company_id": prescription.company_id.id,
                "default_line_ids": [Command.create(line._prepare_template_line_vals()) for line in lines],
            },
        }
