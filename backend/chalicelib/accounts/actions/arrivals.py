"""What signing in to the staff's host comes to, whichever way: a session where they work, and a mail if the browser is new."""

from __future__ import annotations

import logging
from datetime import datetime

import msgspec

from chalicelib.accounts.actions import browsers, staff_accounts
from chalicelib.accounts.messages import staff as messages
from chalicelib.accounts.records import Browser, Holder, StaffAccount
from chalicelib.accounts.rules import proving
from chalicelib.accounts.store import staff_accounts as store
from chalicelib.audit import actions as audit
from chalicelib.clinics import actions as clinics
from chalicelib.doors import actions as doors
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Audience, Member, Session
from chalicelib.kit import table
from chalicelib.kit.problem import NotFound, SignedOut
from chalicelib.notices import actions as notices

log = logging.getLogger("anteroom.accounts")

MOST = 40  # sessions that one transaction ends, beside what else it writes


def home(account: StaffAccount) -> Member | None:
    """Where their session begins: the clinic they worked in last, else the first they work in; None if they work nowhere."""
    asked = (identity.member(clinic, account.id) for clinic in account.in_order)
    working = (member for member in asked if member is not None and staff_accounts.works(member))
    return next((member for member in working if staff_accounts.clinic_now(member.clinic)), None)


def holder(session: Session) -> Holder:
    """The account of a session with all that proves it; NotFound for who has none."""
    found = store.holder(session.actor.account)
    if found is None:
        raise NotFound
    return found


def must_be_first(session: Session, holder: Holder) -> None:
    """SignedOut for a session of an invitation or a recovery where another browser has set up a factor meanwhile.

    Such a session needs no fresh proof, since there is nothing to prove with; it must not add to what somebody has.
    """
    if session.enrolling and holder.factors:
        raise SignedOut


def arrive(
    account: StaffAccount, member: Member, browser: Browser, method: tuple[str, ...], action: str, now: datetime, tx: table.Transaction
) -> tuple[Session, str]:
    """Open a session for who has just proved who they are, if their clinic still says of them what it did."""
    store.arrived(account, member.clinic, tx)
    if not browsers.is_known(browser.known, account.id, now):
        notices.post(tx, messages.new_browser(clinics.get(member.clinic), account, browser.device, now))
    identity.check_member(tx, member)
    return admit(member, browser, method, action, now, tx, proved=now)


def admit(
    member: Member,
    browser: Browser,
    method: tuple[str, ...],
    action: str,
    now: datetime,
    tx: table.Transaction,
    proved: datetime | None = None,
) -> tuple[Session, str]:
    """Open a session in a member's clinic; without a proof it may do nothing but set one up.

    The caller's transaction checks the member or writes them.
    """
    if browser.before is not None:
        identity.close_session(browser.before.actor.clinic, browser.before, tx)
    opened = identity.open_session(
        member.clinic,
        Audience.STAFF,
        member.actor,
        now,
        tx,
        methods=method,
        device=browser.device,
        enrolling=proved is None,
        proved=proved,
    )
    what = f"account/{member.account}"
    audit.note(tx, member.clinic, action=action, by=member.actor, what=what, at=now, outcome="signed-in", method="+".join(method))
    return opened


def refuse(account: StaffAccount | None, action: str, now: datetime, outcome: str) -> None:
    """Write down a sign-in that failed: where they work last if it was somebody's account, else in the platform's own trail.

    Whose it was is what the request says and nobody has proven, so a stranger could fill a clinic's trail: beyond a few
    an hour it is a line of the log alone.
    """
    whom = account.id if account else "unknown"
    if not doors.spend(doors.PLATFORM, proving.REFUSED, whom, now):
        log.warning("%s: %s, again and again", action, outcome)
        return
    clinic = next(iter(account.in_order), doors.PLATFORM) if account else doors.PLATFORM
    what = f"account/{account.id}" if account else "account/unknown"
    with table.together() as tx:
        audit.note(tx, clinic, action=action, by=audit.ANYBODY, what=what, at=now, outcome=outcome)


def proved_again(session: Session, method: str, now: datetime, tx: table.Transaction) -> tuple[Session, str]:
    """The session after a fresh proof: a new sid, complete if it was not. The old sid ends with it."""
    methods = tuple(dict.fromkeys((*session.methods, method)))
    changed = msgspec.structs.replace(session, methods=methods, proved=now, enrolling=False)
    return identity.renew_session(session.actor.clinic, session, changed, now, tx)


def renewed(session: Session, now: datetime, tx: table.Transaction) -> tuple[Session, str]:
    """The session under a new sid, with the proof it had."""
    return identity.renew_session(session.actor.clinic, session, session, now, tx)


def end_elsewhere(account: StaffAccount, tx: table.Transaction, keep: Session | None = None) -> None:
    """End every session of an account in all its clinics, but `keep`, with the transaction.

    Where there are more than it can hold, the surplus is ended before it: nobody is the worse for signing in again.
    """
    share = MOST // max(1, len(account.clinics))
    for clinic in account.clinics:
        while _ended_early(clinic, account.id, keep, share):
            pass
        identity.end_sessions(clinic, account.id, tx, keep)


def _ended_early(clinic: str, account: str, keep: Session | None, share: int) -> bool:
    early = table.Transaction(table.Lost)
    if identity.end_sessions(clinic, account, early, keep) <= share:
        return False
    early.commit()
    return True
