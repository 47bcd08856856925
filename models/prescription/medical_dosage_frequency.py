from odoo import api, fields, models
from odoo.addons.medical_practice.lib import dosage
from odoo.addons.medical_practice.lib.text import fold

FREQUENCY_PERIODS = [("hour", "Hours"), ("day", "Days"), ("week", "Weeks"), ("month", "Months")]


class MedicalDosageFrequency(models.Model):
    """How often a dose is taken: so many times in so many hours, days, weeks or months, or once."""

    _name = "medical.dosage.frequency"
    _description = "Dosage Frequency"
    _order = "sequence, name, id"
    _rec_names_search = ("name", "abbreviation")

    name = fields.Char(required=True, translate=True, help="As it reads in the sentence, such as “3 times a day”.")
    abbreviation = fields.Char(help="What is typed to find it, separated by commas, such as “tid, 3x”.")
    times = fields.Float(default=1, required=True)
    period = fields.Float(default=1, required=True)
    period_unit = fields.Selection(FREQUENCY_PERIODS, default="day", required=True)
    single_dose = fields.Boolean(help="Taken once: the quantity is the dose, whatever the duration.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _positive = models.Constraint("CHECK (times > 0 AND period > 0)", "Times and period are more than zero.")

    def _get_frequency(self):
        """Return the frequency as the arithmetic of dosages knows it, None for an empty set."""
        if not self:
            return None
        return dosage.Frequency(self.times, self.period, self.period_unit)

    def _has_abbreviation(self, text):
        """Tell whether the text is one of the abbreviations, as they are typed."""
        return fold(text) in map(fold, (self.abbreviation or "").split(","))

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Find by name or abbreviation; an abbreviation typed in full comes first."""
        found = super().name_search(name, domain, operator, limit)
        if not (name or "").strip():
            return found
        exact = {
            frequency.id
            for frequency in self.browse(frequency_id for frequency_id, _name in found)
            if frequency._has_abbreviation(name)
        }
        return sorted(found, key=lambda pair: pair[0] not in exact)
