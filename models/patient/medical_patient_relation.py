from odoo import fields, models

RELATION_KINDS = [
    ("parent", "Parent"),
    ("guardian", "Guardian"),
    ("spouse", "Spouse or partner"),
    ("child", "Child"),
    ("sibling", "Brother or sister"),
    ("relative", "Other relative"),
    ("emergency", "Emergency contact"),
    ("caregiver", "Caregiver"),
    ("family_doctor", "Family doctor"),
    ("referring", "Referring professional"),
    ("pharmacy", "Pharmacy"),
    ("employer", "Employer"),
    ("other", "Other"),
]


class MedicalPatientRelation(models.Model):
    """Somebody who stands around a patient: family, guardian, emergency contact, correspondent, pharmacy, payer."""

    _name = "medical.patient.relation"
    _description = "Patient Relation"
    _order = "sequence, id"
    _check_company_auto = True

    patient_id = fields.Many2one("medical.patient", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="patient_id.company_id", store=True, index=True)
    partner_id = fields.Many2one("res.partner", "Contact", required=True, index=True, ondelete="restrict")
    kind = fields.Selection(RELATION_KINDS, required=True, default="relative")
    can_consent = fields.Boolean(help="May consent to care in the patient's place.")
    is_payer = fields.Boolean(help="Receives the invoices of the patient.")
    phone = fields.Char(related="partner_id.phone")
    note = fields.Char()
    sequence = fields.Integer(default=10)

    _relation_uniq = models.UniqueIndex("(patient_id, partner_id, kind)", "This relation is recorded already.")
