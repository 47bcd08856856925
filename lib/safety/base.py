"""What every check needs: who is a drug, which drugs a rule means, and the way a finding is made."""

from collections.abc import Iterator
from functools import lru_cache

from ..text import fold
from .facts import Case, CrossGroup, DrugFacts, Finding, Kind, RuleFacts, Severity
from .names import mentions

#: Longest text that goes into the basis of a fingerprint.
_MAX_BASIS = 500


def identity(drug: DrugFacts) -> str:
    """Return what the drug is to the patient: its substances, or its name where they are not known.

    Two brands of one substance are one; what was reviewed for one was reviewed for the other.
    """
    return "+".join(drug.substance_keys) or "+".join(drug.atc_codes) or f"name:{fold(drug.name[:_MAX_BASIS])}"


@lru_cache(maxsize=2_000)
def _clean(prefixes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(prefix for prefix in (prefix.strip().upper() for prefix in prefixes) if prefix)


def atc_matches(codes: tuple[str, ...], prefixes: tuple[str, ...]) -> bool:
    """Tell whether one of the ATC codes begins with one of the prefixes; an empty prefix means nothing."""
    wanted = _clean(prefixes)
    return bool(wanted) and any(code.upper().startswith(wanted) for code in codes)


def is_target(rule: RuleFacts, drug: DrugFacts) -> bool:
    """Tell whether a rule is about a drug."""
    if rule.routes and drug.route and drug.route not in rule.routes:
        return False
    return bool(set(rule.keys) & set(drug.substance_keys)) or atc_matches(drug.atc_codes, rule.atc_prefixes)


def targets(case: Case, kind: Kind) -> Iterator[tuple[RuleFacts, DrugFacts]]:
    """Yield each rule of a kind with each line it is about."""
    for rule in case.rules:
        if rule.kind == kind:
            for drug in case.lines:
                if is_target(rule, drug):
                    yield rule, drug


def in_group(group: CrossGroup, keys: tuple[str, ...], codes: tuple[str, ...]) -> bool:
    """Tell whether something with these substances and ATC codes is a member of the group."""
    return bool(set(group.keys) & set(keys)) or atc_matches(codes, group.atc_prefixes)


def names_group(group: CrossGroup, text: str) -> bool:
    """Tell whether a text typed freely means the whole group."""
    return any(mentions(text, name) for name in group.names)


def make(
    kind: Kind,
    severity: Severity,
    code: str,
    drugs: tuple[DrugFacts, ...] = (),
    basis: tuple[object, ...] = (),
    source: str = "",
    **params: object,
) -> Finding:
    """Return a finding about some drugs; who they are is part of what it rests on, in no order.

    ``basis`` is the rest of it: what else would make it another finding, had it changed.
    """
    about = tuple(sorted({identity(drug) for drug in drugs}))
    rest = tuple("" if item is None else str(item)[:_MAX_BASIS] for item in basis)
    refs = tuple(dict.fromkeys(drug.ref for drug in sorted(drugs, key=lambda drug: not drug.is_line)))
    return Finding(kind, severity, code, params, refs, source, (*about, *rest))


def rule_finding(rule: RuleFacts, code: str, drugs: tuple[DrugFacts, ...], *basis: object, **params: object) -> Finding:
    """Return what a rule says about some drugs."""
    said = (rule.message, *basis)
    return make(
        rule.kind,
        rule.severity,
        code,
        drugs,
        said,
        rule.source,
        drug=drugs[0].name if drugs else "",
        message=rule.message,
        rule=rule.ref,
        **params,
    )
