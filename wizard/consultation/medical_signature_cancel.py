from odoo import api, fields, models
from odoo.exceptions import UserError


class MedicalSignatureCancel(models.TransientModel):
    """Asks why signed documents are cancelled, and cancels them: consultations, prescriptions...

    Context keys: ``active_model`` (a model with ``medical.signature.mixin``), ``active_ids``.
    """

    _name = "medical.signature.cancel"
    _description = "Cancel a Signed Document"

    res_model = fields.Char(required=True, readonly=True, default=lambda self: self.env.context.get("active_model"))
    res_ids = fields.Json(required=True, readonly=True, default=lambda self: self.env.context.get("active_ids"))
    documents = fields.Char(compute="_compute_documents")
    reason = fields.Char(required=True, help="Kept with the document, with your name and the moment.")

    @api.depends("res_model", "res_ids")
    def _compute_documents(self):
        for wizard in self:
            wizard.documents = ", ".join(wizard._get_documents().mapped("display_name"))

    def _get_documents(self):
        """Return the documents to cancel, as the user sees them.

        :raises UserError: if the model is none of signed documents.
        """
        self.ensure_one()
        mixin = self.env.registry["medical.signature.mixin"]
        if self.res_model not in self.env or not isinstance(self.env[self.res_model], mixin):
            raise UserError(self.env._("Only signed documents are cancelled here."))
        ids = self.res_ids if isinstance(self.res_ids, list) else []
        return self.env[self.res_model].browse([id_ for id_ in ids if isinstance(id_, int)]).exists()

    def action_confirm(self):
        """Cancel the documents with the reason."""
        documents = self._get_documents()
        if not documents:
            raise UserError(self.env._("There is nothing to cancel."))
        documents.action_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
