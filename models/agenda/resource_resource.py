from odoo import fields, models


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    practitioner_ids = fields.One2many(
        "medical.practitioner",
        "resource_id",
        "Practitioners",
        groups="medical_practice.group_reception,medical_practice.group_manager",
    )
