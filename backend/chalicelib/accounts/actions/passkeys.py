"""Signing in with a passkey, setting one up, and taking one away."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.accounts.actions import arrivals, browsers
from chalicelib.accounts.messages import staff as messages
from chalicelib.accounts.records import Browser, Holder, Passkey
from chalicelib.accounts.rules import ceremonies, proving
from chalicelib.accounts.shapes import passkeys as shapes
from chalicelib.accounts.store import staff_accounts as store
from chalicelib.audit import actions as audit
from chalicelib.clinics import actions as clinics
from chalicelib.identity.records import Audience, Permission, Session
from chalicelib.kit import secret, settings, table
from chalicelib.kit.problem import NotFound
from chalicelib.notices import actions as notices

ID = re.compile(r"[a-z0-9-]{1,64}")


def start_passkey_sign_in(now: datetime) -> tuple[shapes.RequestOptions, str]:
    """What the browser asks its authenticator, and the ceremony's token. The same for everybody: nothing is looked up."""
    challenge, token = browsers.begin("sign-in", now)
    return options(challenge), token


def options(challenge: str, allowed: tuple[Passkey, ...] = ()) -> shapes.RequestOptions:
    """The question to an authenticator; without `allowed` it may answer with any passkey it holds for us."""
    return shapes.RequestOptions(
        challenge=challenge,
        rp_id=ceremonies.relying_party(settings.origin(Audience.STAFF)),
        allow_credentials=tuple(shapes.Descriptor(id=each.credential) for each in allowed),
        timeout=_milliseconds(),
    )


def _milliseconds() -> int:
    return int(proving.CEREMONY.total_seconds() * 1000)


def finish_passkey_sign_in(credential: shapes.Assertion, browser: Browser, now: datetime) -> tuple[Session, str]:
    """Sign in with a passkey's answer; WrongPasskey for whatever is wrong, also for who works nowhere any more."""
    challenge = browsers.challenge_of(browser.held, "sign-in", now)
    holder = store.holder(_account_in(credential))
    try:
        return _signed_in(holder, credential, challenge, browser, now)
    except proving.WrongPasskey:
        arrivals.refuse(holder.account if holder else None, "finish_passkey_sign_in", now, "wrong-passkey")
        raise


def _account_in(credential: shapes.Assertion) -> str:
    """The account a discoverable credential says it belongs to, which is no proof of anything yet."""
    try:
        account = ceremonies.decoded(credential.response.user_handle or "").decode()
    except (UnicodeDecodeError, proving.WrongPasskey):
        return "-"
    return account if ID.fullmatch(account) else "-"


def _signed_in(holder: Holder | None, credential: shapes.Assertion, challenge: str, browser: Browser, now: datetime) -> tuple[Session, str]:
    if holder is None:
        raise proving.WrongPasskey
    passkey, count = used(holder, credential, challenge)
    member = arrivals.home(holder.account)
    if member is None:
        raise proving.WrongPasskey
    with table.together(clash=proving.WrongPasskey) as tx:
        browsers.end(challenge, now, tx)
        store.use_passkey(holder.account.id, passkey, count, now, tx, proving.WrongPasskey)
        return arrivals.arrive(holder.account, member, browser, ("passkey",), "finish_passkey_sign_in", now, tx)


def used(holder: Holder, credential: shapes.Assertion, challenge: str) -> tuple[Passkey, int]:
    """The holder's passkey that signed this challenge, and its new count; WrongPasskey if none did."""
    passkey = holder.passkey(_passkey_id(credential.id))
    if passkey is None or passkey.credential != credential.id:
        raise proving.WrongPasskey
    origin = settings.origin(Audience.STAFF)
    return passkey, ceremonies.count(_plain(credential), challenge, origin, passkey.key, passkey.count)


def _plain(credential: shapes.Assertion | shapes.Attestation) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(credential)
    return found


def _passkey_id(credential: str) -> str:
    return secret.digest(credential)[:32]


def register_passkey(session: Session, now: datetime) -> tuple[shapes.CreationOptions, str]:
    """What the browser asks an authenticator that is to hold a new passkey, and the ceremony's token."""
    session.actor.must(Permission.REGISTER_PASSKEY, session.actor.clinic)
    holder = arrivals.holder(session)
    if len(holder.passkeys) >= proving.MOST_PASSKEYS:
        raise proving.TooManyPasskeys("Remove one that you no longer use.")
    account = holder.account
    challenge, token = browsers.begin("register", now, account.id, session.id)
    made = shapes.CreationOptions(
        rp=shapes.RelyingParty(id=ceremonies.relying_party(settings.origin(Audience.STAFF)), name=clinics.brand().name),
        user=shapes.PasskeyUser(id=ceremonies.encoded(account.id.encode()), name=account.email, display_name=account.name),
        challenge=challenge,
        pub_key_cred_params=tuple(shapes.Algorithm(alg=number) for number in ceremonies.ALGORITHMS),
        exclude_credentials=tuple(shapes.Descriptor(id=each.credential) for each in holder.passkeys),
        timeout=_milliseconds(),
    )
    return made, token


def finish_passkey(session: Session, credential: shapes.Attestation, label: str, held: str, now: datetime) -> tuple[Session, str]:
    """Keep a new passkey; the session is renewed and complete. WrongPasskey unless it answers this session's ceremony."""
    session.actor.must(Permission.FINISH_PASSKEY, session.actor.clinic)
    challenge = browsers.challenge_of(held, "register", now, session.actor.account, session.id)
    made = ceremonies.made(_plain(credential), challenge, settings.origin(Audience.STAFF))
    passkey = Passkey(
        id=_passkey_id(made.credential),
        credential=made.credential,
        key=made.key,
        count=made.count,
        label=proving.label(label),
        made=now,
    )
    return table.settle(lambda: _kept(session, passkey, challenge, now))


def _kept(session: Session, passkey: Passkey, challenge: str, now: datetime) -> tuple[Session, str]:
    holder = arrivals.holder(session)
    account = holder.account
    arrivals.must_be_first(session, holder)
    with table.together() as tx:
        browsers.end(challenge, now, tx)
        store.add_passkey(account.id, passkey, tx, proving.WrongPasskey)
        store.change(account, account, tx)
        if session.enrolling:
            arrivals.end_elsewhere(account, tx, keep=session)
        _tell(session, "passkey_added", "finish_passkey", passkey, now, tx)
        return arrivals.proved_again(session, "passkey", now, tx)


def _tell(session: Session, message: str, action: str, passkey: Passkey, now: datetime, tx: table.Transaction) -> None:
    clinic = clinics.get(session.actor.clinic)
    notices.post(tx, messages.factor(message, clinic, session.actor, now, label=passkey.label))
    audit.note(tx, clinic.id, action=action, by=session.actor, what=f"passkey/{passkey.id}", at=now)


def remove_passkey(session: Session, passkey_id: str, now: datetime) -> tuple[Session, str]:
    """Take a passkey away; every other session of the account ends. LastFactor for the only way in."""
    session.actor.must(Permission.REMOVE_PASSKEY, session.actor.clinic)
    return table.settle(lambda: _removed(session, passkey_id, now))


def _removed(session: Session, passkey_id: str, now: datetime) -> tuple[Session, str]:
    holder = arrivals.holder(session)
    passkey = holder.passkey(passkey_id)
    if passkey is None:
        raise NotFound
    proving.must_keep_one(holder)
    with table.together() as tx:
        store.remove_passkey(holder.account.id, passkey.id, tx)
        store.change(holder.account, holder.account, tx)
        arrivals.end_elsewhere(holder.account, tx, keep=session)
        _tell(session, "passkey_removed", "remove_passkey", passkey, now, tx)
        return arrivals.renewed(session, now, tx)


def list_factors(session: Session) -> Holder:
    """What somebody can prove who they are with."""
    session.actor.must(Permission.LIST_FACTORS, session.actor.clinic)
    return arrivals.holder(session)
