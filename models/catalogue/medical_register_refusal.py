from odoo import api, fields, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

REASONS = {
    "unreadable": _lt("The line cannot be read as a line of a table."),
    "columns": _lt("The line has %(found)s columns instead of %(expected)s."),
    "bad_date": _lt("“%(found)s” is no date."),
    "ingredient_missing": _lt("The substance has no name."),
    "strength": _lt("“%(found)s” is no strength."),
    "din_missing": _lt("The product has no DIN."),
    "din_format": _lt("“%(found)s” is no DIN: it has eight digits."),
    "name_missing": _lt("The product %(din)s has no name."),
    "drug_code_missing": _lt("The line does not say which product it belongs to."),
    "duplicate_drug_code": _lt("The product code %(drug_code)s appears twice; the first line was taken."),
    "duplicate_din": _lt("The DIN %(din)s appears twice; the first product was taken."),
    "class_missing": _lt("The product %(drug_code)s does not say whether it is for humans."),
    "too_long": _lt("“%(found)s…” is too long for what it stands for."),
    "term_missing": _lt("One side of the pair has no name."),
    "severity_missing": _lt("The pair has no grade."),
    "bad_severity": _lt("“%(found)s” is no grade: contraindicated, avoid, precaution or take_into_account."),
    "bad_kind": _lt("“%(found)s” is no kind of term: substance, family or atc."),
    "bad_atc": _lt("“%(found)s” is no ATC code."),
    "code_missing": _lt("The line has no code."),
    "label_missing": _lt("The code %(named)s has no label."),
    "duplicate_code": _lt("The code %(named)s appears twice; the first one was taken."),
    "own_parent": _lt("The code %(named)s is its own parent."),
    "duplicate_pair": _lt("%(first)s and %(second)s appear together twice; the first line was taken."),
    "cis_format": _lt("“%(found)s” is no CIS code: it has eight digits."),
    "unknown_column": _lt("The column “%(found)s” is not known and was not read."),
    "bad_unit": _lt("“%(found)s” is no unit of a package."),
    "bad_number": _lt("“%(found)s” is no amount."),
    "bad_choice": _lt("“%(found)s” is none of %(choices)s."),
    "generic_group": _lt("The generic group has no code."),
    "growth_header": _lt("The table has no header that names age or length, L, M and S."),
    "growth_indicator": _lt("“%(found)s” is no indicator of growth."),
    "growth_sex": _lt("“%(found)s” is neither boys nor girls."),
    "growth_number": _lt("Column %(column)s: “%(found)s” is no number that can stand there."),
    "growth_distribution": _lt("L = %(l)s, M = %(m)s, S = %(s)s describe no children."),
    "orphan": _lt("The product %(drug_code)s is not in the list of products."),
}


class MedicalRegisterRefusal(models.Model):
    """A line of an official file that could not be taken, and why: in codes, told in the reader's language."""

    _name = "medical.register.refusal"
    _description = "Refused Line of a Register"
    _order = "register_id, id"

    register_id = fields.Many2one("medical.register", required=True, index=True, ondelete="cascade")
    file = fields.Char(required=True)
    line = fields.Integer()
    reason = fields.Char(compute="_compute_reason")
    reason_code = fields.Char(required=True)
    params = fields.Json()

    @api.depends("reason_code", "params")
    @api.depends_context("lang")
    def _compute_reason(self):
        for refusal in self:
            refusal.reason = self._get_reason_text(refusal.reason_code, refusal.params or {})

    @api.model
    def _get_reason_text(self, code, params):
        """Return the reason in the language of the environment; a code without words is shown as it is."""
        template = REASONS.get(code)
        return self.env._(template) % params if template else code
