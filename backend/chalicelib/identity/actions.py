"""Opening, knowing, renewing and closing sessions, the cookies that hold their tokens, and who works where.

The browser holds a signed token; the row decides. The token is verified before anything is read, so a
forged one costs no I/O; then one consistent read says whether the session still lives, and who it is.
"""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec

from chalicelib.identity import rules, store
from chalicelib.identity.records import Actor, Audience, Member, Session
from chalicelib.kit import secret, table, tokens
from chalicelib.kit.problem import NotFound, SignedOut, TryAgain
from chalicelib.kit.tokens import Purpose

log = logging.getLogger("anteroom.identity")

AT_ONCE = 90  # sessions that one transaction ends, beside what else it writes

cookie_name = rules.cookie_name
must_be_fresh = rules.must_be_fresh
fresh_until = rules.fresh_until
last_seen = rules.last_seen
EMERGENCY = rules.EMERGENCY
must_be_complete = rules.must_be_complete


class Gone(Exception):
    """The session's row was changed or removed meanwhile."""


def open_session(
    clinic: str,
    audience: Audience,
    actor: Actor,
    now: datetime,
    tx: table.Transaction,
    *,
    methods: tuple[str, ...] = (),
    device: str = "",
    enrolling: bool = False,
    proved: datetime | None = None,
) -> tuple[Session, str]:
    """A new session, written by `tx`, and the token for its cookie. Every sign-in has a sid of its own."""
    session = msgspec.structs.replace(
        rules.opened(audience, actor, tokens.random_sid(), now), methods=methods, device=device, enrolling=enrolling, proved=proved
    )
    return _written(clinic, session, now, tx)


def _written(clinic: str, session: Session, now: datetime, tx: table.Transaction) -> tuple[Session, str]:
    store.add(clinic, session, tx)
    token = tokens.sign(
        Purpose.SESSION,
        session.audience,
        subject=session.actor.account,
        sid=session.sid,
        now=now,
        until=session.absolute_until,
        clinic=clinic,
    )
    return msgspec.structs.replace(session, id=secret.digest(session.sid)[: store.SHOWN]), token


def session_of(clinic: str | None, token: str, audience: Audience, now: datetime) -> Session:
    """The living session of a token; SignedOut in every other case. `clinic` None: the token's own (staff have one host).

    One read either way: staff get their session and what the clinic says of them now in the same call.
    """
    try:
        claims = tokens.verify(token, Purpose.SESSION, audience, now)
    except tokens.Untrusted as error:
        raise SignedOut from error
    claimed = claims.get("clinic")
    if not isinstance(claimed, str) or not claimed or (clinic is not None and claimed != clinic):
        raise SignedOut
    member: Member | None = None
    if audience is Audience.STAFF:
        session, member = store.get_with_member(claimed, claims["sub"], claims["sid"])
    else:
        session = store.get(claimed, claims["sub"], claims["sid"])
    if session is None or session.audience is not audience or session.actor.clinic != claimed or session.actor.account != claims["sub"]:
        raise SignedOut
    return (rules.as_member(session, member, now) if audience is Audience.STAFF else session).at(now)


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


def extend_session(session: Session, now: datetime) -> Session:
    """The session with its idle time renewed because its person said so, however small the gain; never beyond its absolute end."""
    renewed = rules.touched(session, now, timedelta())
    if renewed is None:
        return session
    with suppress(Gone), table.together(clash=Gone) as tx:
        store.extend(session.actor.clinic, renewed, tx)
    return renewed


def move_session(session: Session, member: Member, now: datetime, tx: table.Transaction) -> tuple[Session, str]:
    """The session in another clinic that its person works in, under a new sid and token; the old one ends with it.

    Its absolute end and its proof stay, emergency access does not move. SignedOut if it was ended meanwhile, the
    transaction's clash if the clinic says something else of its person by now.
    """
    store.take(session.actor.clinic, session, tx, SignedOut)
    store.check_member(member.clinic, member, tx)
    moved = rules.renewed(session, tokens.random_sid(), now)
    return _written(member.clinic, msgspec.structs.replace(moved, actor=member.actor, emergency_until=None), now, tx)


def replace_actor(clinic: str, session: Session, actor: Actor, tx: table.Transaction) -> Session:
    """The session under a changed actor (they registered, say), written by `tx`."""
    return change_session(clinic, session, msgspec.structs.replace(session, actor=actor), tx)


def change_session(clinic: str, session: Session, changed: Session, tx: table.Transaction) -> Session:
    """The session as changed, written by `tx`; the transaction's clash if it changed or ended meanwhile."""
    store.replace(clinic, session, changed, tx)
    return msgspec.structs.replace(changed, version=session.version + 1)


def renew_session(clinic: str, session: Session, changed: Session, now: datetime, tx: table.Transaction) -> tuple[Session, str]:
    """The session as changed under a new sid and token, which a step-up wants; the old sid ends in the same transaction.

    SignedOut if it was ended or changed meanwhile: what was revoked at this moment does not come back under another sid.
    """
    store.take(clinic, session, tx, SignedOut)
    return _written(clinic, rules.renewed(changed, tokens.random_sid(), now), now, tx)


def close_session(clinic: str, session: Session, tx: table.Transaction) -> None:
    """End a session now; its token opens nothing any more."""
    store.remove(clinic, session.actor.account, secret.digest(session.sid), tx)


def sessions(clinic: str, account: str, now: datetime) -> list[Session]:
    """The living sessions of an account in a clinic, the newest first; none has a sid."""
    found = [session for _, session in store.sessions(clinic, account)]
    return sorted((each for each in found if now < min(each.idle_until, each.absolute_until)), key=lambda each: each.made, reverse=True)


def end_session(clinic: str, account: str, session_id: str, tx: table.Transaction) -> None:
    """End one session by its listed id; NotFound if there is none."""
    digest = next((digest for digest, session in store.sessions(clinic, account) if session.id == session_id), None)
    if digest is None:
        raise NotFound
    store.remove(clinic, account, digest, tx)


def end_sessions(clinic: str, account: str, tx: table.Transaction, keep: Session | None = None, visit: str = "") -> int:
    """End every session of an account in a clinic, but `keep`; returns how many. At most AT_ONCE, which a transaction holds.

    `visit`: only those of a tablet that was handed over for it.
    """
    there = store.sessions(clinic, account)
    found = [digest for digest, each in there if (keep is None or each.id != keep.id) and visit in ("", each.actor.appointment)]
    for digest in found[:AT_ONCE]:
        store.remove(clinic, account, digest, tx)
    return len(found)


def keep_member(tx: table.Transaction, member: Member) -> None:
    """Write a member, new or changed; whoever's version is not the next any more clashes. It counts at the very next request."""
    store.put_member(member.clinic, member, tx)


def check_member(tx: table.Transaction, member: Member) -> None:
    """Demand that a member is still as they were read (a sign-in against a role change at the same moment)."""
    store.check_member(member.clinic, member, tx)


def member(clinic: str, account: str) -> Member | None:
    """What a clinic says of somebody who works there."""
    return store.get_member(clinic, account)


def members(clinic: str) -> list[Member]:
    """Everybody who works or worked in a clinic, or is invited to, by name."""
    return sorted(store.members(clinic), key=lambda each: (each.name.casefold(), each.account))


def session_cookie(session: Session, token: str, now: datetime) -> str:
    """The text of the Set-Cookie header of a session that was just opened or renewed; it stays while the session may."""
    return set_cookie(cookie_name(session.audience, session.actor.clinic), token, int((session.absolute_until - now).total_seconds()))


def set_cookie(name: str, value: str, max_age: int) -> str:
    """The text of a Set-Cookie header; `max_age` in seconds. ValueError for a name or value that could add to it."""
    if not re.fullmatch(r"__Host-[a-z0-9-]+", name) or not re.fullmatch(r"[A-Za-z0-9._-]*", value):
        raise ValueError("not a cookie of ours")
    return f"{name}={value}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite=Strict"


def clear_cookie(name: str) -> str:
    """The text of a Set-Cookie header that takes a cookie away."""
    return set_cookie(name, "", 0)
