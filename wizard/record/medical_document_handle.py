from odoo import api, fields, models
from odoo.exceptions import UserError


class MedicalDocumentHandle(models.TransientModel):
    """Asks for whom, until when and with which words documents are acknowledged, handed on or followed up.

    Context keys: ``default_kind``, ``default_document_ids``.
    """

    _name = "medical.document.handle"
    _description = "Handle Documents"

    kind = fields.Selection(
        [("reviewed", "Acknowledge"), ("forwarded", "Forward"), ("task", "Task"), ("recall", "Recall")],
        required=True,
        default="reviewed",
    )
    document_ids = fields.Many2many("medical.document", required=True)
    practitioner_id = fields.Many2one("medical.practitioner", "To")
    user_id = fields.Many2one("res.users", "For", domain=[("share", "=", False)])
    date_deadline = fields.Date("Until", default=fields.Date.context_today)
    comment = fields.Text(help="Kept in the chart, with the document. It is in no task and in no message.")

    @api.model
    def _get_calls(self):
        """Return ``{kind: how the documents are handled}``."""
        return {
            "reviewed": lambda wizard: wizard.document_ids.action_acknowledge(wizard.comment),
            "forwarded": lambda wizard: wizard.document_ids.action_forward(wizard.practitioner_id.id, wizard.comment),
            "task": lambda wizard: wizard.document_ids.action_task(
                wizard.user_id.id, wizard.date_deadline, wizard.comment
            ),
            "recall": lambda wizard: wizard.document_ids.action_recall(
                wizard.user_id.id, wizard.date_deadline, wizard.comment
            ),
        }

    def action_confirm(self):
        """Do it."""
        self.ensure_one()
        if not self.document_ids:
            raise UserError(self.env._("Choose the documents first."))
        self._get_calls()[self.kind](self)
        return {"type": "ir.actions.act_window_close"}
