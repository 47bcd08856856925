"""Printing prescriptions: the size of the practice's paper, true millimetres, no network."""

import functools
import io
import logging
import os
import tempfile

from odoo import api, models
from odoo.addons.base.models import ir_actions_report as base_report
from odoo.tools.pdf import PdfFileReader

_logger = logging.getLogger(__name__)

REPORT_NAME = "medical_practice.report_prescription"

#: A builds's own Qt lays a page out 1.25 times wider than the paper, at 100 dots an inch.
DEFAULT_ZOOM = 1.302
_POINTS_PER_MM = 72 / 25.4
_RULER = """<!DOCTYPE html><html><head><meta charset="utf-8"/><style>
html, body { margin: 0; } span { position: absolute; top: 10mm; } #b { left: 100mm; }
</style></head><body><span id="a" style="left: 0">A</span><span id="b">B</span></body></html>"""


@functools.lru_cache(maxsize=4)
def print_zoom(binary):
    """Return the factor that makes a CSS millimetre one millimetre of paper, for a build of wkhtmltopdf.

    Builds with patched Qt obey ``--disable-smart-shrinking``; the others shrink every page by a factor of their own,
    which is measured once on two letters that stand 100 mm apart.
    """
    if base_report._wkhtml().is_patched_qt:
        return 1.0
    with tempfile.TemporaryDirectory(prefix="medical_practice_ruler_") as folder:
        source, target = os.path.join(folder, "ruler.html"), os.path.join(folder, "ruler.pdf")
        with open(source, "w", encoding="utf-8") as ruler:
            ruler.write(_RULER)
        margins = [arg for side in ("top", "bottom", "left", "right") for arg in (f"--margin-{side}", "0")]
        base_report._run_wkhtmltopdf(["--quiet", "--page-size", "A5", *margins, source, target])
        try:
            return _measured_zoom(target)
        except Exception as error:  # any fault of the ruler leaves the usual factor
            _logger.info("The scale of %s could not be measured (%s).", binary, error)
            return DEFAULT_ZOOM


def _measured_zoom(path):
    """Return 100 mm divided by the distance of the two letters of the ruler."""
    places = {}

    def visit(text, matrix, text_matrix, *_font):
        if text.strip() in ("A", "B"):
            x, y = text_matrix[4], text_matrix[5]
            places[text.strip()] = matrix[0] * x + matrix[2] * y + matrix[4]

    with open(path, "rb") as file:
        PdfFileReader(io.BytesIO(file.read())).pages[0].extract_text(visitor_text=visit)
    zoom = 100 * _POINTS_PER_MM / (places["B"] - places["A"])
    if not 0.5 < zoom < 3:
        raise ValueError(f"scale {zoom}")
    return zoom


class IrActionsReport(models.Model):
    """The report of prescriptions: size of paper by practice, a layout that loads nothing from the network."""

    _inherit = "ir.actions.report"

    def _get_layout(self):
        if self.report_name == REPORT_NAME:
            return self.env.ref("medical_practice.prescription_print_layout")
        return super()._get_layout()

    def get_paperformat(self):
        if self.report_name == REPORT_NAME:
            company = self.env["res.company"].browse(self.env.context.get("prescription_company_id"))
            return (company or self.env.company)._get_prescription_paperformat()
        return super().get_paperformat()

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Print prescriptions one by one: each on the paper of its practice, each a document of its own."""
        report = self._get_report(report_ref)
        if report.report_name != REPORT_NAME or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        streams = {}
        for prescription in self.env["medical.prescription"].browse(res_ids):
            prescription._check_printable()
            number = prescription._count_print()
            one = self.with_context(
                prescription_company_id=prescription.company_id.id, prescription_print_number=number
            )
            streams.update(
                super(IrActionsReport, one)._render_qweb_pdf_prepare_streams(
                    report_ref, dict(data), res_ids=prescription.ids
                )
            )
        return streams

    @api.model
    def _get_print_zoom(self):
        """Return the factor the layout of prescriptions is enlarged by, see :func:`print_zoom`."""
        return print_zoom(base_report._wkhtml().bin)

    @api.model
    def _build_wkhtmltopdf_args(
        self, paperformat_id, landscape, specific_paperformat_args=None, set_viewport_size=False
    ):
        args = super()._build_wkhtmltopdf_args(paperformat_id, landscape, specific_paperformat_args, set_viewport_size)
        if paperformat_id and paperformat_id in self.env.company._get_prescription_paperformats():
            # A prescription runs no script: there is nothing to wait for.
            place = args.index("--javascript-delay")
            args[place + 1] = "0"
        return args
