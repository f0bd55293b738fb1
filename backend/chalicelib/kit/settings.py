"""What the deployment tells the code, read from the environment once, when first asked."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path


def stage() -> str:
    """The stage's name: it is in the name of every table and bucket."""
    return os.environ.get("ANTEROOM_STAGE", "dev")


def table(name: str) -> str:
    """A table's full name, as infra/overlay.yaml builds it."""
    return f"anteroom-{stage()}-{name}"


def bucket(name: str) -> str:
    """A bucket's full name, as infra/overlay.yaml builds it."""
    return f"anteroom-{stage()}-{name}"


@lru_cache(maxsize=1)
def keys() -> tuple[tuple[str, bytes], ...]:
    """Signing keys as (kid, secret), the newest first.

    `ANTEROOM_KEYS` is `kid:hex[,kid:hex...]`, each secret at least 32 bytes; without it nothing can be signed.
    """
    pairs = [pair.split(":", 1) for pair in os.environ.get("ANTEROOM_KEYS", "").split(",") if pair]
    found = tuple((kid, bytes.fromhex(secret)) for kid, secret in pairs)
    if not found or any(len(secret) < 32 for _, secret in found):
        raise RuntimeError("ANTEROOM_KEYS must name at least one key of 32 bytes or more")
    return found


@lru_cache(maxsize=1)
def edge_secrets() -> tuple[str, ...]:
    """What the edge shows with every request (`ANTEROOM_EDGE`, comma-separated, the newest first), each at least 32 characters."""
    found = tuple(secret.strip() for secret in os.environ.get("ANTEROOM_EDGE", "").split(",") if secret.strip())
    if any(len(secret) < 32 for secret in found):
        raise RuntimeError("each secret of ANTEROOM_EDGE must have 32 characters or more")
    return found


def messages() -> Path:
    """Where the worded messages lie: beside the code in the package, in portal_templates/ in a checkout."""
    shipped = Path(__file__).resolve().parents[2] / "messages"
    return shipped if shipped.is_dir() else Path(__file__).resolve().parents[3] / "portal_templates"


def app_json() -> Path:
    """Where app.json lies; `ANTEROOM_APP_JSON` overrides it."""
    named = os.environ.get("ANTEROOM_APP_JSON")
    shipped = Path(__file__).resolve().parents[2] / "app.json"
    return Path(named) if named else shipped if shipped.is_file() else Path(__file__).resolve().parents[3] / "app.json"


def origin(audience: str) -> str:
    """The address people type, `https://...` without a slash at the end, for mail links and calendar ids."""
    return os.environ.get(f"ANTEROOM_{audience.upper()}_ORIGIN", "http://localhost:8000")
