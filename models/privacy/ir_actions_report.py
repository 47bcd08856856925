from odoo import models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        """Note that papers of a patient were made, PDF or HTML, whoever asked for them."""
        model = self.env.get(report.model)
        if docids and hasattr(model, "_audit_patient_field"):
            model.browse(docids)._note_access("print", detail=report.report_name)
        return super()._get_rendering_context(report, docids, data)
