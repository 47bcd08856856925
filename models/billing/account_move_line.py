from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    medical_act_ids = fields.Many2many(
        "medical.act",
        "medical_act_account_move_line_rel",
        copy=False,
        groups="medical_practice.group_reception,account.group_account_invoice",
    )
