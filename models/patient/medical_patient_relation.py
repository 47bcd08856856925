from odoo import api, fields, models
from odoo.exceptions import ValidationError

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
    can_consent = fields.Boolean(
        "May Consent",
        compute="_compute_can_consent",
        store=True,
        readonly=False,
        precompute=True,
        help="May consent to care in the patient's place.",
    )
    is_payer = fields.Boolean("Pays", help="Receives the invoices of the patient.")
    phone = fields.Char(related="partner_id.phone")
    email = fields.Char(related="partner_id.email")
    note = fields.Char()
    sequence = fields.Integer(default=10)

    _relation_uniq = models.UniqueIndex("(patient_id, partner_id, kind)", "This relation is recorded already.")

    @api.depends("kind")
    def _compute_can_consent(self):
        """A guardian consents by his office; for anybody else the practice says so."""
        for relation in self:
            relation.can_consent = relation.can_consent or relation.kind == "guardian"

    @api.depends("kind", "partner_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for relation in self:
            relation.display_name = f"{relation.partner_id.name or ''} ({kinds.get(relation.kind, '')})"

    @api.constrains("partner_id", "patient_id")
    def _check_somebody_else(self):
        for relation in self:
            if relation.partner_id == relation.patient_id.partner_id:
                raise ValidationError(self.env._("A relation is somebody else than the patient."))
