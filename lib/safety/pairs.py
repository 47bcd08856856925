"""Two drugs at once: interactions, and the same thing twice."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from .base import identity, make
from .facts import SEVERITIES, Case, DrugFacts, Finding, InteractionFact

#: ATC classes of the fourth level that end so hold "other" drugs; sharing one means nothing.
_OTHER = "X"
_CLASS_LENGTH = 5
_MAX_TEXTS = 3


def pairs(case: Case) -> Iterator[tuple[DrugFacts, DrugFacts]]:
    """Yield each pair of drugs of which at least one is being prescribed, and that are not one being renewed."""
    for one, two in combinations(case.drugs, 2):
        if (one.is_line or two.is_line) and not is_renewal(one, two):
            yield one, two


def is_renewal(one: DrugFacts, two: DrugFacts) -> bool:
    """Tell whether a line goes on with a treatment: the same product, prescribed again or at another dose."""
    if one.is_line == two.is_line:
        return False
    if one.record_id and two.record_id:
        return one.record_id == two.record_id
    return not one.record_id and not two.record_id and identity(one) == identity(two)


def check_interactions(case: Case) -> Iterator[Finding]:
    """Say what the sources say about the pairs; one finding a pair, at the gravest grade of all sources."""
    facts: dict[frozenset[str], list[InteractionFact]] = defaultdict(list)
    for fact in case.interactions:
        if fact.a != fact.b and fact.severity in SEVERITIES:
            facts[frozenset((fact.a, fact.b))].append(fact)
    if not facts:
        return
    for one, two in pairs(case):
        if known := facts.get(frozenset((one.ref, two.ref))):
            yield _interaction(one, two, known)


def _interaction(one: DrugFacts, two: DrugFacts, known: list[InteractionFact]) -> Finding:
    rank = min(SEVERITIES.index(fact.severity) for fact in known)
    # Sorted: neither the order of the drugs nor that of the sources changes the finding.
    gravest = sorted(
        (fact for fact in known if SEVERITIES.index(fact.severity) == rank),
        key=lambda fact: (fact.source, fact.mechanism, fact.advice, sorted((fact.a_term, fact.b_term))),
    )
    mechanism = _join(fact.mechanism for fact in gravest)
    advice = _join(fact.advice for fact in gravest)
    first, second = (one, two) if one.is_line else (two, one)
    source = " · ".join(dict.fromkeys(_source(fact) for fact in gravest if _source(fact)))
    finding = make(
        "interaction",
        SEVERITIES[rank],
        "interaction",
        (one, two),
        (mechanism, advice),
        "",
        drug=first.name,
        other=second.name,
        other_is_treatment=not second.is_line,
        mechanism=mechanism,
        advice=advice,
        terms=tuple(sorted({term for fact in gravest for term in (fact.a_term, fact.b_term) if term})),
    )
    # The edition is shown, and a new one that says the same changes nothing.
    return replace(finding, source=source, rests_on_source=False)


def _source(fact: InteractionFact) -> str:
    return " ".join(filter(None, (fact.source, fact.edition)))


def _join(texts: Iterator[str]) -> str:
    return "\n".join(list(dict.fromkeys(text.strip() for text in texts if text and text.strip()))[:_MAX_TEXTS])


def check_duplicates(case: Case) -> Iterator[Finding]:
    """Find the same substance, or else the same chemical class, twice."""
    for one, two in combinations(case.drugs, 2):
        if not (one.is_line or two.is_line):
            continue
        if is_renewal(one, two):
            yield _duplicate("information", "duplicate_renewal", one, two)
        elif shared := _shared_substances(one, two):
            yield _duplicate("precaution", "duplicate_substance", one, two, shared)
        elif not one.is_identified and not two.is_identified and identity(one) == identity(two):
            yield _duplicate("precaution", "duplicate_substance", one, two, one.name)
        elif shared := _shared_class(one, two):
            yield _duplicate("take_into_account", "duplicate_class", one, two, shared)


def _duplicate(severity: str, code: str, one: DrugFacts, two: DrugFacts, shared: str = "") -> Finding:
    first, second = (one, two) if one.is_line else (two, one)
    return make(
        "duplicate",
        severity,
        code,
        (one, two),
        (shared, not second.is_line),
        drug=first.name,
        other=second.name,
        other_is_treatment=not second.is_line,
        shared=shared,
    )


def _shared_substances(one: DrugFacts, two: DrugFacts) -> str:
    names = {substance.key: substance.name or substance.key for substance in one.substances if substance.key}
    return ", ".join(sorted(names[key] for key in names.keys() & set(two.substance_keys)))


def _shared_class(one: DrugFacts, two: DrugFacts) -> str:
    classes = [
        {code[:_CLASS_LENGTH].upper() for code in drug.atc_codes if len(code) >= _CLASS_LENGTH} for drug in (one, two)
    ]
    return min((code for code in classes[0] & classes[1] if not code.endswith(_OTHER)), default="")
