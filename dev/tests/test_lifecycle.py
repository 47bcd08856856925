import unittest

from runtime import lifecycle

BEFORE = {"res_partner": {1: {"name": "A", "email": "a@example.org"}, 2: {"name": "B", "email": None}}}


class TestDifferences(unittest.TestCase):
    def test_the_same(self):
        self.assertEqual(lifecycle.differences(BEFORE["res_partner"], dict(BEFORE["res_partner"])), {})

    def test_gone_and_other(self):
        after = {1: {"name": "A", "email": "other@example.org"}}
        self.assertEqual(
            lifecycle.differences(BEFORE["res_partner"], after),
            {1: "1: email 'a@example.org' -> 'other@example.org'", 2: "2 is gone (B)"},
        )

    def test_own_data_of_the_addon_may_leave_with_it(self):
        after = {"res_partner": {**BEFORE["res_partner"], 3: {"name": "Ours"}}}
        new = lifecycle.added(BEFORE, after)
        self.assertEqual(new, {"res_partner": {3}})
        self.assertEqual(lifecycle.without(after, new), BEFORE)
