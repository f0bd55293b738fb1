"""Handing a tablet of the clinic to a patient: the desk gives a code, and the tablet it is typed on is theirs for one visit."""

from __future__ import annotations

from datetime import datetime

from chalicelib.accounts import rules
from chalicelib.accounts.records import KioskCode
from chalicelib.accounts.rules import kiosk, linking
from chalicelib.accounts.store import kiosk as store
from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.documents.actions import reading
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Actor, Audience, Permission, Session
from chalicelib.kit import ids, secret, table
from chalicelib.people import actions as people


def start_kiosk(clinic: Clinic, actor: Actor, appointment: str, now: datetime) -> tuple[str, str]:
    """A code that opens one tablet for a visit's patient, as it is told to them and kept nowhere, and their language. It ends an older one.

    NotFound for a visit whose patient they may not look at, NotAhead for one that is over or was cancelled.
    """
    actor.must(Permission.START_KIOSK, clinic.id)
    visit = reading.visit_of(clinic, actor, appointment, "start_kiosk", now)
    code = ids.new(linking.LENGTH)
    given = kiosk.given(clinic.id, visit, _digest(clinic, code), actor, now)
    with table.together() as tx:
        store.put(clinic.id, given, tx)
        audit.note(tx, clinic.id, action="start_kiosk", by=actor, what=f"appointment/{visit.id}", at=now, patient=visit.patient)
    return linking.shown(code), people.patient(clinic.id, visit.patient).language


def open_kiosk(clinic: Clinic, code: str, language: str, before: Session | None, now: datetime) -> tuple[Session, str]:
    """A session on this tablet for the visit of a code, and its cookie's token; WrongCode for one that does not work.

    `before` is the session of whoever held the tablet last: it ends here and now.
    """
    digest = _digest(clinic, linking.typed(code))
    return table.settle(lambda: _opened(clinic, digest, language, before, now))


def _opened(clinic: Clinic, digest: str, language: str, before: Session | None, now: datetime) -> tuple[Session, str]:
    found = store.get(clinic.id, digest)
    if found is None or now >= found.until:
        with table.together() as tx:
            audit.note(tx, clinic.id, action="open_kiosk", by=audit.ANYBODY, what="kiosk", at=now, outcome="wrong-code")
        raise rules.WrongCode(kiosk.ASK_AGAIN)
    return _written(clinic, found, language, before, now)


def _written(clinic: Clinic, code: KioskCode, language: str, before: Session | None, now: datetime) -> tuple[Session, str]:
    holder = kiosk.holder(code, people.patient(clinic.id, code.patient), f"kiosk-{ids.new()}", language)
    with table.together() as tx:
        store.use(clinic.id, code, tx, rules.WrongCode(kiosk.ASK_AGAIN))
        if before is not None:
            identity.close_session(before.actor.clinic, before, tx)
        opened = identity.open_session(clinic.id, Audience.PATIENT, holder, now, tx, methods=("kiosk",))
        what = f"appointment/{code.appointment}"
        audit.note(tx, clinic.id, action="open_kiosk", by=holder, what=what, at=now, patient=code.patient, given_by=code.by)
    return opened


def _digest(clinic: Clinic, code: str) -> str:
    return secret.mac("kiosk-code", f"{clinic.id}|{code}")
