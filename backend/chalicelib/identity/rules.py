"""How long a session lives, and what its cookie is called."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from chalicelib.identity.records import Actor, Audience, Session

ABSOLUTE = timedelta(hours=12)  # however busy, a session ends
IDLE = {Audience.PATIENT: timedelta(minutes=20), Audience.STAFF: timedelta(minutes=15)}
WORTH_WRITING = timedelta(seconds=60)  # a smaller gain of idle time is not worth a write


def opened(audience: Audience, actor: Actor, sid: str, now: datetime) -> Session:
    """A session that begins now."""
    return Session(audience=audience, actor=actor, made=now, idle_until=now + IDLE[audience], absolute_until=now + ABSOLUTE, sid=sid)


def touched(session: Session, now: datetime) -> Session | None:
    """The session with its idle time renewed, never beyond its absolute end; None where the gain is not worth it."""
    until = min(now + IDLE[session.audience], session.absolute_until)
    if until - session.idle_until <= WORTH_WRITING:
        return None
    return msgspec.structs.replace(session, idle_until=until)


def cookie_name(audience: Audience, clinic: str) -> str:
    """A patient's cookie is the clinic's, so that two clinics do not sign each other out; staff have one (`clinic` unused)."""
    return f"__Host-session-{clinic}" if audience is Audience.PATIENT else "__Host-session"
