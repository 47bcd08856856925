from odoo import api, fields, models
from odoo.exceptions import ValidationError

STATUSES = [
    ("done", "Done"),
    ("declined", "Declined"),
    ("postponed", "Postponed"),
    ("not_applicable", "Not applicable"),
]


class MedicalPrevention(models.Model):
    """What a patient and his practitioner decided about a prevention: done, declined, put off, not for this patient.

    ``until`` is the day from which it is offered again; a refusal without a day holds until it is marked as entered in
    error.
    """

    _name = "medical.prevention"
    _description = "Prevention"
    _inherit = ["medical.chart.entry"]
    _order = "date desc, id desc"

    practitioner_id = fields.Many2one(default=lambda self: self.env["medical.practitioner"]._get_current())
    rule_id = fields.Many2one("medical.prevention.rule", "Prevention", required=True, index=True, ondelete="restrict")
    status = fields.Selection(STATUSES, required=True, default="done")
    done_on = fields.Date("Done on", compute="_compute_done_on", store=True, readonly=False, precompute=True)
    until = fields.Date("Ask again on")
    reason = fields.Char(help="In the words of the patient, or why it does not apply.")

    _done_dated = models.Constraint("CHECK (status <> 'done' OR done_on IS NOT NULL)", "Say on which day it was done.")
    _refusal_explained = models.Constraint(
        "CHECK (status NOT IN ('declined', 'not_applicable') OR btrim(coalesce(reason, '')) <> '')",
        "Say why: the reason is kept in the chart.",
    )
    _postponed_until = models.Constraint(
        "CHECK (status <> 'postponed' OR until IS NOT NULL)", "Say until when it is put off."
    )

    @api.depends("status")
    def _compute_done_on(self):
        for fact in self:
            fact.done_on = (fact.done_on or fields.Date.context_today(fact)) if fact.status == "done" else False

    @api.depends("rule_id", "status")
    def _compute_display_name(self):
        statuses = dict(self._fields["status"]._description_selection(self.env))
        for fact in self:
            fact.display_name = f"{fact.rule_id.name or ''}: {statuses.get(fact.status, '')}"

    @api.constrains("done_on")
    def _check_done_on(self):
        today = fields.Date.context_today(self)
        if any(fact.done_on and fact.done_on > today for fact in self):
            raise ValidationError(self.env._("What is done has a day that has come."))
