from odoo import fields, models


class MedicalConsultationAddendumAdd(models.TransientModel):
    """Writes and signs an addendum in one step, so that no unsigned addendum is ever left behind."""

    _name = "medical.consultation.addendum.add"
    _description = "Add an Addendum"

    consultation_id = fields.Many2one("medical.consultation", required=True, readonly=True, ondelete="cascade")
    body = fields.Html("Text")

    def action_sign(self):
        """Create the addendum and sign it as the current user."""
        self.ensure_one()
        self.env["medical.consultation.addendum"].create(self._prepare_addendum_vals()).action_sign()
        # What was typed stands in the addendum: no clinical text stays in the dialog's own table.
        self.unlink()
        return {"type": "ir.actions.act_window_close"}

    def _prepare_addendum_vals(self):
        """Return the values of the addendum."""
        return {"consultation_id": self.consultation_id.id, "body": self.body}
