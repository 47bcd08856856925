from odoo import fields, models


class MedicalRegister(models.Model):
    """An official file loaded into the practice: which one, which edition, when, and what came of it."""

    _name = "medical.register"
    _description = "Official Register"
    _order = "loaded_on desc, id desc"

    name = fields.Char(required=True)
    kind = fields.Selection([("dpd", "Canada: Drug Product Database")], required=True)
    edition = fields.Date(help="The date the register gives itself.")
    loaded_on = fields.Datetime(readonly=True)
    source = fields.Char(readonly=True)
    taken = fields.Integer(readonly=True)
    changed = fields.Integer(readonly=True)
    withdrawn = fields.Integer(readonly=True)
    refused = fields.Integer(readonly=True)
    report = fields.Json(readonly=True)
