from odoo import models

REPORT_NAME = "medical_practice.medical_growth_document"


class IrActionsReport(models.Model):
    """The paper of growth charts: Letter or A4, as the practice prints, with the margins of its notes."""

    _inherit = "ir.actions.report"

    def get_paperformat(self):
        if self.report_name == REPORT_NAME:
            size = "letter" if self.env.company.paperformat_id.format == "Letter" else "a4"
            return self.env.ref(f"medical_practice.paperformat_note_{size}")
        return super().get_paperformat()
