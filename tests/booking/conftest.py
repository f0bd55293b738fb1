"""How long the property tests look: the same cases each time, fewer in the inner loop; far longer and others with ANTEROOM_DEEP=1."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile("default", max_examples=100, deadline=None, derandomize=True, suppress_health_check=SLOW_IS_FINE)
settings.register_profile("deep", max_examples=4000, deadline=None, suppress_health_check=SLOW_IS_FINE, print_blob=True)
settings.register_profile("fast", settings.get_profile("default"), max_examples=20)
settings.load_profile(next((name for name in ("deep", "fast") if os.environ.get(f"ANTEROOM_{name.upper()}") == "1"), "default"))
