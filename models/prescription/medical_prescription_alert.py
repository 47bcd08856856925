from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..mixins.medical_safety_config import ALERT_SEVERITIES

ALERT_KINDS = [
    ("allergy", "Allergy"),
    ("interaction", "Interaction"),
    ("duplicate", "Duplicate"),
    ("condition", "Contraindication"),
    ("pregnancy", "Pregnancy"),
    ("breastfeeding", "Breastfeeding"),
    ("age", "Age"),
    ("sex", "Sex"),
    ("dose", "Dose"),
    ("narcotic", "Narcotic"),
    ("not_checked", "Not checked"),
]
MAX_REASON = 500


class MedicalPrescriptionAlert(models.Model):
    """What the safety check found about a prescription, and who went past it with which reason.

    Alerts are the check's own: it makes, changes and takes them away while the prescription is a draft
    (``medical.prescription.check_safety``). The only thing a practitioner writes is ``override_reason``; who and when
    come with it. Signed with the prescription, an alert never changes again.

    ``fingerprint`` is the same for the same finding about the same patient; what was overridden or seen on an earlier
    signed prescription (``reviewed_alert_id``) is not raised again while it stays the same.
    """

    _name = "medical.prescription.alert"
    _description = "Prescription Alert"
    _inherit = ["medical.signature.part", "medical.audited.mixin"]
    _signature_parent = "prescription_id"
    _order = "prescription_id, sequence, id"

    # === Where === #
    prescription_id = fields.Many2one("medical.prescription", required=True, index=True, ondelete="cascade")
    line_id = fields.Many2one("medical.prescription.line", index="btree_not_null", ondelete="cascade")
    patient_id = fields.Many2one(related="prescription_id.patient_id", store=True, precompute=True, index=True)
    practitioner_id = fields.Many2one(
        related="prescription_id.practitioner_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(related="prescription_id.company_id", store=True, precompute=True, index=True)
    state = fields.Selection(related="prescription_id.state")
    signed_on = fields.Datetime(related="prescription_id.signed_on")
    sequence = fields.Integer(default=10)

    # === What === #
    kind = fields.Selection(ALERT_KINDS, required=True)
    severity = fields.Selection(ALERT_SEVERITIES, required=True)
    code = fields.Char(readonly=True, help="The finding, as the engine of the check names it.")
    message = fields.Text(required=True)
    source = fields.Char()
    interrupting = fields.Boolean(readonly=True, help="It stops the signature until somebody gives a reason.")
    fingerprint = fields.Char(readonly=True, index="btree_not_null")
    reviewed_alert_id = fields.Many2one(
        "medical.prescription.alert", "Reviewed Before", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    # === Overridden === #
    override_reason = fields.Char()
    overridden_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    overridden_on = fields.Datetime(readonly=True)

    @api.depends("kind", "severity")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        severities = dict(self._fields["severity"]._description_selection(self.env))
        for alert in self:
            alert.display_name = f"{kinds.get(alert.kind, '')}: {severities.get(alert.severity, '')}"

    # === Guards === #

    def write(self, vals):
        if not self.env.su and (vals.keys() - {"override_reason"} or not self._may_override()):
            raise AccessError(
                self.env._("Alerts are written by the safety check; a practitioner gives the reason to go past one.")
            )
        return super().write(self._prepare_override_vals(vals))

    @api.model
    def _may_override(self):
        return self.env.user.has_group("medical_practice.group_practitioner")

    @api.model
    def _prepare_override_vals(self, vals):
        """Return the values with who gave the reason and when; a blank reason is none.

        :raises UserError: for a reason nobody reads to its end.
        """
        if "override_reason" not in vals:
            return vals
        reason = " ".join(str(vals["override_reason"] or "").split())
        if len(reason) > MAX_REASON:
            raise UserError(self.env._("The reason is too long (%(limit)s characters).", limit=MAX_REASON))
        return {
            **vals,
            "override_reason": reason or False,
            "overridden_by_id": self.env.uid if reason else False,
            "overridden_on": fields.Datetime.now() if reason else False,
        }

    def action_override(self, reason):
        """Go past the alerts, for a reason that is kept with the prescription.

        :param str reason: why, in the words of the practitioner.
        :raises UserError: without a reason, or once the prescription is signed.
        :raises AccessError: for anybody but a practitioner.
        """
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why it is prescribed all the same: the reason is kept."))
        self.write({"override_reason": reason})
        return True

    # === For the signature and the screen === #

    def _get_content_fields(self):
        """Return the names of the fields the signature of the prescription covers."""
        return [
            "line_id",
            "kind",
            "severity",
            "code",
            "message",
            "source",
            "interrupting",
            "fingerprint",
            "reviewed_alert_id",
            "override_reason",
            "overridden_by_id",
            "overridden_on",
        ]

    def _is_pending(self):
        """Tell whether the alert still stops the signature."""
        self.ensure_one()
        return self.interrupting and not (self.override_reason or "").strip()

    @api.model
    def _prepare_panel_item(self, vals):
        """Return an alert as the panel of the form shows it.

        :param dict vals: the values of the alert; ``refs`` names the lines concerned.
        """
        head, __, detail = (vals["message"] or "").partition("\n")
        return {
            "kind": vals["kind"],
            "severity": vals["severity"],
            "message": head,
            "detail": detail,
            "source": vals["source"] or "",
            "refs": vals["refs"],
            "interrupting": vals["interrupting"],
            "reviewed": bool(vals["reviewed_alert_id"]),
            "reason": vals["override_reason"] or "",
        }

    def _get_panel_items(self):
        """Return kept alerts as the panel of the form shows them."""
        names = ["kind", "severity", "message", "source", "interrupting", "reviewed_alert_id", "override_reason"]
        rows = self.read([*names, "line_id"], load=None)
        return [
            self._prepare_panel_item({**row, "refs": [f"line:{row['line_id']}"] if row["line_id"] else []})
            for row in rows
        ]
