from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    medical_unit_system = fields.Selection(
        [("metric", "Metric"), ("imperial", "Imperial")],
        "Units",
        default="metric",
        required=True,
        help="The units in which a number typed alone is meant, and measurements are shown. They are stored in metric.",
    )

    @property
    def SELF_READABLE_FIELDS(self):  # noqa: N802 a name of Odoo
        return [*super().SELF_READABLE_FIELDS, "medical_unit_system"]

    @property
    def SELF_WRITEABLE_FIELDS(self):  # noqa: N802 a name of Odoo
        return [*super().SELF_WRITEABLE_FIELDS, "medical_unit_system"]
