"""What the tests of ``lib`` share."""

from pathlib import Path

from hypothesis import settings

# Always the same examples: a failure on one machine is a failure on all.
PROPERTY = settings(max_examples=120, deadline=None, derandomize=True, database=None)
# Each example writes files.
FILES = settings(PROPERTY, max_examples=30)

# The real extracts lie beside the checkout, never in it.
SHARED_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
