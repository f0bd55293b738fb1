"""What the deployment tells the code, by the environment or by a secret that the environment names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from chalicelib.kit import memory

FRESH = 300.0  # seconds until a changed secret counts in a container that runs already


def stage() -> str:
    """The stage's name: it is in the name of every table and bucket."""
    return os.environ.get("ANTEROOM_STAGE", "dev")


def table(name: str) -> str:
    """A table's full name, as infra/overlay.yaml builds it."""
    return f"anteroom-{stage()}-{name}"


def bucket(name: str) -> str:
    """A bucket's full name, as infra/overlay.yaml builds it: in the account that is named, else in the local cloud's."""
    return f"anteroom-{stage()}-{name}-{os.environ.get('ANTEROOM_ACCOUNT', '0' * 12)}"


@memory.kept(seconds=FRESH, lasting=True)
def keys() -> tuple[tuple[str, bytes], ...]:
    """Signing keys as (kid, secret), the newest first.

    `ANTEROOM_KEYS_SECRET` names the secret they lie in; without it `ANTEROOM_KEYS` is `kid:hex[,kid:hex...]`. Each has at
    least 32 bytes; without any nothing can be signed.
    """
    named = os.environ.get("ANTEROOM_KEYS_SECRET")
    found = _vault().signing_keys(named) if named else _keys_told()
    if not found or any(len(secret) < 32 for _, secret in found):
        raise RuntimeError("there must be at least one signing key, and each of 32 bytes or more")
    return found


def _keys_told() -> tuple[tuple[str, bytes], ...]:
    pairs = [pair.split(":", 1) for pair in os.environ.get("ANTEROOM_KEYS", "").split(",") if pair]
    return tuple((kid, bytes.fromhex(secret)) for kid, secret in pairs)


@memory.kept(seconds=FRESH, lasting=True)
def edge_secrets() -> tuple[str, ...]:
    """What the edge shows with every request, each at least 32 characters, the newest first; none where there is no edge.

    `ANTEROOM_EDGE_SECRET` names the secret; without it `ANTEROOM_EDGE` lists them, comma-separated.
    """
    named = os.environ.get("ANTEROOM_EDGE_SECRET")
    told = os.environ.get("ANTEROOM_EDGE", "").split(",")
    found = _vault().edge_secrets(named) if named else tuple(secret.strip() for secret in told if secret.strip())
    if any(len(secret) < 32 for secret in found):
        raise RuntimeError("each secret of the edge must have 32 characters or more")
    return found


def _vault() -> Any:
    from chalicelib.kit import vault  # here: whoever is told its keys needs no AWS to read them

    return vault


def messages() -> Path:
    """Where the worded messages lie: beside the code in the package, in portal_templates/ in a checkout."""
    shipped = Path(__file__).resolve().parents[2] / "messages"
    return shipped if shipped.is_dir() else Path(__file__).resolve().parents[3] / "portal_templates"


def letters() -> Path:
    """Where the font of printed copies lies (scripts/cut_font.py)."""
    return messages() / "shell" / "print"


def app_json() -> Path:
    """Where app.json lies; `ANTEROOM_APP_JSON` overrides it."""
    named = os.environ.get("ANTEROOM_APP_JSON")
    return Path(named) if named else _lying("app.json")


def templates() -> Path:
    """Where the portals' templates lie, for whoever publishes."""
    return _lying("portal_templates")


def _lying(name: str) -> Path:
    """Beside the code in a package, at the top of a checkout."""
    shipped = Path(__file__).resolve().parents[2] / name
    return shipped if shipped.exists() else Path(__file__).resolve().parents[3] / name


def edge_store() -> str:
    """The ARN of what the edge reads clinics and languages from; empty where there is no edge."""
    return os.environ.get("ANTEROOM_EDGE_STORE", "")


def distributions() -> dict[str, str]:
    """The edge's ids by host, where there is one."""
    return {host: os.environ[f"ANTEROOM_{host.upper()}_DISTRIBUTION"] for host in ("patient", "staff")}


def sender() -> str:
    """The domain, or the one address, that this stage may send mail from; empty where nothing says so."""
    return os.environ.get("ANTEROOM_SENDER", "")


def release(otherwise: str) -> str:
    """Which release this is, as the build wrote it beside the code; `otherwise` where no build has."""
    written = _lying("release.txt")
    return (written.read_text(encoding="utf-8").strip() if written.is_file() else "") or otherwise


def origin(audience: str) -> str:
    """The address people type, `https://...` without a slash at the end, for mail links and calendar ids."""
    return os.environ.get(f"ANTEROOM_{audience.upper()}_ORIGIN", "http://localhost:8000")


def files_origin() -> str:
    """The address that stands in for S3's own, `http://...` without a slash at the end; empty where files lie on S3 itself."""
    return os.environ.get("ANTEROOM_FILES_ORIGIN", "")
