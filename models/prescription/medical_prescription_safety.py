import logging
from collections import Counter

from odoo import api, fields, models
from odoo.addons.medical_practice.lib import canonical
from odoo.addons.medical_practice.lib.safety import engine
from odoo.exceptions import UserError
from odoo.tools import format_date

_logger = logging.getLogger(__name__)

#: Context key of the buttons of the form: ask for the reasons in a dialog instead of refusing.
ASK = "medical_ask_override"


class MedicalPrescription(models.Model):
    """The safety check of a prescription.

    It runs at three moments, always on the server: as lines are typed (``safety``, for the screen), when somebody asks
    for it (``check_safety``), and inside the signature, whatever door it came through. The last one decides: while an
    interrupting alert has no reason, nothing is signed.
    """

    _inherit = "medical.prescription"

    alert_ids = fields.One2many(groups="medical_practice.group_assistant")
    safety = fields.Json(
        compute="_compute_safety",
        groups="medical_practice.group_assistant",
        help="What the safety check says of the prescription as it stands on the screen.",
    )

    # === As it is typed === #

    @api.depends(lambda self: self._get_safety_dependencies())
    @api.depends_context("lang", "uid")
    def _compute_safety(self):
        for prescription in self:
            if prescription.state == "draft":
                prescription.safety = prescription._prepare_draft_panel()
            else:
                # The alerts are part of the prescription that is being read.
                alerts = prescription.sudo().alert_ids
                prescription.safety = prescription._prepare_panel(alerts._get_panel_items())

    @api.model
    def _get_safety_dependencies(self):
        """Return the fields whose change on the screen asks for a new check."""
        line_fields = (
            "drug_id",
            "name",
            "dose",
            "dose_max",
            "dose_unit",
            "frequency_id",
            "weekdays",
            "steps",
            "as_needed",
            "max_per_day",
            "route",
            "duration",
            "duration_unit",
            "quantity",
            "quantity_unit",
            "sig",
        )
        return ["state", "kind", "patient_id", *(f"line_ids.{name}" for name in line_fields)]

    def _prepare_draft_panel(self):
        """Return what the form shows of a draft, with the reasons given so far."""
        self.ensure_one()
        if self.kind != "drug" or not self.patient_id or not self.line_ids:
            return self._prepare_panel([])
        # The reasons are part of the draft that is being read.
        alerts = self._origin.sudo().alert_ids
        reasons = {alert.fingerprint: alert.override_reason for alert in alerts}
        return self._prepare_panel(
            [
                alerts._prepare_panel_item({**vals, "override_reason": reasons.get(vals["fingerprint"])})
                for vals in self._get_findings()
            ]
        )

    @api.model
    def _prepare_panel(self, items):
        """Return the content of the panel: the items, and how many stop the signature."""
        pending = [item for item in items if item["interrupting"] and not item["reason"]]
        return {"items": items, "pending": len(pending)}

    def _get_findings(self):
        """Return the values of the alerts of a draft, the gravest first, with the ``refs`` of all lines concerned.

        What was reviewed on an earlier signed prescription of the patient is only mentioned.
        """
        self.ensure_one()
        writer = self.env["medical.safety.sentence"]
        findings = self.env["medical.safety.check"]._check(self)
        reviewed = self._get_reviewed({finding.fingerprint for finding in findings if finding.kind != "not_checked"})
        lines = {self.env["medical.safety.check"]._get_line_ref(line): line._origin.id for line in self.line_ids}
        values = []
        for finding in findings:
            vals = {
                "kind": finding.kind,
                "severity": finding.severity,
                "code": finding.code,
                "message": writer._get_message(finding),
                "source": finding.source or False,
                "interrupting": engine.interrupts(finding),
                "fingerprint": finding.fingerprint,
                "reviewed_alert_id": False,
                "line_id": next((lines[ref] for ref in finding.refs if lines.get(ref)), False),
                "refs": [ref for ref in finding.refs if ref in lines],
            }
            if earlier := reviewed.get(finding.fingerprint):
                vals |= earlier._prepare_reviewed_vals(vals["message"])
            values.append(vals)
        return sorted(values, key=lambda vals: bool(vals["reviewed_alert_id"]))

    def _get_reviewed(self, fingerprints):
        """Return ``{fingerprint: alert}`` of what stood, or was overridden, on signed prescriptions of the patient."""
        if not fingerprints:
            return {}
        # What was reviewed is a fact of the chart, whoever prescribes now.
        alerts = self.env["medical.prescription.alert"].sudo()
        domain = [
            ("patient_id", "=", self.patient_id._origin.id),
            ("fingerprint", "in", list(fingerprints)),
            ("prescription_id.state", "=", "signed"),
            ("reviewed_alert_id", "=", False),
            "|",
            ("interrupting", "=", False),
            ("override_reason", "!=", False),
        ]
        return {alert.fingerprint: alert for alert in alerts.search(domain, order="id")}

    # === Kept === #

    def check_safety(self):
        """Check drafts again and keep what was found; a reason given for the same finding stays.

        Signed prescriptions keep the alerts they were signed with. Safe to call as often as one likes.
        """
        self.check_access("write")
        for prescription in self:
            if prescription.state == "draft":
                prescription._update_alerts()
        return True

    def _update_alerts(self):
        """Make the alerts of a draft say what the check finds now."""
        self.ensure_one()
        # Alerts are written by the check alone, for whoever may write the draft.
        alerts = self.sudo().alert_ids
        kept = {alert.fingerprint: alert for alert in alerts}
        to_create, stay = [], alerts.browse()
        for sequence, found in enumerate(self._get_findings(), 1):
            vals = {**found, "sequence": sequence, "prescription_id": self.id}
            del vals["refs"]
            alert = kept.get(vals["fingerprint"])
            if alert is None:
                to_create.append(vals)
                continue
            stay |= alert
            alert._update(vals)
        (alerts - stay).unlink()
        alerts.create(to_create)

    # === Signing === #

    def _check_complete(self):
        super()._check_complete()
        self._update_alerts()
        if pending := self._get_pending_alerts():
            reasons = "\n".join(f"• {alert.message.partition(chr(10))[0]}" for alert in pending)
            raise UserError(
                self.env._(
                    "%(document)s cannot be signed: give a reason for each of these alerts, or change the "
                    "prescription.\n%(reasons)s",
                    document=self.display_name,
                    reasons=reasons,
                )
            )

    def _get_pending_alerts(self):
        """Return the alerts that stop the signature."""
        # Whoever signs is told of every alert.
        return self.sudo().alert_ids.filtered(lambda alert: alert._is_pending())

    def action_sign(self):
        """Sign; from the form, ask in a dialog for the reasons that are missing.

        :raises UserError: naming the interrupting alerts without reason, unless the context asks for the dialog.
        """
        if self.env.context.get(ASK) and len(self) == 1:
            self.check_access("write")
            self._lock_for_signature()
            self._check_may_sign()
            super()._check_complete()
            self._update_alerts()
            if self._get_pending_alerts():
                return self._action_open_override()
        return super().action_sign()

    def _action_open_override(self):
        """Return the dialog that lists the interrupting alerts and asks for a reason for each."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Before You Sign"),
            "res_model": "medical.prescription.override",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_prescription_id": self.id,
                "default_then_print": bool(self.env.context.get("medical_then_print")),
            },
        }

    def action_sign_and_print(self):
        """Sign, then return the paper; from the form, the dialog first where a reason is missing."""
        signed = self.with_context(medical_then_print=True).action_sign()
        return signed if isinstance(signed, dict) else self.action_print()

    def _prepare_signed_content(self):
        """Return the content with the digest of the alerts: what was known, and why it was prescribed all the same.

        Their digest only: the signed content is read by whoever may print the paper, who may not read the chart.
        """
        content = super()._prepare_signed_content()
        # The alerts belong to the content, whoever verifies it.
        alerts = self.sudo().alert_ids
        rows = self._plain_content_value(alerts.read(alerts._get_content_fields(), load=None))
        content["alerts"] = canonical.digest({"alerts": rows})
        return content

    def _after_signing(self):
        super()._after_signing()
        self._log_safety()

    def _log_safety(self):
        """Write to the log of the server what was not checked and what was overridden: counts, never contents."""
        # The log says how many, never what.
        alerts = self.sudo().alert_ids
        unchecked = Counter(alert.code or alert.kind for alert in alerts if alert.kind == "not_checked")
        overridden = Counter(alert.kind for alert in alerts if alert.override_reason)
        if unchecked or overridden:
            _logger.info(
                "Prescription %s signed; not checked: %s; overridden: %s",
                self.id,
                dict(unchecked) or "nothing",
                dict(overridden) or "nothing",
            )


class MedicalPrescriptionAlert(models.Model):
    """How an alert follows the check."""

    _inherit = "medical.prescription.alert"

    def _update(self, vals):
        """Write what has changed of an alert that was found again."""
        self.ensure_one()
        changed = {
            name: value
            for name, value in vals.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        if changed:
            self.write(changed)

    def _prepare_reviewed_vals(self, message):
        """Return the values of an alert that says the same again as this one, which was reviewed."""
        self.ensure_one()
        # Who signed or overrode it is told to whoever prescribes again.
        prescription = self.prescription_id
        day = format_date(self.env, fields.Datetime.context_timestamp(self, prescription.signed_on).date())
        who = (self.overridden_by_id or prescription.signed_by_id).name
        if self.override_reason:
            review = self.env._(
                "Reviewed on %(date)s by %(name)s: %(reason)s", date=day, name=who, reason=self.override_reason
            )
        else:
            review = self.env._("Reviewed on %(date)s by %(name)s.", date=day, name=who)
        return {
            "severity": "information",
            "interrupting": False,
            "reviewed_alert_id": self.id,
            "message": f"{message}\n{review}",
        }
