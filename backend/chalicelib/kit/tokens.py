"""Signed tokens: one function that signs, one that verifies, and nothing else in the house decodes a token.

HS256 only. A token is bound to a purpose (its `typ`), an audience and our issuer; its key is chosen by
`kid` from our own set. Its header holds exactly `alg`, `kid` and `typ`: whatever else a header may name
(`jku`, `jwk`, `x5u`, `crit`, ...) is refused unread. Time is an argument: PyJWT would read the clock
itself, so its time checks are off and ours stand in `_must_be_timely`.
"""

from __future__ import annotations

import base64
import re
import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.kit import lean, settings

# PyJWT imports cryptography wherever it is installed, also for HS256 which never uses it: 25 ms of every cold start.
with lean.without("cryptography"):
    import jwt

ALGORITHM = "HS256"
REQUIRED = ["exp", "iat", "aud", "iss", "sub", "sid"]
SKEW = 30  # seconds that another container's clock may run ahead of ours; an expiry gets no such grace
LONGEST = 2048  # characters; a cookie of ours has some 400
SHAPE = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")


class Purpose(StrEnum):
    """What a token is for; one made for another purpose is worth nothing."""

    SESSION = "session+jwt"
    CHALLENGE = "challenge+jwt"
    KNOWN = "known+jwt"
    CEREMONY = "ceremony+jwt"


class Untrusted(Exception):
    """Not a token of ours, or not for this, or over. Callers say what that means for a person."""


def issuer() -> str:
    """Who signs: this deployment and no other."""
    return f"anteroom/{settings.stage()}"


def random_sid() -> str:
    """The 256 random bits that name a session, a challenge or a known device."""
    return secrets.token_urlsafe(32)


def sign(purpose: Purpose, audience: str, *, subject: str, sid: str, now: datetime, until: datetime, **claims: str) -> str:
    """A token for one purpose and audience, good until `until` (aware UTC), with further text claims."""
    kid, key = settings.keys()[0]
    payload: dict[str, Any] = {
        **claims,
        "iss": issuer(),
        "aud": audience,
        "sub": subject,
        "sid": sid,
        "iat": int(now.timestamp()),
        "exp": int(until.timestamp()),
    }
    return jwt.encode(payload, key, algorithm=ALGORITHM, headers={"typ": purpose, "kid": kid})


def verify(token: str, purpose: Purpose, audience: str, now: datetime) -> dict[str, Any]:
    """The claims of a token of ours; Untrusted for anything else, whatever it is."""
    key = _key_of(token, purpose)
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=audience,
            issuer=issuer(),
            options={"require": REQUIRED, "strict_aud": True, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise Untrusted(type(error).__name__) from error
    _must_be_timely(claims, now)
    if not isinstance(claims["sid"], str) or not claims["sid"] or not claims["sub"]:
        raise Untrusted("empty")
    return claims


def _key_of(token: str, purpose: Purpose) -> bytes:
    """Our key for the token's `kid`, once its shape, algorithm and purpose are right."""
    match = SHAPE.fullmatch(token) if len(token) <= LONGEST else None
    if match is None or not all(_is_canonical(part) for part in match.groups()):
        raise Untrusted("shape")
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise Untrusted(type(error).__name__) from error
    key = dict(settings.keys()).get(str(header.get("kid")))
    if key is None or header != {"alg": ALGORITHM, "typ": str(purpose), "kid": header["kid"]}:
        raise Untrusted("header")
    return key


def _is_canonical(part: str) -> bool:
    """Whether it is the only way to write these bytes: base64 leaves spare bits that decoders ignore."""
    try:
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        return False
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == part


def _must_be_timely(claims: dict[str, Any], now: datetime) -> None:
    """Issued not after now (save for skew), and not over yet; both whole seconds since 1970."""
    issued, until = claims["iat"], claims["exp"]
    if type(issued) is not int or type(until) is not int or "nbf" in claims:
        raise Untrusted("times")
    if issued > now.timestamp() + SKEW or now.timestamp() >= until:
        raise Untrusted("over")
