"""Allergies and intolerances: the substance itself, its relatives, and what was typed in words."""

from collections.abc import Iterator

from .base import identity, in_group, make, names_group
from .facts import SEVERITIES, AllergyFact, Case, CrossGroup, DrugFacts, Finding, Severity
from .names import mentions, telling_word, text_keys

#: ATC classes of the fourth level that hold drugs with nothing in common but their use.
_MIXED_CLASSES = frozenset({"B01AC"})
_CLASS_LENGTH = 5


def check_allergies(case: Case) -> Iterator[Finding]:
    """Compare every allergy in force with every line; of each pair only the gravest finding is kept."""
    for allergy in case.patient.allergies:
        if allergy.status != "active":
            continue
        seen = set()
        for drug in case.lines:
            found = sorted(_compare(case, allergy, drug), key=lambda item: SEVERITIES.index(item.severity))
            if found and (drug.ref, identity(drug)) not in seen:
                seen.add((drug.ref, identity(drug)))
                yield found[0]


def is_understood(case: Case, allergy: AllergyFact) -> bool:
    """Tell whether it is known what the allergy is to, so that relatives can be compared too."""
    if allergy.key or allergy.atc:
        return True
    keys = tuple(text_keys(allergy.name))
    return any(names_group(group, allergy.name) or in_group(group, keys, ()) for group in case.cross_groups)


def _compare(case: Case, allergy: AllergyFact, drug: DrugFacts) -> Iterator[Finding]:
    if matched := _same_substance(allergy, drug):
        yield _found(allergy, drug, "allergy_substance", _grade_same(allergy), matched=matched)
    for group in case.cross_groups:
        yield from _compare_group(group, allergy, drug)
    if shared := _shared_class(allergy, drug):
        yield _found(allergy, drug, "allergy_class", _grade_class(allergy, "avoid"), atc=shared)


def _found(
    allergy: AllergyFact, drug: DrugFacts, code: str, severity: Severity, source: str = "", **params: object
) -> Finding:
    allergen = allergy.key or allergy.name
    basis = (allergen, allergy.type, allergy.criticality, *(str(value) for value in params.values()))
    return make(
        "allergy",
        severity,
        code,
        (drug,),
        basis,
        source,
        allergen=allergy.name,
        drug=drug.name,
        reaction=allergy.reaction,
        intolerance=allergy.type == "intolerance",
        **params,
    )


def _grade_same(allergy: AllergyFact) -> Severity:
    """The substance itself: contraindicated for an allergy; an intolerance is weighed."""
    if allergy.type == "allergy":
        return "avoid" if allergy.criticality == "low" else "contraindicated"
    return {"high": "avoid", "low": "take_into_account"}.get(allergy.criticality, "precaution")


def _grade_class(allergy: AllergyFact, severity: Severity) -> Severity:
    """A relative of it: an intolerance of one says little of the others."""
    return severity if allergy.type == "allergy" else "take_into_account"


def _allergen_keys(allergy: AllergyFact) -> frozenset[str]:
    """Return the keys of what the allergy is to: the one of the register, or those its words may mean."""
    return frozenset({allergy.key}) if allergy.key else text_keys(allergy.name)


def _same_substance(allergy: AllergyFact, drug: DrugFacts) -> str:
    """Return the name under which allergy and drug are the same thing, '' where they are not."""
    keys = _allergen_keys(allergy)
    for substance in drug.substances:
        if substance.key in keys or mentions(allergy.name, substance.name):
            return substance.name or allergy.name
    if not drug.substances and (mentions(drug.name, allergy.name) or keys & text_keys(drug.name)):
        return allergy.name
    brand = telling_word(drug.name)
    return drug.name if brand and mentions(allergy.name, brand) else ""


def _compare_group(group: CrossGroup, allergy: AllergyFact, drug: DrugFacts) -> Iterator[Finding]:
    if not _drug_in_group(group, drug):
        return
    about = {"group": group.name, "advice": group.advice}
    if names_group(group, allergy.name):
        # The allergy is to the class as a whole: its members are the substance itself.
        yield _found(allergy, drug, "allergy_group", _grade_same(allergy), group.source, **about)
    elif in_group(group, tuple(_allergen_keys(allergy)), allergy.atc):
        yield _found(allergy, drug, "allergy_cross", _grade_class(allergy, group.severity), group.source, **about)


def _drug_in_group(group: CrossGroup, drug: DrugFacts) -> bool:
    if drug.is_identified:
        return in_group(group, drug.substance_keys, drug.atc_codes)
    return bool(set(group.keys) & text_keys(drug.name)) or names_group(group, drug.name)


def _shared_class(allergy: AllergyFact, drug: DrugFacts) -> str:
    """Return the ATC class of the fourth level (chemical group) that allergen and drug share, or ''."""
    classes = {code[:_CLASS_LENGTH].upper() for code in allergy.atc if len(code) >= _CLASS_LENGTH}
    shared = {code[:_CLASS_LENGTH].upper() for code in drug.atc_codes if len(code) >= _CLASS_LENGTH} & classes
    return min((code for code in shared if code not in _MIXED_CLASSES and not code.endswith("X")), default="")
