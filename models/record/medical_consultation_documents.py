from odoo import models
from odoo.exceptions import UserError


class MedicalConsultation(models.Model):
    """Letters and received documents that belong to a visit."""

    _name = "medical.consultation"
    _inherit = "medical.consultation"

    def action_new_document(self):
        """Open a new letter about the visit."""
        self.ensure_one()
        context = {**self.patient_id._get_new_document_context(), "default_consultation_id": self.id}
        return {
            **self.patient_id.action_new_document(),
            "context": {**context, "default_direction": "outgoing", "default_practitioner_id": self.practitioner_id.id},
        }

    def _check_nothing_left_behind(self):
        super()._check_nothing_left_behind()
        if any(document.state != "draft" for document in self.document_ids):
            raise UserError(
                self.env._("A signed letter was written in this consultation: it cannot be deleted any more.")
            )

    def unlink(self):
        self._check_not_signed()
        self._check_nothing_left_behind()
        letters = self.document_ids.filtered(lambda document: document.direction == "outgoing")
        # What came in stays in the chart; the letters of a draft go with it.
        (self.document_ids - letters).write({"consultation_id": False})
        letters.unlink()
        return super().unlink()

    def _follow_people(self, vals):
        """Refuse a change of patient under letters: they speak about somebody."""
        if "patient_id" in vals and self.document_ids:
            raise UserError(self.env._("There is a letter about this patient: delete it before the patient changes."))
        super()._follow_people(vals)
