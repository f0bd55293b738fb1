"""Setting up an authenticator app, and taking it away. It proves nothing alone: a mailed code goes with it, or a session."""

from __future__ import annotations

import logging
from datetime import datetime

import msgspec

from chalicelib.accounts.actions import arrivals
from chalicelib.accounts.messages import staff as messages
from chalicelib.accounts.records import StaffAccount, Totp
from chalicelib.accounts.rules import WrongCode, authenticators, proving
from chalicelib.accounts.store import staff_accounts as store
from chalicelib.audit import actions as audit
from chalicelib.clinics import actions as clinics
from chalicelib.identity.records import Permission, Session
from chalicelib.kit import secret, table
from chalicelib.kit.problem import NotFound
from chalicelib.notices import actions as notices

log = logging.getLogger("anteroom.accounts")

NEXT_CODE = "Use the code that your app shows now; each works once."


def sealed(account: str, shared: str) -> str:
    """An app's secret as we keep it: readable for us alone, and for this account alone."""
    return secret.seal(f"totp/{account}", shared)


def step_of(account: str, totp: Totp, code: str, now: datetime) -> int:
    """The step of a right code of this app that was not used before; WrongCode for anything else."""
    step = authenticators.step_of(code, _shared(account, totp), totp.step, now)
    if step is None:
        raise WrongCode(NEXT_CODE)
    return step


def _shared(account: str, totp: Totp) -> str:
    """An app's secret, in the clear. WrongCode where the key that sealed it is gone: no code of it can be right any more."""
    try:
        return secret.unseal(f"totp/{account}", totp.sealed)
    except secret.Unsealed as error:
        log.warning("the authenticator of account %s was sealed by a key that is gone", account)
        raise WrongCode(NEXT_CODE) from error


def use(account: str, totp: Totp, code: str, now: datetime, tx: table.Transaction) -> None:
    """Accept a code within a transaction, once; what is kept moves on to our newest key. WrongCode if it is none, or used."""
    step = step_of(account, totp, code, now)
    store.use_totp(account, sealed(account, _shared(account, totp)), step, tx, WrongCode)


def enrol_totp(session: Session, now: datetime) -> tuple[str, str]:
    """A new secret for an app and its otpauth address; it proves nothing before its first code, and dies in ten minutes."""
    session.actor.must(Permission.ENROL_TOTP, session.actor.clinic)
    account = arrivals.holder(session).account
    shared = authenticators.new_secret()
    with table.together() as tx:
        store.await_totp(account.id, Totp(sealed=sealed(account.id, shared), step=0, made=now), now + proving.SET_UP, tx)
        _note(session, "enrol_totp", now, tx)
    return shared, authenticators.uri(shared, account.email, clinics.brand().name)


def verify_totp(session: Session, code: str, now: datetime) -> tuple[Session, str]:
    """Make the app that was set up the account's, by its first code; the session is renewed and complete.

    It takes the place of an older one, as if that had been taken away. WrongCode for anything but its code in time.
    """
    session.actor.must(Permission.VERIFY_TOTP, session.actor.clinic)
    code = proving.six_digits(code, "code")
    return table.settle(lambda: _kept(session, code, now))


def _kept(session: Session, code: str, now: datetime) -> tuple[Session, str]:
    holder = arrivals.holder(session)
    arrivals.must_be_first(session, holder)
    waiting = holder.waiting
    if waiting is None or now >= waiting.made + proving.SET_UP:
        raise WrongCode("Set up your app once more.")
    step = step_of(holder.account.id, waiting, code, now)
    with table.together() as tx:
        store.keep_totp(holder.account.id, msgspec.structs.replace(waiting, step=step), waiting, tx, WrongCode)
        _changed(session, holder.account, "totp_added", "verify_totp", now, tx)
        if holder.totp is not None or session.enrolling:
            arrivals.end_elsewhere(holder.account, tx, keep=session)
        return arrivals.proved_again(session, "totp", now, tx)


def _changed(session: Session, account: StaffAccount, message: str, action: str, now: datetime, tx: table.Transaction) -> None:
    store.change(account, account, tx)
    notices.post(tx, messages.factor(message, clinics.get(session.actor.clinic), session.actor, now))
    _note(session, action, now, tx)


def _note(session: Session, action: str, now: datetime, tx: table.Transaction) -> None:
    audit.note(tx, session.actor.clinic, action=action, by=session.actor, what=f"account/{session.actor.account}", at=now)


def remove_totp(session: Session, now: datetime) -> tuple[Session, str]:
    """Take the app away; every other session of the account ends. LastFactor for the only way in, NotFound without one."""
    session.actor.must(Permission.REMOVE_TOTP, session.actor.clinic)
    return table.settle(lambda: _removed(session, now))


def _removed(session: Session, now: datetime) -> tuple[Session, str]:
    holder = arrivals.holder(session)
    if holder.totp is None:
        raise NotFound
    proving.must_keep_one(holder)
    with table.together() as tx:
        store.remove_totp(holder.account.id, tx)
        _changed(session, holder.account, "totp_removed", "remove_totp", now, tx)
        arrivals.end_elsewhere(holder.account, tx, keep=session)
        return arrivals.renewed(session, now, tx)
