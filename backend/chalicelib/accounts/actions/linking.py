"""Linking an account to the patient whom the clinic holds: by a code that the desk gives, and by nothing else.

A name and a birth date are known to many; they never link.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.accounts import rules, store
from chalicelib.accounts.records import Account, LinkCode
from chalicelib.accounts.rules import linking
from chalicelib.accounts.store import holders
from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Actor, Permission, Session
from chalicelib.kit import ids, secret, table
from chalicelib.kit.problem import SignedOut
from chalicelib.people import actions as people
from chalicelib.people.records import Patient


def issue_link_code(clinic: Clinic, actor: Actor, patient_id: str, now: datetime) -> str:
    """A code by which a patient links their account, as it is told to them; it is kept nowhere. An older one no longer works.

    NotFound for a patient the clinic does not hold, AlreadyLinked for one who has an account.
    """
    actor.must(Permission.ISSUE_LINK_CODE, clinic.id)
    patient = people.patient(clinic.id, patient_id)
    if holders.holder(clinic.id, patient.id):
        raise linking.HAS_ACCOUNT
    code = ids.new(linking.LENGTH)
    with table.together() as tx:
        holders.put_code(clinic.id, linking.given(clinic.id, patient.id, _digest(clinic, code), now), tx)
        audit.note(tx, clinic.id, action="issue_link_code", by=actor, what=f"patient/{patient.id}", at=now, patient=patient.id)
    return linking.shown(code)


def _digest(clinic: Clinic, code: str) -> str:
    return secret.mac("link-code", f"{clinic.id}|{code}")


def link_patient(clinic: Clinic, session: Session, code: str, now: datetime) -> Session:
    """Make the account's patient the one whom the clinic holds; the session is theirs from then on, the account's others end.

    WrongCode for a code that is wrong, used, replaced or too old; AlreadyLinked where account or patient is spoken for.
    """
    session.actor.must(Permission.LINK_PATIENT, clinic.id)
    digest = _digest(clinic, linking.typed(code))
    return table.settle(lambda: _linked(clinic, session, digest, now))


def _linked(clinic: Clinic, session: Session, digest: str, now: datetime) -> Session:
    found = holders.get_code(clinic.id, digest)
    if found is None or now >= found.until:
        _refused(clinic, session.actor, now)
        raise rules.WrongCode(linking.ASK_AGAIN)
    account = store.get_account(clinic.id, session.actor.email)
    if account is None or account.id != session.actor.account:
        raise SignedOut
    linking.may_link(account)
    return _written(clinic, session, account, found, now)


def _refused(clinic: Clinic, actor: Actor, now: datetime) -> None:
    with table.together() as tx:
        what = f"account/{actor.account}"
        audit.note(tx, clinic.id, action="link_patient", by=actor, what=what, at=now, patient=actor.patient, outcome="wrong-code")


def _written(clinic: Clinic, session: Session, account: Account, code: LinkCode, now: datetime) -> Session:
    patient = people.patient(clinic.id, code.patient)
    actor = _as(session.actor, account, patient)
    before = {"formerly": account.patient} if account.patient else {}
    with table.together(clash=SignedOut) as tx:  # the session may have been closed meanwhile
        holders.use_code(clinic.id, code, tx, rules.WrongCode(linking.ASK_AGAIN))
        holders.hold(clinic.id, patient.id, account.id, tx, linking.TAKEN)
        store.replace_patient(clinic.id, account, patient.id, tx)
        if account.patient:
            people.replace_patient(tx, people.patient(clinic.id, account.patient))
        identity.end_sessions(clinic.id, account.id, tx, keep=session)
        audit.note(tx, clinic.id, action="link_patient", by=actor, what=f"patient/{patient.id}", at=now, patient=patient.id, **before)
        return identity.replace_actor(clinic.id, session, actor, tx)


def _as(actor: Actor, account: Account, patient: Patient) -> Actor:
    formerly = (account.patient,) if account.patient else ()
    return msgspec.structs.replace(actor, patient=patient.id, name=patient.name, formerly=formerly)
