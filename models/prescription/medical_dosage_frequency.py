import json

from odoo import api, fields, models, tools
from odoo.addons.medical_practice.lib import dosage, shorthand
from odoo.addons.medical_practice.lib.text import fold
from odoo.exceptions import UserError
from odoo.tools import SQL

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

    # === Shorthand === #

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_steps(self):
        """A frequency that a step of a dosage names is kept: a signed line stands on it."""
        for name in self.env.registry.descendants(["medical.prescription.dosage"], "_inherit"):
            model = self.env[name]
            if model._abstract:
                continue
            model.flush_model(["steps"])
            for frequency in self:
                named = json.dumps([{"frequency_id": frequency.id}])
                query = SQL("SELECT 1 FROM %s WHERE steps @> %s::jsonb LIMIT 1", SQL.identifier(model._table), named)
                if self.env.execute_query(query):
                    raise UserError(
                        self.env._("%(name)s is used by a dosage: archive it instead.", name=frequency.display_name)
                    )

    @api.model
    @tools.ormcache()
    def _get_shorthand_map(self):
        """Return ``(keys, terms)``: frequencies by timing of the shorthand, and the practice's own words for one.

        An abbreviation that the shorthand understands says which timing the frequency stands for; the others, and the
        names in every language installed, are words of the practice.
        """
        # The list of frequencies is the same for everybody; who asks first must not decide what it holds.
        frequencies = self.sudo().search([])  # pylint: disable=no-search-all
        keys, terms = {}, {}
        for frequency in frequencies:
            if frequency.single_dose:
                keys.setdefault(shorthand.Timing(once=True).key, frequency.id)
            for word in (frequency.abbreviation or "").split(","):
                frequency._add_shorthand_word(word.strip(), keys, terms)
        for lang, _name in self.env["res.lang"].get_installed():
            for frequency in frequencies.with_context(lang=lang):
                frequency._add_shorthand_word(frequency.name, {}, terms)
        return keys, terms

    def _add_shorthand_word(self, word, keys, terms):
        """Put a word where it belongs: the first frequency that claims it has it."""
        self.ensure_one()
        read = shorthand.parse(word)
        if read == shorthand.Shorthand(parts=(shorthand.Part(timing=read.parts[0].timing),) if read.parts else ()):
            if read.parts:
                keys.setdefault(read.parts[0].timing.key, self.id)
        elif len(word) > 1:
            terms.setdefault(word, self.id)

    @api.model
    def _find_by_timing(self, timing):
        """Return the frequency of a timing of the shorthand, an empty set where the practice has none."""
        keys, _terms = self._get_shorthand_map()
        return self.browse(timing.term if timing.term is not None else keys.get(timing.key, ()))
