from odoo import fields, models

from ...lib import ages, measures, scores

#: Under this age a height ages quickly: a weight goes with a height of the same month only.
GROWN_UP = 20
HEIGHT_DAYS = 31
INPUTS = ("weight", "height", "creatinine", "cigarettes_day", "smoking_years")


class MedicalPatient(models.Model):
    """Values computed from the latest facts of a chart. They are shown, never stored, so that they cannot disagree."""

    _name = "medical.patient"
    _inherit = "medical.patient"

    def _get_derived_measurements(self):
        """Return the derived values of one patient, in a constant number of queries.

        :return: list of dict: ``code``, ``name``, ``value``, ``text``, ``flag``, ``range``, ``date`` (of the latest
            input), ``inputs`` (list of texts: name, value, day) and ``formula``
        """
        self.ensure_one()
        consultations = self.env["medical.consultation"]
        last = self.env["medical.measurement"]._get_last_values(self, INPUTS, consultations)
        facts = {code: last[self.id, code] for code in INPUTS if (self.id, code) in last}
        computed = [
            (code, value, facts_used) for code, value, facts_used in self._compute_derived(facts) if value is not None
        ]
        kinds = self.env["medical.measurement.type"]._get_by_code([code for code, *_rest in computed])
        ranges = self.env["medical.measurement.range"]._get_by_type(
            self.env["medical.measurement.type"].union(*kinds.values())
        )
        return [
            self._prepare_derived(kinds[code], value, used, ranges) for code, value, used in computed if code in kinds
        ]

    def _compute_derived(self, facts):
        """Yield ``(code, value or None, facts used)`` of everything that can be computed; other addons add theirs."""
        weight, height, creatinine = (facts.get(code) for code in ("weight", "height", "creatinine"))
        if weight and height and self._goes_together(weight, height):
            yield "bmi", measures.body_mass_index(weight.value, height.value), (weight, height)
            yield "body_surface", scores.body_surface(weight.value, height.value), (weight, height)
        age = creatinine and creatinine._get_age_years()
        if creatinine and age is not None and self.sex in ("female", "male"):
            female = self.sex == "female"
            whole = int(age)
            yield "egfr", scores.egfr_ckd_epi_2021(creatinine.value, whole, female=female), (creatinine,)
            if weight:
                value = scores.cockcroft_gault(creatinine.value, whole, weight.value, female=female)
                yield "creatinine_clearance", value, (creatinine, weight)
        cigarettes, years = facts.get("cigarettes_day"), facts.get("smoking_years")
        if cigarettes and years:
            yield "pack_years", scores.pack_years(cigarettes.value, years.value), (cigarettes, years)

    def _goes_together(self, weight, height):
        """Return whether a weight and a height are of one body: a child grows out of its height."""
        today = fields.Date.context_today(self)
        if not self.birthdate or ages.age_years(self.birthdate, max(today, self.birthdate)) >= GROWN_UP:
            return True
        return abs((weight.date - height.date).days) <= HEIGHT_DAYS

    def _prepare_derived(self, kind, value, used, ranges):
        """Return one derived value as it is shown, with what it was computed from."""
        latest = max(used, key=lambda fact: fact.date)
        nothing = self.env["medical.measurement.range"]
        limits = ranges.get(kind.id, nothing)._pick(self.sex, latest._get_age_years())
        return {
            "code": kind.code,
            "name": kind.name,
            "value": value,
            "text": kind._format(value),
            "flag": measures.flag(value, limits._get_limits()),
            "range": limits._get_text(),
            "date": fields.Date.to_string(latest._get_day()),
            "inputs": [
                self.env._(
                    "%(name)s %(value)s, %(day)s",
                    name=fact.type_id.name,
                    value=fact._get_text(),
                    day=fact._get_day_text(),
                )
                for fact in used
            ],
            "formula": kind.formula or "",
        }
