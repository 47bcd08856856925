"""What may lie in a chart: which files are taken, told by their bytes and never by their name.

>>> sniff(b"%PDF-1.7 ...").mimetype, sniff(b"<svg onload='alert(1)'/>")
('application/pdf', None)
"""

import re
from typing import Literal, NamedTuple

FileKind = Literal["pdf", "image", "text"]

#: Bytes. A scanned file of a hundred pages stays below; what is larger was scanned with the wrong setting.
MAX_SIZE = 25 * 1024 * 1024
#: Bytes of text shown beside a document.
MAX_TEXT = 200_000


class FileType(NamedTuple):
    """A kind of file that is taken: how it is shown, its media type, the ending of its name."""

    kind: FileKind
    mimetype: str
    extension: str


PDF = FileType("pdf", "application/pdf", "pdf")
PNG = FileType("image", "image/png", "png")
JPEG = FileType("image", "image/jpeg", "jpg")
TEXT = FileType("text", "text/plain", "txt")

_MARKUP = re.compile(
    r"<\s*(?:!doctype|!--|\?xml|html|head|body|svg|script|style|iframe|object|embed|img|link|meta|form|a)\b|<\?xml|<!",
    re.IGNORECASE,
)
#: Tabulator, line feed, form feed, carriage return and escape stand in the texts of laboratories.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def sniff(data: bytes) -> FileType | None:
    """Return what a file is by its first bytes, or None for everything that is not taken.

    HTML, SVG and XML are not taken whatever they are called: a browser would run them.

    >>> sniff("Glycémie : 5,2 mmol/L".encode()).extension, sniff(b"\\x89PNG\\r\\n\\x1a\\n0000").mimetype
    ('txt', 'image/png')
    """
    if not data:
        return None
    if data[:5] == b"%PDF-":
        return PDF
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return PNG
    if data[:3] == b"\xff\xd8\xff":
        return JPEG
    return TEXT if _is_text(data) else None


def _is_text(data: bytes) -> bool:
    text = decoded(data)
    return text is not None and not _CONTROL.search(text) and not _MARKUP.search(text[:MAX_TEXT])


def decoded(data: bytes) -> str | None:
    """Return the text of a file in UTF-8 or, failing that, Windows-1252; None where it is neither.

    >>> decoded("é".encode("cp1252")), decoded(b"\\x81\\x00")
    ('é', None)
    """
    text = _decoded_as("utf-8-sig", data)
    return text if text is not None else _decoded_as("cp1252", data)


def _decoded_as(encoding: str, data: bytes) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
