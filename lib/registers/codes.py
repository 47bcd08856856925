"""What every parser of a code system gives: codes, each with its labels by language.

>>> system_code("ICD-10-EN-2016"), system_code("CIM-10 FR 2025"), system_code("ICD-10-GM-2023")
('icd10', 'icd10', 'icd10gm')
>>> system_code("icd10_2019"), system_code("ICPC-2"), system_code("OPS 2024"), system_code("2.16.840.1.113883.6.3")
('icd10', 'icpc2', 'ops', '')
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ..text import fold

MAX_CODE = 60
MAX_LABEL = 1000
MAX_TEXT = 20_000
MAX_SYNONYMS = 300
MAX_CODES = 600_000
"""More than any classification has; a file with more would fill the database."""

UNDETERMINED = "und"
"""The language of a text whose file does not say it (ISO 639-2)."""

#: The names of one classification in the languages of those who publish it.
_FAMILY = re.compile(r"^(?:cim|mkn|cie)(?=\d)")
_LANGUAGES = frozenset(("en", "fr", "de", "es", "it", "nl", "pt", "cs", "sv", "fi", "da", "no", "pl", "tr"))
_YEAR = re.compile(r"(?:19|20)\d\d")

URIS: Mapping[str, str] = MappingProxyType(
    {
        "icd10": "http://hl7.org/fhir/sid/icd-10",
        "icd10gm": "http://fhir.de/CodeSystem/bfarm/icd-10-gm",
        "icpc2": "http://hl7.org/fhir/sid/icpc-2",
        "ops": "http://fhir.de/CodeSystem/bfarm/ops",
        "atc": "http://www.whocc.no/atc",
    }
)
"""Canonical addresses, as HL7 FHIR lists them."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code of a system.

    ``labels``, ``synonyms`` (one a line) and ``notes`` hold a text by language (``fr``, :data:`UNDETERMINED`); there is
    at least one label. ``selectable`` is False for chapters and blocks, which are for finding one's way.
    """

    system: str
    code: str
    parent: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    synonyms: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    selectable: bool = True


def system_code(text: str) -> str:
    """Return the short name of a code system out of what a file calls itself; '' where nothing is left of it.

    Years, versions and languages go: editions of one classification in two languages are one system. A number of a
    registry of objects (OID) is no name.
    """
    text = text.strip()[:200]
    if re.fullmatch(r"[\d.]+", text):
        return ""
    kept = []
    for word in fold(_YEAR.sub(" ", text)).split():
        if word not in _LANGUAGES or not kept:
            kept.append(word)
    return _FAMILY.sub("icd", "".join(kept))[:MAX_CODE]


def language(text: str) -> str:
    """Return the language of a text as we write it: ``fr``, ``fr_CA``; :data:`UNDETERMINED` where there is none.

    >>> language("fr-ca"), language("EN"), language(""), language("zz zz")
    ('fr_CA', 'en', 'und', 'und')
    """
    match = re.fullmatch(r"([a-z]{2,3})(?:[-_]([a-z]{2}))?(?:[-_].*)?", text.strip().lower())
    if not match or match[1] == UNDETERMINED:
        return UNDETERMINED
    return f"{match[1]}_{match[2].upper()}" if match[2] else match[1]
