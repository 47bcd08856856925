from odoo import fields, models

FREQUENCY_PERIODS = [("hour", "Hours"), ("day", "Days"), ("week", "Weeks"), ("month", "Months")]


class MedicalDosageFrequency(models.Model):
    """How often a dose is taken: so many times in so many hours, days, weeks or months."""

    _name = "medical.dosage.frequency"
    _description = "Dosage Frequency"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True, help="As it reads in the sentence, such as “3 times a day”.")
    abbreviation = fields.Char(help="What is typed to find it, such as tid or q8h.")
    times = fields.Float(default=1, required=True)
    period = fields.Float(default=1, required=True)
    period_unit = fields.Selection(FREQUENCY_PERIODS, default="day", required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _positive = models.Constraint("CHECK (times > 0 AND period > 0)", "Times and period are more than zero.")
