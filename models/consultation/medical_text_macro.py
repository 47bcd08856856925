from odoo import fields, models

NOTE_SECTIONS = [
    ("subjective", "Subjective"),
    ("objective", "Objective"),
    ("assessment", "Assessment"),
    ("plan", "Plan"),
]


class MedicalTextMacro(models.Model):
    """A passage of text that a practitioner inserts into a note by its name or shortcut."""

    _name = "medical.text.macro"
    _description = "Text Macro"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    shortcut = fields.Char(help="Typed after a slash in a note, for instance “normal”.")
    section = fields.Selection(NOTE_SECTIONS, help="Empty: offered in every section of the note.")
    body = fields.Html(required=True)
    consultation_type_id = fields.Many2one("medical.consultation.type", ondelete="cascade")
    practitioner_id = fields.Many2one(
        "medical.practitioner", ondelete="cascade", help="Empty: shared by the whole practice."
    )
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
