from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class MedicalChartEntry(models.AbstractModel):
    """A fact in a patient's chart: a measurement, and later a condition, an allergy, a document.

    Life cycle: while its consultation is a draft the fact belongs to the draft, and changes and goes with it. Once the
    consultation is signed the fact is neither changed nor deleted: it is *marked as entered in error*, with a reason,
    stays readable, and drops out of lists and computations. A fact recorded outside any consultation is never deleted
    either, and only its author may correct it; anybody else marks it and records it again.
    """

    _name = "medical.chart.entry"
    _description = "Chart Entry"
    _inherit = ["medical.audited.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    patient_id = fields.Many2one("medical.patient", required=True, index=True, ondelete="restrict", check_company=True)
    practitioner_id = fields.Many2one(
        "medical.practitioner", string="Author", index="btree_not_null", ondelete="restrict", check_company=True
    )
    consultation_id = fields.Many2one(
        "medical.consultation", index="btree_not_null", ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="patient_id.company_id", store=True, index=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)

    # === Entered in error === #
    entered_in_error = fields.Boolean(readonly=True, copy=False)
    error_reason = fields.Char(readonly=True, copy=False)
    error_by_id = fields.Many2one("res.users", "Marked by", readonly=True, copy=False, ondelete="restrict")
    error_on = fields.Datetime("Marked on", readonly=True, copy=False)

    _error_reason_given = models.Constraint(
        "CHECK (entered_in_error IS NOT TRUE OR btrim(coalesce(error_reason, '')) <> '')",
        "Say why this was an error: the reason is kept in the chart.",
    )

    # === Guards === #

    @api.constrains("consultation_id", "patient_id")
    def _check_same_patient(self):
        for entry in self:
            if entry.consultation_id and entry.consultation_id.patient_id != entry.patient_id:
                raise ValidationError(self.env._("A fact and its consultation are about the same patient."))

    @api.model_create_multi
    def create(self, vals_list):
        if any(self._get_error_fields() & vals.keys() for vals in vals_list):
            raise UserError(self._get_error_button_message())
        self._check_consultations_open({vals["consultation_id"] for vals in vals_list if vals.get("consultation_id")})
        # Written out: no default of the context marks a new fact.
        blank = dict.fromkeys(self._get_error_fields(), False)
        entries = super().create([vals | blank for vals in vals_list])
        # Asked of the facts too: the consultation may also come from a default.
        entries._check_consultation_open()
        return entries

    def write(self, vals):
        if self._get_error_fields() & vals.keys():
            raise UserError(self._get_error_button_message())
        if not vals.keys() - self._get_fields_writable_after_signing():
            return super().write(vals)
        self._check_may_change()
        if vals.get("consultation_id"):
            self._check_consultations_open({vals["consultation_id"]})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        self._check_consultation_open()
        # Asked of the fact itself, whatever the user may read.
        if any(not entry.consultation_id or entry.entered_in_error for entry in self.sudo()):
            raise UserError(
                self.env._("What stands in a chart is not deleted. Mark it as entered in error: it stays readable.")
            )

    def _get_error_fields(self):
        """Return the names of the fields that only ``action_enter_in_error`` writes."""
        return {"entered_in_error", "error_reason", "error_by_id", "error_on"}

    def _get_fields_writable_after_signing(self):
        """Return the names of the fields that are not content and may change later."""
        return {"activity_ids", "message_follower_ids", "message_ids"}

    def _get_error_button_message(self):
        return self.env._("Use the button Entered in Error: it asks for the reason and keeps who marked it.")

    def _check_consultation_open(self):
        """Refuse to touch facts that a signature covers, and hold off the signature of the others.

        :raises UserError: if the consultation of a fact is signed or cancelled.
        """
        # Which consultation a fact belongs to, whoever asks: read past the record rules.
        self._check_consultations_open(self.sudo().consultation_id.ids)

    @api.model
    def _check_consultations_open(self, ids):
        """Refuse facts for consultations that are signed; see ``_check_consultation_open``."""
        # The state of the consultation is a fact, whoever asks: read past the record rules.
        consultations = self.env["medical.consultation"].sudo().browse(ids)
        consultations._lock_against_signing()
        if any(consultation.state != "draft" for consultation in consultations):
            raise UserError(
                self.env._(
                    "This belongs to a signed consultation and stays as it is. "
                    "Mark it as entered in error, then record it again."
                )
            )

    def _check_may_change(self):
        """Refuse to change what is signed, marked as an error, or recorded by somebody else outside a consultation.

        :raises UserError: for facts that nobody changes any more.
        :raises AccessError: for facts of others.
        """
        self._check_consultation_open()
        # Asked of the fact itself, whatever the user may read.
        facts = self.sudo()
        if any(fact.entered_in_error for fact in facts):
            raise UserError(self.env._("This is marked as entered in error and stays as it is. Record it again."))
        if not self.env.su and any(not fact.consultation_id and fact.create_uid != self.env.user for fact in facts):
            raise AccessError(
                self.env._(
                    "Somebody else recorded this. Mark it as entered in error with a reason, then record it again."
                )
            )

    # === Entered in error === #

    def action_enter_in_error(self, reason=None):
        """Mark the facts as entered in error; they stay in the record.

        :param str reason: why, in the words of the user.
        :raises UserError: without a reason, or for a fact that is marked already.
        :raises AccessError: for a fact of somebody else, unless the user is a practitioner.
        """
        self.check_access("write")
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Say why this was an error: the reason is kept in the chart."))
        self._check_may_enter_in_error()
        self._write_past_guard(
            {
                "entered_in_error": True,
                "error_reason": reason,
                "error_by_id": self.env.uid,
                "error_on": fields.Datetime.now(),
            }
        )
        return True

    def _check_may_enter_in_error(self):
        if any(entry.entered_in_error for entry in self):
            raise UserError(self.env._("This is marked as entered in error already."))
        is_practitioner = self.env.user.has_group("medical_practice.group_practitioner")
        if not is_practitioner and any(entry.create_uid != self.env.user for entry in self):
            raise AccessError(self.env._("Only a practitioner marks what somebody else recorded as an error."))

    def _write_past_guard(self, vals):
        """Write what no user writes: the mark itself, or what follows from a signature."""
        return super().write(vals)
