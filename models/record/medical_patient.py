from odoo import fields, models

CLINICAL = "medical_practice.group_assistant"


class MedicalPatient(models.Model):
    """The facts of the chart, seen from the patient."""

    _name = "medical.patient"
    _inherit = "medical.patient"

    condition_ids = fields.One2many("medical.condition", "patient_id", "Conditions", groups=CLINICAL)
    allergy_ids = fields.One2many("medical.allergy", "patient_id", "Allergies", groups=CLINICAL)
    statement_ids = fields.One2many("medical.chart.statement", "patient_id", "Statements", groups=CLINICAL)
    treatment_ids = fields.One2many("medical.treatment", "patient_id", "Treatments", groups=CLINICAL)
    immunization_ids = fields.One2many("medical.immunization", "patient_id", "Immunizations", groups=CLINICAL)
    document_ids = fields.One2many("medical.document", "patient_id", "Documents", groups=CLINICAL)
