"""Signing in by a mailed code, saying who one is, and signing out.

Whether an address is known plays no part until its code was right, so nothing here can tell a stranger
who is a patient: any address gets the same answer and, within its limits, a code.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import msgspec

from chalicelib.accounts import messages, rules, store
from chalicelib.accounts.records import Account, Challenge, Registration
from chalicelib.accounts.store import holders
from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.doors import actions as doors
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Actor, Audience, Permission, Role, Session
from chalicelib.kit import ids, secret, table, tokens, zone
from chalicelib.kit.problem import SignedOut
from chalicelib.kit.tokens import Purpose
from chalicelib.notices import actions as notices
from chalicelib.people import actions as people
from chalicelib.people.records import Patient

NEW_CODE = "Use the newest mail that you asked for in this browser, or ask for a new code."


def cookie_name(clinic: str) -> str:
    """The cookie that binds a challenge to the browser it was asked from."""
    return f"__Host-chal-{clinic}"


def known_name(clinic: str) -> str:
    """The cookie of a browser that has signed in to a clinic before."""
    return f"__Host-known-{clinic}"


def start_sign_in(clinic: Clinic, email: str, language: str, address: str, now: datetime, held: str = "", known: str = "") -> str:
    """Mail a code to any address; returns the token for the challenge cookie, and ends the one it replaces (`held`).

    A browser that is `known` for the address spends its own allowance, everybody else the address's. With
    that used up the answer and the work are the same, but no mail goes: the challenge is then nobody's, or
    the one that this browser holds already. SlowDown over the caller's limit.
    """
    email = rules.address(email)
    doors.must_spend(doors.PLATFORM, rules.STARTS_FROM, doors.network(address), now)
    place = _place(clinic, email)
    allowed = _is_allowed(clinic, place, known, now)
    older = _claims(clinic, held, Purpose.CHALLENGE, now)
    if not allowed and older and older["sub"] == place:
        return held
    where = place if allowed else secret.mac("nobody", ids.new())
    challenge = rules.challenge(clinic.id, where, tokens.random_sid(), secret.seed(), email, language, now)
    with table.together() as tx:
        store.open_challenge(clinic.id, challenge, tx)
        if older:
            store.end_challenge(clinic.id, older["sub"], older["sid"], tx)
        outcome = "mailed" if allowed else "over-limit"
        audit.note(tx, clinic.id, action="start_sign_in", by=audit.ANYBODY, what=_named(place), at=now, outcome=outcome)
        if allowed:
            notices.post(tx, messages.code(clinic, challenge, now))
    return _token(challenge, now)


def _place(clinic: Clinic, email: str) -> str:
    return secret.mac("address", f"{clinic.id}|{email}")


def _is_allowed(clinic: Clinic, place: str, known: str, now: datetime) -> bool:
    """Whether a start may mail. Strangers share the address's allowance; what they use up, a known browser does not miss."""
    claims = _claims(clinic, known, Purpose.KNOWN, now)
    if claims and claims["sub"] == place:
        limits, whom = rules.KNOWN_STARTS, secret.mac("device", claims["sid"])
    else:
        limits, whom = rules.STARTS, place
    return all(doors.spend(clinic.id, limit, whom, now) for limit in limits)


def know_device(clinic: Clinic, session: Session, now: datetime) -> str:
    """The token by which a browser that signed in is known for its address; a new one at every sign-in.

    It opens nothing. It names no address that could be read, and a new signing key makes it worthless.
    """
    return tokens.sign(
        Purpose.KNOWN,
        Audience.PATIENT,
        subject=_place(clinic, session.actor.email),
        sid=tokens.random_sid(),
        now=now,
        until=now + rules.KNOWN_FOR,
        clinic=clinic.id,
    )


def _token(challenge: Challenge, now: datetime) -> str:
    return tokens.sign(
        Purpose.CHALLENGE,
        Audience.PATIENT,
        subject=challenge.place,
        sid=challenge.sid,
        now=now,
        until=challenge.until,
        clinic=challenge.clinic,
    )


def _claims(clinic: Clinic, token: str, purpose: Purpose, now: datetime) -> dict[str, str] | None:
    """The claims of a cookie of this clinic and purpose, or None."""
    try:
        claims = tokens.verify(token, purpose, Audience.PATIENT, now)
    except tokens.Untrusted:
        return None
    return claims if claims.get("clinic") == clinic.id else None


def _named(place: str) -> str:
    """An address as the audit trail names it: the same one again, but nobody's to read."""
    return f"address/{place[:20]}"


def verify_sign_in(
    clinic: Clinic, token: str, code: str, address: str, now: datetime, before: Session | None = None, device: str = ""
) -> tuple[Session, str]:
    """Sign in with a code in the browser that asked for it; returns the session and its cookie's token.

    CodeExpired if the challenge is over, WrongCode if the code is not its own, SlowDown over the caller's
    limit. `before` is a session that the same browser leaves behind, `device` what the browser is called.
    """
    given = rules.digits(code)
    claims = _claims(clinic, token, Purpose.CHALLENGE, now)
    if claims is None:
        raise rules.CodeExpired(NEW_CODE)
    doors.must_spend(doors.PLATFORM, rules.GUESSES_FROM, doors.network(address), now)
    challenge = store.spend_try(clinic.id, claims["sub"], claims["sid"], now)
    if challenge is None:
        raise rules.CodeExpired(NEW_CODE)
    if not secret.is_code(given, challenge.seed):
        with table.together() as tx:
            audit.note(tx, clinic.id, action="verify_sign_in", by=audit.ANYBODY, what=_named(challenge.place), at=now, outcome="wrong-code")
        raise rules.WrongCode(NEW_CODE)
    return table.settle(lambda: _signed_in(clinic, challenge, before, now, device))


def _signed_in(clinic: Clinic, challenge: Challenge, before: Session | None, now: datetime, device: str = "") -> tuple[Session, str]:
    """Use the challenge up and open a session, together: a code signs in once, however often it is sent."""
    known = store.get_account(clinic.id, challenge.email)
    account = known or _new(clinic.id, challenge.email, challenge.language, now)
    actor = _actor(account, challenge.language)
    with table.together() as tx:
        store.close_challenge(clinic.id, challenge, tx, rules.CodeExpired)
        if known is None:
            store.add_account(clinic.id, account, tx)
        if before is not None:
            identity.close_session(before.actor.clinic, before, tx)
        opened = identity.open_session(clinic.id, Audience.PATIENT, actor, now, tx, methods=("code",), device=device)
        audit.note(tx, clinic.id, action="verify_sign_in", by=actor, what=f"account/{account.id}", at=now, outcome="signed-in")
    return opened


def _new(clinic: str, email: str, language: str, now: datetime, patient: str = "") -> Account:
    return Account(id=ids.new(), clinic=clinic, email=email, language=language, made=now, patient=patient)


def _actor(account: Account, language: str) -> Actor:
    """Who an account is, reading in this language today."""
    name = people.patient(account.clinic, account.patient).name if account.patient else ""
    return Actor(
        roles=(Role.PATIENT,),
        clinic=account.clinic,
        account=account.id,
        name=name,
        patient=account.patient,
        formerly=account.formerly,
        email=account.email,
        language=language,
    )


def add_account(tx: table.Transaction, patient: Patient, now: datetime) -> None:
    """Give a patient the clinic knows already the account of their address (seeds, imports)."""
    account = _new(patient.clinic, rules.address(patient.email), patient.language, now, patient.id)
    store.add_account(patient.clinic, account, tx)
    holders.hold(patient.clinic, patient.id, account.id, tx, rules.AlreadyRegistered)


def link_patient(tx: table.Transaction, actor: Actor, patient: str) -> None:
    """Say inside a transaction which patient an account is; AlreadyRegistered if it is one."""
    store.link_patient(actor.clinic, actor.email, patient, tx, rules.AlreadyRegistered)
    holders.hold(actor.clinic, patient, actor.account, tx, rules.AlreadyRegistered)


def register_patient(clinic: Clinic, session: Session, said: Registration, now: datetime) -> Session:
    """Make the account's patient from what they say of themselves, once; the session is theirs from then on."""
    actor = session.actor
    actor.must(Permission.REGISTER_PATIENT, clinic.id)
    if actor.patient:
        raise rules.AlreadyRegistered
    patient = rules.patient(clinic.id, ids.new(), msgspec.structs.replace(said, email=actor.email), actor.language, now)
    try:
        with table.together(clash=SignedOut) as tx:  # the session may have been closed meanwhile
            link_patient(tx, actor, patient.id)
            people.add_patient(tx, patient, zone.local_date(now, clinic.zone))
            audit.note(tx, clinic.id, action="register_patient", by=actor, what=f"patient/{patient.id}", at=now, patient=patient.id)
            return _as(session, patient, tx)
    except rules.AlreadyRegistered:
        _catch_up(clinic.id, session)
        raise


def _as(session: Session, patient: Patient, tx: table.Transaction) -> Session:
    actor = msgspec.structs.replace(session.actor, patient=patient.id, name=patient.name)
    return identity.replace_actor(patient.clinic, session, actor, tx)


def _catch_up(clinic: str, session: Session) -> None:
    """The same account has registered meanwhile: this session learns of it, unless it has (or is over)."""
    account = store.get_account(clinic, session.actor.email)
    if account is not None and account.patient:
        with suppress(identity.Gone), table.together(clash=identity.Gone) as tx:
            _as(session, people.patient(clinic, account.patient), tx)


def sign_out(clinic: Clinic, session: Session, now: datetime) -> None:
    """End the session at once; its cookie opens nothing any more."""
    with table.together() as tx:
        identity.close_session(clinic.id, session, tx)
        audit.note(tx, clinic.id, action="sign_out", by=session.actor, what=f"account/{session.actor.account}", at=now)
