"""What crosses the wire about the patients that a clinic holds, and about linking an account to one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from msgspec import Meta

from chalicelib.accounts import rules
from chalicelib.accounts.records import Registration
from chalicelib.accounts.rules import linking
from chalicelib.clinics.records import Record
from chalicelib.people.records import Patient
from chalicelib.people.records import PatientCard as Card

Name = Annotated[str, Meta(min_length=1, max_length=80)]


class PatientSearch(Record, frozen=True, kw_only=True):
    """How the family or the given name begins; marks and capitals do not matter."""

    name: Annotated[str, Meta(max_length=160)]
    limit: Annotated[int, Meta(ge=1, le=25)] = 20
    cursor: Annotated[str, Meta(max_length=400, description="`next` of the page before")] = ""


class PatientCard(Record, frozen=True, kw_only=True):
    """A patient in a list of names."""

    id: str
    name: str
    birth_date: date


class PatientList(Record, frozen=True, kw_only=True):
    """A page of patients by name. It may be short and still have a next one."""

    patients: tuple[PatientCard, ...]
    next: Annotated[str, Meta(description="cursor of the next page; empty at the end")]


class PatientRecord(Record, frozen=True, kw_only=True):
    """A patient as the clinic holds them (FHIR Patient)."""

    id: str
    given: str
    family: str
    name: str
    birth_date: date
    email: str
    telephone: str
    language: Annotated[str, Meta(description="BCP 47 tag")]
    has_account: Annotated[bool, Meta(description="they sign in themselves; if not, a code can be given to them")]


class RecordWanted(Record, frozen=True, kw_only=True):
    """What somebody tells the desk of themselves."""

    given: Name
    family: Name
    birth_date: date
    telephone: Annotated[str, Meta(min_length=1, max_length=40)]
    email: Annotated[str, Meta(max_length=320)] = ""

    def said(self) -> Registration:
        """The same, tidied; LookAgain where it cannot be right."""
        return rules.registration(self.given, self.family, self.birth_date, self.telephone, self.email)


class LinkCodeWanted(Record, frozen=True, kw_only=True):
    """Nothing needs to be said to be given a code."""


class LinkCodeView(Record, frozen=True, kw_only=True):
    """A code to read out or hand over; shown this once."""

    code: str
    minutes: Annotated[int, Meta(description="how long it works")]


class LinkCodeTyped(Record, frozen=True, kw_only=True):
    """The code from the front desk; spaces, hyphens and capitals do not matter."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]


def patient_list(found: Iterable[Card], after: str) -> PatientList:
    """Patients as a list of names shows them."""
    cards = tuple(PatientCard(id=card.id, name=card.name, birth_date=card.birth_date) for card in found)
    return PatientList(patients=cards, next=after)


def patient_record(patient: Patient, *, has_account: bool) -> PatientRecord:
    """A patient as staff see them."""
    return PatientRecord(
        id=patient.id,
        given=patient.given,
        family=patient.family,
        name=patient.name,
        birth_date=patient.birth_date,
        email=patient.email,
        telephone=patient.telephone,
        language=patient.language,
        has_account=has_account,
    )


def link_code(code: str) -> LinkCodeView:
    """A code as the desk sees it."""
    return LinkCodeView(code=code, minutes=int(linking.LIFE.total_seconds() // 60))


# Examples, as the API's description shows them.
SEARCH = PatientSearch(name="Mor")
PATIENTS = PatientList(patients=(PatientCard(id="7k2m9p4q8r1s5t6v0w3x", name="Ada Moreno", birth_date=date(1987, 3, 14)),), next="")
WANTED = RecordWanted(given="Ada", family="Moreno", birth_date=date(1987, 3, 14), telephone="+1 203 555 0119")
PATIENT = PatientRecord(
    id="7k2m9p4q8r1s5t6v0w3x",
    given="Ada",
    family="Moreno",
    name="Ada Moreno",
    birth_date=date(1987, 3, 14),
    email="",
    telephone="+1 203 555 0119",
    language="en-US",
    has_account=False,
)
CODE = LinkCodeView(code="K7QD-3M0P", minutes=15)
TYPED = LinkCodeTyped(code="K7QD-3M0P")
