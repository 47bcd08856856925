"""Narcotic and controlled drugs, as the country of the practice wants them prescribed.

>>> PROFILES["FR"].max_days, PROFILES["CA"].allows_refill
({'narcotic': 28}, False)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ..prescribing import mentions_refill
from .base import make
from .facts import Case, DrugFacts, Finding


@dataclass(frozen=True, slots=True)
class NarcoticProfile:
    """What a country asks of such a prescription; ``max_days`` by class, where there is a limit."""

    source: str
    max_days: Mapping[str, int] = field(default_factory=dict)
    needs_quantity: bool = True
    allows_refill: bool = False
    in_letters: bool = False


PROFILES: Mapping[str, NarcoticProfile] = MappingProxyType(
    {
        "CA": NarcoticProfile("Narcotic Control Regulations (Canada), s. 31 and 37"),
        "FR": NarcoticProfile(
            "Code de la santé publique (France), R5132-5, R5132-29, R5132-30",
            max_days={"narcotic": 28},
            needs_quantity=False,
            in_letters=True,
        ),
        "CH": NarcoticProfile("OCStup (Suisse), art. 46 ff", max_days={"narcotic": 30}),
        "US": NarcoticProfile("21 CFR 1306", needs_quantity=True),
    }
)
"""By ISO code of the country; a country that is not here has no rules of its own."""


def check_narcotics(case: Case) -> Iterator[Finding]:
    """Apply the profile of the country to the lines that are narcotic or controlled."""
    profile = PROFILES.get(case.settings.country.upper())
    for drug in case.lines:
        if not drug.narcotic_class:
            continue
        if profile is None:
            yield make("not_checked", "information", "narcotic_no_profile", (drug,), drug=drug.name)
        else:
            yield from _check_line(case, profile, drug)


def _check_line(case: Case, profile: NarcoticProfile, drug: DrugFacts) -> Iterator[Finding]:
    limit = case.settings.narcotic_max_days or profile.max_days.get(drug.narcotic_class)
    if limit and drug.days is not None and drug.days > limit:
        yield _narcotic("avoid", "narcotic_days", profile, drug, days=drug.days, limit=limit)
    elif limit and drug.days is None:
        yield _narcotic("precaution", "narcotic_no_duration", profile, drug, limit=limit)
    if profile.needs_quantity and not drug.quantity:
        yield _narcotic("precaution", "narcotic_no_quantity", profile, drug)
    if not profile.allows_refill and any(map(mentions_refill, drug.texts)):
        yield _narcotic("avoid", "narcotic_refill", profile, drug)
    if profile.in_letters and any(char.isdigit() for text in drug.texts for char in text):
        yield _narcotic("precaution", "narcotic_letters", profile, drug)


def _narcotic(severity: str, code: str, profile: NarcoticProfile, drug: DrugFacts, **params: object) -> Finding:
    return make("narcotic", severity, code, (drug,), tuple(params.values()), profile.source, drug=drug.name, **params)
