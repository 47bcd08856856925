from odoo import fields, models
from odoo.exceptions import UserError

STEP_KINDS = [
    ("received", "Received"),
    ("matched", "Matched"),
    ("unmatched", "Sent back to the inbox"),
    ("forwarded", "Forwarded"),
    ("task", "Task"),
    ("task_done", "Task done"),
    ("recall", "Recall"),
    ("reviewed", "Acknowledged"),
]


class MedicalDocumentStep(models.Model):
    """One step of how a received document was handled: who did what, when, for whom, with which words.

    Written by the document itself and never changed: tasks and notifications outside the chart say nothing, what was
    meant stands here.
    """

    _name = "medical.document.step"
    _description = "Handling of a Document"
    _inherit = ["medical.audited.mixin"]
    _order = "date desc, id desc"

    document_id = fields.Many2one("medical.document", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="document_id.company_id", store=True, index=True)
    kind = fields.Selection(STEP_KINDS, required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "By", required=True, readonly=True, default=lambda self: self.env.user, ondelete="restrict"
    )
    patient_id = fields.Many2one(
        "medical.patient",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="In whose chart the document was at that step, or which it left.",
    )
    practitioner_id = fields.Many2one("medical.practitioner", "For", readonly=True, ondelete="restrict")
    to_user_id = fields.Many2one("res.users", "To", readonly=True, ondelete="restrict")
    comment = fields.Text(readonly=True)

    def write(self, vals):
        """Refuse: what was done is not rewritten."""
        self.check_access("write")
        if self.ids and vals.keys() - {"company_id"}:
            raise UserError(self.env._("How a document was handled is not rewritten: add another step."))
        return super().write(vals)
