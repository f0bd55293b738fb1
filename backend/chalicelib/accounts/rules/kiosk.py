"""How long a code for the clinic's tablet works, how often one may try, and for which visits it is given."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.accounts.records import KioskCode
from chalicelib.doors.records import By, Limit
from chalicelib.identity.records import Actor, Role
from chalicelib.kit.problem import Problem
from chalicelib.people.records import Patient
from chalicelib.visits.records import Appointment, AppointmentStatus

LIFE = timedelta(minutes=10)  # of a code
STARTS = (Limit(name="kiosk-start", most=120, seconds=3600, by=By.ACCOUNT),)
# 2^40 codes: with all of a clinic's tries, one guess in some billion hours finds one of ten.
TRIES = (
    Limit(name="kiosk-from", most=60, seconds=3600, by=By.ADDRESS),
    Limit(name="kiosk-clinic", most=300, seconds=3600, by=By.CLINIC),
)
ASK_AGAIN = "It may be mistyped, used already, or older than 10 minutes. The front desk can give you a new one."
STANDS = frozenset({AppointmentStatus.PENDING, AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN})


class NotAhead(Problem):
    """A visit that was cancelled, or is over: there is nothing to fill in for it."""

    status = 409
    title = "This visit is not ahead any more."


def given(clinic: str, visit: Appointment, digest: str, actor: Actor, now: datetime) -> KioskCode:
    """A code that works from now on; NotAhead for a visit for which nothing is filled in any more."""
    if visit.status not in STANDS:
        raise NotAhead("The tablet is handed over for visits that are still to come, or under way.")
    return KioskCode(clinic=clinic, patient=visit.patient, appointment=visit.id, digest=digest, by=actor.who, until=now + LIFE)


def holder(code: KioskCode, patient: Patient, account: str, language: str) -> Actor:
    """Whoever holds the tablet now: the patient, for this one visit, under an account that nobody signs in to."""
    return Actor(
        roles=(Role.KIOSK,),
        clinic=code.clinic,
        account=account,
        name=patient.name,
        patient=code.patient,
        language=language,
        appointment=code.appointment,
    )
