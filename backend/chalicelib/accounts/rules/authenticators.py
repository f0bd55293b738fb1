"""Authenticator apps (TOTP, RFC 6238): six digits, a new code every 30 seconds, one step of grace either way."""

from __future__ import annotations

import hmac
from datetime import datetime

STEP = 30  # seconds
GRACE = 1  # steps that a phone's clock may be wrong by


def new_secret() -> str:
    """160 random bits as base32, as an app takes them."""
    import pyotp

    return pyotp.random_base32()


def uri(secret: str, email: str, issuer: str) -> str:
    """The otpauth address that sets an app up."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def picture(text: str) -> tuple[str, ...]:
    """A text as a QR code: a row of "0" and "1" for each line of modules, without the quiet zone around it."""
    import segno

    return tuple("".join("1" if dark else "0" for dark in row) for row in segno.make(text, error="m", micro=False).matrix)


def step_of(code: str, secret: str, after: int, now: datetime) -> int | None:
    """The step whose code this is; None if it is none of today's, or not later than the step used last (`after`).

    Takes the same time whatever is wrong.
    """
    import pyotp

    present, found = int(now.timestamp()) // STEP, None
    for step in range(present - GRACE, present + GRACE + 1):
        same = hmac.compare_digest(pyotp.HOTP(secret).at(step).encode(), code.encode())
        found = step if same and step > after else found
    return found
