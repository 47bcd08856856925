from odoo import models

CLINICAL_GROUP = "medical_practice.group_assistant"
#: Readable by everybody in the practice, with clinical content for those who may read it.
CLINICAL_BY_ROLE = ("banner",)


class MedicalPatient(models.Model):
    """Opening a patient is an access to a record; a list of names and phone numbers is none."""

    _name = "medical.patient"
    _inherit = "medical.patient"
    _audit_patient_field = "id"

    def _is_access_logged(self, fnames):
        names = [name for name in fnames if name not in ("id", "display_name")]
        return bool(names) and (len(self) == 1 or any(map(self._is_clinical_field, names)))

    def _is_clinical_field(self, name):
        field = self._fields.get(name)
        return bool(field and (name in CLINICAL_BY_ROLE or CLINICAL_GROUP in (field.groups or "")))
