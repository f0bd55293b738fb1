"""How long a code for the clinic's tablet works, how often one may be wrong, and for which visits it is given.

Wrong codes alone count, and a right one passes however many wrong ones came before it: else whoever sits in the waiting
room could lock the clinic's tablets. What keeps a code from being guessed is its length. It is one of 2^40 and lives for ten
minutes; a clinic's doors let in 120 requests a second in all (doors/throttle.py), so that a siege which takes every one of
them tries 72,000 codes in that time: one chance in 15 million for each code. Against twenty codes that stand day and
night it would take 14 years on average, for the forms of one visit, with all doors of the clinic shut meanwhile.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.accounts.records import KioskCode
from chalicelib.doors.records import By, Limit
from chalicelib.identity.records import Actor, Role
from chalicelib.kit.problem import Problem
from chalicelib.people.records import Patient
from chalicelib.visits.records import AHEAD, Appointment

LIFE = timedelta(minutes=10)  # of a code
STARTS = (Limit(name="kiosk-start", most=120, seconds=3600, by=By.ACCOUNT),)
# Wrong codes that are answered and written down: of one network in this clinic, and of all of them together. A network that
# has used up its own takes no more of the clinic's.
WRONG_FROM = Limit(name="kiosk-from", most=60, seconds=3600, by=By.ADDRESS)
WRONG = Limit(name="kiosk-clinic", most=600, seconds=3600, by=By.CLINIC)
ASK_AGAIN = "It may be mistyped, used already, or older than 10 minutes. The front desk can give you a new one."


class NotAhead(Problem):
    """A visit that was cancelled, or is over: there is nothing to fill in for it."""

    status = 409
    title = "This visit is not ahead any more."


def given(clinic: str, visit: Appointment, digest: str, actor: Actor, now: datetime) -> KioskCode:
    """A code that works from now on; NotAhead for a visit for which nothing is filled in any more."""
    if visit.status not in AHEAD:
        raise NotAhead("The tablet is handed over for visits that are still to come, or under way.")
    return KioskCode(clinic=clinic, patient=visit.patient, appointment=visit.id, digest=digest, by=actor.who, until=now + LIFE)


def account(patient: str) -> str:
    """The account that all tablets in a patient's hands go by: nobody signs in to it, and the patient finds them by it."""
    return f"kiosk-{patient}"


def holder(code: KioskCode, patient: Patient, language: str) -> Actor:
    """Whoever holds the tablet now: the patient, for this one visit, under an account that nobody signs in to."""
    return Actor(
        roles=(Role.KIOSK,),
        clinic=code.clinic,
        account=account(code.patient),
        name=patient.name,
        patient=code.patient,
        language=language,
        appointment=code.appointment,
    )
