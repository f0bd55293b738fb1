"""Patient, Practitioner and PractitionerRole, in FHIR's words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from chalicelib.clinics.records import Hours, Record, Slug, Words


class PractitionerRole(Record, frozen=True, kw_only=True):
    """What a practitioner does in one clinic, and when; hours empty: the clinic's own hours."""

    clinic: Slug
    services: Annotated[tuple[Slug, ...], Meta(min_length=1)]
    hours: Hours = Hours()


class Practitioner(Record, frozen=True, kw_only=True):
    """Somebody patients can see. `roles` are in the order of app.json; one a clinic."""

    id: Slug
    name: str
    initials: Annotated[str, Meta(min_length=1, max_length=3)]
    qualification: Words
    languages: tuple[str, ...] = ()
    roles: Annotated[tuple[PractitionerRole, ...], Meta(min_length=1)]

    def role(self, clinic: str) -> PractitionerRole | None:
        """The role in that clinic, if any."""
        return next((role for role in self.roles if role.clinic == clinic), None)

    @property
    def clinics(self) -> tuple[str, ...]:
        """The clinics they work in: a claim on their time is written under each."""
        return tuple(role.clinic for role in self.roles)


class PatientCard(Record, frozen=True, kw_only=True):
    """A patient as a list of names shows them."""

    id: str
    given: str
    family: str
    birth_date: date

    @property
    def name(self) -> str:
        """Given and family name as written."""
        return f"{self.given} {self.family}"


class Patient(Record, frozen=True, kw_only=True):
    """A patient of one clinic, as they described themselves. `language` is a BCP 47 tag; `made` aware UTC."""

    id: str
    clinic: str
    given: str
    family: str
    birth_date: date
    email: str
    telephone: str = ""
    language: str
    made: datetime
    version: int = 1

    @property
    def name(self) -> str:
        """Given and family name as written."""
        return f"{self.given} {self.family}"
