from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError

from ...lib import growth_svg

#: Rows of the table under a curve: the last ones.
MAX_ROWS = 14


class MedicalGrowthReport(models.AbstractModel):
    """Growth charts on paper, one indicator a page, in the patient's language, with the rights of who prints."""

    _name = "report.medical_practice.medical_growth_document"
    _description = "Growth Chart on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        data = data or {}
        patient_ids = docids or [int(data.get("patient_id") or 0)]
        patients = self.env["medical.patient"].browse(patient_ids)
        patients.check_access("read")
        if not docids:
            # Asked for with options instead of ids: the log of reports does not see whose paper it is.
            patients._note_access("print", detail=self._name.removeprefix("report."))
        return {
            "doc_ids": patients.ids,
            "doc_model": "medical.patient",
            "docs": patients,
            "documents": [self._prepare_document(patient, data) for patient in patients],
        }

    @api.model
    def _prepare_document(self, patient, data):
        """Return what is printed of one patient: the chart that was asked for, or all with points."""
        lang = patient.lang or self.env.lang or "en_US"
        patient = patient.with_context(lang=lang)
        lines = "z_scores" if data.get("lines") == "z_scores" else "percentiles"
        charts = self._get_charts(patient, data)
        return {
            "patient": patient,
            "lang": lang,
            "charts": [
                {
                    **chart,
                    "lines_are": lines,
                    # The drawing escapes every text it is given.
                    "svg": Markup(growth_svg.draw({**chart, "lines": chart[lines]})),  # noqa: S704
                    "rows": chart["points"][-MAX_ROWS:],
                }
                for chart in charts
            ],
        }

    @api.model
    def _get_charts(self, patient, data):
        first = patient.get_growth_chart(data.get("indicator"), data.get("span"))
        if first["missing"]:
            raise UserError("\n".join(first["missing"]))
        if data.get("indicator"):
            return [first]
        others = [item["code"] for item in first["indicators"] if item["code"] != first["indicator"]]
        charts = [first, *(patient.get_growth_chart(code) for code in others)]
        return [chart for chart in charts if chart["points"]] or [first]
