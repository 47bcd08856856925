from odoo import fields, models


class MedicalCode(models.Model):
    """A code of a terminology with its label in each language; a retired one stays for the charts that hold it."""

    _name = "medical.code"
    _description = "Code"
    _order = "system_id, code, id"
    _parent_store = True
    _rec_names_search = ["code", "display"]

    system_id = fields.Many2one("medical.code.system", required=True, index=True, ondelete="restrict")
    code = fields.Char(required=True)
    display = fields.Char(required=True, translate=True)
    parent_id = fields.Many2one("medical.code", index="btree_not_null", ondelete="restrict")
    parent_path = fields.Char(index=True)
    selectable = fields.Boolean(default=True, help="Chapters and blocks are for finding one's way, not for a chart.")
    synonyms = fields.Text(translate=True, help="Other words people look for, one a line.")
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(system_id, code)", "This code is in the system already.")
