import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

NOTE_SECTIONS = [
    ("subjective", "Subjective"),
    ("objective", "Objective"),
    ("assessment", "Assessment"),
    ("plan", "Plan"),
]
SHORTCUT = re.compile(r"[\w-]{1,32}")


class MedicalTextMacro(models.Model):
    """A passage of text that a practitioner inserts into a note by its name or shortcut.

    Personal (``practitioner_id``) or shared by the practice. The text is inserted as it is: nothing in it is evaluated.
    """

    _name = "medical.text.macro"
    _description = "Text Macro"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    shortcut = fields.Char(help="Typed after a slash in a note, for instance “normal”.")
    section = fields.Selection(NOTE_SECTIONS, help="Empty: offered in every section of the note.")
    body = fields.Html("Text", required=True)
    consultation_type_id = fields.Many2one(
        "medical.consultation.type", ondelete="cascade", check_company=True, help="Empty: offered in every visit."
    )
    practitioner_id = fields.Many2one(
        "medical.practitioner",
        ondelete="cascade",
        check_company=True,
        default=lambda self: self._default_practitioner_id(),
        help="Empty: shared by the whole practice.",
    )
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    def _default_practitioner_id(self):
        """Return the user's own practitioner, except to managers, whose macros are for everybody."""
        if self.env.user.has_group("medical_practice.group_manager"):
            return self.env["medical.practitioner"]
        return self.env["medical.practitioner"]._get_current()

    @api.constrains("shortcut")
    def _check_shortcut(self):
        for macro in self:
            if macro.shortcut and not SHORTCUT.fullmatch(macro.shortcut):
                raise ValidationError(
                    self.env._("A shortcut is one word of letters, digits, - and _, without slash: %s", macro.shortcut)
                )
