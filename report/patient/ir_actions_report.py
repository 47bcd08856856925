from odoo import models

REPORT_NAME = "medical_practice.report_patient_summary"


class IrActionsReport(models.Model):
    """The summary of a chart: on the paper of letters, with the patient and the page on every page."""

    _inherit = "ir.actions.report"

    def _get_layout(self):
        if self.report_name == REPORT_NAME:
            return self.env.ref("medical_practice.paper_print_layout")
        return super()._get_layout()

    def get_paperformat(self):
        if self.report_name == REPORT_NAME:
            kind = "frame" if self.env.context.get("medical_paper_frame") else "paper"
            return self.env.ref(f"medical_practice.paperformat_{kind}_{self._get_paper_size()}")
        return super().get_paperformat()

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Print the summaries one by one and lay over their pages whose they are."""
        report = self._get_report(report_ref)
        if report.report_name != REPORT_NAME or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        streams = {}
        for patient in self.env["medical.patient"].browse(dict.fromkeys(res_ids)):
            one = super()._render_qweb_pdf_prepare_streams(report_ref, dict(data or {}), res_ids=patient.ids)
            frame = patient._get_summary_frame()
            one[patient.id]["stream"] = self._lay_frame(report, one[patient.id]["stream"], frame)
            streams.update(one)
        return streams
