from odoo import fields, models


class MedicalAccessVerify(models.TransientModel):
    """Verify the access log against a seal that was printed before."""

    _name = "medical.access.verify"
    _description = "Verify Against a Kept Seal"

    known_digest = fields.Char("Digest on the Paper", required=True)

    def action_verify(self):
        """Check the chain, and that the kept seal is still a part of it."""
        self.ensure_one()
        seals = self.env["medical.access.seal"]
        return seals._get_notification(seals.verify(self.known_digest))
