from odoo import api, fields, models
from odoo.addons.medical_practice.models.prescription.medical_prescription_alert import (
    ALERT_KINDS,
    ALERT_SEVERITIES,
    MAX_REASON,
)
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

#: Reasons that are given often, in one click; what is kept is the sentence, in the words of whoever signs.
QUICK_REASONS = {
    "tolerated": _lt("Taken before and well tolerated"),
    "benefit": _lt("The benefit outweighs the risk"),
    "no_alternative": _lt("No suitable alternative"),
    "monitored": _lt("Will be monitored closely"),
    "adjusted": _lt("Dose or timing adjusted"),
    "not_true": _lt("The allergy is not confirmed by its history"),
    "specialist": _lt("Agreed with a specialist"),
    "by_myself": _lt("Checked by myself, in another source"),
}


class MedicalPrescriptionOverride(models.TransientModel):
    """The last question before a signature: why the contraindicated is prescribed all the same."""

    _name = "medical.prescription.override"
    _description = "Reasons before Signing"

    prescription_id = fields.Many2one("medical.prescription", required=True, ondelete="cascade", readonly=True)
    then_print = fields.Boolean(readonly=True)
    line_ids = fields.One2many("medical.prescription.override.line", "override_id", "Alerts")
    several = fields.Boolean(compute="_compute_several")
    quick_reason = fields.Selection("_selection_quick_reason")
    reason = fields.Char(
        compute="_compute_reason",
        store=True,
        readonly=False,
        size=MAX_REASON,
        help="Kept with each alert that has no reason of its own.",
    )

    @api.depends("line_ids")
    def _compute_several(self):
        for wizard in self:
            wizard.several = len(wizard.line_ids) > 1

    @api.model
    def _selection_quick_reason(self):
        return [(key, self.env._(label)) for key, label in self._get_quick_reasons().items()]

    @api.model
    def _get_quick_reasons(self):
        """Return the sentences offered, by key."""
        return QUICK_REASONS

    @api.depends("quick_reason")
    def _compute_reason(self):
        reasons = self._get_quick_reasons()
        for wizard in self:
            picked = reasons.get(wizard.quick_reason)
            wizard.reason = self.env._(picked) if picked else wizard.reason

    @api.model
    def default_get(self, fields):
        """List the alerts that stop the signature."""
        defaults = super().default_get(fields)
        prescription = self.env["medical.prescription"].browse(defaults.get("prescription_id")).exists()
        if prescription and "line_ids" in fields:
            prescription.check_access("read")
            alerts = prescription.alert_ids.filtered(lambda alert: alert._is_pending())
            defaults["line_ids"] = [Command.create({"alert_id": alert.id}) for alert in alerts]
        return defaults

    def action_confirm(self):
        """Keep the reasons with the alerts and sign; print, where that was the button pressed.

        :raises UserError: while a reason is missing.
        """
        self.ensure_one()
        for line in self.line_ids:
            line._check_belongs()
            line.alert_id.action_override((line.reason or "").strip() or self.reason)
        self.prescription_id.action_sign()
        if not self.then_print:
            return {"type": "ir.actions.act_window_close"}
        return {**self.prescription_id.action_print(), "close_on_report_download": True}


class MedicalPrescriptionOverrideLine(models.TransientModel):
    """An alert and the reason to go past it."""

    _name = "medical.prescription.override.line"
    _description = "Reason before Signing"

    override_id = fields.Many2one("medical.prescription.override", required=True, ondelete="cascade")
    alert_id = fields.Many2one("medical.prescription.alert", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(ALERT_KINDS, compute="_compute_alert")
    severity = fields.Selection(ALERT_SEVERITIES, compute="_compute_alert")
    message = fields.Text(compute="_compute_alert")
    source = fields.Char(compute="_compute_alert")
    reason = fields.Char(size=MAX_REASON)

    @api.depends("alert_id")
    def _compute_alert(self):
        for line in self:
            for name in ("kind", "severity", "message", "source"):
                line[name] = line.alert_id[name]

    def _check_belongs(self):
        """Refuse the alert of another prescription.

        :raises UserError: for an alert that is not on this one.
        """
        self.ensure_one()
        if self.alert_id.prescription_id != self.override_id.prescription_id:
            raise UserError(self.env._("This alert belongs to another prescription."))
