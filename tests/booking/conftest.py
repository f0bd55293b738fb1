"""How long the property tests look: a moment by default, the same cases each time; far longer with ANTEROOM_DEEP=1."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile("default", max_examples=100, deadline=None, derandomize=True, suppress_health_check=SLOW_IS_FINE)
settings.register_profile("deep", max_examples=4000, deadline=None, suppress_health_check=SLOW_IS_FINE, print_blob=True)
settings.load_profile("deep" if os.environ.get("ANTEROOM_DEEP") == "1" else "default")
