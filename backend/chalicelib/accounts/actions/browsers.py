"""What a browser of somebody who works here holds of ours: whom it is known for, and which ceremony it is in the middle of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.accounts import rules
from chalicelib.accounts.rules import proving
from chalicelib.accounts.store import staff_accounts as store
from chalicelib.identity.records import Audience
from chalicelib.kit import secret, table, tokens
from chalicelib.kit.tokens import Purpose

KNOWN, CEREMONY, CHALLENGE = "__Host-known", "__Host-ceremony", "__Host-chal"  # names of cookies
ANYBODY = "anyone"  # whom a ceremony is for before anybody is signed in


def claims(token: str, purpose: Purpose, now: datetime) -> dict[str, Any]:
    """The claims of a token of the staff's host; none for anything else."""
    try:
        return tokens.verify(token, purpose, Audience.STAFF, now)
    except tokens.Untrusted:
        return {}


def is_known(token: str, account: str, now: datetime) -> bool:
    """Whether the browser that holds it has signed in to this account before."""
    return _mark(account) in _marks(token, now)


def know(token: str, account: str, now: datetime) -> str:
    """The token by which a browser is known for this account too, beside those it was known for. It opens nothing."""
    marks = [_mark(account), *(mark for mark in _marks(token, now) if mark != _mark(account))]
    return tokens.sign(
        Purpose.KNOWN,
        Audience.STAFF,
        subject="browser",
        sid=tokens.random_sid(),
        now=now,
        until=now + rules.KNOWN_FOR,
        marks=" ".join(marks[: proving.KNOWN_ACCOUNTS]),
    )


def _marks(token: str, now: datetime) -> list[str]:
    return str(claims(token, Purpose.KNOWN, now).get("marks", "")).split()


def _mark(account: str) -> str:
    """An account as a known browser remembers it: nobody's to read, and forgotten with our key."""
    return secret.mac("known", account)[:20]


def begin(kind: str, now: datetime, whom: str = ANYBODY, session: str = "") -> tuple[str, str]:
    """A new ceremony: its challenge (base64url), and the token that binds it to this browser, person and session."""
    challenge = tokens.random_sid()
    until = now + proving.CEREMONY
    signed = tokens.sign(Purpose.CEREMONY, Audience.STAFF, subject=whom, sid=challenge, now=now, until=until, kind=kind, session=session)
    return challenge, signed


def challenge_of(token: str, kind: str, now: datetime, whom: str = ANYBODY, session: str = "") -> str:
    """The challenge of a ceremony this browser is in; WrongPasskey if it is in no such one, or too late."""
    found = claims(token, Purpose.CEREMONY, now)
    if (found.get("kind"), found.get("sub"), found.get("session")) != (kind, whom, session):
        raise proving.WrongPasskey
    return str(found["sid"])


def end(challenge: str, now: datetime, tx: table.Transaction) -> None:
    """Use a ceremony up: WrongPasskey for whoever comes with the same one again."""
    store.use_up(secret.digest(challenge), now + proving.CEREMONY, tx, proving.WrongPasskey)
