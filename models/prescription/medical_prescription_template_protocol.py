from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

TEMPLATE_CATEGORIES = [
    ("laboratory", "Laboratory"),
    ("imaging", "Imaging"),
    ("cardiology", "Cardiology"),
    ("nursing", "Nursing"),
    ("rehabilitation", "Rehabilitation"),
    ("device", "Devices"),
    ("other", "Other"),
]
#: Favourites put on a prescription in one gesture; more is a mistake.
MAX_AT_ONCE = 40


class MedicalPrescriptionTemplate(models.Model):
    """A favourite that brings others with it is a protocol: drugs, examinations and care of one situation.

    The most used come first, so that a list of a hundred needs no sorting by hand.
    """

    _inherit = "medical.prescription.template"
    _order = "sequence, use_count desc, name, id"

    category = fields.Selection(TEMPLATE_CATEGORIES, help="Groups the favourites of examinations and care.")
    include_ids = fields.Many2many(
        "medical.prescription.template",
        "medical_prescription_template_include_rel",
        "template_id",
        "include_id",
        "Also Brings",
        check_company=True,
        domain="[('id', '!=', id), ('include_ids', '=', False)]",
        help="Makes this favourite a protocol: those of another kind come as prescriptions of their own.",
    )
    use_count = fields.Integer("Used", default=0, readonly=True, copy=False, help="On how many prescriptions.")

    @api.constrains("include_ids")
    def _check_includes(self):
        for template in self:
            if template in template.include_ids or template.include_ids.include_ids:
                raise ValidationError(self.env._("A protocol brings favourites, not other protocols."))

    def _expand(self):
        """Return the favourites with those they bring, each once, in their order."""
        found = self.browse()
        for template in self:
            found |= template | template.include_ids.filtered("active")
        return found

    def action_add_to_prescription(self):
        """Put the favourites selected on the prescription the list was opened from."""
        prescription = self.env["medical.prescription"].browse(self.env.context.get("medical_prescription_id"))
        if not prescription.exists():
            raise UserError(self.env._("Open the favourites from a prescription to add them to it."))
        prescription.action_apply_templates(self.ids)
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _count_uses(self, ids):
        """Count one more use of favourites; past the ORM, because a count is no change of a favourite."""
        if ids:
            query = "UPDATE medical_prescription_template SET use_count = COALESCE(use_count, 0) + 1 WHERE id IN %s"
            self.env.cr.execute(SQL(query, tuple(ids)))
            self.browse(ids).invalidate_recordset(["use_count"], flush=False)


class MedicalPrescriptionTemplateLine(models.Model):
    """An item remembers the favourite it came from, so that favourites are ordered by use."""

    _inherit = "medical.prescription.template.line"

    def _prepare_line_vals(self):
        return {**super()._prepare_line_vals(), "template_id": self.template_id.id}


class MedicalPrescriptionLine(models.Model):
    """Where a line came from."""

    _inherit = "medical.prescription.line"

    template_id = fields.Many2one(
        "medical.prescription.template", "From Favourite", readonly=True, copy=False, ondelete="set null"
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        used = {(line.prescription_id, line.template_id) for line in lines if line.template_id}
        self.env["medical.prescription.template"]._count_uses(sorted({template.id for _rx, template in used}))
        return lines

    def _get_fields_writable_after_signing(self):
        # A favourite may be deleted later; the line it was made from stays as it was signed.
        return super()._get_fields_writable_after_signing() | {"template_id"}


class MedicalPrescription(models.Model):
    """Several favourites at once."""

    _inherit = "medical.prescription"

    def action_open_favourites(self):
        """Open the favourites to choose several from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Favourites and Protocols"),
            "res_model": "medical.prescription.template",
            "views": [(self.env.ref("medical_practice.medical_prescription_template_view_list_pick").id, "list")],
            "search_view_id": [self.env.ref("medical_practice.medical_prescription_template_view_search").id],
            "target": "new",
            "context": {"medical_prescription_id": self.id, "search_default_group_kind": True},
        }

    def action_apply_templates(self, template_ids):
        """Add the items of favourites to a draft; those of another kind go to drafts of their own.

        :param list template_ids: ids of ``medical.prescription.template``.
        :return: the drafts that were made, an empty set where none was.
        """
        self.ensure_one()
        templates = self.env["medical.prescription.template"].browse(template_ids).exists()
        templates.check_access("read")
        templates = templates._expand()
        if not templates or len(templates) > MAX_AT_ONCE:
            raise UserError(self.env._("Choose between 1 and %(limit)s favourites.", limit=MAX_AT_ONCE))
        made = self.browse()
        for kind, group in templates.grouped("kind").items():
            if kind == self.kind:
                for template in group:
                    self.line_ids = [Command.create(vals) for vals in self._prepare_template_lines(template)]
            else:
                made |= self._make_sibling(kind, group)
        return made

    def _make_sibling(self, kind, templates):
        """Return a new draft of another kind for the same patient and visit, with the items of favourites."""
        sibling = self.create(self._prepare_sibling_vals(kind))
        for template in templates:
            sibling.line_ids = [Command.create(vals) for vals in sibling._prepare_template_lines(template)]
        return sibling

    def _prepare_sibling_vals(self, kind):
        self.ensure_one()
        return {
            "kind": kind,
            "patient_id": self.patient_id.id,
            "practitioner_id": self.practitioner_id.id,
            "consultation_id": self.consultation_id.id,
            "date": self.date,
        }
