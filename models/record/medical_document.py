from odoo import fields, models

from .medical_document_template import DOCUMENT_KINDS


class MedicalDocument(models.Model):
    """A paper of the chart: a letter or a certificate that is signed here, a scan or a result that came in."""

    _name = "medical.document"
    _description = "Document"
    _inherit = ["medical.signature.mixin", "medical.chart.entry"]
    _order = "date desc, id desc"

    name = fields.Char(required=True)
    kind = fields.Selection(DOCUMENT_KINDS, default="letter", required=True, index=True)
    direction = fields.Selection([("outgoing", "Written here"), ("incoming", "Received")], default="outgoing")
    template_id = fields.Many2one("medical.document.template", ondelete="restrict")
    body = fields.Html(sanitize=True)
    review_state = fields.Selection([("to_review", "To review"), ("reviewed", "Reviewed")], index=True)
    abnormal = fields.Boolean()
