"""Showing once more who one is, for what should not be done with a browser somebody left open."""

from __future__ import annotations

from datetime import datetime

from chalicelib.accounts.actions import arrivals, browsers, passkeys, totp
from chalicelib.accounts.records import Holder
from chalicelib.accounts.rules import WrongCode, proving
from chalicelib.accounts.shapes import passkeys as shapes
from chalicelib.accounts.store import staff_accounts as store
from chalicelib.audit import actions as audit
from chalicelib.doors import actions as doors
from chalicelib.identity.records import Permission, Session
from chalicelib.kit import table


def start_step_up(session: Session, now: datetime) -> tuple[shapes.StepUpView, str]:
    """What to ask the person's own passkeys (none: null), whether an app's code would do, and the ceremony's token."""
    session.actor.must(Permission.START_STEP_UP, session.actor.clinic)
    holder = arrivals.holder(session)
    challenge, token = browsers.begin("step-up", now, session.actor.account, session.id)
    asked = passkeys.options(challenge, holder.passkeys) if holder.passkeys else None
    return shapes.StepUpView(public_key=asked, totp=holder.totp is not None), token


def step_up(session: Session, given: shapes.StepUp, held: str, now: datetime) -> tuple[Session, str]:
    """Renew the session by a fresh proof. WrongPasskey or WrongCode, written down, for one that is none."""
    session.actor.must(Permission.STEP_UP, session.actor.clinic)
    holder = arrivals.holder(session)
    try:
        if given.credential is not None:
            return _by_passkey(session, holder, given.credential, held, now)
        return _by_totp(session, holder, given.totp, now)
    except (proving.WrongPasskey, WrongCode) as refused:
        with table.together() as tx:
            _note(session, now, tx, refused.slug())
        raise


def _note(session: Session, now: datetime, tx: table.Transaction, outcome: str) -> None:
    what = f"account/{session.actor.account}"
    audit.note(tx, session.actor.clinic, action="step_up", by=session.actor, what=what, at=now, outcome=outcome)


def _by_passkey(session: Session, holder: Holder, credential: shapes.Assertion, held: str, now: datetime) -> tuple[Session, str]:
    challenge = browsers.challenge_of(held, "step-up", now, session.actor.account, session.id)
    passkey, count = passkeys.used(holder, credential, challenge)
    with table.together() as tx:
        browsers.end(challenge, now, tx)
        store.use_passkey(holder.account.id, passkey, count, now, tx, proving.WrongPasskey)
        _note(session, now, tx, "passkey")
        return arrivals.proved_again(session, "passkey", now, tx)


def _by_totp(session: Session, holder: Holder, given: str, now: datetime) -> tuple[Session, str]:
    code = proving.six_digits(given)
    for limit in proving.TOTP_GUESSES:
        doors.must_spend(doors.PLATFORM, limit, session.actor.account, now)
    if holder.totp is None:
        raise WrongCode(totp.NEXT_CODE)
    with table.together() as tx:
        totp.use(holder.account.id, holder.totp, code, now, tx)
        _note(session, now, tx, "totp")
        return arrivals.proved_again(session, "totp", now, tx)
