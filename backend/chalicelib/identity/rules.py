"""How long a session lives, how fresh a proof must be, and what a session's cookie is called."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from chalicelib.identity.records import Actor, Audience, FactorNeeded, Member, MemberStatus, Permission, Role, Session, StepUpNeeded
from chalicelib.kit.problem import SignedOut

ABSOLUTE = timedelta(hours=12)  # however busy, a session ends
IDLE = {Audience.PATIENT: timedelta(minutes=20), Audience.STAFF: timedelta(minutes=15)}
ON_A_TABLET, IDLE_ON_A_TABLET = timedelta(hours=1), timedelta(minutes=5)  # of the clinic's, that goes from hand to hand
WORTH_WRITING = timedelta(seconds=60)  # a smaller gain of idle time is not worth a write
FRESH = timedelta(minutes=5)  # how long a step-up counts
EMERGENCY = timedelta(minutes=60)


def opened(audience: Audience, actor: Actor, sid: str, now: datetime) -> Session:
    """A session that begins now."""
    until = now + (ON_A_TABLET if actor.role is Role.KIOSK else ABSOLUTE)
    return Session(audience=audience, actor=actor, made=now, idle_until=now + _idle(audience, actor), absolute_until=until, sid=sid)


def _idle(audience: Audience, actor: Actor) -> timedelta:
    return IDLE_ON_A_TABLET if actor.role is Role.KIOSK else IDLE[audience]


def touched(session: Session, now: datetime, worth: timedelta = WORTH_WRITING) -> Session | None:
    """The session with its idle time renewed, never beyond its absolute end; None where the gain is not worth it."""
    until = min(now + _idle(session.audience, session.actor), session.absolute_until)
    if until - session.idle_until <= worth:
        return None
    return msgspec.structs.replace(session, idle_until=until)


def renewed(session: Session, sid: str, now: datetime) -> Session:
    """The session under a new sid (after a step-up, say): idle time from now, the absolute end as it was."""
    until = min(now + _idle(session.audience, session.actor), session.absolute_until)
    return msgspec.structs.replace(session, sid=sid, id="", idle_until=until, version=1)


def as_member(session: Session, member: Member | None, now: datetime) -> Session:
    """A staff session under what the clinic says of its person now; SignedOut for who does not work there any more."""
    if member is None or member.status is not MemberStatus.ACTIVE or not member.roles:
        raise SignedOut
    actor = member.actor
    lasts = session.emergency_until is not None and now < session.emergency_until
    if lasts and actor.may(Permission.START_EMERGENCY_ACCESS):  # it ends with the role that may begin it
        actor = msgspec.structs.replace(actor, emergency=True)
    return msgspec.structs.replace(session, actor=actor)


def must_be_fresh(session: Session, now: datetime) -> None:
    """Raise StepUpNeeded unless a strong proof was given within the last five minutes."""
    if session.proved is None or now - session.proved > FRESH or session.proved > now + timedelta(seconds=30):
        raise StepUpNeeded


def fresh_until(session: Session) -> datetime | None:
    """When the last strong proof stops counting as fresh; None if none was given."""
    return session.proved + FRESH if session.proved else None


def last_seen(session: Session) -> datetime:
    """When a session was last used, to the minute: its idle time was renewed then."""
    return max(session.made, session.idle_until - _idle(session.audience, session.actor))


def must_be_complete(session: Session) -> None:
    """Raise FactorNeeded while no factor is set up."""
    if session.enrolling:
        raise FactorNeeded


def cookie_name(audience: Audience, clinic: str) -> str:
    """A patient's cookie is the clinic's, so that two clinics do not sign each other out; staff have one (`clinic` unused)."""
    return f"__Host-session-{clinic}" if audience is Audience.PATIENT else "__Host-session"
