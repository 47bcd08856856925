"""One writing for one content: the bytes under a signature.

The form is JSON in UTF-8 without spaces. Keys are sorted by code point, texts are normalised to NFC, numbers that are
equal are written alike (``1``, ``1.0`` and ``Decimal("1.00")`` are ``1``) and without exponent, days are
``"2026-02-03"``, moments ``"2026-02-03T04:05:06Z"`` (UTC; a moment without time zone is taken as UTC, as Odoo stores
it). What has no such writing is refused: NaN and infinities, bytes, sets, keys that are no text.

>>> canonical_json({"b": 1.50, "a": ["Zoe\u0308", None, True]}).decode()
'{"a":["Zoë",null,true],"b":1.5}'
"""

import hashlib
import json
import math
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

_MAX_DEPTH = 60
_MAX_EXPONENT = 400  # beyond any measure; a longer number would only be an attack on memory
_MAX_BITS = 1400


def _text(value: str) -> str:
    value = unicodedata.normalize("NFC", value)
    value.encode()  # a lone surrogate has no UTF-8
    return json.dumps(value, ensure_ascii=False)


def _number(value: float | Decimal) -> str:
    """Return the shortest decimal writing; a float counts as the shortest decimal that reads back to it."""
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite():
        raise ValueError("NaN and infinity have no canonical form.")
    if not number:
        return "0"
    if abs(number.adjusted()) > _MAX_EXPONENT or len(number.as_tuple().digits) > _MAX_EXPONENT:
        raise ValueError("A number of this size has no canonical form.")
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(value: datetime) -> str:
    if value.tzinfo is not None:
        value = value.astimezone(timezone.utc).replace(tzinfo=None)
    return json.dumps(value.isoformat() + "Z")


def _mapping(value: Mapping[Any, object], depth: int) -> str:
    items: dict[str, object] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"A key must be text, not {type(key).__name__}.")
        name = unicodedata.normalize("NFC", key)
        if name in items:
            raise ValueError("Two keys are the same text.")
        items[name] = item
    return "{" + ",".join(f"{_text(key)}:{_encode(items[key], depth)}" for key in sorted(items)) + "}"


def _scalar(value: object) -> str | None:
    """Return the writing of a value without parts, None where it has parts or no writing."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return _number(Decimal(value)) if value.bit_length() < _MAX_BITS else _number(math.inf)
    if isinstance(value, float | Decimal):
        return _number(value)
    if isinstance(value, datetime):
        return _moment(value)
    return json.dumps(value.isoformat()) if isinstance(value, date) else None


def _encode(value: object, depth: int = 0) -> str:
    if depth > _MAX_DEPTH:
        raise ValueError("The content is nested too deeply.")
    scalar = _scalar(value)
    if scalar is not None:
        return scalar
    if isinstance(value, Mapping):
        return _mapping(value, depth + 1)
    if isinstance(value, list | tuple):
        return "[" + ",".join(_encode(item, depth + 1) for item in value) + "]"
    raise TypeError(f"{type(value).__name__} has no canonical form.")


def canonical_json(value: object) -> bytes:
    """Return the one writing of ``value``; TypeError or ValueError where it has none."""
    return _encode(value).encode()


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical form, 64 hexadecimal digits.

    >>> digest({"a": 1}) == digest({"a": 1.0}) != digest({"a": "1"})
    True
    """
    return hashlib.sha256(canonical_json(value)).hexdigest()
