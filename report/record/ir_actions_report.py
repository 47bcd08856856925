"""Papers of the chart: their text flows, and every page says whose it is and which page of how many.

Builds of wkhtmltopdf without patched Qt print no running head or foot. The text is printed first, its pages are
counted, and a second print with what stands on every page is laid over it.
"""

import io

from odoo import api, models
from odoo.tools.pdf import DecodedStreamObject, DictionaryObject, NameObject, PdfFileReader, PdfFileWriter

#: Papers whose pages carry a frame, given by ``_get_paper_frame()`` of their records.
REPORTS = {"medical_practice.report_document", "medical_practice.report_immunization_record"}
SIZES = {"a4": (210, 297), "letter": (215.9, 279.4)}
_MULTIPLY = "/MedicalMultiply"


def transparent(page):
    """Return a page whose white lets through what lies under it.

    The printing engine paints every page white first; laid over another page it would hide it. Multiplied with what is
    there already (PDF 1.4, 7.2.4), white changes nothing, and a stamp leaves the text below it legible.
    """
    resources = page["/Resources"].get_object()
    states = resources.setdefault(NameObject("/ExtGState"), DictionaryObject()).get_object()
    states[NameObject(_MULTIPLY)] = DictionaryObject({NameObject("/BM"): NameObject("/Multiply")})
    content = DecodedStreamObject()
    content.set_data(f"{_MULTIPLY} gs\n".encode() + page.get_contents().get_data())
    page[NameObject("/Contents")] = content
    return page


class IrActionsReport(models.Model):
    """Letters, certificates and the immunization record: Letter or A4, as the practice prints."""

    _inherit = "ir.actions.report"

    def _get_layout(self):
        if self.report_name in REPORTS:
            return self.env.ref("medical_practice.paper_print_layout")
        return super()._get_layout()

    def get_paperformat(self):
        if self.report_name in REPORTS:
            kind = "frame" if self.env.context.get("medical_paper_frame") else "paper"
            return self.env.ref(f"medical_practice.paperformat_{kind}_{self._get_paper_size()}")
        return super().get_paperformat()

    @api.model
    def _get_paper_size(self):
        # The size of the paper is a setting of the practice, whoever prints.
        return "letter" if self.env.company.sudo().paperformat_id.format == "Letter" else "a4"

    @api.model
    def _build_wkhtmltopdf_args(
        self, paperformat_id, landscape, specific_paperformat_args=None, set_viewport_size=False
    ):
        args = super()._build_wkhtmltopdf_args(paperformat_id, landscape, specific_paperformat_args, set_viewport_size)
        if paperformat_id and paperformat_id.get_external_id().get(paperformat_id.id, "").startswith(
            ("medical_practice.paperformat_paper_", "medical_practice.paperformat_frame_")
        ):
            # These papers run no script: there is nothing to wait for.
            args[args.index("--javascript-delay") + 1] = "0"
        return args

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Print the records one by one and lay the frame over their pages."""
        report = self._get_report(report_ref)
        if report.report_name not in REPORTS or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        streams = {}
        for record in self.env[report.model].browse(dict.fromkeys(res_ids)):
            one = super()._render_qweb_pdf_prepare_streams(report_ref, dict(data or {}), res_ids=record.ids)
            one[record.id]["stream"] = self._lay_frame(report, one[record.id]["stream"], record._get_paper_frame())
            streams.update(one)
        return streams

    def _lay_frame(self, report, stream, frame):
        """Return the pages of a paper with what stands on every page over them."""
        stream.seek(0)
        pages = list(PdfFileReader(stream).pages)
        html = self._render_paper_frame(frame, len(pages))
        overlay = self.with_context(medical_paper_frame=True)._run_wkhtmltopdf([html], report_ref=report.report_name)
        writer = PdfFileWriter()
        for page, over in zip(pages, PdfFileReader(io.BytesIO(overlay)).pages, strict=False):
            writer.add_page(page)
            writer.pages[-1].merge_page(transparent(over))
        result = io.BytesIO()
        writer.write(result)
        return result

    @api.model
    def _render_paper_frame(self, frame, total):
        width, height = SIZES[self._get_paper_size()]
        values = {"frame": frame, "total": total, "width": width, "height": height}
        return self.env["ir.qweb"].with_context(lang=frame["lang"])._render("medical_practice.paper_frame", values)
