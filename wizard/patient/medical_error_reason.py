from odoo import api, fields, models
from odoo.exceptions import UserError


class MedicalErrorReason(models.TransientModel):
    """Asks why facts of a chart were entered in error, and marks them: measurements, and later allergies, conditions...

    Context keys: ``active_model`` (a model with ``medical.chart.entry``), ``active_ids``.
    """

    _name = "medical.error.reason"
    _description = "Fact Entered in Error"

    res_model = fields.Char(required=True, readonly=True, default=lambda self: self.env.context.get("active_model"))
    res_ids = fields.Json(readonly=True, default=lambda self: self._default_res_ids())
    facts = fields.Char(compute="_compute_facts")
    reason = fields.Char(required=True, help="Kept in the chart, with your name and the moment.")

    @api.model
    def _default_res_ids(self):
        ids = self.env.context.get("active_ids") or [self.env.context.get("active_id")]
        return [fact_id for fact_id in ids if fact_id]

    @api.depends("res_model", "res_ids")
    def _compute_facts(self):
        for wizard in self:
            wizard.facts = ", ".join(wizard._get_facts().mapped("display_name"))

    def _get_facts(self):
        """Return the facts to mark, as the user sees them.

        :raises UserError: if the model is none of chart facts.
        """
        self.ensure_one()
        mixin = self.env.registry["medical.chart.entry"]
        if self.res_model not in self.env or not isinstance(self.env[self.res_model], mixin):
            raise UserError(self.env._("Only facts of a chart are marked here."))
        ids = self.res_ids if isinstance(self.res_ids, list) else []
        return self.env[self.res_model].browse([fact_id for fact_id in ids if isinstance(fact_id, int)]).exists()

    def action_confirm(self):
        """Mark the facts with the reason."""
        facts = self._get_facts()
        if not facts:
            raise UserError(self.env._("There is nothing to mark."))
        facts.action_enter_in_error(self.reason)
        return {"type": "ir.actions.act_window_close"}
