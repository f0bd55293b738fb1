"""What only we can compute: keyed digests, one-time codes and handles that are nowhere stored, and what is kept sealed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from chalicelib.kit import settings

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

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


def handle(seed: str) -> str:
    """The 256 bits, as hex, that a mailed link carries for a seed; kept only as digest.

    A link that waits to be mailed while our keys rotate is dead, and has to be sent anew.
    """
    return _mac(settings.keys()[0][1], "handle", seed)


class Unsealed(Exception):
    """What was sealed for another purpose, under keys we no longer have, or by nobody of ours."""


def seal(purpose: str, text: str) -> str:
    """A text that only we can read again, and only for this purpose: encrypted and authenticated under the newest key."""
    return _fernet(purpose).encrypt(text.encode()).decode()


def unseal(purpose: str, sealed: str) -> str:
    """What was sealed, under any of our keys; Unsealed for anything else. Sealed anew it moves on to the newest key."""
    from cryptography.fernet import InvalidToken

    try:
        return _fernet(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unsealed from error


def _fernet(purpose: str) -> MultiFernet:
    from cryptography.fernet import Fernet, MultiFernet  # few requests need it, and every cold start would pay

    keys = [bytes.fromhex(_mac(key, "seal", purpose)) for _, key in settings.keys()]  # noqa: SIM118 - keys() is ours, not a dict's
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def digest(text: str) -> str:
    """SHA-256 as hex: for what is random already, or must outlive our keys."""
    return hashlib.sha256(text.encode()).hexdigest()
