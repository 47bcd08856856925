from odoo import api, models
from odoo.tools import SQL

from ...lib.growth import INDICATORS
from ..catalogue.medical_register_loader import Stage

STAGE = "medical_stage_growth"
COLUMNS = ("indicator", "sex", "x_unit", "x", "l", "m", "s", "active")


class MedicalGrowthLoader(models.AbstractModel):
    """Brings growth tables into ``medical.growth.reference``.

    Tables often come one a file (an indicator and a sex, or an age span), so that an edition only speaks for what lies
    between the first and the last row it brings of an indicator and a sex: there it replaces, elsewhere nothing
    changes.
    """

    _name = "medical.growth.loader"
    _inherit = ["medical.register.loader"]
    _description = "Loader of Growth References"

    @api.model
    def _get_file_hint(self, kind):
        return self.env._(
            "The LMS tables of a growth standard: one table, or several in a zip file (CSV, text or Excel). WHO offers "
            "its own at www.who.int/tools/child-growth-standards (expanded tables for constructing charts) and, for 5 "
            "to 19 years, at www.who.int/tools/growth-reference-data-for-5to19-years. Leave the names of the files as "
            "they are: they say for which sex and which measure a table is."
        )

    @api.model
    def _get_stages(self, edition, register):
        return {
            STAGE: Stage(
                "medical.growth.reference",
                columns=COLUMNS,
                key=("indicator", "sex", "x"),
                scope={},
                stamp={"register_id": register.id},
                alive="active",
            )
        }

    @api.model
    def _stage(self, load):
        # Of two files that bring the same row the later one counts.
        rows = {(row.indicator, row.sex, row.x): row for row in load.rows()}
        self._copy(
            STAGE,
            COLUMNS,
            (
                (row.indicator, row.sex, INDICATORS[row.indicator].x_unit, row.x, row.lms.l, row.lms.m, row.lms.s, True)
                for row in rows.values()
            ),
        )

    def _retire(self, load, name, within=None):
        """Archive what the edition leaves out between the ends of the tables it brings."""
        spoken_for = SQL(
            """EXISTS (SELECT FROM (SELECT indicator, sex, min(x) AS first, max(x) AS last FROM %s GROUP BY 1, 2) e
                        WHERE e.indicator = t.indicator AND e.sex = t.sex AND t.x BETWEEN e.first AND e.last)""",
            SQL.identifier(name),
        )
        return super()._retire(load, name, within=within or spoken_for)
