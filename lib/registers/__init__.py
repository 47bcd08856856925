"""Parsers of official registers, one module a format, all giving an :class:`.base.Edition`."""

from types import MappingProxyType

from . import ansm, bdpm, claml, codes_csv, dpd, drugs_csv, growth_lms, interactions_csv
from .base import Edition, ReadEdition, RegisterError

_MODULES = (dpd, bdpm, drugs_csv, ansm, interactions_csv, claml, codes_csv, growth_lms)
READERS: MappingProxyType[str, ReadEdition] = MappingProxyType(
    {module.KIND: module.read_edition for module in _MODULES}
)
"""Readers by kind of register; a new format adds its module here."""


def read_edition(kind: str, path: str) -> Edition:
    """Open the edition of the register ``kind`` at ``path``; raises RegisterError where that cannot be."""
    if kind not in READERS:
        raise RegisterError("unknown_kind", {"kind": kind})
    return READERS[kind](path)
