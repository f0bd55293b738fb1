"""How long the property tests of intake look: a few cases, the same each time; at length and others with ANTEROOM_DEEP=1."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large]


def tries(count: int) -> settings:
    """So many examples at every change; three thousand random ones in the deep run, which tells how to repeat what failed."""
    if os.environ.get("ANTEROOM_DEEP") == "1":
        return settings(max_examples=3000, deadline=None, derandomize=False, suppress_health_check=SLOW_IS_FINE, print_blob=True)
    return settings(max_examples=count, deadline=None, derandomize=True)
