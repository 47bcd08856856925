from odoo import api, fields, models
from odoo.tools import LazyTranslate, ormcache

from ...lib import growth

_lt = LazyTranslate(__name__)

INDICATORS = [
    ("weight_age", "Weight for age"),
    ("length_age", "Length or height for age"),
    ("bmi_age", "Body mass index for age"),
    ("head_age", "Head circumference for age"),
    ("weight_length", "Weight for length (lying)"),
    ("weight_height", "Weight for height (standing)"),
]


class MedicalGrowthReference(models.Model):
    """A row of a growth table: L, M and S at an age (days) or a length (cm), for one sex.

    Loaded by ``medical.growth.loader`` from tables the practice gets from WHO or another publisher; none ship with the
    product. A row that a newer edition no longer brings is archived, and no longer used.
    """

    _name = "medical.growth.reference"
    _description = "Growth Reference"
    _order = "indicator, sex, x, id"

    indicator = fields.Selection(INDICATORS, required=True)
    sex = fields.Selection([("female", "Girls"), ("male", "Boys")], required=True)
    x_unit = fields.Selection([("day", "days"), ("cm", "cm")], required=True)
    x = fields.Float("Age or Length", digits=(16, 4), required=True)
    # Double precision: tables have up to nine decimals.
    l = fields.Float(required=True, help="The power that makes the distribution normal.")  # noqa: E741
    m = fields.Float(required=True, help="The median.")
    s = fields.Float(required=True, help="The coefficient of variation.")
    register_id = fields.Many2one("medical.register", "Loaded by", ondelete="restrict", index=True, readonly=True)
    active = fields.Boolean(default=True)

    _row_uniq = models.UniqueIndex("(indicator, sex, x)", "There is one row an indicator, sex, and age or length.")

    @api.model
    @ormcache("indicator", "sex")
    def _get_table(self, indicator, sex):
        """Return the ``lib.growth.Table`` of an indicator and a sex, empty where none is loaded.

        Kept until the next load. The tables are the same for everybody, so that they are read for everybody.
        """
        # The calling methods have seen that the user may read the chart; the tables are no secret of anybody.
        rows = self.sudo().search_fetch([("indicator", "=", indicator), ("sex", "=", sex)], ["x", "l", "m", "s"])
        return growth.Table(indicator, [(row.x, growth.LMS(row.l, row.m, row.s)) for row in rows])

    @api.model
    def _get_source(self, indicator, sex):
        """Return which edition a table comes from, as it is written under a curve: name and day of the load."""
        # As above: what a table is called is told to whoever sees its curve.
        row = self.sudo().search([("indicator", "=", indicator), ("sex", "=", sex)], order="id desc", limit=1)
        register = row.register_id
        if not register:
            return ""
        day = fields.Date.to_string(fields.Datetime.context_timestamp(self, register.loaded_on).date())
        return self.env._("%(files)s, loaded on %(day)s", files=register.source or register.name, day=day)
