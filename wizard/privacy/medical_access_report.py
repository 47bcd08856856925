from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MedicalAccessReport(models.TransientModel):
    """What a patient who asks is given: who accessed the record in a period, and who was refused."""

    _name = "medical.access.report"
    _description = "Accesses to a Record"

    patient_id = fields.Many2one("medical.patient", required=True)
    date_from = fields.Date(
        "From", required=True, default=lambda self: fields.Date.context_today(self) - relativedelta(years=1)
    )
    date_to = fields.Date("To", required=True, default=fields.Date.context_today)

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        if any(report.date_from > report.date_to for report in self):
            raise ValidationError(self.env._("The period begins after its end: exchange the two dates."))

    def action_print(self):
        """Print the accesses of the period."""
        self.ensure_one()
        return self.env.ref("medical_practice.action_report_access").report_action(self, config=False)

    def _get_accesses(self):
        """Return the rows of the log, oldest first."""
        self.ensure_one()
        return self.env["medical.access.log"].search(
            [
                ("patient_id", "=", self.patient_id.id),
                ("date", ">=", self.date_from),
                ("date", "<", self.date_to + relativedelta(days=1)),
            ],
            order="date, id",
        )
