"""The words of a dosage: what the patient reads on the bottle and on the paper."""

from odoo import api, models
from odoo.addons.medical_practice.lib import dosage
from odoo.tools import LazyTranslate, format_list

_lt = LazyTranslate(__name__)

#: One of a unit, several of it. Measures (mL, mg) have one writing.
DOSES = {
    "tablet": (_lt("%(count)s tablet"), _lt("%(count)s tablets")),
    "capsule": (_lt("%(count)s capsule"), _lt("%(count)s capsules")),
    "ml": (_lt("%(count)s mL"), _lt("%(count)s mL")),
    "drop": (_lt("%(count)s drop"), _lt("%(count)s drops")),
    "puff": (_lt("%(count)s puff"), _lt("%(count)s puffs")),
    "spray": (_lt("%(count)s spray"), _lt("%(count)s sprays")),
    "application": (_lt("%(count)s application"), _lt("%(count)s applications")),
    "patch": (_lt("%(count)s patch"), _lt("%(count)s patches")),
    "suppository": (_lt("%(count)s suppository"), _lt("%(count)s suppositories")),
    "ovule": (_lt("%(count)s ovule"), _lt("%(count)s ovules")),
    "sachet": (_lt("%(count)s sachet"), _lt("%(count)s sachets")),
    "ampoule": (_lt("%(count)s ampoule"), _lt("%(count)s ampoules")),
    "vial": (_lt("%(count)s vial"), _lt("%(count)s vials")),
    "unit": (_lt("%(count)s unit"), _lt("%(count)s units")),
    "injection": (_lt("%(count)s injection"), _lt("%(count)s injections")),
    "mg": (_lt("%(count)s mg"), _lt("%(count)s mg")),
    "g": (_lt("%(count)s g"), _lt("%(count)s g")),
    "mcg": (_lt("%(count)s mcg"), _lt("%(count)s mcg")),
    "lozenge": (_lt("%(count)s lozenge"), _lt("%(count)s lozenges")),
    "gum": (_lt("%(count)s piece of gum"), _lt("%(count)s pieces of gum")),
    "film": (_lt("%(count)s film"), _lt("%(count)s films")),
    "dose": (_lt("%(count)s dose"), _lt("%(count)s doses")),
    "tube": (_lt("%(count)s tube"), _lt("%(count)s tubes")),
    "bottle": (_lt("%(count)s bottle"), _lt("%(count)s bottles")),
    "inhaler": (_lt("%(count)s inhaler"), _lt("%(count)s inhalers")),
    "pen": (_lt("%(count)s pen"), _lt("%(count)s pens")),
    "box": (_lt("%(count)s box"), _lt("%(count)s boxes")),
    "session": (_lt("%(count)s session"), _lt("%(count)s sessions")),
    "item": (_lt("%(count)s item"), _lt("%(count)s items")),
}

#: What one does with a dose, by route.
ACTIONS = {
    "oral": _lt("Take %(dose)s by mouth"),
    "sublingual": _lt("Place %(dose)s under the tongue"),
    "buccal": _lt("Place %(dose)s between the cheek and the gum"),
    "topical": _lt("Apply %(dose)s to the skin"),
    "transdermal": _lt("Apply %(dose)s to the skin"),
    "ophthalmic": _lt("Instil %(dose)s in the eye"),
    "otic": _lt("Instil %(dose)s in the ear"),
    "nasal": _lt("Administer %(dose)s in the nostril"),
    "inhalation": _lt("Inhale %(dose)s"),
    "rectal": _lt("Insert %(dose)s rectally"),
    "vaginal": _lt("Insert %(dose)s vaginally"),
    "subcutaneous": _lt("Inject %(dose)s subcutaneously"),
    "intramuscular": _lt("Inject %(dose)s intramuscularly"),
    "intravenous": _lt("Inject %(dose)s intravenously"),
    "intradermal": _lt("Inject %(dose)s intradermally"),
    "dental": _lt("Apply %(dose)s to the teeth"),
    "other": _lt("Administer %(dose)s"),
}

#: What is measured in millilitres for the teeth is a mouth rinse.
_RINSE = _lt("Rinse the mouth with %(dose)s")

#: The same where a side is given.
SIDED_ACTIONS = {
    ("ophthalmic", "right"): _lt("Instil %(dose)s in the right eye"),
    ("ophthalmic", "left"): _lt("Instil %(dose)s in the left eye"),
    ("ophthalmic", "both"): _lt("Instil %(dose)s in each eye"),
    ("otic", "right"): _lt("Instil %(dose)s in the right ear"),
    ("otic", "left"): _lt("Instil %(dose)s in the left ear"),
    ("otic", "both"): _lt("Instil %(dose)s in each ear"),
    ("nasal", "right"): _lt("Administer %(dose)s in the right nostril"),
    ("nasal", "left"): _lt("Administer %(dose)s in the left nostril"),
    ("nasal", "both"): _lt("Administer %(dose)s in each nostril"),
}

#: A cream or an ointment is applied; nobody counts applications of one.
APPLICATIONS = {
    "ophthalmic": _lt("Apply to the eye"),
    ("ophthalmic", "right"): _lt("Apply to the right eye"),
    ("ophthalmic", "left"): _lt("Apply to the left eye"),
    ("ophthalmic", "both"): _lt("Apply to each eye"),
    "otic": _lt("Apply in the ear"),
    ("otic", "right"): _lt("Apply in the right ear"),
    ("otic", "left"): _lt("Apply in the left ear"),
    ("otic", "both"): _lt("Apply in each ear"),
    "nasal": _lt("Apply in the nostril"),
    ("nasal", "right"): _lt("Apply in the right nostril"),
    ("nasal", "left"): _lt("Apply in the left nostril"),
    ("nasal", "both"): _lt("Apply in each nostril"),
    "topical": _lt("Apply to the skin"),
    "transdermal": _lt("Apply to the skin"),
    "rectal": _lt("Apply rectally"),
    "vaginal": _lt("Apply vaginally"),
    "dental": _lt("Apply to the teeth"),
    "buccal": _lt("Apply inside the mouth"),
    "oral": _lt("Apply inside the mouth"),
    "sublingual": _lt("Apply under the tongue"),
    "other": _lt("Apply"),
}

DURATIONS = {
    "day": (_lt("for %(count)s day"), _lt("for %(count)s days")),
    "week": (_lt("for %(count)s week"), _lt("for %(count)s weeks")),
    "month": (_lt("for %(count)s month"), _lt("for %(count)s months")),
}

WEEKDAY_NAMES = {
    "mon": _lt("Monday"),
    "tue": _lt("Tuesday"),
    "wed": _lt("Wednesday"),
    "thu": _lt("Thursday"),
    "fri": _lt("Friday"),
    "sat": _lt("Saturday"),
    "sun": _lt("Sunday"),
}

#: A dose of these is swallowed or used as a fraction of a piece; the others are measured.
_PIECES = frozenset(unit.key for unit in dosage.DOSE_UNITS.values() if unit.countable)

#: Languages in which anything below two is one: “1,5 comprimé”.
_SINGULAR_BELOW_TWO = ("fr", "pt_BR")


class MedicalPrescriptionSentence(models.AbstractModel):
    """Writes a structured dosage as a sentence, in the language of its context.

    Another addon that adds a unit, a route or a way of speaking extends ``_get_action``, ``_get_amount``, ``_get_step``
    or ``_get_parts``.
    """

    _name = "medical.prescription.sentence"
    _description = "Sentence of a Dosage"

    @api.model
    def _get_sentence(self, item):
        """Return the sentence of a dosage, '' where the dosage says too little to make one.

        :param item: a ``medical.prescription.dosage``.
        """
        parts = [part for part in self._get_parts(item) if part]
        if not parts:
            return ""
        sentence = " ".join(parts)
        return f"{sentence[0].upper()}{sentence[1:]}."

    @api.model
    def _get_parts(self, item):
        """Return the parts of the sentence in their order: action, frequency, as needed, duration, maximum."""
        action = self._get_action(item)
        timing = self._get_timing(item.frequency_id, item.weekdays)
        if not action and (item.drug_id or not timing):
            return []
        length = "" if item.frequency_id.single_dose else self._get_duration(item.duration, item.duration_unit)
        as_needed = self.env._("as needed") if item.as_needed else ""
        stages = self._get_stages(item, " ".join(filter(None, [action, timing])), as_needed, length)
        if item.then_stop:
            stages.append(self.env._("then stop"))
        return self._with_maximum([", ".join(filter(None, stages))], item)

    @api.model
    def _get_stages(self, item, first, as_needed, length):
        """Return the stages of a course: what is taken during each, and for how long.

        :param str first: what is done with the first dose, and when.
        """
        stages, doses, ends = [], [first], [as_needed, length]
        for step in item._get_steps():
            text = self._get_step(item, step)
            if step["relation"] == "and":
                doses.append(self.env._("and %(dose)s", dose=text))
                continue
            stages.append(" ".join(filter(None, [", ".join(doses), *ends])))
            doses = [self.env._("then %(dose)s", dose=text)]
            ends = ["", self._get_duration(step["duration"], step["duration_unit"])]
        return [*stages, " ".join(filter(None, [", ".join(doses), *ends]))]

    @api.model
    def _get_step(self, item, step):
        """Return the dose of a step and when it is taken, where that differs from the first."""
        frequency = self.env["medical.dosage.frequency"].browse(step["frequency_id"] or []).exists()
        days = self.env._("the other days") if step["other_days"] else ""
        timing = self._get_timing(frequency, step["weekdays"])
        return " ".join(filter(None, [self._get_dose(item, step["dose"], step["dose_max"]), timing, days]))

    @api.model
    def _get_timing(self, frequency, weekdays):
        """Return how often and on which days."""
        name = frequency.with_context(lang=self.env.lang).name or ""
        days = (weekdays or "").split(",")
        names = [self.env._(WEEKDAY_NAMES[day]) for day in days if day in WEEKDAY_NAMES]
        if not names:
            return name
        listed = format_list(self.env, names)
        return " ".join(filter(None, [name, self.env._("on %(days)s", days=listed)]))

    @api.model
    def _get_dose(self, item, dose, dose_max=0.0):
        """Return a dose, or the two it lies between, and how many tablets a dose in milligrams comes to."""
        text = self._get_amount(dose, item.dose_unit)
        if text and dose_max and dose_max > dose:
            least = self._format(dose, fractions=item.dose_unit in _PIECES)
            most = self._get_amount(dose_max, item.dose_unit)
            text = self.env._("%(least)s to %(most)s", least=least, most=most)
        elif text and item._is_counted_in_pieces():
            pieces = self._get_amount(float(item._get_pieces(dose)), item.drug_id.dose_unit)
            text = f"{text} ({pieces})"
        return text

    @api.model
    def _with_maximum(self, parts, item):
        """Return the parts, the last of which also carries the maximum of a day."""
        if not item.max_per_day:
            return parts
        parts = [part for part in parts if part]
        amount = self._get_amount(item.max_per_day, item.dose_unit)
        maximum = self.env._("(maximum %(amount)s in 24 hours)", amount=amount)
        return [*parts, maximum]

    @api.model
    def _get_action(self, item):
        """Return what one does with the dose, '' without dose."""
        if item.dose_unit == "application" and item.dose in (0, 1) and item.route:
            sided = APPLICATIONS.get((item.route, item.side)) or APPLICATIONS.get(item.route)
            if sided is not None:
                return self.env._(sided)
        dose = self._get_dose(item, item.dose, item.dose_max)
        if not dose or not item.route:
            return dose
        action = SIDED_ACTIONS.get((item.route, item.side))
        if item.route == "dental" and item.dose_unit == "ml":
            action = _RINSE
        if action is None:
            action = ACTIONS.get(item.route)
        return self.env._(action) % {"dose": dose} if action is not None else dose

    @api.model
    def _get_amount(self, amount, unit):
        """Return an amount with its unit in words: “½ tablet”, “2.5 mL”; '' without amount."""
        forms = DOSES.get(unit)
        if not amount or amount < 0 or forms is None:
            return ""
        return self._count(amount, *forms, fractions=unit in _PIECES)

    @api.model
    def _get_duration(self, duration, unit):
        if not duration or duration < 0:
            return ""
        return self._count(duration, *DURATIONS[unit])

    @api.model
    def _count(self, number, one, many, fractions=False):
        """Return a number with its word, in the plural where the language wants it."""
        return self.env._(many if self._is_plural(number) else one) % {"count": self._format(number, fractions)}

    @api.model
    def _is_plural(self, number):
        lang = self.env.lang or "en_US"
        return number >= 2 if lang.startswith(_SINGULAR_BELOW_TWO) else number > 1

    @api.model
    def _format(self, number, fractions=False):
        """Return a number in the writing of the language, without useless zero."""
        point = self.env["res.lang"]._get_data(code=self.env.lang or "en_US").decimal_point or "."
        if fractions:
            return dosage.format_quantity(round(number, 3), point)
        text = f"{number:.3f}".rstrip("0").rstrip(".")
        return text.replace(".", point)
