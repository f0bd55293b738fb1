"""What crosses the wire when people sign in, say who they are, and sign out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from chalicelib.accounts import rules
from chalicelib.accounts.records import Registration
from chalicelib.clinics.records import Record
from chalicelib.identity.records import Session
from chalicelib.people.records import Patient


class SignInStart(Record, frozen=True, kw_only=True):
    """The address that a code is mailed to."""

    email: Annotated[str, Meta(min_length=1, max_length=320)]


class SignInSent(Record, frozen=True, kw_only=True):
    """The same answer for every address: a code works for so many minutes."""

    sent: bool = True
    minutes: int


class SignInCode(Record, frozen=True, kw_only=True):
    """The code from the mail; spaces and hyphens do not matter."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]


class PatientWanted(Record, frozen=True, kw_only=True):
    """What a patient says of themselves."""

    given: Annotated[str, Meta(min_length=1, max_length=80)]
    family: Annotated[str, Meta(min_length=1, max_length=80)]
    birth_date: date
    telephone: Annotated[str, Meta(max_length=40)] = ""

    def said(self) -> Registration:
        """The same, tidied; LookAgain where it cannot be right."""
        return rules.registration(self.given, self.family, self.birth_date, self.telephone)


class SignOut(Record, frozen=True, kw_only=True):
    """Nothing needs to be said to leave."""


class PatientView(Record, frozen=True, kw_only=True):
    """The patient somebody is signed in as (FHIR Patient)."""

    id: str
    given: str
    family: str
    name: str
    birth_date: date
    email: str
    telephone: str
    language: Annotated[str, Meta(description="BCP 47 tag")]


class SessionView(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Who is signed in to this clinic, if anybody. `patient` is null until they said who they are."""

    signed_in: bool
    email: str = ""
    idle_seconds: Annotated[int, Meta(description="seconds until the session ends if nothing is done")] = 0
    patient: PatientView | None
    kiosk: Annotated[str, Meta(description="id of the one visit that a tablet of the clinic was handed over for")] = ""


def session_view(session: Session | None, patient: Patient | None, now: datetime) -> SessionView:
    """A session as the portal shows it."""
    if session is None:
        return SIGNED_OUT
    left = min(session.idle_until, session.absolute_until) - now
    return SessionView(
        signed_in=True,
        email=session.actor.email,
        idle_seconds=int(left.total_seconds()),
        patient=patient_view(patient, session.actor.email) if patient else None,
        kiosk=session.actor.appointment,
    )


def patient_view(patient: Patient, email: str) -> PatientView:
    """Whose session it is, which is no reading of their record: what they said of themselves, and the address that signed in.

    The record of a linked account may hold another address and telephone; those are not told here.
    """
    own_words = email != "" and patient.email == email
    return PatientView(
        id=patient.id,
        given=patient.given,
        family=patient.family,
        name=patient.name,
        birth_date=patient.birth_date,
        email=email,
        telephone=patient.telephone if own_words else "",
        language=patient.language,
    )


# Examples, as the API's description shows them.
SIGNED_OUT = SessionView(signed_in=False, patient=None)
START = SignInStart(email="ada.moreno@example.com")
SENT = SignInSent(minutes=int(rules.LIFE.total_seconds() // 60))
CODE = SignInCode(code="0471 1234")
WANTED = PatientWanted(given="Ada", family="Moreno", birth_date=date(1987, 3, 14), telephone="+1 203 555 0119")
SIGNED_IN = SessionView(
    signed_in=True,
    email="ada.moreno@example.com",
    idle_seconds=1200,
    patient=PatientView(
        id="7k2m9p4q8r1s5t6v0w3x",
        given="Ada",
        family="Moreno",
        name="Ada Moreno",
        birth_date=date(1987, 3, 14),
        email="ada.moreno@example.com",
        telephone="+1 203 555 0119",
        language="es-US",
    ),
)
