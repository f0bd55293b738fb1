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
from chalicelib.doors import actions as doors
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Actor, Audience, Permission, Session
from chalicelib.kit import ids, secret, table
from chalicelib.people import actions as people
from chalicelib.visits import actions as visits
from chalicelib.visits.records import AHEAD


def start_kiosk(clinic: Clinic, actor: Actor, appointment: str, now: datetime) -> tuple[str, str]:
    """A code that opens one tablet for a visit's patient, as it is told to them and kept nowhere; and the patient's language.

    An older one no longer works, and a tablet that was opened with it is closed: this is also how staff take one back.
    NotFound for a visit whose patient they may not look at, NotAhead for one that is over or was cancelled.
    """
    actor.must(Permission.START_KIOSK, clinic.id)
    visit = reading.visit_of(clinic, actor, appointment, "start_kiosk", now)
    code = ids.new(linking.LENGTH)
    given = kiosk.given(clinic.id, visit, _digest(clinic, code), actor, now)
    table.settle(lambda: _start(clinic, actor, given, now))
    return linking.shown(code), people.patient(clinic.id, visit.patient).language


def _start(clinic: Clinic, actor: Actor, given: KioskCode, now: datetime) -> None:
    before = store.handed(clinic.id, given.appointment)  # read first: a tablet that is opened from here on makes this start over
    with table.together() as tx:
        store.put(clinic.id, given, tx, before)
        identity.end_sessions(clinic.id, kiosk.account(given.patient), tx, visit=given.appointment)
        audit.note(tx, clinic.id, action="start_kiosk", by=actor, what=f"appointment/{given.appointment}", at=now, patient=given.patient)


def open_kiosk(clinic: Clinic, code: str, address: str, language: str, before: Session | None, now: datetime) -> tuple[Session, str]:
    """A session on this tablet for the visit of a code, and its cookie's token; WrongCode for one that does not work.

    SlowDown instead once too many wrong ones came from here. `before` is the session of whoever held the tablet last: it
    ends here and now.
    """
    digest = _digest(clinic, linking.typed(code))
    return table.settle(lambda: _opened(clinic, digest, address, language, before, now))


def _opened(clinic: Clinic, digest: str, address: str, language: str, before: Session | None, now: datetime) -> tuple[Session, str]:
    found = store.get(clinic.id, digest)
    if found is None or now >= found.until or not _is_ahead(found):
        doors.must_spend(clinic.id, kiosk.WRONG_FROM, doors.network(address), now)
        doors.must_spend(clinic.id, kiosk.WRONG, "clinic", now)
        with table.together() as tx:
            audit.note(tx, clinic.id, action="open_kiosk", by=audit.ANYBODY, what="kiosk", at=now, outcome="wrong-code")
        raise rules.WrongCode(kiosk.ASK_AGAIN)
    return _written(clinic, found, language, before, now)


def _is_ahead(code: KioskCode) -> bool:
    visit = visits.get(code.clinic, code.appointment)
    return visit is not None and visit.status in AHEAD


def _written(clinic: Clinic, code: KioskCode, language: str, before: Session | None, now: datetime) -> tuple[Session, str]:
    holder = kiosk.holder(code, people.patient(clinic.id, code.patient), language)
    with table.together() as tx:
        if before is not None:
            identity.close_session(before.actor.clinic, before, tx)
        opened = identity.open_session(clinic.id, Audience.PATIENT, holder, now, tx, methods=("kiosk",))
        session, _ = opened
        store.use(clinic.id, code, session.id, session.absolute_until, tx, rules.WrongCode(kiosk.ASK_AGAIN))
        what = f"appointment/{code.appointment}"
        audit.note(tx, clinic.id, action="open_kiosk", by=holder, what=what, at=now, patient=code.patient, given_by=code.by)
    return opened


def _digest(clinic: Clinic, code: str) -> str:
    return secret.mac("kiosk-code", f"{clinic.id}|{code}")
