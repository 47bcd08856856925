"""A chain of sealed blocks over an append-only log.

A block covers the rows of a range of ids. Its digest is the SHA-256 of the digest before it, of its own number and
range, and of every row in the order of the ids, each in the one writing of :mod:`.canonical`. Whoever deletes, alters,
inserts or reorders a row of a sealed range, or takes a block out, changes a digest that the next block stands on; who
rewrites the whole chain cannot reproduce a digest that was printed or sent away before.

>>> chain = Chain()
>>> first = chain.seal(Block(1, 1, 2), [(1, "read"), (2, "write")])
>>> check([(Block(1, 1, 2), GENESIS, first, [(1, "read"), (2, "write")])]).ok
True
>>> check([(Block(1, 1, 2), GENESIS, first, [(1, "read"), (2, "erase")])]).reason
'content'
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .canonical import canonical_json

#: What stands before the first block.
GENESIS = "0" * 64


@dataclass(frozen=True)
class Block:
    """A range of rows: the ``number`` of the block, counted from 1, and the ids it covers, both included."""

    number: int
    first_id: int
    last_id: int


@dataclass(frozen=True)
class Verdict:
    """What came of checking a chain.

    ``first_broken`` is the number of the first block that does not hold, None where all do. ``reason`` is ``content``
    (a row was altered, deleted, inserted or reordered), ``order`` (a block is missing or does not follow the one
    before) or ``anchor`` (a digest that was known before is no part of the chain), else ''.
    """

    ok: bool
    blocks: int
    rows: int
    latest: str
    first_broken: int | None = None
    reason: str = ""


class Chain:
    """A chain that grows: ``previous`` is the digest of its last block."""

    def __init__(self, previous: str = GENESIS) -> None:
        """Go on after the block whose digest is ``previous``."""
        self.previous = previous

    def seal(self, block: Block, rows: Iterable[Sequence[object]]) -> str:
        """Return the digest of the next block, which covers ``rows`` in their order."""
        self.previous, _count = _digest(self.previous, block, rows)
        return self.previous


def _digest(previous: str, block: Block, rows: Iterable[Sequence[object]]) -> tuple[str, int]:
    hasher = hashlib.sha256(canonical_json([previous, block.number, block.first_id, block.last_id]))
    count = 0
    for row in rows:
        hasher.update(b"\n" + canonical_json(list(row)))
        count += 1
    return hasher.hexdigest(), count


def check(sealed: Iterable[tuple[Block, str, str, Iterable[Sequence[object]]]], known: Iterable[str] = ()) -> Verdict:
    """Check a chain from its beginning.

    :param sealed: of each block in order: the block, the digest it says it follows, its own digest, its rows as they
        stand today
    :param known: digests that were printed or sent away and have to be found in the chain
    """
    previous, last_id, blocks, rows = GENESIS, 0, 0, 0
    missing = set(known)
    for block, follows, digest, content in sealed:
        if (block.number, block.first_id, follows) != (blocks + 1, last_id + 1, previous):
            return Verdict(False, blocks, rows, previous, blocks + 1, "order")
        computed, count = _digest(previous, block, content)
        if computed != digest:
            return Verdict(False, blocks, rows, previous, block.number, "content")
        previous, last_id, blocks, rows = digest, block.last_id, blocks + 1, rows + count
        missing.discard(digest)
    if missing:
        return Verdict(False, blocks, rows, previous, blocks + 1, "anchor")
    return Verdict(True, blocks, rows, previous)
