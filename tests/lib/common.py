"""What the tests of ``lib`` share."""

from pathlib import Path

from hypothesis import HealthCheck, settings

# Always the same examples, however slow the machine: a failure on one is a failure on all.
PROPERTY = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
# Each example writes files.
FILES = settings(PROPERTY, max_examples=20)

# The real extracts lie beside the checkout, never in it.
SHARED_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
