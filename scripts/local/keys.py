"""The key that signs this machine's sessions: made once, kept beside the data, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

BYTES = 32


def of(folder: Path) -> str:
    """`kid:hex` as ANTEROOM_KEYS wants it, the same at every start on this data."""
    path = folder / "signing-key"
    if not path.exists():
        fresh = path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(f"local-{secrets.token_hex(4)}:{secrets.token_hex(BYTES)}")
        fresh.replace(path)  # whole or not at all
    return path.read_text(encoding="ascii")
