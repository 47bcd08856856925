from odoo import api, fields, models
from odoo.addons.medical_practice.lib import course, dosage
from odoo.addons.medical_practice.lib.safety.strengths import parse_strength
from odoo.addons.medical_practice.lib.shorthand_words import WEEKDAYS
from odoo.exceptions import ValidationError

from .medical_prescription_dosage import DURATION_UNITS

RELATIONS = ("then", "and")
MAX_STEPS = 19
_STEP_NUMBERS = ("dose", "dose_max", "duration")


class MedicalPrescriptionCourse(models.AbstractModel):
    """A dosage that changes: tapered, alternated, by day of the week or by moment of the day.

    The fields of the item are its first dose; ``steps`` are those that go with it or follow it, each a dict:

    - ``relation``: "and" (during the same time as the one before) or "then" (after it);
    - ``dose``, ``dose_max``: in the unit of the item;
    - ``frequency_id``: id of a ``medical.dosage.frequency``, False for that of the item;
    - ``weekdays``: as the field of the item; ``other_days``: on the days that those before leave free;
    - ``duration``, ``duration_unit``: of a "then" step.

    They are kept in the item itself and not in rows of their own: they are typed in a line that is not saved yet,
    copied with it, signed with it and frozen with it.
    """

    _inherit = "medical.prescription.dosage"

    dose_max = fields.Float("Up to", digits=(16, 3), help="For a dose between two: the greater one.")
    weekdays = fields.Char("Days of the Week", help="Named days only, such as “mon,wed,fri”.")
    steps = fields.Json(help="The doses that go with the first or follow it.")
    then_stop = fields.Boolean(help="The sentence ends with “then stop”.")

    _dose_range = models.Constraint(
        "CHECK (dose_max IS NULL OR dose_max = 0 OR dose_max > dose)", "The greater dose comes last."
    )

    # === Guards === #

    @api.constrains("weekdays", "steps")
    def _check_course(self):
        frequencies = {step["frequency_id"] for item in self for step in item._get_steps() if step["frequency_id"]}
        # Whether a frequency exists is no secret of anybody.
        known = set(self.env["medical.dosage.frequency"].sudo().browse(frequencies).exists().ids)
        for item in self:
            if not item._are_steps_clean():
                raise ValidationError(self.env._("The steps of this dosage are not written as they should be."))
            if item.weekdays and not self._is_weekdays(item.weekdays):
                raise ValidationError(self.env._("Days of the week are written like “mon,wed,fri”."))
            if any(step["frequency_id"] and step["frequency_id"] not in known for step in item._get_steps()):
                raise ValidationError(self.env._("A step names a frequency that does not exist."))

    def _are_steps_clean(self):
        """Tell whether the steps are what they should be: nothing in them would be left out."""
        self.ensure_one()
        steps = self.steps or []
        if not isinstance(steps, list) or len(steps) > MAX_STEPS:
            return False
        return all((clean := self._clean_step(step)) and {**clean, **step} == clean for step in steps)

    @api.model
    def _is_weekdays(self, text):
        days = text.split(",") if isinstance(text, str) else []
        return bool(days) and days == [day for day in WEEKDAYS if day in days]

    def _get_steps(self):
        """Return the steps, each with all its keys; what is no step is left out."""
        self.ensure_one()
        steps = self.steps if isinstance(self.steps, list) else []
        return [clean for clean in map(self._clean_step, steps[:MAX_STEPS]) if clean]

    @api.model
    def _clean_step(self, step):
        """Return a step with all its keys, None for what is none."""
        if not isinstance(step, dict) or step.get("relation") not in RELATIONS:
            return None
        numbers = {name: step.get(name) or 0 for name in _STEP_NUMBERS}
        if any(isinstance(value, bool) or not isinstance(value, (int, float)) for value in numbers.values()):
            return None
        if not numbers["dose"] or any(not 0 <= value <= 1e6 for value in numbers.values()):
            return None
        frequency, weekdays, unit = step.get("frequency_id"), step.get("weekdays") or "", step.get("duration_unit")
        return {
            "relation": step["relation"],
            **numbers,
            "frequency_id": frequency if isinstance(frequency, int) and frequency > 0 else False,
            "weekdays": weekdays if self._is_weekdays(weekdays) else "",
            "other_days": bool(step.get("other_days")),
            "duration_unit": unit if unit in dict(DURATION_UNITS) else "day",
        }

    # === What the course comes to === #

    def _get_stages(self):
        """Return the stages of the course as ``lib.course`` knows them: the doses taken during each."""
        self.ensure_one()
        frequencies = self.env["medical.dosage.frequency"]
        first = self._prepare_course_dose(
            self.dose_max or self.dose, self.frequency_id, self._count_weekdays(self.weekdays)
        )
        stages = [([first], self.duration, self.duration_unit)]
        for step in self._get_steps():
            frequency = frequencies.browse(step["frequency_id"] or []).exists()
            if not frequency and not step["other_days"]:
                frequency = self.frequency_id
            days = self._count_weekdays(step["weekdays"])
            dose = self._prepare_course_dose(step["dose_max"] or step["dose"], frequency, days, step["other_days"])
            if step["relation"] == "then":
                stages.append(([dose], step["duration"], step["duration_unit"]))
            else:
                stages[-1][0].append(dose)
        return [course.Stage(tuple(doses), length, unit) for doses, length, unit in stages]

    @api.model
    def _count_weekdays(self, weekdays):
        return len(weekdays.split(",")) if self._is_weekdays(weekdays) else 0

    @api.model
    def _prepare_course_dose(self, amount, frequency, weekdays, other_days=False):
        timing = None if frequency.single_dose else frequency._get_frequency()
        return course.Dose(amount, timing, weekdays, other_days, once=frequency.single_dose)

    def _get_total_days(self):
        """Return the days of the whole course, months of 30 days; 0 where it does not say."""
        self.ensure_one()
        return float(course.length(self._get_stages()) or 0)

    def _is_simple_course(self):
        """Tell whether one dose at one interval is all."""
        self.ensure_one()
        return not self._get_steps() and not self._count_weekdays(self.weekdays)

    def _get_course_total(self):
        """Return what the course takes in the unit of the doses, None where it cannot be computed."""
        self.ensure_one()
        stages = self._get_stages()
        amount = course.total(stages)
        days = course.length(stages)
        if amount and days and self.max_per_day:
            most = course.Dose(self.max_per_day, dosage.Frequency(1))
            amount = min(amount, course.total([course.Stage((most,), days)]))
        return amount

    def _get_greatest_day(self):
        """Return the most that one day of the course holds, in the unit of the dose; 0 where it does not say."""
        self.ensure_one()
        return float(self.max_per_day or course.greatest_day(self._get_stages()) or 0)

    def _get_piece_mass(self):
        """Return the milligrams of one tablet or capsule of the drug, None where the register does not say it.

        Only for a drug of one substance whose strength is a plain mass: "5 mg", never "5 mg/mL".
        """
        self.ensure_one()
        unit = dosage.DOSE_UNITS.get(self.drug_id.dose_unit)
        if not unit or not unit.countable or not unit.measurable or self.dose_unit not in course.MILLIGRAMS:
            return None
        strength = parse_strength(self.drug_id.strength)
        plain = strength and strength.unit == "mg" and not strength.per
        return strength.amount if plain and len(self.drug_id.substance_ids) <= 1 else None

    def _get_pieces(self, amount):
        """Return how many tablets (or halves) or capsules make up a dose given in mass, None where none do."""
        self.ensure_one()
        mass = self._get_piece_mass()
        if not mass or not amount:
            return None
        return course.pieces(amount, self.dose_unit, mass, halves=self.drug_id.dose_unit == "tablet")

    def _is_counted_in_pieces(self):
        """Tell whether every dose of the item, given in mass, is a number of tablets or capsules of its drug."""
        self.ensure_one()
        doses = [self.dose, self.dose_max, *(step[name] for step in self._get_steps() for name in ("dose", "dose_max"))]
        return bool(self.dose and self._get_piece_mass() and all(self._get_pieces(dose) for dose in doses if dose))
