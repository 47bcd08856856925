"""Amounts of a substance: what a register writes as a strength, and how much of it a dosage makes in a day.

>>> parse_strength("500 mg"), parse_strength("250 mg / 5 mL")
(Strength(amount=Decimal('500'), unit='mg', per=''), Strength(amount=Decimal('50'), unit='mg', per='ml'))
>>> parse_strength("1,5 g"), parse_strength("40 µg"), parse_strength("as needed")
(Strength(amount=Decimal('1500'), unit='mg', per=''), Strength(amount=Decimal('0.04'), unit='mg', per=''), None)
"""

import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from .facts import DrugFacts, SubstanceFact

_MASSES = {
    "g": Decimal(1000),
    "gram": Decimal(1000),
    "gramme": Decimal(1000),
    "mg": Decimal(1),
    "mcg": Decimal("0.001"),
    "µg": Decimal("0.001"),
    "μg": Decimal("0.001"),
    "ug": Decimal("0.001"),
    "microgram": Decimal("0.001"),
    "microgramme": Decimal("0.001"),
    "ng": Decimal("0.000001"),
}
_OTHERS = {"unit": "unit", "iu": "unit", "ui": "unit", "u": "unit", "unité": "unit", "meq": "meq", "mmol": "mmol"}
_VOLUMES = {"ml": Decimal(1), "l": Decimal(1000), "cl": Decimal(10), "dl": Decimal(100)}
#: Units of dose that are themselves amounts of a substance.
_DOSE_MASSES = {"mg": Decimal(1), "g": Decimal(1000), "mcg": Decimal("0.001")}
#: Units of dose of which one is one piece of the form; an application or a drop holds no known amount.
_PIECES = frozenset(
    (
        "tablet",
        "capsule",
        "puff",
        "spray",
        "patch",
        "suppository",
        "ovule",
        "sachet",
        "ampoule",
        "vial",
        "injection",
        "lozenge",
        "gum",
        "film",
        "dose",
    )
)

_NUMBER = r"(\d[\d\s ]*(?:[.,]\d+)?|[.,]\d+)"
_UNIT = r"([^\W\d_]+)"
_STRENGTH = re.compile(rf"^\s*{_NUMBER}\s*{_UNIT}\s*(?:(?:/|\bper\b|\bpar\b|\bpour\b)\s*(?:{_NUMBER}\s*)?{_UNIT}.*)?$")
_MAX_TEXT = 80


class Strength(NamedTuple):
    """An amount in ``unit`` (mg, unit, meq, mmol) held by one ``per``: ml, or '' for one piece of the form."""

    amount: Decimal
    unit: str
    per: str


def _decimal(text: str | None) -> Decimal | None:
    if text is None:
        return Decimal(1)
    compact = re.sub(r"\s", "", text)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", compact):
        compact = compact.replace(",", "")  # thousands, as English writes them
    try:
        number = Decimal(compact.replace(",", "."))
    except InvalidOperation:
        return None
    return number if Decimal("1e-9") <= number <= Decimal("1e12") else None


def parse_strength(text: str | None) -> Strength | None:
    """Return the strength a text states, None where it states none (a percentage, a range, several).

    >>> parse_strength("100 UNIT/ML"), parse_strength("1,000 mg"), parse_strength("1 %")
    (Strength(amount=Decimal('100'), unit='unit', per='ml'), Strength(amount=Decimal('1000'), unit='mg', per=''), None)
    """
    match = _STRENGTH.match((text or "")[:_MAX_TEXT].lower())
    if not match:
        return None
    number, unit, per_number, per_unit = match.groups()
    amount, per_amount = _decimal(number), _decimal(per_number)
    if amount is None or per_amount is None:
        return None
    singular = unit.removesuffix("s") if len(unit) > 2 else unit
    if singular in _MASSES:
        amount, unit = amount * _MASSES[singular], "mg"
    elif singular in _OTHERS:
        unit = _OTHERS[singular]
    else:
        return None
    if per_unit in _VOLUMES:
        return Strength(_plain(amount / per_amount / _VOLUMES[per_unit]), unit, "ml")
    if per_unit and per_unit in ("h", "hr", "hour", "heure", "heures", "hours", "24h", "g", "mg", "cm", "kg"):
        return None  # a rate of a patch or a cream, no amount of one piece
    return Strength(_plain(amount / per_amount), unit, "")


def _plain(number: Decimal) -> Decimal:
    """Return the number without useless zeros and without exponent."""
    text = f"{number:f}"
    return Decimal(text.rstrip("0").rstrip(".")) if "." in text else Decimal(text)


def amount_of(substance: SubstanceFact, drug: DrugFacts, count: Decimal | None) -> tuple[Decimal, str] | None:
    """Return ``(amount, unit)`` of a substance in ``count`` units of dose of a drug, None where it is not known."""
    if count is None or not count.is_finite() or count <= 0:
        return None
    if drug.dose_unit in _DOSE_MASSES:
        # Milligrams of a drug of several substances are milligrams of none of them.
        return (count * _DOSE_MASSES[drug.dose_unit], "mg") if len(drug.substance_keys) <= 1 else None
    if drug.dose_unit == "unit":
        return (count, "unit") if len(drug.substance_keys) <= 1 else None
    if substance.amount is None or not substance.amount.is_finite() or substance.amount <= 0:
        return None
    held = substance.per == drug.dose_unit or (not substance.per and drug.dose_unit in _PIECES)
    return (count * substance.amount, substance.unit) if held else None


def count_per_day(drug: DrugFacts) -> Decimal | None:
    """Return the most units of dose the dosage allows in 24 hours, None where it does not say."""
    if drug.max_per_day:
        return drug.max_per_day
    if drug.dose is None:
        return None
    if drug.single_dose:
        return drug.dose
    return drug.dose * max(drug.per_day, Decimal(1)) if drug.per_day else None


def count_in_course(drug: DrugFacts) -> Decimal | None:
    """Return the units of dose of the whole course: what is dispensed, or the days times the dose."""
    if drug.quantity and drug.quantity_unit == drug.dose_unit:
        return drug.quantity
    if drug.dose is None or drug.single_dose:
        return drug.dose
    if drug.per_day is None or drug.days is None:
        return None
    return drug.dose * drug.per_day * drug.days
