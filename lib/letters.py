"""Numbers of a prescription in full letters, as the law of some countries wants narcotics written.

France: units of a dose, number of doses and strength in full letters (CSP, R. 5132-29).

>>> in_letters("Prendre 1 capsule de 5 mg 2 fois par jour pendant 21 jours.", "fr_FR")
'Prendre une capsule de cinq milligrammes deux fois par jour pendant vingt et un jours.'
>>> in_letters("Take 1½ tablets every 6 hours", "en_CA"), in_letters("Zwei", "xx")
('Take one and a half tablets every six hours', '')
"""

import re
from decimal import Decimal, InvalidOperation

from num2words import num2words

_FRACTIONS = {
    "fr": {"½": "demi", "¼": "quart", "¾": "trois quarts", "⅓": "tiers", "⅔": "deux tiers"},
    "en": {"½": "half", "¼": "quarter", "¾": "three quarters", "⅓": "third", "⅔": "two thirds"},
}
_ONE_PART = frozenset("½¼⅓")
#: Nouns of a dosage that are feminine in French.
_FEMININE = re.compile(
    r"\s(?:capsule|gelule|gélule|goutte|dose|application|inhalation|vaporisation|ampoule|fiole|unité|injection|pastille"
    r"|gomme|fois|boîte|séance|heure|semaine|bouffée|seringue|cartouche|gorgée)s?\b"
)
_UNITS = {
    "fr": {"mg": "milligramme", "g": "gramme", "mcg": "microgramme", "µg": "microgramme", "mL": "millilitre"},
    "en": {"mg": "milligram", "g": "gram", "mcg": "microgram", "µg": "microgram", "mL": "millilitre"},
}
_NUMBER = re.compile(r"(?<![\w.,])(?:(\d{1,9}(?:[.,]\d{1,4})?)([½¼¾⅓⅔])?|([½¼¾⅓⅔]))(?:(\s?)(mcg|µg|mg|g|mL|ml)\b)?")
_MAX_TEXT = 4000


def in_letters(text: str | None, lang: str) -> str:
    """Return a text whose numbers and units of measure are in full letters; '' in a language that has none here."""
    base = (lang or "")[:2].lower()
    if base not in _FRACTIONS or not text:
        return ""
    text = text[:_MAX_TEXT]
    return _NUMBER.sub(lambda found: _spelled(found, text, base), text)


def _spelled(found: re.Match[str], text: str, base: str) -> str:
    digits, part, alone, blank, unit = found.groups()
    sign = part or alone
    try:
        number = Decimal((digits or "0").replace(",", "."))
    except InvalidOperation:
        return found.group()
    words = num2words(number if number % 1 else int(number), lang=base) if digits else ""
    if sign:
        words = _with_fraction(words, sign, base)
    if base == "fr" and not sign and words.endswith("un") and _FEMININE.match(text, found.end()):
        words += "e"
    if not unit:
        return words
    name = _UNITS[base]["mL" if unit == "ml" else unit]
    several = number >= 2 if base == "fr" else number != 1
    return f"{words}{blank or ' '}{name}{'s' if several else ''}"


def _with_fraction(words: str, sign: str, base: str) -> str:
    fraction = _FRACTIONS[base][sign]
    if base == "en":
        fraction = (
            f"a {fraction}" if sign in _ONE_PART and words else f"one {fraction}" if sign in _ONE_PART else fraction
        )
        return f"{words} and {fraction}" if words else fraction
    if words:
        return f"{words} et {fraction}" if sign == "½" else f"{words} et {'un ' if sign in _ONE_PART else ''}{fraction}"
    return f"un {fraction}" if sign in _ONE_PART else fraction
