"""Where a long list goes on: sealed, so that what comes back is what was given here, to this list of this clinic."""

from __future__ import annotations

import base64
import binascii
import hmac

from chalicelib.kit import secret
from chalicelib.kit.problem import Unreadable

SEAL = 32  # hex digits


def sealed(clinic: str, listing: str, place: str) -> str:
    """A place in a listing (its door and what it was asked) as its reader may hold it; empty stays empty: the end."""
    if not place:
        return ""
    return base64.urlsafe_b64encode(f"{_seal(clinic, listing, place)}{place}".encode()).rstrip(b"=").decode()


def opened(clinic: str, listing: str, cursor: str) -> str:
    """The place again; Unreadable for what was not given by this clinic for this very listing."""
    if not cursor:
        return ""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise Unreadable("This list cannot go on from there. Please begin again.") from error
    seal, place = text[:SEAL], text[SEAL:]
    if not hmac.compare_digest(seal.encode(), _seal(clinic, listing, place).encode()):
        raise Unreadable("This list cannot go on from there. Please begin again.")
    return place


def _seal(clinic: str, listing: str, place: str) -> str:
    return secret.mac("cursor", f"{clinic}|{listing}|{place}")[:SEAL]
