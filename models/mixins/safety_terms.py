"""What the configurable tables of the safety check share."""

import re

from odoo.addons.medical_practice.lib.registers.substances import substance_key

_SEPARATORS = re.compile(r"[,;\n]+")


def split_terms(text):
    """Return the terms of a list typed with commas, without empty ones."""
    return tuple(dict.fromkeys(term for part in _SEPARATORS.split(text or "") if (term := " ".join(part.split()))))


def split_substances(text):
    """Return the keys of substances typed with commas, whatever their language."""
    return tuple(dict.fromkeys(filter(None, map(substance_key, split_terms(text)))))


def split_codes(text):
    """Return codes typed with commas or spaces, without dots."""
    return tuple(dict.fromkeys(code.upper() for code in re.split(r"[\s,;]+", text or "") if code))
