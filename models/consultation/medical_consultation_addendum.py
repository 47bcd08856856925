from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.mail import is_html_empty


class MedicalConsultationAddendum(models.Model):
    """What is added to a signed consultation: dated, signed, never changed. Corrections are addenda too.

    Written and signed in one step by its author (``medical.consultation.addendum.add``), whoever signed the note.
    """

    _name = "medical.consultation.addendum"
    _description = "Consultation Addendum"
    _inherit = ["medical.signature.mixin"]
    _order = "date, id"
    _check_company_auto = True

    consultation_id = fields.Many2one(
        "medical.consultation", required=True, index=True, ondelete="restrict", check_company=True
    )
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

    @api.depends("consultation_id", "date")
    def _compute_display_name(self):
        for addendum in self:
            addendum.display_name = self.env._(
                "Addendum to %(consultation)s",
                consultation=addendum.consultation_id.name or self.env._("a consultation"),
            )

    @api.model_create_multi
    def create(self, vals_list):
        addenda = super().create(vals_list)
        addenda._check_consultation_signed()
        return addenda

    def write(self, vals):
        if "consultation_id" in vals and any(
            addendum.consultation_id.id != vals["consultation_id"] for addendum in self
        ):
            raise UserError(self.env._("An addendum stays with its consultation."))
        return super().write(vals)

    def _check_consultation_signed(self):
        # The state of the consultation is a fact, whoever asks: read past the record rules.
        if any(consultation.state != "signed" for consultation in self.sudo().consultation_id):
            raise UserError(self.env._("Only a signed consultation takes an addendum: a draft is simply changed."))

    def _check_may_sign(self):
        super()._check_may_sign()
        if self.create_uid != self.env.user:
            raise AccessError(self.env._("An addendum is signed by who wrote it."))

    def _before_signing(self):
        super()._before_signing()
        self._check_consultation_signed()
        # The moment of an addendum is that of its signature, whatever was sent.
        self.date = fields.Datetime.now()

    def _get_missing_before_signing(self):
        missing = super()._get_missing_before_signing()
        if is_html_empty(self.body):
            missing.append(self.env._("The text of the addendum"))
        return missing

    def _get_signature_content_fields(self):
        return [*super()._get_signature_content_fields(), "consultation_id", "practitioner_id", "date", "body"]

    def _check_may_cancel(self):
        raise UserError(self.env._("An addendum is not cancelled: add another one that corrects it."))
