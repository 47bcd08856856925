"""The most of a substance in a day and in a course, over all lines and treatments together."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from .base import atc_matches, is_target, make, rule_finding
from .facts import Case, DrugFacts, Finding, RuleFacts, SubstanceFact
from .pairs import is_renewal
from .person import is_below
from .strengths import amount_of, count_in_course, count_per_day

Count = Callable[[DrugFacts], Decimal | None]


def check_doses(case: Case) -> Iterator[Finding]:
    """Compare what is taken of a substance with the limits; say where it cannot be computed."""
    for rule in case.rules:
        if rule.kind != "dose" or not (lines := [drug for drug in case.lines if is_target(rule, drug)]):
            continue
        concerned = _is_concerned(case, rule)
        if concerned is None:
            yield _not_computed(rule, tuple(lines), "age_unknown")
        elif concerned:
            drugs = (*lines, *_going_on(case, rule))
            yield from _check_limit(case, rule, drugs, rule.max_daily, count_per_day, "dose_daily")
            yield from _check_limit(case, rule, drugs, rule.max_total, count_in_course, "dose_total")


def _is_concerned(case: Case, rule: RuleFacts) -> bool | None:
    """Tell whether the patient has the age the limit is for, None where the age is not known."""
    if rule.sex and case.patient.sex and rule.sex != case.patient.sex:
        return False
    below = rule.age_below is None or is_below(case.patient, rule.age_below)
    is_younger = rule.age_from is not None and is_below(case.patient, rule.age_from)
    if below is None or is_younger is None:
        return None
    return below and not is_younger


def _going_on(case: Case, rule: RuleFacts) -> list[DrugFacts]:
    """Return the treatments that add to the lines: those that no line renews or changes."""
    return [
        drug
        for drug in case.treatments
        if is_target(rule, drug) and not any(is_renewal(line, drug) for line in case.lines)
    ]


def _limit(case: Case, rule: RuleFacts, limit: Decimal) -> Decimal | None:
    if not rule.per_kg:
        return limit
    weight = case.patient.weight_kg
    return limit * weight if weight is not None and weight.is_finite() and weight > 0 else None


def _check_limit(
    case: Case, rule: RuleFacts, drugs: tuple[DrugFacts, ...], limit: Decimal | None, count: Count, code: str
) -> Iterator[Finding]:
    if limit is None or not limit.is_finite() or limit <= 0:
        return
    highest = _limit(case, rule, limit)
    if highest is None:
        yield _not_computed(rule, drugs, "weight_unknown")
        return
    total, counted = Decimal(0), []
    for drug in drugs:
        taken = _taken(rule, drug, count(drug))
        if taken is not None:
            total, counted = total + taken, [*counted, drug]
        elif drug.is_line or code == "dose_daily":
            yield _not_computed(rule, (drug,), "dose_not_computable")
    if total > highest:
        yield rule_finding(
            rule,
            code,
            tuple(counted),
            f"{total:f}",
            f"{highest:f}",
            substance=_name(rule, counted[0]),
            total=total,
            limit=highest,
            unit=rule.unit,
            per_kg=rule.per_kg,
        )


def _concerned_substances(rule: RuleFacts, drug: DrugFacts) -> list[SubstanceFact]:
    """Return the substances of the drug the limit is about; a class means all of a drug of one substance."""
    named = [
        substance
        for substance in drug.substances
        if substance.key in rule.keys or atc_matches(substance.atc, rule.atc_prefixes)
    ]
    return named or (list(drug.substances) if len(drug.substances) == 1 else [])


def _taken(rule: RuleFacts, drug: DrugFacts, count: Decimal | None) -> Decimal | None:
    """Return the amount of the substance in ``count`` units of dose, in the unit of the rule."""
    amounts = [amount_of(substance, drug, count) for substance in _concerned_substances(rule, drug)]
    if not amounts or any(amount is None or amount[1] != rule.unit for amount in amounts):
        return None
    return sum((amount[0] for amount in amounts if amount), Decimal(0))


def _name(rule: RuleFacts, drug: DrugFacts) -> str:
    return ", ".join(substance.name or substance.key for substance in _concerned_substances(rule, drug)) or drug.name


def _not_computed(rule: RuleFacts, drugs: tuple[DrugFacts, ...], code: str) -> Finding:
    name = drugs[0].name if drugs else ""
    return make("not_checked", "information", code, drugs, (rule.message, rule.unit), rule.source, drug=name)
