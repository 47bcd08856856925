from odoo import fields, models

SEVERITIES = [
    ("contraindicated", "Contraindicated"),
    ("avoid", "Avoid"),
    ("precaution", "Precaution"),
    ("take_into_account", "Take into account"),
]


class MedicalInteraction(models.Model):
    """What an official source says about two drugs taken together."""

    _name = "medical.interaction"
    _description = "Drug Interaction"
    _order = "id"

    severity = fields.Selection(SEVERITIES, required=True, index=True)
    mechanism = fields.Text(translate=True)
    advice = fields.Text(translate=True)
    source = fields.Char()
    register_id = fields.Many2one("medical.register", "Edition", index="btree_not_null", ondelete="restrict")
    active = fields.Boolean(default=True)
