from odoo import api, models
from odoo.tools import LazyTranslate, format_date

_lt = LazyTranslate(__name__)

#: The sentence of each finding of the engine, by its code.
SENTENCES = {
    "allergy_substance": _lt("%(drug)s: the patient is allergic to %(allergen)s."),
    "allergy_group": _lt("%(drug)s belongs to %(group)s: the patient is allergic to %(allergen)s."),
    "allergy_cross": _lt("%(drug)s: possible cross-reaction, allergic to %(allergen)s (%(group)s)."),
    "allergy_class": _lt("%(drug)s is of the same class as %(allergen)s, to which the patient is allergic."),
    "intolerance": _lt("%(drug)s: the patient does not tolerate %(allergen)s."),
    "interaction": _lt("%(drug)s interacts with %(other)s."),
    "interaction_treatment": _lt("%(drug)s interacts with %(other)s, which the patient takes."),
    "duplicate_substance": _lt("%(drug)s and %(other)s hold the same substance (%(shared)s)."),
    "duplicate_substance_treatment": _lt("The patient takes %(other)s, which holds the same substance (%(shared)s)."),
    "duplicate_class": _lt("%(drug)s and %(other)s are of the same class (%(shared)s)."),
    "duplicate_class_treatment": _lt("The patient takes %(other)s, of the same class (%(shared)s)."),
    "duplicate_renewal": _lt("The patient takes %(other)s: this goes on with it or changes it."),
    "rule_condition": _lt("%(drug)s with %(condition)s."),
    "rule_pregnancy": _lt("%(drug)s during pregnancy."),
    "rule_breastfeeding": _lt("%(drug)s while breastfeeding."),
    "rule_age": _lt("%(drug)s at this age."),
    "rule_sex": _lt("%(drug)s for a patient of this sex."),
    "dose_daily": _lt("%(substance)s: %(total)s %(unit)s in 24 hours, more than %(limit)s %(unit)s."),
    "dose_total": _lt("%(substance)s: %(total)s %(unit)s in the course, more than %(limit)s %(unit)s."),
    "narcotic_days": _lt("%(drug)s for %(days)s days: the law allows at most %(limit)s days."),
    "narcotic_no_duration": _lt("%(drug)s: say for how long, at most %(limit)s days."),
    "narcotic_no_quantity": _lt("%(drug)s: the total quantity is missing."),
    "narcotic_refill": _lt("%(drug)s cannot be refilled."),
    "narcotic_letters": _lt("%(drug)s: what is written by hand must be in full letters."),
    "narcotic_no_profile": _lt("%(drug)s: the rules of this country for such drugs are not known."),
    "free_text": _lt("%(drug)s was typed freely: nothing was checked but its name."),
    "free_text_treatment": _lt("The treatment %(drug)s was typed freely: nothing was checked but its name."),
    "drug_without_substances": _lt("%(drug)s: the register does not say what is in it."),
    "drug_without_substances_treatment": _lt("The treatment %(drug)s: the register does not say what is in it."),
    "no_edition": _lt("Interactions: no list of interactions is loaded."),
    "edition_old": _lt("Interactions: the edition of %(register)s is of %(date)s, more than a year old."),
    "edition_undated": _lt("Interactions: the edition of %(register)s has no date."),
    "allergies_never_asked": _lt("Allergies: never asked."),
    "treatments_never_asked": _lt("Current treatments: never asked."),
    "allergy_in_words": _lt("The allergy to %(allergen)s is compared by its name only."),
    "pregnancy_matters": _lt("%(drug)s: is the patient pregnant?"),
    "pregnancy_never_asked": _lt("Pregnancy: never asked."),
    "pregnancy_answer_old": _lt("Pregnancy: last asked on %(asked_on)s."),
    "age_unknown": _lt("%(drug)s: the age of the patient is not known."),
    "weight_unknown": _lt("%(drug)s: the weight of the patient is not known."),
    "dose_not_computable": _lt("%(drug)s: the dose of a day cannot be computed, and there is a maximum."),
    "check_failed": _lt("The safety check could not be done (%(check)s). Check this prescription by yourself."),
}

#: Findings that read otherwise where a treatment is concerned.
_OF_TREATMENT = ("other_is_treatment", "is_treatment")


class MedicalSafetySentence(models.AbstractModel):
    """Writes the findings of the safety check in the language of its context.

    An addon whose checks have codes of their own extends ``_get_sentences``.
    """

    _name = "medical.safety.sentence"
    _description = "Sentence of a Safety Finding"

    @api.model
    def _get_sentences(self):
        """Return the sentence of each code of a finding, with places for its params."""
        return SENTENCES

    @api.model
    def _get_message(self, finding):
        """Return what the prescriber reads: the sentence, then what the source says about it."""
        parts = [self._get_sentence(finding), *self._get_details(finding)]
        return "\n".join(part for part in parts if part)

    @api.model
    def _get_sentence(self, finding):
        sentence = self._get_sentences().get(self._get_code(finding))
        if sentence is None:
            return finding.code
        params = {name: self._format(value) for name, value in finding.params.items()}
        return self.env._(sentence) % params

    @api.model
    def _get_code(self, finding):
        code = finding.code
        if any(finding.params.get(name) for name in _OF_TREATMENT) and f"{code}_treatment" in self._get_sentences():
            return f"{code}_treatment"
        if finding.kind == "allergy" and finding.params.get("intolerance"):
            return "intolerance"
        return code

    @api.model
    def _get_details(self, finding):
        """Return the words of the sources: of the interaction, of the group, of the rule; the reaction once seen."""
        details = [finding.params.get(name) for name in ("message", "mechanism", "advice")]
        if reaction := finding.params.get("reaction"):
            details.insert(0, self.env._("Reaction: %(reaction)s", reaction=reaction))
        return list(dict.fromkeys(text for text in details if text))

    @api.model
    def _format(self, value):
        """Return a param as people write it."""
        if hasattr(value, "isoformat"):
            return format_date(self.env, value)
        if hasattr(value, "is_finite"):
            return self.env["medical.prescription.sentence"]._format(float(value))
        return "" if value is None else str(value)
