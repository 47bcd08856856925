"""How much paper a text takes, before it is printed.

Printing engines tell the height of a text only afterwards; paper whose every page carries its own header needs it
before. Widths are estimates on the generous side, in the *em* of a wide sans-serif face (DejaVu Sans), so that a text
never takes more room than was kept for it.

>>> lines_of("one two three", width=4.5)
['one two', 'three']
"""

import re
import unicodedata

_NARROW = frozenset("ijlI.,;:'’|!()[] ft/\\r-")
_WIDE = frozenset("mwMWŒœÆæ@%—½¼¾⅓⅔&")
_NARROW_EM, _PLAIN_EM, _CAPITAL_EM, _WIDE_EM, _FULL_EM = 0.42, 0.65, 0.79, 1.0, 1.25


def _char_width(char: str) -> float:
    if char in _NARROW:
        return _NARROW_EM
    if char in _WIDE:
        return _WIDE_EM
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF" or ord(char) > 0xFFFF:
        return _FULL_EM
    return _CAPITAL_EM if char.isupper() else _PLAIN_EM


def text_width(text: str) -> float:
    """Return a generous estimate of the width of a text without line break, in em.

    >>> text_width("il") < text_width("oo") < text_width("MM")
    True
    """
    return sum(map(_char_width, text))


def _broken(word: str, width: float) -> list[str]:
    """Return a word in pieces that fit; one character always does."""
    pieces, piece, used = [], "", 0.0
    for char in word:
        size = _char_width(char)
        if piece and used + size > width:
            pieces.append(piece)
            piece, used = "", 0.0
        piece += char
        used += size
    return [*pieces, piece]


def lines_of(text: object, width: float) -> list[str]:
    """Return the lines a text takes in a column of ``width`` em: words are kept whole, longer words are broken.

    Empty lines of the text count. Raises ValueError for a column without width.

    >>> lines_of("a\\n\\nb", 10), lines_of("", 10), len(lines_of("x" * 100, 10))
    (['a', '', 'b'], [], 7)
    """
    if width <= 0:
        raise ValueError("A column needs a width.")
    if not text:
        return []
    lines: list[str] = []
    for paragraph in str(text).splitlines():
        lines += _paragraph(paragraph, width)
    return lines


def _paragraph(paragraph: str, width: float) -> list[str]:
    lines, line, used = [], "", 0.0
    for word in paragraph.split():
        for piece in _broken(word, width):
            size = text_width(piece)
            if line and used + _NARROW_EM + size > width:
                lines.append(line)
                line, used = "", 0.0
            line = f"{line} {piece}" if line else piece
            used += size + (_NARROW_EM if used else 0)
    return [*lines, line]


def pieces_of(text: str, width: float, most: int) -> list[str]:
    """Return a text in pieces of at most ``most`` lines each, cut between words; no character but blanks is lost.

    >>> pieces_of("one two three four", width=5, most=1)
    ['one two', 'three', 'four']
    """
    pieces, piece = [], ""
    for token in re.findall(r"\S+|\s+", text or ""):
        for part in _parts_of(token, width, most):
            if piece.strip() and len(lines_of(piece + part, width)) > most:
                pieces.append(piece.strip())
                piece = ""
            piece += part
    return [*pieces, piece.strip()] if piece.strip() else pieces


def _parts_of(token: str, width: float, most: int) -> list[str]:
    """Return a word that is longer than a whole piece in parts that are not, anything else as it is."""
    if token.isspace():
        return [token]
    lines = _broken(token, width)
    return ["".join(lines[start : start + most]) for start in range(0, len(lines), most)]
