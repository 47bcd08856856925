"""Registers shout; people read. Readable names out of capitals.

>>> display_name("APO-AMLODIPINE HCT XR"), display_name("CHILDREN'S ACETAMINOPHEN 80MG TABLETS USP")
('APO-Amlodipine HCT XR', "Children's Acetaminophen 80mg Tablets USP")
>>> substance_name("VITAMIN B12"), substance_name("LOXAPINE (LOXAPINE SUCCINATE)")
('Vitamin B12', 'Loxapine (loxapine succinate)')
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Releases, devices, standards and abbreviations that are read letter by letter.
_ABBREVIATIONS = _words(
    "ER XR SR XL LA CR CD DR EC PR MR IR XT ODT FDT HCT HCTZ HFA DPI SPF FPS UV UVA UVB ASA AC DM DF PE PF DS "
    "FC FS EF SDF RT HP NPH TQM USP BP IM IV SC SL IU UI OTC XC DHS SSP CT CL APO PMS PMSC JAMP IPG AG NRA "
    "ACH RBX PRZ GD VPI PDP ASN UPH AA PHL NTP CCP NB GPC DNA RNA IGG HIV LLC LP PLC BV NV SA ULC USA UK AB "
    "AS KG SRL SPA CSL GSK BGP MSD UCB II III IV VI VII VIII IX EG CH DH AP HP SAS SARL"
)
# Small words inside a name, English and French.
_SMALL = _words("AND FOR WITH OF IN THE ON OR TO ET DE DU DES POUR AVEC LA LE LES AU AUX EN À SANS SUR")
_UNITS = {
    "MG": "mg",
    "MCG": "mcg",
    "ML": "mL",
    "G": "g",
    "L": "L",
    "MEQ": "mEq",
    "MMOL": "mmol",
    "IU": "IU",
    "UI": "UI",
}
_SPECIAL = {"HCL": "HCl", "GMBH": "GmbH", "PH": "pH", "LTD": "Ltd"}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ELIDED = re.compile(r"([DLNSJ])(['’])(.{2,})", re.DOTALL)
_VOWEL = re.compile(r"[AEIOUYÀÂÉÈÊËÎÏÔÖÙÛÜ]")


def display_name(brand: str) -> str:
    """Return a brand or company name in readable capitals and small letters.

    A name that already has small letters is left alone. Abbreviations (release forms, standards, houses such as
    ``APO-``), roman numerals, short words without vowels and letters joined to digits stay capital; units after a
    number take their usual writing.

    >>> display_name("INSULIN NPH 100 UNIT/ML"), display_name("HYPERHEP B S/D"), display_name("FACTOR VIII")
    ('Insulin NPH 100 Unit/mL', 'Hyperhep B S/D', 'Factor VIII')
    >>> display_name("COMPRIMÉS D'ACÉTAMINOPHÈNE POUR ENFANTS"), display_name("PMS-Metformin")
    ("Comprimés d'Acétaminophène pour Enfants", 'PMS-Metformin')
    """
    brand = " ".join(brand.split())
    if any(char.islower() for char in brand):
        return brand
    return _WORD.sub(lambda match: _word(match, brand), brand)


def readable_name(text: str) -> str:
    """Return a name of which some words shout and others do not: ``ABILIFY 10 mg`` becomes ``Abilify 10 mg``.

    >>> readable_name("ACEBUTOLOL EG 200 mg"), readable_name("TRAMADOL LP 100 mg"), readable_name("SANOFI (FRANCE)")
    ('Acebutolol EG 200 mg', 'Tramadol LP 100 mg', 'Sanofi (France)')
    """
    text = " ".join(text.split())
    return _WORD.sub(lambda match: _word(match, text) if match.group().isupper() else str(match.group()), text)


def _word(match: re.Match[str], brand: str) -> str:
    word, start, end = str(match.group()), match.start(), match.end()
    before, after = brand[max(0, start - 3) : start], brand[end : end + 1]
    unit = _UNITS.get(word)
    if unit and (re.search(r"\d ?$", before) or re.search(r"\w/$", before)):
        return unit
    if word in _SPECIAL:
        return _SPECIAL[word]
    if before[-1:].isdigit() and after.isdigit() and word == "IN":
        return "in"
    if len(word) <= 3 and (before[-1:].isdigit() or after.isdigit()):
        return word
    if word in _SMALL and before.endswith(" ") and after == " ":
        return word.lower()
    if word in _ABBREVIATIONS or len(word) == 1 or (len(word) <= 4 and not _VOWEL.search(word)):
        return word
    elided = _ELIDED.fullmatch(word)
    if elided:
        letter, mark, rest = elided.groups()
        return (letter.lower() if before else letter) + mark + _capital(rest)
    return _capital(word)


def _capital(word: str) -> str:
    return word[:1] + word[1:].lower()


def sentence(text: str) -> str:
    """Return a term in capitals as a term: ``TABLET (EXTENDED-RELEASE)`` becomes ``Tablet (extended-release)``."""
    text = " ".join(text.split())
    if any(char.islower() for char in text):
        return text
    lowered = text.lower()
    return lowered[:1].upper() + lowered[1:]


def substance_name(text: str) -> str:
    """Return the name of a substance with one capital; letters with digits and single letters stay as they are."""
    text = " ".join(text.split())
    if any(char.islower() for char in text):
        return text
    lowered = re.sub(r"[^\W\d_]{2,}", lambda match: _substance_word(match, text), text)
    return lowered[:1].upper() + lowered[1:]


def _substance_word(match: re.Match[str], text: str) -> str:
    word = str(match.group())
    start, end = match.span()
    digit_beside = text[max(0, start - 1) : start].isdigit() or text[end : end + 1].isdigit()
    if (digit_beside and len(word) <= 2) or word in ("DNA", "RNA", "HIV", "II", "III", "VII", "VIII", "IX"):
        return word
    return _SPECIAL.get(word, word.lower())
