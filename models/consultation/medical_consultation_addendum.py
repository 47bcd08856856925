from odoo import fields, models


class MedicalConsultationAddendum(models.Model):
    """What is added to a signed consultation: dated, signed, never changed. Corrections are addenda too."""

    _name = "medical.consultation.addendum"
    _description = "Consultation Addendum"
    _inherit = ["medical.signature.mixin"]
    _order = "date, id"
    _check_company_auto = True

    consultation_id = fields.Many2one("medical.consultation", required=True, index=True, ondelete="restrict")
    patient_id = fields.Many2one(related="consultation_id.patient_id", store=True, index=True)
    company_id = fields.Many2one(related="consultation_id.company_id", store=True, index=True)
    practitioner_id = fields.Many2one(
        "medical.practitioner",
        required=True,
        ondelete="restrict",
        check_company=True,
        default=lambda self: self.env["medical.practitioner"]._get_current(),
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now, readonly=True)
    body = fields.Html(required=True)
