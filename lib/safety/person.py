"""What the patient is: conditions, pregnancy, breastfeeding, age, sex, against the rules of the practice."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from .base import make, rule_finding, targets
from .facts import Answer, Case, ConditionFact, Finding, PatientFacts, RuleFacts, Settings
from .names import mentions

_DAYS_A_YEAR = Decimal("365.25")
#: No pregnancy lasts longer after it was told.
_LONGEST_PREGNANCY = timedelta(days=300)


def check_conditions(case: Case) -> Iterator[Finding]:
    """Compare the conditions in force with the rules about them."""
    for rule, drug in targets(case, "condition"):
        for condition in case.patient.conditions:
            if _is_meant(rule, condition):
                yield rule_finding(
                    rule, "rule_condition", (drug,), condition.code or condition.name, condition=condition.name
                )
                break


def _is_meant(rule: RuleFacts, condition: ConditionFact) -> bool:
    code = _plain_code(condition.code)
    prefixes = tuple(prefix for prefix in map(_plain_code, rule.condition_codes) if prefix)
    if code and prefixes and code.startswith(prefixes):
        return True
    return any(mentions(condition.name, name) for name in rule.condition_names)


def _plain_code(code: str) -> str:
    """Return a code without the dots and spaces that people leave out: K25.0 is K250."""
    return "".join(char for char in (code or "").upper() if char.isalnum())


# --- pregnancy ---------------------------------------------------------------------------------------------------


def pregnancy_answer(case: Case) -> Answer:
    """Return what is known of a pregnancy today: an old answer is no answer."""
    patient, settings = case.patient, case.settings
    if patient.pregnant == "unknown" or patient.pregnant_asked_on is None:
        return patient.pregnant
    valid = _LONGEST_PREGNANCY if patient.pregnant == "yes" else _days(settings.pregnancy_answer_days)
    return patient.pregnant if settings.today - patient.pregnant_asked_on <= valid else "unknown"


def _days(count: int) -> timedelta:
    return timedelta(days=min(max(count, 0), 100_000))


def may_be_pregnant(patient: PatientFacts, settings: Settings) -> bool:
    """Tell whether the question is asked: of women of the age the practice set, and where sex or age is unknown."""
    if patient.sex == "male":
        return False
    if patient.age_years is None:
        return True
    return settings.pregnancy_age_from <= patient.age_years <= settings.pregnancy_age_to


def check_pregnancy(case: Case) -> Iterator[Finding]:
    """Apply the rules to a pregnancy; where nobody asked, say which drugs make the question matter."""
    answer = pregnancy_answer(case)
    asked_on = case.patient.pregnant_asked_on
    for rule, drug in targets(case, "pregnancy"):
        if answer == "yes":
            yield rule_finding(rule, "rule_pregnancy", (drug,), asked_on)
        elif answer == "unknown" and may_be_pregnant(case.patient, case.settings):
            yield make(
                "not_checked", "precaution", "pregnancy_matters", (drug,), (rule.message,), rule.source, drug=drug.name
            )
    asked_of = case.patient.sex == "female" and may_be_pregnant(case.patient, case.settings)
    if answer == "unknown" and asked_of and case.lines:
        code = "pregnancy_never_asked" if case.patient.pregnant == "unknown" else "pregnancy_answer_old"
        yield make("not_checked", "information", code, basis=(asked_on,), asked_on=asked_on)


def check_breastfeeding(case: Case) -> Iterator[Finding]:
    """Apply the rules to a patient who breastfeeds."""
    if case.patient.breastfeeding == "yes":
        for rule, drug in targets(case, "breastfeeding"):
            yield rule_finding(rule, "rule_breastfeeding", (drug,))


# --- age and sex -------------------------------------------------------------------------------------------------


def is_below(patient: PatientFacts, years: Decimal) -> bool | None:
    """Tell whether the patient is younger than so many years (0.25: three months), None where it is not known."""
    if years == years.to_integral_value() and patient.age_years is not None:
        return patient.age_years < years
    return None if patient.age_days is None else patient.age_days < years * _DAYS_A_YEAR


def check_age(case: Case) -> Iterator[Finding]:
    """Apply the limits of age."""
    for rule, drug in targets(case, "age"):
        below = rule.age_below is not None and is_below(case.patient, rule.age_below)
        is_younger = rule.age_from is not None and is_below(case.patient, rule.age_from)
        if below is None or is_younger is None:
            yield make(
                "not_checked", "precaution", "age_unknown", (drug,), (rule.message,), rule.source, drug=drug.name
            )
        elif below or (rule.age_from is not None and not is_younger):
            yield rule_finding(rule, "rule_age", (drug,))


def check_sex(case: Case) -> Iterator[Finding]:
    """Apply the rules about the sex of the patient."""
    for rule, drug in targets(case, "sex"):
        if rule.sex and rule.sex == case.patient.sex:
            yield rule_finding(rule, "rule_sex", (drug,), rule.sex)
