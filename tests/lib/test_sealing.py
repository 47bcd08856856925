import random

from odoo.addons.medical_practice.lib.sealing import GENESIS, Block, Chain, check
from odoo.tests import BaseCase, tagged


def build(rows, size):
    """Return the sealed blocks of ``rows``, whose first value is the id."""
    chain, sealed, last = Chain(), [], 0
    for number, start in enumerate(range(0, len(rows), size), 1):
        content = rows[start : start + size]
        block, previous = Block(number, last + 1, content[-1][0]), chain.previous
        sealed.append((block, previous, chain.seal(block, content), content))
        last = block.last_id
    return sealed


@tagged("post_install", "-at_install")
class TestSealing(BaseCase):
    def setUp(self):
        super().setUp()
        # Ids have gaps, as those of a sequence do.
        self.rows = [(number * 3, "read", f"détail {number}", None) for number in range(1, 41)]
        self.sealed = build(self.rows, 10)

    def _tampered(self, number, rows):
        block, previous, digest, _rows = self.sealed[number - 1]
        return [*self.sealed[: number - 1], (block, previous, digest, rows), *self.sealed[number:]]

    def test_an_untouched_chain_holds(self):
        verdict = check(self.sealed, known=[self.sealed[1][2]])
        self.assertEqual((verdict.ok, verdict.blocks, verdict.rows), (True, 4, 40))
        self.assertEqual(verdict.latest, self.sealed[-1][2])
        self.assertEqual(check([]).latest, GENESIS)

    def test_every_change_of_a_row_is_found(self):
        random.seed(1)
        for number in range(1, 5):
            rows = self.sealed[number - 1][3]
            place = random.randrange(10)
            deleted = rows[:place] + rows[place + 1 :]
            altered = [*rows[:place], (*rows[place][:2], "other", None), *rows[place + 1 :]]
            inserted = sorted([*rows, (rows[place][0] + 1, "read", "forged", None)])
            swapped = [(a[0], *b[1:]) for a, b in zip(rows, reversed(rows), strict=True)]
            for name, content in (
                ("deleted", deleted),
                ("altered", altered),
                ("inserted", inserted),
                ("swapped", swapped),
                ("emptied", []),
            ):
                with self.subTest(block=number, change=name):
                    verdict = check(self._tampered(number, content))
                    self.assertEqual((verdict.ok, verdict.first_broken, verdict.reason), (False, number, "content"))

    def test_a_block_taken_out_is_found(self):
        for number in range(3):
            verdict = check(self.sealed[:number] + self.sealed[number + 1 :])
            self.assertEqual((verdict.ok, verdict.first_broken, verdict.reason), (False, number + 1, "order"))

    def test_a_rewritten_chain_lacks_the_kept_digest(self):
        kept = self.sealed[-1][2]
        self.assertEqual(check(self.sealed[:-1], known=[kept]).reason, "anchor")
        forged = build([(*row[:2], "forged", None) for row in self.rows], 10)
        self.assertTrue(check(forged).ok)
        self.assertEqual(check(forged, known=[kept]).reason, "anchor")
