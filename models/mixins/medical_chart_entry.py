from odoo import api, fields, models
from odoo.exceptions import UserError


class MedicalChartEntry(models.AbstractModel):
    """A fact in a patient's chart: a measurement, and later a condition, an allergy, a document.

    A fact is never deleted nor changed once its consultation is signed: it is marked as entered in error, stays
    readable, and drops out of lists and computations.
    """

    _name = "medical.chart.entry"
    _description = "Chart Entry"
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
    entered_in_error = fields.Boolean(readonly=True, copy=False)
    error_reason = fields.Char(readonly=True, copy=False)

    def write(self, vals):
        if not vals.keys() <= {"entered_in_error", "error_reason"}:
            self._check_consultation_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        self._check_consultation_open()

    def _check_consultation_open(self):
        """Refuse to touch facts that a signature covers.

        :raises UserError: if the consultation of a fact is signed.
        """
        # The state of the consultation is a fact, whoever asks: read past the record rules.
        if any(entry.consultation_id.state in ("signed", "cancelled") for entry in self.sudo()):
            raise UserError(
                self.env._(
                    "This belongs to a signed consultation and stays as it is. "
                    "Mark it as entered in error, then record it again."
                )
            )

    def action_enter_in_error(self, reason=None):
        """Mark the facts as entered in error; they stay in the record.

        :param str reason: why, in the words of the user.
        :raises UserError: without a reason.
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why this was an error: the reason is kept in the chart."))
        self.write({"entered_in_error": True, "error_reason": reason})
        return True
