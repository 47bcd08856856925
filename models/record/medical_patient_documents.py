from odoo import models
from odoo.addons.medical_practice.lib import file_names


class MedicalPatient(models.Model):
    """Documents, seen from the chart."""

    _name = "medical.patient"
    _inherit = "medical.patient"

    def action_new_document(self):
        """Open a new letter about the patient."""
        action = self._get_new_document_action("medical.document")
        return {**action, "context": {**action["context"], "default_direction": "outgoing"}}

    def action_open_documents(self):
        """Open the documents of the patient."""
        return self._get_documents_action("medical.document", self.env._("Documents"), "patient_id")

    def action_match_document(self):
        """Put the document of the context (``match_document_id``) into the chart of this patient."""
        self.ensure_one()
        document = self.env["medical.document"].browse(self.env.context.get("match_document_id")).exists()
        document.action_match(self.id)
        return document.get_formview_action()

    def _get_file_candidate(self):
        """Return the patient as the name of a file is compared with him."""
        self.ensure_one()
        return file_names.Candidate(
            self.first_name or "",
            self.last_name or "",
            self.birthdate or None,
            self.identifier or "",
            self.health_number or "",
        )
