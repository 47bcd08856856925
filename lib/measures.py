"""Arithmetic of measurements: units as people type them, exact conversions, reference ranges.

Units are named by UCUM (``kg``, ``cm``, ``Cel``, ``mmol/L``). Conversions are exact: fractions, no floating point.

>>> body_mass_index(70, 175)
22.9
>>> read_quantity("5'11\\"", "cm").value, read_quantity("98.6F", "Cel").value
(Decimal('180.34'), Decimal('37'))
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType


def body_mass_index(weight_kg: float, height_cm: float) -> float | None:
    """Return the body mass index in kg/m², to one decimal; None where weight or height is missing.

    BMI = weight in kilograms / (height in metres)², after WHO, Obesity: preventing and managing the global epidemic,
    Technical Report Series 894 (2000), section 2.2.

    >>> body_mass_index(3.5, 50), body_mass_index(70, 0)
    (14.0, None)
    """
    if weight_kg <= 0 or height_cm <= 0:
        return None
    return round(weight_kg / (height_cm / 100) ** 2, 1)


# === Units === #


@dataclass(frozen=True)
class Unit:
    """A unit as ``factor`` of the base of its ``kind``, after ``offset`` is added: base = (value + offset) * factor.

    Kinds: mass (kg), length (cm), temperature (Cel), pressure (mm[Hg]), amount (mmol/L) and content (g/L), which are
    bound by the molar mass of what is measured, and hba1c (%).
    """

    ucum: str
    kind: str
    factor: Fraction
    offset: Fraction = Fraction(0)


_POUND = Fraction("0.45359237")  # exact by definition, International yard and pound agreement of 1959
_INCH = Fraction("2.54")  # the same

UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        unit.ucum: unit
        for unit in (
            Unit("kg", "mass", Fraction(1)),
            Unit("g", "mass", Fraction(1, 1000)),
            Unit("[lb_av]", "mass", _POUND),
            Unit("[oz_av]", "mass", _POUND / 16),
            Unit("[stone_av]", "mass", _POUND * 14),
            Unit("cm", "length", Fraction(1)),
            Unit("mm", "length", Fraction(1, 10)),
            Unit("m", "length", Fraction(100)),
            Unit("[in_i]", "length", _INCH),
            Unit("[ft_i]", "length", _INCH * 12),
            Unit("Cel", "temperature", Fraction(1)),
            Unit("[degF]", "temperature", Fraction(5, 9), Fraction(-32)),
            Unit("mm[Hg]", "pressure", Fraction(1)),
            Unit("kPa", "pressure", Fraction(1000) / Fraction("133.322387415")),  # ISO 80000-4
            Unit("mmol/L", "amount", Fraction(1)),
            Unit("umol/L", "amount", Fraction(1, 1000)),
            Unit("g/L", "content", Fraction(1)),
            Unit("g/dL", "content", Fraction(10)),
            Unit("mg/dL", "content", Fraction(1, 100)),
            Unit("mg/L", "content", Fraction(1, 1000)),
            Unit("%", "hba1c", Fraction(1)),
            # NGSP % = 0.09148 * IFCC + 2.152: the master equation of the IFCC network (ngsp.org/ifccngsp.asp)
            Unit("mmol/mol", "hba1c", Fraction("0.09148"), Fraction("2.152") / Fraction("0.09148")),
        )
    }
)

#: How people write units, in English and French, folded to lower case. Without one, the unit of the type is meant.
_WRITINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "kg": ("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramme", "kilogrammes"),
        "g": ("g", "gr", "gram", "grams", "gramme", "grammes"),
        "[lb_av]": ("lb", "lbs", "pound", "pounds", "livre", "livres", "#"),
        "[oz_av]": ("oz", "ounce", "ounces", "once", "onces"),
        "[stone_av]": ("st", "stone", "stones"),
        "cm": ("cm", "cms", "centimeter", "centimeters", "centimetre", "centimetres", "centimètre", "centimètres"),
        "mm": ("mm",),
        "m": ("m", "meter", "meters", "metre", "metres", "mètre", "mètres"),
        "[in_i]": ("in", "ins", "inch", "inches", '"', "''", "po", "pouce", "pouces"),
        "[ft_i]": ("ft", "foot", "feet", "'", "pi", "pied", "pieds"),
        "Cel": ("c", "°c", "cel", "celsius"),
        "[degF]": ("f", "°f", "fahrenheit"),
        "mm[Hg]": ("mmhg", "mm hg", "mm[hg]"),
        "kPa": ("kpa",),
        "mmol/L": ("mmol/l",),
        "umol/L": ("umol/l", "µmol/l", "μmol/l", "micromol/l"),
        "g/L": ("g/l",),
        "g/dL": ("g/dl",),
        "mg/dL": ("mg/dl", "mg%"),
        "mg/L": ("mg/l",),
        "%": ("%",),
        "mmol/mol": ("mmol/mol",),
    }
)
_BY_WRITING = {writing: ucum for ucum, writings in _WRITINGS.items() for writing in writings}
#: What stands after a first part: pounds and ounces, feet and inches, stones and pounds.
_SECOND_PARTS = MappingProxyType({"[lb_av]": "[oz_av]", "[ft_i]": "[in_i]", "[stone_av]": "[lb_av]"})
_PER_FIRST = MappingProxyType({"[lb_av]": 16, "[ft_i]": 12, "[stone_av]": 14})

#: Imperial counterpart of a metric unit; a second one where people say two numbers.
IMPERIAL: Mapping[str, str] = MappingProxyType({"kg": "[lb_av]", "cm": "[in_i]", "Cel": "[degF]"})

_MAX_TEXT = 40
_PART = re.compile(r"([+-]?[0-9]+(?:[.,][0-9]+)?|[+-]?[.,][0-9]+)\s*([^0-9+.,\s-][^0-9]*)?")
_QUOTES = str.maketrans({"’": "'", "′": "'", "“": '"', "”": '"', "″": '"', "\u00a0": " ", "\u202f": " "})


class QuantityError(ValueError):
    """What was typed is no quantity. ``code``: ``empty``, ``number``, ``unit`` (params: unit) or ``parts``."""

    def __init__(self, code: str, **params: str) -> None:
        """Take the reason code, and what a message needs."""
        self.code, self.params = code, params
        super().__init__(f"{code}: {params}")


@dataclass(frozen=True)
class Quantity:
    """A value in the unit that was asked for; ``typed_unit`` is the unit it was typed in."""

    value: Decimal
    typed_unit: str


def convert(value: Decimal | Fraction | int, source: str, target: str, molar_mass: Decimal | None = None) -> Fraction:
    """Return ``value`` of the UCUM unit ``source`` in the unit ``target``, exactly.

    ``molar_mass`` (g/mol) lets an amount (mmol/L) become a content (mg/dL). Raises QuantityError ``unit`` where there
    is no way from one to the other.

    >>> convert(150, "[lb_av]", "kg") == Fraction("68.0388555"), float(convert(1, "mg/dL", "umol/L", Decimal("113.12")))
    (True, 88.4016973125884)
    """
    if source == target:
        return Fraction(value)
    origin, goal = UNITS.get(source), UNITS.get(target)
    if origin is None or goal is None:
        raise QuantityError("unit", unit=source)
    base = (Fraction(value) + origin.offset) * origin.factor
    if origin.kind != goal.kind:
        base = _across(base, origin, goal, molar_mass)
    return base / goal.factor - goal.offset


def _across(base: Fraction, origin: Unit, goal: Unit, molar_mass: Decimal | None) -> Fraction:
    if not molar_mass or {origin.kind, goal.kind} != {"amount", "content"}:
        raise QuantityError("unit", unit=origin.ucum)
    grams_per_mmol = Fraction(molar_mass) / 1000
    return base * grams_per_mmol if origin.kind == "amount" else base / grams_per_mmol


def read_quantity(
    text: str, unit: str, *, plain_unit: str | None = None, molar_mass: Decimal | None = None
) -> Quantity:
    """Return what was typed as a quantity in ``unit``, to four decimals.

    A number without unit is in ``plain_unit``, or in ``unit`` where that is not given. Two parts make one quantity
    (``8 lb 6 oz``, ``5'11"``). Raises QuantityError.

    >>> read_quantity("8 lb 6 oz", "kg").value, read_quantity("1,80 m", "cm").value, read_quantity("70", "kg").value
    (Decimal('3.7988'), Decimal('180'), Decimal('70'))
    """
    parts = _split(text)
    value, typed = _read_part(parts[0], plain_unit or unit)
    total = convert(value, typed, unit, molar_mass)
    if len(parts) == 2:
        total += _second_part(parts[1], value, typed, unit)
    # Four decimals are what a measurement keeps: a tenth of a gram, a hundredth of a millimetre.
    rounded = round(total, 4)
    return Quantity(_plain(Decimal(rounded.numerator) / Decimal(rounded.denominator)), typed)


def _split(text: str) -> list[tuple[str, str]]:
    text = text.strip().translate(_QUOTES)
    if not text:
        raise QuantityError("empty")
    if len(text) > _MAX_TEXT:
        raise QuantityError("number")
    parts, place = [], 0
    while place < len(text):
        match = _PART.match(text, place)
        if not match:
            raise QuantityError("number")
        parts.append((match[1], (match[2] or "").strip()))
        place = match.end()
        while place < len(text) and text[place] == " ":
            place += 1
    if len(parts) > 2:
        raise QuantityError("parts")
    return parts


def _read_part(part: tuple[str, str], plain_unit: str) -> tuple[Decimal, str]:
    number, writing = part
    if not writing:
        return Decimal(number.replace(",", ".")), plain_unit
    unit = _find_unit(writing, plain_unit)
    return Decimal(number.replace(",", ".")), unit


def _find_unit(writing: str, plain_unit: str) -> str:
    folded = " ".join(writing.casefold().replace(".", "").split())
    # A unit without a conversion, such as /min, may still be written out.
    if writing in (plain_unit, plain_unit.replace("[", "").replace("]", "")):
        return plain_unit
    if folded not in _BY_WRITING:
        raise QuantityError("unit", unit=writing)
    return _BY_WRITING[folded]


def _second_part(part: tuple[str, str], first: Decimal, typed: str, unit: str) -> Fraction:
    """Return the ounces after the pounds; they are fewer than a pound, and follow a whole number of pounds."""
    expected = _SECOND_PARTS.get(typed)
    if expected is None:
        raise QuantityError("parts")
    value, second = _read_part(part, expected)
    if second != expected or not 0 <= value < _PER_FIRST[typed] or first != int(first) or first < 0:
        raise QuantityError("parts")
    return convert(value, second, unit)


def _plain(number: Decimal) -> Decimal:
    """Return a number without zeros at its end, and without exponent.

    >>> _plain(Decimal("180.3400")), _plain(Decimal("100"))
    (Decimal('180.34'), Decimal('100'))
    """
    number = number.normalize()
    return number.quantize(Decimal(1)) if number == number.to_integral() else number


@dataclass(frozen=True)
class Part:
    """A number as it is shown, with its digits after the mark, and the sign people write after it."""

    number: Decimal
    decimals: int
    sign: str


def imperial_parts(value: Decimal, unit: str, *, feet: bool = False) -> list[Part]:
    """Return a metric value as people say it in pounds, inches or Fahrenheit; empty where there is no such way.

    A weight under 20 lb is told in pounds and ounces, as of babies. ``feet``: a length is told in feet and inches, as
    of a person's height. What rounds up to a whole pound or foot becomes one.

    >>> [(str(part.number), part.sign) for part in imperial_parts(Decimal("3.7988"), "kg")]
    [('8', 'lb'), ('6.0', 'oz')]
    >>> [(str(part.number), part.sign) for part in imperial_parts(Decimal("182.8"), "cm", feet=True)]
    [('6', "'"), ('0.0', '"')]
    """
    if unit not in IMPERIAL:
        return []
    number = convert(value, unit, IMPERIAL[unit])
    if unit == "Cel":
        return [Part(_round(number, 1), 1, "°F")]
    if unit == "kg":
        return _two(number * 16, 16, "lb", "oz") if number < 20 else [Part(_round(number, 1), 1, "lb")]
    return _two(number, 12, "'", '"') if feet else [Part(_round(number, 1), 1, "in")]


def _round(number: Fraction, digits: int) -> Decimal:
    scaled = round(number * 10**digits)
    return Decimal(scaled).scaleb(-digits)


def _two(small: Fraction, per_great: int, great_sign: str, small_sign: str) -> list[Part]:
    tenths = round(small * 10)
    great, rest = divmod(tenths, per_great * 10)
    return [Part(Decimal(great), 0, great_sign), Part(Decimal(rest).scaleb(-1), 1, small_sign)]


# === Reference ranges === #


@dataclass(frozen=True)
class Range:
    """What is usual: from ``low`` to ``high``, both included; at or beyond a critical limit somebody acts today."""

    low: float | None = None
    high: float | None = None
    critical_low: float | None = None
    critical_high: float | None = None


def flag(value: float, limits: Range) -> str:
    """Return ``critical_low``, ``low``, ``high``, ``critical_high``, or '' for what is usual.

    >>> adults = Range(low=51, high=90, critical_low=40, critical_high=131)
    >>> [flag(pulse, adults) for pulse in (40, 41, 51, 90, 91, 131)]
    ['critical_low', 'low', '', '', 'high', 'critical_high']
    """
    if limits.critical_low is not None and value <= limits.critical_low:
        return "critical_low"
    if limits.critical_high is not None and value >= limits.critical_high:
        return "critical_high"
    if limits.low is not None and value < limits.low:
        return "low"
    return "high" if limits.high is not None and value > limits.high else ""
