"""Lines on pages."""

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib.pagination import split, text_lines
from .common import PROPERTY


@tagged("post_install", "-at_install")
class TestSplit(BaseCase):
    def test_fits(self):
        self.assertEqual(split([], 10, 10), [])
        self.assertEqual(split([1, 2, 3], 6, 1), [[0, 1, 2]])
        self.assertEqual(split([0.1] * 10, 1.0, 1.0), [list(range(10))])
        self.assertEqual(split([0.1, 0.2], 0.3, 0.3), [[0, 1]])
        self.assertEqual(split([4, 4, 4, 4], 8, 12), [[0, 1], [2, 3]])

    def test_too_high_stands_alone(self):
        self.assertEqual(split([20, 1, 30, 1], 10, 10), [[0], [1], [2], [3]])

    def test_refused(self):
        for blocks, first, others in (([-1], 1, 1), ([float("nan")], 1, 1), ([1], 0, 1), ([1], 1, -2)):
            with self.assertRaises(ValueError):
                split(blocks, first, others)

    @PROPERTY
    @given(st.lists(st.floats(0, 50), max_size=40), st.floats(1, 60), st.floats(1, 60))
    def test_nothing_is_lost_and_nothing_overflows(self, blocks, first, others):
        pages = split(blocks, first, others)
        self.assertEqual([index for page in pages for index in page], list(range(len(blocks))))
        self.assertTrue(all(pages))
        for number, page in enumerate(pages):
            height = others if number else first
            if len(page) > 1:
                self.assertLessEqual(sum(blocks[index] for index in page), height + 1e-6)


@tagged("post_install", "-at_install")
class TestTextLines(BaseCase):
    def test_counts(self):
        for text, width, lines in (
            ("", 10, 0),
            (None, 10, 0),
            ("one", 10, 1),
            ("one two", 7, 1),
            ("one two", 6, 2),
            ("a\nb\n\nc", 10, 4),
            ("x" * 10, 10, 1),
            ("x" * 11, 10, 2),
            ("ab " + "x" * 20, 10, 3),
            ("x" * 12 + " ab", 10, 2),
        ):
            self.assertEqual(text_lines(text, width), lines, text)

    def test_refused(self):
        with self.assertRaises(ValueError):
            text_lines("a", 0)

    @PROPERTY
    @given(st.text("ab \n", max_size=200), st.integers(1, 30))
    def test_enough_lines(self, text, width):
        lines = text_lines(text, width)
        self.assertGreaterEqual(lines * width, sum(len(word) for word in text.split()))
        self.assertLessEqual(lines, len(text.split()) + len(text.splitlines()) + len(text) // width)
