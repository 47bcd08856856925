from odoo import api, fields, models


class MedicalPatient(models.Model):
    """The billing side of a patient: what was rendered and is not invoiced yet, what he agreed to pay."""

    _inherit = "medical.patient"

    absence_agreed_on = fields.Date(
        "Absence Fees Agreed on",
        help="Day the patient agreed in writing to pay for appointments missed without notice. "
        "Without it no absence fee is charged.",
    )
    open_act_count = fields.Integer("Acts to Invoice", compute="_compute_open_act_count")

    @api.depends("act_ids.state")
    def _compute_open_act_count(self):
        counts = dict(
            self.env["medical.act"]._read_group(
                [("patient_id", "in", self.ids), ("state", "=", "to_invoice")], ["patient_id"], ["__count"]
            )
        )
        for patient in self:
            patient.open_act_count = counts.get(patient._origin, 0)

    def action_invoice_acts(self):
        """Put everything that was rendered to the patients and not invoiced yet on draft invoices.

        :raises UserError: if there is nothing to invoice.
        """
        self.check_access("read")
        return (
            self.env["medical.act"]
            .search([("patient_id", "in", self.ids), ("state", "=", "to_invoice")])
            .action_invoice()
        )
