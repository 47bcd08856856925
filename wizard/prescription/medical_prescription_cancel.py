from odoo import fields, models


class MedicalPrescriptionCancel(models.TransientModel):
    """Asks for the reason of a cancellation, which stays with the prescription."""

    _name = "medical.prescription.cancel"
    _description = "Cancel a Prescription"

    prescription_id = fields.Many2one("medical.prescription", required=True, ondelete="cascade", readonly=True)
    reason = fields.Char(required=True, help="Kept with the prescription; whoever checks the paper sees the date only.")

    def action_confirm(self):
        """Cancel the prescription for the reason given."""
        self.ensure_one()
        self.prescription_id.action_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
