from odoo import api, models
from odoo.addons.base.models import ir_actions_report as base_report

REPORT_NAME = "medical_practice.medical_consultation_document"
#: Builds of wkhtmltopdf without patched Qt shrink every page by this factor; the others obey the paper format.
UNPATCHED_SHRINK = 1.28


class IrActionsReport(models.Model):
    """The paper of consultation notes: Letter or A4, as the practice prints, with margins of its own."""

    _inherit = "ir.actions.report"

    def get_paperformat(self):
        if self.report_name == REPORT_NAME:
            size = "letter" if self.env.company.paperformat_id.format == "Letter" else "a4"
            return self.env.ref(f"medical_practice.paperformat_note_{size}")
        return super().get_paperformat()

    @api.model
    def _get_note_zoom(self):
        """Return the factor that makes a CSS point one point of paper, for the build of wkhtmltopdf at hand."""
        return 1.0 if base_report._wkhtml().is_patched_qt else UNPATCHED_SHRINK
