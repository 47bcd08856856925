"""Which lines go on which page, for paper whose every page carries its own header.

>>> split([3, 3, 3, 9], first_page=7, other_pages=10)
[[0, 1], [2], [3]]
"""

import math
from collections.abc import Sequence

_ROUNDING = 1e-9  # sums of heights such as 0.1 + 0.2 must fill a page exactly


def split(blocks: Sequence[float], first_page: float, other_pages: float) -> list[list[int]]:
    """Return the indexes of ``blocks`` page by page, in their order.

    Heights are in any one unit. A block higher than a page gets a page of its own; no page is empty; no block no
    page. Raises ValueError for heights that are negative or no number and for pages without height.
    """
    if not all(math.isfinite(height) and height >= 0 for height in blocks):
        raise ValueError("A block needs a height of zero or more.")
    if not (first_page > 0 and other_pages > 0):
        raise ValueError("A page needs a height.")
    pages: list[list[int]] = []
    left = 0.0
    for index, height in enumerate(blocks):
        if not pages or height > left + _ROUNDING:
            left = float(other_pages if pages else first_page)
            pages.append([])
        pages[-1].append(index)
        left -= height
    return pages


def text_lines(text: object, chars_per_line: int) -> int:
    """Return how many lines a text takes when words are kept whole and longer words are broken.

    >>> text_lines("one two three", 7), text_lines("a\\n\\nb", 80), text_lines("x" * 25, 10), text_lines("", 10)
    (2, 3, 3, 0)
    """
    if chars_per_line < 1:
        raise ValueError("A line holds at least one character.")
    if not text:
        return 0
    return sum(_paragraph_lines(paragraph, chars_per_line) for paragraph in str(text).splitlines())


def _paragraph_lines(paragraph: str, width: int) -> int:
    lines, used = 1, 0
    for word in paragraph.split():
        length = len(word)
        if used and used + 1 + length <= width:
            used += 1 + length
            continue
        if used:
            lines += 1
        extra = max(0, math.ceil(length / width) - 1)
        lines += extra
        used = length - extra * width
    return lines
