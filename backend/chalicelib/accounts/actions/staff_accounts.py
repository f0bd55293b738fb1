"""The accounts of who works here: one for all their clinics, and where in them a session may begin."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from chalicelib.accounts import shapes
from chalicelib.accounts.records import StaffAccount
from chalicelib.accounts.store import staff_accounts as store
from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Member, MemberStatus, Session
from chalicelib.kit import table
from chalicelib.kit.problem import NotFound


def get(account: str) -> StaffAccount | None:
    """The account of that id."""
    return store.get(account)


def clinics_of(account: str) -> tuple[str, ...]:
    """Where to ask for somebody: the clinics that know or knew them, the one they worked in last first."""
    found = store.get(account)
    return found.in_order if found else ()


def memberships(account: str) -> list[Member]:
    """What the clinics that somebody works in today say of them, the one they worked in last first."""
    asked = (identity.member(clinic, account) for clinic in clinics_of(account))
    return [member for member in asked if member is not None and works(member)]


def works(member: Member) -> bool:
    """Whether somebody works in that clinic today."""
    return member.status is MemberStatus.ACTIVE and bool(member.roles)


def worked_in(tx: table.Transaction, account: str, clinic: str) -> None:
    """Remember inside a transaction where somebody works now; their next sign-in begins there."""
    store.worked_in(account, clinic, tx)


def keep(account: StaffAccount) -> None:
    """Write an account that nobody invited (the demo's people); one that is there already stays as it is."""
    with suppress(table.Lost), table.together() as tx:
        store.add(account, tx)


def view(session: Session | None, now: datetime) -> shapes.StaffSessionView:
    """A staff session as their host shows it; None is nobody."""
    if session is None:
        return shapes.NOBODY
    here = session.actor.clinic
    others = [clinic_now(member.clinic) for member in memberships(session.actor.account) if member.clinic != here]
    fresh_until = identity.fresh_until(session)
    return shapes.staff_session_view(session, clinic_now(here), [each for each in others if each], fresh_until, now)


def clinic_now(clinic: str) -> Clinic | None:
    """A clinic, unless the portal has it no more."""
    try:
        return clinics.get(clinic)
    except NotFound:
        return None
