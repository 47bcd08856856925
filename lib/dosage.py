"""Arithmetic of a structured dosage: how often a day, how much for a course, and what is no dosage at all.

>>> quantity(1, Frequency(3), 10, "day", unit="tablet")
Decimal('30')
>>> quantity("2.5", Frequency.every(8, "hour"), 7, "day", unit="ml")
Decimal('52.5')
>>> is_vague("Tel que prescrit."), is_vague("1 comprimé 3 fois par jour pendant 10 jours")
(True, False)
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from .text import fold

TimeUnit = Literal["hour", "day", "week", "month", "year"]
Number = Decimal | Fraction | int | float | str

DAYS_PER_MONTH = 30
"""A month of treatment, as pharmacies count it; months against months and years are exact."""

_DAYS = MappingProxyType(
    {
        "hour": Fraction(1, 24),
        "day": Fraction(1),
        "week": Fraction(7),
        "month": Fraction(DAYS_PER_MONTH),
        "year": Fraction(365),
    }
)
_MONTHS = MappingProxyType({"month": 1, "year": 12})

_MAX_NUMBER = Fraction(10**9)  # beyond any dose, count or length of treatment
_MAX_DAYS = Fraction(36525)  # a century


def _fraction(value: object) -> Fraction | None:
    """Return a positive number of human size exactly, else None (also for text that is no number)."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, Fraction):
        number = value
    else:
        if isinstance(value, str) and len(value) > 40:
            return None
        try:
            decimal = value if isinstance(value, Decimal) else Decimal(str(value).strip())
        except (InvalidOperation, ValueError):
            return None
        if not decimal.is_finite() or not -9 <= decimal.adjusted() <= 12:
            return None
        number = Fraction(decimal)
    return number if 0 < number <= _MAX_NUMBER else None


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


@dataclass(frozen=True)
class Frequency:
    """How often a dose is taken: ``times`` in each ``per`` units of time.

    ``Frequency(3)`` is three times a day, ``Frequency(1, 2, "week")`` once every two weeks,
    ``Frequency.every(8, "hour")`` an interval. Raises ValueError for numbers that are not above zero and for
    unknown units.
    """

    times: Number
    per: Number = 1
    unit: TimeUnit = "day"

    def __post_init__(self) -> None:
        """Refuse what is no frequency."""
        if self.unit not in _DAYS:
            raise ValueError(f"Unknown unit of time: {self.unit!r}")
        if _fraction(self.times) is None or _fraction(self.per) is None:
            raise ValueError("A frequency needs numbers above zero.")

    @classmethod
    def every(cls, interval: Number, unit: TimeUnit = "hour") -> "Frequency":
        """Return the frequency of one dose each ``interval``."""
        return cls(1, interval, unit)

    @property
    def rate(self) -> Fraction:
        """Times in one unit of time, exactly."""
        return (_fraction(self.times) or Fraction(0)) / (_fraction(self.per) or Fraction(1))


def daily_administrations(freq: Frequency) -> Decimal:
    """Return the mean number of administrations in a day.

    >>> daily_administrations(Frequency.every(6)), daily_administrations(Frequency(1, 1, "week")) < 1
    (Decimal('4'), True)
    """
    return _decimal(freq.rate / _DAYS[freq.unit])


def duration_days(value: Number | None, unit: TimeUnit) -> Decimal | None:
    """Return the length of a treatment in days (months of 30, years of 365), None where it is no length.

    >>> duration_days(2, "week"), duration_days(0, "day"), duration_days(1, "eternity")
    (Decimal('14'), None, None)
    """
    days = _days(value, unit)
    return None if days is None else _decimal(days)


def _days(value: object, unit: str) -> Fraction | None:
    number = _fraction(value)
    if number is None or unit not in _DAYS:
        return None
    days = number * _DAYS[unit]
    return days if days <= _MAX_DAYS else None


def _administrations(freq: Frequency, duration: Fraction, duration_unit: str) -> int:
    """Return how often the dose is taken in a course that begins with one: once a week for 10 days is twice."""
    if freq.unit in _MONTHS and duration_unit in _MONTHS:
        return math.ceil(freq.rate / _MONTHS[freq.unit] * duration * _MONTHS[duration_unit])
    return math.ceil(freq.rate / _DAYS[freq.unit] * duration * _DAYS[duration_unit])


# --- units and routes --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DoseUnit:
    """A unit a dose is counted in: ``countable`` ones are dispensed whole, ``measurable`` ones add up to a quantity."""

    key: str
    label: str
    countable: bool = True
    measurable: bool = True


_UNITS = (
    DoseUnit("tablet", "tablet"),
    DoseUnit("capsule", "capsule"),
    DoseUnit("ml", "mL", countable=False),
    DoseUnit("drop", "drop"),
    DoseUnit("puff", "puff"),
    DoseUnit("spray", "spray"),
    DoseUnit("application", "application", measurable=False),
    DoseUnit("patch", "patch"),
    DoseUnit("suppository", "suppository"),
    DoseUnit("ovule", "ovule"),
    DoseUnit("sachet", "sachet"),
    DoseUnit("ampoule", "ampoule"),
    DoseUnit("vial", "vial"),
    DoseUnit("unit", "unit (IU)"),
    DoseUnit("injection", "injection"),
    DoseUnit("mg", "mg", countable=False),
    DoseUnit("g", "g", countable=False),
    DoseUnit("mcg", "mcg", countable=False),
    DoseUnit("lozenge", "lozenge"),
    DoseUnit("gum", "gum"),
    DoseUnit("film", "film"),
    DoseUnit("dose", "dose"),
)
DOSE_UNITS: MappingProxyType[str, DoseUnit] = MappingProxyType({unit.key: unit for unit in _UNITS})
"""Units of a dose by key, in the order to offer them."""

ROUTES: MappingProxyType[str, str] = MappingProxyType(
    {
        "oral": "Oral",
        "sublingual": "Sublingual",
        "buccal": "Buccal",
        "topical": "Topical",
        "transdermal": "Transdermal",
        "ophthalmic": "Ophthalmic",
        "otic": "Otic",
        "nasal": "Nasal",
        "inhalation": "Inhalation",
        "rectal": "Rectal",
        "vaginal": "Vaginal",
        "subcutaneous": "Subcutaneous",
        "intramuscular": "Intramuscular",
        "intravenous": "Intravenous",
        "intradermal": "Intradermal",
        "dental": "Dental",
        "other": "Other",
    }
)
"""Routes of administration by key, in the order to offer them."""

# The first word (or pair) found in a form of the register decides; so the particular stand before the general.
_FORM_WORDS: tuple[tuple[str, str], ...] = (
    ("tablet", "tablet"),
    ("caplet", "tablet"),
    ("capsule", "capsule"),
    ("suppository", "suppository"),
    ("ovule", "ovule"),
    ("pessary", "ovule"),
    ("lozenge", "lozenge"),
    ("pastille", "lozenge"),
    ("troche", "lozenge"),
    ("gum", "gum"),
    ("patch", "patch"),
    ("film", "film"),
    ("strip", "film"),
    ("metered dose", "puff"),
    ("drop", "drop"),
    ("drops", "drop"),
    ("spray", "spray"),
    ("powder for suspension", "ml"),  # the pharmacist adds the water
    ("granules for suspension", "ml"),
    ("powder for", ""),  # mostly vials: the unit depends on who prepares it
    ("granules for", ""),
    ("mouthwash", "ml"),
    ("gargle", "ml"),
    ("enema", "dose"),
    ("cream", "application"),
    ("ointment", "application"),
    ("lotion", "application"),
    ("gel", "application"),
    ("jelly", "application"),
    ("paste", "application"),
    ("foam", "application"),
    ("shampoo", "application"),
    ("stick", "application"),
    ("wipe", "application"),
    ("swab", "application"),
    ("pad", "application"),
    ("soap", "application"),
    ("sachet", "sachet"),
    ("ampoule", "ampoule"),
    ("solution", "ml"),
    ("suspension", "ml"),
    ("syrup", "ml"),
    ("elixir", "ml"),
    ("emulsion", "ml"),
    ("liquid", "ml"),
    ("tincture", "ml"),
    ("dispersion", "ml"),
)
# The same for forms in French, where the word that decides often stands last.
_FORM_WORDS_FR: tuple[tuple[str, str], ...] = (
    ("comprime", "tablet"),
    ("gelule", "capsule"),
    ("capsule", "capsule"),
    ("suppositoire", "suppository"),
    ("ovule", "ovule"),
    ("pastille", "lozenge"),
    ("gomme", "gum"),
    ("patch", "patch"),
    ("dispositif transdermique", "patch"),
    ("dispositif", "patch"),
    ("film", "film"),
    ("flacon pressurise", "puff"),
    ("poudre pour inhalation", "puff"),
    ("pulverisation", "spray"),
    ("gouttes", "drop"),
    ("collyre", "drop"),
    ("suspension buvable", "ml"),
    ("solution buvable", "ml"),
    ("granules", "dose"),
    ("poudre pour", ""),
    ("poudre et solvant", ""),
    ("lyophilisat", ""),
    ("creme", "application"),
    ("pommade", "application"),
    ("lotion", "application"),
    ("gel", "application"),
    ("pate", "application"),
    ("mousse", "application"),
    ("shampooing", "application"),
    ("vernis", "application"),
    ("emulsion pour application", "application"),
    ("solution pour application", "application"),
    ("sachet", "sachet"),
    ("ampoule", "ampoule"),
    ("bain de bouche", "ml"),
    ("solution", "ml"),
    ("suspension", "ml"),
    ("sirop", "ml"),
    ("elixir", "ml"),
    ("emulsion", "ml"),
)
_ROUTE_WORDS: tuple[tuple[str, str], ...] = (
    ("sublingual", "sublingual"),
    ("buccal", "buccal"),
    ("oral", "oral"),
    ("transdermal", "transdermal"),
    ("topical", "topical"),
    ("cutaneous", "topical"),
    ("ophthalmic", "ophthalmic"),
    ("otic", "otic"),
    ("nasal", "nasal"),
    ("inhalation", "inhalation"),
    ("rectal", "rectal"),
    ("vaginal", "vaginal"),
    ("subcutaneous", "subcutaneous"),
    ("intramuscular", "intramuscular"),
    ("intravenous", "intravenous"),
    ("intradermal", "intradermal"),
    ("intracutaneous", "intradermal"),
    ("dental", "dental"),
    ("periodontal", "dental"),
    ("sublinguale", "sublingual"),
    ("orale", "oral"),
    ("gastro enterale", "oral"),
    ("buccale", "buccal"),
    ("transdermique", "transdermal"),
    ("sous cutanee", "subcutaneous"),
    ("cutanee", "topical"),
    ("topique", "topical"),
    ("ophtalmique", "ophthalmic"),
    ("auriculaire", "otic"),
    ("nasale", "nasal"),
    ("inhalee", "inhalation"),
    ("inhalation", "inhalation"),
    ("rectale", "rectal"),
    ("vaginale", "vaginal"),
    ("intramusculaire", "intramuscular"),
    ("intraveineuse", "intravenous"),
    ("intradermique", "intradermal"),
    ("dentaire", "dental"),
    ("gingivale", "dental"),
)
_NO_ROUTE = ("unassigned", "disinfectant")


def _first_word(text: str, words: Iterable[tuple[str, str]]) -> str | None:
    padded = f" {fold(text[:200])} "
    return next((key for word, key in words if f" {word} " in padded), None)


def dose_unit_of_form(form_text: str | None) -> str | None:
    """Return the usual dose unit of a pharmaceutical form named in English, None where there is none (a kit).

    >>> dose_unit_of_form("TABLET (EXTENDED-RELEASE)"), dose_unit_of_form("KIT")
    ('tablet', None)
    """
    return _first_word(form_text or "", _FORM_WORDS) or None


def dose_unit_of_french_form(form_text: str | None) -> str | None:
    """Return the usual dose unit of a pharmaceutical form named in French, None where there is none.

    >>> dose_unit_of_french_form("comprimé pelliculé sécable"), dose_unit_of_french_form("solution pour pulvérisation")
    ('tablet', 'spray')
    """
    return _first_word(form_text or "", _FORM_WORDS_FR) or None


def route_of_register(route_text: str | None) -> str | None:
    """Return the key in :data:`ROUTES` of a route named in English or French, None where nothing is said.

    >>> route_of_register("TOPICAL (HOUSEHOLD)"), route_of_register("INTRA-ARTICULAR"), route_of_register("")
    ('topical', 'other', None)
    >>> route_of_register("sous-cutanée"), route_of_register("orale")
    ('subcutaneous', 'oral')
    """
    folded = fold(route_text)
    if not folded or any(word in folded for word in _NO_ROUTE):
        return None
    return _first_word(folded, _ROUTE_WORDS) or "other"


# --- quantities --------------------------------------------------------------------------------------------------


def quantity(
    dose: Number | None,
    freq: Frequency | None,
    duration: Number | None,
    duration_unit: TimeUnit,
    *,
    unit: str | None = None,
    as_needed: bool = False,
    max_per_day: Number | None = None,
) -> Decimal | None:
    """Return how much a course takes, in dose units; None where it cannot be computed.

    Countable units (see :data:`DOSE_UNITS`, also when ``unit`` is not given) are rounded up to whole ones, the
    others to one decimal, up. ``max_per_day`` is the most of the unit in 24 hours: it caps the quantity, and stands
    for the frequency of a dose taken as needed, whose quantity is therefore the most that may be taken.

    >>> quantity(1, None, 5, "day", unit="tablet", as_needed=True, max_per_day=8)
    Decimal('40')
    >>> quantity("0.5", Frequency(1), 7, "day", unit="tablet"), quantity(1, Frequency(2), None, "day")
    (Decimal('4'), None)
    """
    days, length, amount, most = _days(duration, duration_unit), _fraction(duration), _fraction(dose), None
    known_unit = DOSE_UNITS.get(unit) if unit else None
    if days is None or length is None or (known_unit and not known_unit.measurable):
        return None
    if max_per_day not in (None, False, 0, ""):
        cap = _fraction(max_per_day)
        if cap is None:
            return None
        most = cap * max(math.ceil(days), 1)
    regular = amount * _administrations(freq, length, duration_unit) if amount and freq else None
    if regular is None and not (as_needed and most is not None):
        return None
    total = min(value for value in (regular, most) if value is not None)
    return _round_up(total, whole=known_unit is None or known_unit.countable)


def _round_up(value: Fraction, *, whole: bool) -> Decimal:
    if whole:
        return Decimal(math.ceil(value))
    tenths = math.ceil(value * 10)
    return Decimal(tenths) / 10


def round_to_packs(qty: Number | None, packs: Iterable[Number] | None) -> Decimal | None:
    """Return the least quantity of whole packs of one size that covers ``qty``, None without quantity or packs.

    >>> round_to_packs(84, [30, 100]), round_to_packs(95, [30, 100]), round_to_packs(10, [])
    (Decimal('90'), Decimal('100'), None)
    """
    needed = _fraction(qty)
    if needed is None:
        return None
    sizes = [size for size in map(_fraction, packs or ()) if size]
    return min((_decimal(size * math.ceil(needed / size)) for size in sizes), default=None)


_VULGAR = (
    (Decimal("0.25"), "¼"),
    (Decimal("0.5"), "½"),
    (Decimal("0.75"), "¾"),
    (Decimal("0.33"), "⅓"),
    (Decimal("0.333"), "⅓"),
    (Decimal("0.67"), "⅔"),
    (Decimal("0.667"), "⅔"),
)


def format_quantity(value: Decimal | float | int, decimal_point: str = ".") -> str:
    """Return a quantity as it is read aloud: halves, thirds and quarters as fractions, no useless zero.

    >>> format_quantity(Decimal("0.5")), format_quantity(Decimal("1.50")), format_quantity(Decimal("2.0"))
    ('½', '1½', '2')
    >>> format_quantity(Decimal("2.125"), ",")
    '2,125'
    """
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite() or not -9 <= number.adjusted() <= 12:
        return "0" if not number else str(number)
    whole, rest = divmod(abs(number), 1)
    sign = "-" if number < 0 else ""
    vulgar = next((sign_of for part, sign_of in _VULGAR if rest == part), None)
    if vulgar:
        return f"{sign}{int(whole) or ''}{vulgar}"
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text.replace(".", decimal_point)


# --- what is no dosage -------------------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _any_of(*patterns: str) -> re.Pattern[str]:
    """Return one pattern for whole words out of many."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


_WHO = r"(?:md|dr|dre|doctor|physician|prescriber|medecin|docteur|prescripteur)"

# Phrases that mean "you know how" wherever they stand (folded: no accent, case or punctuation).
_VAGUE_ANYWHERE = _any_of(
    r"(?:as|same as|like)(?: (?:previously|already|was|usually|always|it was))*"
    r" (?:prescribed|directed|instructed|ordered)",
    r"(?:as|use|take|apply|follow)(?: only)? per (?:prescription|instructions|directions)",
    rf"(?:according to|follow|following|per)(?: the)? {_WHO}(?: s)? ?(?:orders?|instructions?|directions?)",
    r"(?:known|usual) use|use known|directions known|knows how to (?:use|take)",
    r"usages? connus?|usages? deja connus?|(?:mode d emploi|posologie|emploi) connue?",
    r"(?:tel|telle|tels|telles) que? ?(?:deja )?prescrite?s?",
    r"(?:comme|selon ce qui est|ainsi que) (?:deja )?prescrite?s?",
    r"(?:selon|suivant)(?: la| l| les)? (?:prescription|ordonnance)s?(?: (?:anterieure|precedente|initiale)s?)?",
    r"(?:selon|suivant|suivre)(?: les)? (?:directives|indications|instructions|consignes|recommandations)"
    rf"(?: du| de la| de votre)? {_WHO}",
    r"ut dict(?:um)?",
)
_BEFORE_EN = r"(?:before|usual|usually|always|previous|previously|last time|above)"
_BEFORE_FR = r"(?:avant|precedemment|la derniere fois|d habitude|a l habitude|l habitude|ci dessus|precedent|toujours)"
# Phrases that are vague only where nothing but filling stands beside them.
_VAGUE_ALONE = _any_of(
    rf"same(?: (?:as {_BEFORE_EN}|dose|dosage|directions|treatment|thing|sig))?",
    rf"(?:as|like) (?:{_BEFORE_EN}|indicated|advised|discussed|agreed)",
    r"unchanged|no change|usual(?: (?:dose|dosage|directions|use))?|ditto|known",
    r"see (?:label|box|package|leaflet|instructions)",
    rf"idem(?: (?:que |qu |a )?{_BEFORE_FR})?|id",
    rf"(?:comme|pareil qu?e?|meme chose qu?e?) (?:{_BEFORE_FR}|indique|convenu|discute)",
    r"(?:tel|telle) (?:que )?(?:qu )?(?:indique|convenu|discute)e?s?",
    rf"(?:la )?meme (?:chose|dose|posologie|traitement|dosage)(?: qu?e? ?{_BEFORE_FR})?",
    r"(?:dose|posologie|usage) (?:habituelle?|usuelle?|courante?|inchangee?)",
    r"habituelle?|inchangee?s?|sans changement",
    r"voir (?:boite|etiquette|notice|emballage|feuillet)",
    r"(?:selon|suivant) (?:l usage|usage|l habitude|(?:vos|ses|les) habitudes)",
    r"u d|ud|ut d|a d|m d u|mdu",
)
_LONGEST_PHRASE = 7  # words
_FILLING = _words(
    "sig s take use apply to be taken prendre utiliser appliquer a posologie dosage directions direction "
    "instructions tab tabs tablet tablets caps capsule capsules comprime comprimes co cos gelule gelules dose "
    "doses le la les the please svp continue continuer poursuivre medication medicament traitement treatment "
    "rx r"
)


def is_vague(text: object) -> bool:
    """Tell whether a text stands in place of a dosage: "as prescribed", "usage connu" and the like.

    Québec's P-10, r. 18.1, s. 1 in fine lets neither these mentions nor any to the same effect count as a dosage.
    Works in English and French whatever the case, accents and punctuation. Mentions that also occur in ordinary
    sentences ("same", "comme avant", "u.d.") count only where they stand alone.

    >>> is_vague("U.D."), is_vague("Même dose qu'avant"), is_vague("Take at the same time every day, with food")
    (True, True, False)
    """
    folded = fold(str(text)[:5000]) if text else ""
    if not folded:
        return False
    if _VAGUE_ANYWHERE.search(folded):
        return True
    words = folded.split()
    # Filling may stand on both sides; a filling word may also begin a phrase ("dose habituelle").
    filling = [word in _FILLING or word.isdigit() for word in words]
    first = next((index for index, fills in enumerate(filling) if not fills), len(words))
    last = next((index for index in range(len(words), 0, -1) if not filling[index - 1]), 0)
    return any(
        _VAGUE_ALONE.fullmatch(" ".join(words[start:end]))
        for start in range(max(0, last - _LONGEST_PHRASE), min(first, len(words) - 1) + 1)
        for end in range(max(start + 1, last), min(start + _LONGEST_PHRASE, len(words)) + 1)
    )
