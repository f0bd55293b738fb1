"""What only we can compute: keyed digests, and one-time codes that are nowhere stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from chalicelib.kit import settings

DIGITS = 8


def mac(purpose: str, text: str) -> str:
    """HMAC-SHA256 under the newest key, as hex. It changes when keys rotate: for what lives minutes or hours."""
    _, key = settings.keys()[0]
    return _mac(key, purpose, text)


def _mac(key: bytes, purpose: str, text: str) -> str:
    # The length in front makes (purpose, text) unambiguous: no two pairs are the same bytes.
    return hmac.new(key, f"{len(purpose)}|{purpose}|{text}".encode(), hashlib.sha256).hexdigest()


def seed() -> str:
    """256 random bits that stand for a code; worth nothing without our keys."""
    return secrets.token_urlsafe(32)


def eight_digits(seed: str) -> str:
    """The code a seed stands for."""
    return _code(settings.keys()[0][1], seed)


def is_code(given: str, seed: str) -> bool:
    """Whether these digits are the seed's code, under any of our keys; takes the same time whatever is wrong."""
    same = False
    for _, key in settings.keys():  # noqa: SIM118 - keys() is ours, not a dict's
        same |= hmac.compare_digest(given.encode(), _code(key, seed).encode())
    return same


def _code(key: bytes, seed: str) -> str:
    # Of 2^256 values modulo 10^8: even to one part in 10^69.
    return f"{int(_mac(key, 'code', seed), 16) % 10**DIGITS:0{DIGITS}}"


def digest(text: str) -> str:
    """SHA-256 as hex: for what is random already, or must outlive our keys."""
    return hashlib.sha256(text.encode()).hexdigest()
