"""Parsers of official drug registers, one module a format, all giving the rows of :mod:`.base`."""

from types import MappingProxyType

from . import dpd
from .base import Edition, ReadEdition, RegisterError

READERS: MappingProxyType[str, ReadEdition] = MappingProxyType({dpd.KIND: dpd.read_edition})
"""Readers by kind of register; a new format adds its module here."""


def read_edition(kind: str, path: str) -> Edition:
    """Open the edition of the register ``kind`` at ``path``; raises RegisterError where that cannot be."""
    if kind not in READERS:
        raise RegisterError("unknown_kind", {"kind": kind})
    return READERS[kind](path)
