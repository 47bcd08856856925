"""The safety check of a prescription.

What goes in is a :class:`~.facts.Case`, what comes out a tuple of :class:`~.facts.Finding`, the gravest first, always
in the same order for the same case. The order of drugs within a pair changes nothing.

How it works: every check is a function of the case that yields findings. A check that breaks takes nothing else with
it: its place is taken by a finding of the gravest grade that says it could not be done. Findings that say the same of
the same substances are shown once.

>>> from datetime import date
>>> allergy = AllergyFact("a", "Pénicilline", key="penicillin")
>>> case = Case(
...     Settings(date(2026, 1, 5)),
...     PatientFacts(allergies=(allergy,), allergies_status="some", treatments_status="none", sex="male"),
...     lines=(DrugFacts("line:1", "Pen VK", (SubstanceFact("penicillin", "Penicillin"),)),),
... )
>>> [(finding.kind, finding.severity, finding.code) for finding in check(case)]
[('allergy', 'contraindicated', 'allergy_substance'), ('not_checked', 'take_into_account', 'no_edition')]
>>> [finding.code for finding in check(case) if interrupts(finding)]
['allergy_substance']
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from .allergies import check_allergies
from .base import make
from .doses import check_doses
from .facts import (
    KINDS,
    SEVERITIES,
    AllergyFact,
    Case,
    DrugFacts,
    Finding,
    PatientFacts,
    Settings,
    SubstanceFact,
)
from .narcotics import check_narcotics
from .pairs import check_duplicates, check_interactions
from .person import check_age, check_breastfeeding, check_conditions, check_pregnancy, check_sex
from .unchecked import check_editions, check_questions, check_unidentified

__all__ = [
    "CHECKS",
    "AllergyFact",
    "Case",
    "DrugFacts",
    "Finding",
    "PatientFacts",
    "Settings",
    "SubstanceFact",
    "check",
    "failure",
    "interrupts",
]

Check = Callable[[Case], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    check_allergies,
    check_interactions,
    check_duplicates,
    check_conditions,
    check_pregnancy,
    check_breastfeeding,
    check_age,
    check_sex,
    check_doses,
    check_narcotics,
    check_unidentified,
    check_editions,
    check_questions,
)
"""What is checked, in this order; whoever adds a check passes ``(*CHECKS, its_own)``."""


def check(case: Case, checks: Iterable[Check] = CHECKS) -> tuple[Finding, ...]:
    """Return what the checks find, the gravest first. Never raises: a check that breaks is a finding."""
    findings: dict[str, Finding] = {}
    for one in checks:
        for finding in _run(one, case):
            known = findings.get(finding.fingerprint)
            findings[finding.fingerprint] = _merge(known, finding) if known else finding
    order = {drug.ref: position for position, drug in enumerate(case.drugs)}
    return tuple(sorted(findings.values(), key=lambda finding: _rank(finding, order)))


def _run(one: Check, case: Case) -> list[Finding]:
    try:
        return list(one(case))
    except Exception as error:
        return [failure(getattr(one, "__name__", type(one).__name__), error)]


def failure(name: str, error: BaseException) -> Finding:
    """Return the finding that stands for a check that broke; its text names the error's kind, never its content."""
    return make("not_checked", "contraindicated", "check_failed", basis=(name,), check=name, error=type(error).__name__)


def interrupts(finding: Finding) -> bool:
    """Tell whether the finding stops a signature until somebody says why it may go on.

    Only the contraindicated and allergies do; an allergy that is only to be taken into account does not either.
    """
    if finding.severity == "contraindicated":
        return True
    return finding.kind == "allergy" and finding.severity in ("avoid", "precaution")


def _merge(one: Finding, two: Finding) -> Finding:
    return replace(one, refs=tuple(dict.fromkeys((*one.refs, *two.refs))))


def _rank(finding: Finding, order: dict[str, int]) -> tuple[int, int, list[int], str, str]:
    places = [order.get(ref, len(order)) for ref in finding.refs]
    return (
        SEVERITIES.index(finding.severity),
        KINDS.index(finding.kind),
        places,
        finding.code,
        finding.fingerprint,
    )
