"""What a cold start carries: nothing that few requests need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BACKEND = Path(__file__).resolve().parents[2] / "backend"
HEAVY = [
    "boto3",
    "jinja2",
    "babel",
    "holidays",
    "cryptography",
    "webauthn",
    "pyotp",
    "segno",
    "pydyf",
    "yaml",
    "icalendar",
    "scripts",
    "chalicelib.portals",
]


def test_the_api_imports_nothing_that_requests_do_not_need() -> None:
    asked = f"import app, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    environment = os.environ | {"PYTHONPATH": str(BACKEND)}
    found = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
