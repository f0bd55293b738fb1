"""Reminding patients of what is left to do before a visit. Whether anything is left is looked up at that moment, so it stops by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.intake import messages
from chalicelib.intake.actions import completeness
from chalicelib.intake.records import BeforeVisit
from chalicelib.intake.rules import reminding as rules
from chalicelib.intake.rules.reminding import Round
from chalicelib.intake.store import reminders as store
from chalicelib.kit import table, zone
from chalicelib.notices import actions as notices
from chalicelib.people import actions as people
from chalicelib.people.records import Patient
from chalicelib.visits import actions as visits
from chalicelib.visits.records import Appointment

PAGE = 50  # visits looked at together
REMINDER = "function/reminder"  # who does it, in the audit trail


def remind(clinic: Clinic, now: datetime) -> int:
    """Remind the patients of a clinic whose turn it is today, once; how many. Called again, it goes on where it was broken off."""
    today, rounds = zone.local_date(now, clinic.zone).isoformat(), rules.rounds(clinic.zone, now)
    if not rounds or store.is_over(clinic.id, today):
        return 0
    sent = sum(_reminded(clinic, each, page, now) for each in rounds for page in _pages(clinic, each))
    store.close(clinic.id, today, now)
    return sent


def _pages(clinic: Clinic, wanted: Round) -> Iterator[list[Appointment]]:
    after, until = (moment.astimezone(UTC).isoformat() for moment in wanted[1:])
    while True:
        rows = visits.between(clinic.id, after, until, PAGE)
        if rows:
            yield [visit for _, visit in rows]
        if len(rows) < PAGE:
            return
        after = rows[-1][0]


def _reminded(clinic: Clinic, wanted: Round, page: list[Appointment], now: datetime) -> int:
    older = [visit for visit in page if not rules.is_new(visit, clinic.zone, now)]
    waiting = [each for each in completeness.before(clinic, older) if completeness.waits_for_patient(clinic, each)]
    known = people.patients(clinic.id, list(dict.fromkeys(each.visit.patient for each in waiting)))
    return sum(_one(clinic, wanted, each, known[each.visit.patient], now) for each in waiting if each.visit.patient in known)


def _one(clinic: Clinic, wanted: Round, waiting: BeforeVisit, patient: Patient, now: datetime) -> bool:
    """Post it and mark it together; False for whom we cannot write to, and for whom somebody else was faster."""
    visit = waiting.visit
    if not patient.email or store.is_marked(clinic.id, visit.id, wanted.ahead):
        return False
    try:
        with table.together() as tx:
            store.mark(clinic.id, visit.id, wanted.ahead, visit.start, tx)
            notices.post(tx, messages.reminded(clinic, patient, visit, now))
            what = f"appointment/{visit.id}"
            audit.note(tx, clinic.id, action="remind", by=REMINDER, what=what, at=now, patient=visit.patient)
    except table.Lost:
        return False
    return True
