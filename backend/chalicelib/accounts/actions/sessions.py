"""The browsers somebody is signed in with: which there are, ending them, staying, and working in another clinic."""

from __future__ import annotations

from datetime import datetime

from chalicelib.accounts.actions import staff_accounts
from chalicelib.accounts.rules import kiosk
from chalicelib.audit import actions as audit
from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Actor, Permission, Session
from chalicelib.kit import table
from chalicelib.kit.problem import NotFound

Listed = list[tuple[Session, datetime, Clinic]]  # each with when it was last used, and where


def extend_session(session: Session, now: datetime) -> int:
    """Stay signed in; returns the seconds that are left from now on."""
    session.actor.must(Permission.EXTEND_SESSION, session.actor.clinic)
    extended = identity.extend_session(session, now)
    return int((min(extended.idle_until, extended.absolute_until) - now).total_seconds())


def switch_clinic(session: Session, clinic: str, now: datetime) -> tuple[Session, str]:
    """Work in another clinic from now on, without signing in again: a new session and its token; the old one ends.

    NotFound for a clinic they do not work in, just as for one that is not there.
    """
    session.actor.must(Permission.SWITCH_CLINIC, session.actor.clinic)
    return table.settle(lambda: _switched(session, clinics.get(clinic), now))


def _switched(session: Session, clinic: Clinic, now: datetime) -> tuple[Session, str]:
    before = session.actor
    member = identity.member(clinic.id, before.account)
    if member is None or not staff_accounts.works(member):
        raise NotFound
    with table.together() as tx:
        moved = identity.move_session(session, member, now, tx)
        told = {"from": before.clinic, "to": clinic.id}
        for place, who in {before.clinic: before, clinic.id: member.actor}.items():
            audit.note(tx, place, action="switch_clinic", by=who, what=f"account/{before.account}", at=now, **told)
        if staff_accounts.get(before.account):
            staff_accounts.worked_in(tx, before.account, clinic.id)
    return moved


def list_sessions(actor: Actor, now: datetime) -> Listed:
    """Every browser they are signed in with, the newest first; of staff in all the clinics they work in."""
    actor.must(Permission.LIST_SESSIONS, actor.clinic)
    return _sessions(actor, now)


def _sessions(actor: Actor, now: datetime) -> Listed:
    found = [session for place, account in _held(actor) for session in identity.sessions(place, account, now)]
    newest = sorted(found, key=lambda session: session.made, reverse=True)
    return [(session, identity.last_seen(session), clinics.get(session.actor.clinic)) for session in newest]


def _held(actor: Actor) -> list[tuple[str, str]]:
    """The clinics and accounts under which somebody may be signed in: staff in each clinic they work in, patients also on its tablets."""
    if not actor.is_staff:
        return [(actor.clinic, actor.account), *((actor.clinic, kiosk.account(patient)) for patient in actor.patients)]
    elsewhere = (member.clinic for member in staff_accounts.memberships(actor.account))
    return [(actor.clinic, actor.account), *((place, actor.account) for place in elsewhere if place != actor.clinic)]


def end_session(actor: Actor, session_id: str, now: datetime) -> Listed:
    """End one of their own sessions by its listed id, and list the rest; everybody else's is not found, just as none."""
    actor.must(Permission.END_SESSION, actor.clinic)
    ended = next((session for session, _, _ in _sessions(actor, now) if session.id == session_id), None)
    if ended is None:
        raise NotFound
    place, account = ended.actor.clinic, ended.actor.account
    with table.together() as tx:
        identity.end_session(place, account, session_id, tx)
        audit.note(tx, place, action="end_session", by=actor, what=f"account/{account}", at=now, session=session_id)
    return _sessions(actor, now)


def end_all_sessions(session: Session, now: datetime, *, this: bool) -> Listed:
    """End all of their sessions, the one that asks only if `this`; lists what is left."""
    actor = session.actor
    actor.must(Permission.END_ALL_SESSIONS, actor.clinic)
    for place, account in _held(actor):
        while _ended_in(place, account, actor, None if this else session, now):
            pass
    return _sessions(actor, now)


def _ended_in(place: str, account: str, actor: Actor, keep: Session | None, now: datetime) -> bool:
    """End what one transaction holds; whether there may be more."""
    with table.together() as tx:
        ended = identity.end_sessions(place, account, tx, keep)
        if ended:
            what = f"account/{account}"
            audit.note(tx, place, action="end_all_sessions", by=actor, what=what, at=now, sessions=str(min(ended, identity.AT_ONCE)))
    return ended > identity.AT_ONCE
