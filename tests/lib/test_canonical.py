"""One content, one writing, one digest."""

import hashlib
import json
import unicodedata
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...lib.canonical import canonical_json, digest
from .common import PROPERTY

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | TEXT | st.floats(-1e12, 1e12) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@tagged("post_install", "-at_install")
class TestCanonical(BaseCase):
    def test_writings(self):
        for value, written in (
            (None, "null"),
            (True, "true"),
            (1, "1"),
            (1.0, "1"),
            (Decimal("1.00"), "1"),
            (-0.0, "0"),
            (0.1, "0.1"),
            (Decimal("1E+3"), "1000"),
            (1e-7, "0.0000001"),
            ("œ\n\"'", '"œ\\n\\"\'"'),
            (date(2026, 2, 3), '"2026-02-03"'),
            (datetime(2026, 2, 3, 4, 5, 6), '"2026-02-03T04:05:06Z"'),
            (datetime(2026, 2, 3, 4, 5, 6, tzinfo=timezone(timedelta(hours=-5))), '"2026-02-03T09:05:06Z"'),
            ((1, [2]), "[1,[2]]"),
            ({"b": 1, "a": {}}, '{"a":{},"b":1}'),
        ):
            self.assertEqual(canonical_json(value).decode(), written)

    def test_digest_is_sha256_of_the_writing(self):
        self.assertEqual(digest({"a": "é"}), hashlib.sha256('{"a":"é"}'.encode()).hexdigest())

    def test_composition_of_letters_does_not_matter(self):
        self.assertEqual(digest("Zo\u00eb"), digest("Zoe\u0308"))

    def test_refused(self):
        endless = []
        endless.append(endless)
        for value, error in (
            (float("nan"), ValueError),
            (float("inf"), ValueError),
            (Decimal("NaN"), ValueError),
            (Decimal("1E+1000000"), ValueError),
            (10**5000, ValueError),
            ("\ud800", ValueError),
            (endless, ValueError),
            ({"\u00eb": 1, "e\u0308": 2}, ValueError),
            ({1: 2}, TypeError),
            (b"x", TypeError),
            ({1, 2}, TypeError),
            (object(), TypeError),
        ):
            with self.assertRaises(error):
                canonical_json(value)

    @PROPERTY
    @given(VALUES)
    def test_it_is_json(self, value):
        written = canonical_json(value)
        try:
            read = json.loads(written)
        except ValueError:  # pragma: no cover
            self.fail(written)
        self.assertEqual(canonical_json(json.loads(written, parse_float=Decimal)), written)
        self.assertEqual(written, unicodedata.normalize("NFC", written.decode()).encode())
        self.assertIsInstance(read, dict | list | str | int | float | None)

    @PROPERTY
    @given(st.dictionaries(TEXT.map(lambda text: unicodedata.normalize("NFC", text)), VALUES, max_size=6))
    def test_order_of_keys_does_not_matter(self, value):
        self.assertEqual(digest(dict(reversed(value.items()))), digest(value))

    @PROPERTY
    @given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
    def test_different_numbers_differ(self, one, two):
        self.assertEqual(digest(one) == digest(two), one == two)
        self.assertNotEqual(digest(one), digest(str(one)))
