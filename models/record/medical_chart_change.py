from odoo import api, fields, models
from odoo.addons.medical_practice.lib import fuzzy_dates
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

#: What happened has happened: no statement alters or deletes a row. The practice alone follows that of the patient.
KEEP_CHANGES_FUNCTION = """
CREATE OR REPLACE FUNCTION medical_keep_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved text[] := ARRAY['company_id', 'write_uid', 'write_date'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - moved = to_jsonb(OLD) - moved THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The history of a chart is neither changed nor deleted' USING ERRCODE = 'restrict_violation';
END $$
"""


class MedicalChartChange(models.Model):
    """One change in the life of a fact: which field went from what to what, when, by whom, and by which prescription.

    Append-only, for everybody and below the ORM too: made by ``medical.chart.life`` and by nothing else.
    """

    _name = "medical.chart.change"
    _description = "Change in the Life of a Fact"
    _inherit = ["medical.audited.mixin"]
    _order = "date desc, id desc"
    _rec_name = "field_name"

    patient_id = fields.Many2one("medical.patient", required=True, index=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one(related="patient_id.company_id", store=True, index=True)
    res_model = fields.Char("Kind of Fact", required=True, readonly=True)
    res_id = fields.Many2oneReference("Fact", model_field="res_model", required=True, readonly=True)
    field_name = fields.Char("Technical Field", required=True, readonly=True)
    old_value = fields.Json(readonly=True)
    new_value = fields.Json(readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "By", required=True, readonly=True, ondelete="restrict", default=lambda self: self.env.user
    )
    prescription_id = fields.Many2one(
        "medical.prescription", "Because of", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    field_label = fields.Char("What", compute="_compute_texts")
    old_display = fields.Char("From", compute="_compute_texts")
    new_display = fields.Char("To", compute="_compute_texts")

    _fact_idx = models.Index("(res_model, res_id)")

    def init(self):
        """Make the trigger that keeps the rows, below the ORM too."""
        super().init()
        self.env.cr.execute(SQL(KEEP_CHANGES_FUNCTION))
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS medical_keep_changes ON %(table)s;
                CREATE TRIGGER medical_keep_changes BEFORE UPDATE OR DELETE ON %(table)s
                    FOR EACH ROW EXECUTE FUNCTION medical_keep_changes()
                """,
                table=SQL.identifier(self._table),
            )
        )

    @api.depends("res_model", "field_name", "old_value", "new_value")
    @api.depends_context("lang", "tz")
    def _compute_texts(self):
        for change in self:
            field = change._get_field()
            change.field_label = field._description_string(self.env) if field else change.field_name
            change.old_display = change._format_value(field, change.old_value)
            change.new_display = change._format_value(field, change.new_value)

    def _get_field(self):
        """Return the field that changed; None where a later version no longer has it."""
        self.ensure_one()
        model = self.env.get(self.res_model)
        return model._fields.get(self.field_name) if model is not None else None

    def _format_value(self, field, value):
        """Return a kept value as people read it, in the user's language."""
        if isinstance(value, bool):
            return self.env._("Yes") if value else ""
        if value in (None, ""):
            return ""
        if field is not None and field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, str(value))
        if field is not None and field.type == "json":
            return "…"
        if isinstance(value, list):
            return str(value[-1])
        if isinstance(value, str) and field is not None and field.type in ("date", "datetime"):
            return format_date(self.env, value)
        return fuzzy_dates.describe(value, self.env.lang or "en_US") if isinstance(value, str) else f"{value:g}"

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The history of a chart is neither changed nor deleted."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The history of a chart is neither changed nor deleted."))
