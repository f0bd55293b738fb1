"""Random names for things: never guessable, never the protection."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u


def new(length: int = 20) -> str:
    """A random id of `length` characters (5 bits each; 20 are 100 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def version() -> int:
    """A version nobody has had, for rows whose versions are compared across places: 53 random bits, never 0."""
    return secrets.randbits(53) | 1
