"""Opening, knowing, renewing and closing sessions, and the cookies that hold their tokens.

The browser holds a signed token; the row decides. The token is verified before anything is read, so a
forged one costs no I/O; then one consistent read says whether the session still lives, and who it is.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime

import msgspec

from chalicelib.identity import rules, store
from chalicelib.identity.records import Actor, Audience, Session
from chalicelib.kit import table, tokens
from chalicelib.kit.problem import SignedOut, TryAgain
from chalicelib.kit.tokens import Purpose

log = logging.getLogger("anteroom.identity")

cookie_name = rules.cookie_name


class Gone(Exception):
    """The session's row was changed or removed meanwhile."""


def open_session(clinic: str, audience: Audience, actor: Actor, now: datetime, tx: table.Transaction) -> tuple[Session, str]:
    """A new session, written by `tx`, and the token for its cookie. Every sign-in has a sid of its own."""
    session = rules.opened(audience, actor, tokens.random_sid(), now)
    store.add(clinic, session, tx)
    token = tokens.sign(
        Purpose.SESSION, audience, subject=actor.account, sid=session.sid, now=now, until=session.absolute_until, clinic=clinic
    )
    return session, token


def session_of(clinic: str | None, token: str, audience: Audience, now: datetime) -> Session:
    """The living session of a token; SignedOut in every other case. `clinic` None: the token's own (staff have one host)."""
    try:
        claims = tokens.verify(token, Purpose.SESSION, audience, now)
    except tokens.Untrusted as error:
        raise SignedOut from error
    claimed = claims.get("clinic")
    if not isinstance(claimed, str) or not claimed or (clinic is not None and claimed != clinic):
        raise SignedOut
    session = store.get(claimed, claims["sid"])
    if session is None or session.audience is not audience or session.actor.clinic != claimed or session.actor.account != claims["sub"]:
        raise SignedOut
    return session.at(now)


def touch(session: Session, now: datetime) -> None:
    """Renew the idle time where that gains more than a minute. What stops it harms nobody: the request was allowed already."""
    renewed = rules.touched(session, now)
    if renewed is None:
        return
    try:
        with table.together(clash=Gone) as tx:
            store.extend(session.actor.clinic, renewed, tx)
    except Gone:
        return
    except TryAgain:
        log.warning("an idle time could not be renewed")


def replace_actor(clinic: str, session: Session, actor: Actor, tx: table.Transaction) -> Session:
    """The session under a changed actor (they registered, say), written by `tx`."""
    store.replace_actor(clinic, session, actor, tx)
    return msgspec.structs.replace(session, actor=actor, version=session.version + 1)


def close_session(clinic: str, session: Session, tx: table.Transaction) -> None:
    """End a session now; its token opens nothing any more."""
    store.remove(clinic, session, tx)


def set_cookie(name: str, value: str, max_age: int) -> str:
    """The text of a Set-Cookie header; `max_age` in seconds. ValueError for a name or value that could add to it."""
    if not re.fullmatch(r"__Host-[a-z0-9-]+", name) or not re.fullmatch(r"[A-Za-z0-9._-]*", value):
        raise ValueError("not a cookie of ours")
    return f"{name}={value}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite=Strict"


def clear_cookie(name: str) -> str:
    """The text of a Set-Cookie header that takes a cookie away."""
    return set_cookie(name, "", 0)
