from odoo import fields, models

STATEMENT_KINDS = [
    ("no_known_allergy", "No known allergy"),
    ("no_long_term_treatment", "No long-term treatment"),
    ("pregnant", "Pregnant"),
    ("not_pregnant", "Not pregnant"),
    ("breastfeeding", "Breastfeeding"),
    ("not_breastfeeding", "Not breastfeeding"),
]


class MedicalChartStatement(models.Model):
    """What a patient was asked and answered: that there is no known allergy, no long-term treatment, no pregnancy.

    An empty list means *not asked*; a statement in force means *asked, on that day, by that person*. A contrary fact
    or a newer answer ends it (``ended_on``), it is never deleted.
    """

    _name = "medical.chart.statement"
    _description = "Chart Statement"
    _inherit = ["medical.chart.entry"]

    kind = fields.Selection(STATEMENT_KINDS, required=True, index=True)
    expected_on = fields.Date("Due Date", help="The expected day of birth.")
    ended_on = fields.Datetime(readonly=True, copy=False)
