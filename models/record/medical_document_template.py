from odoo import fields, models

DOCUMENT_KINDS = [
    ("letter", "Letter"),
    ("certificate", "Certificate"),
    ("result", "Result"),
    ("imaging", "Imaging"),
    ("form", "Form"),
    ("other", "Other"),
]


class MedicalDocumentTemplate(models.Model):
    """The model of a letter or a certificate, with fields of the chart that are filled in without any code."""

    _name = "medical.document.template"
    _description = "Document Template"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(DOCUMENT_KINDS, default="letter", required=True)
    body = fields.Html(translate=True, sanitize=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
