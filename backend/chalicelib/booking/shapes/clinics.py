"""Clinics and what they offer, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

from msgspec import Meta

from chalicelib.clinics.records import Address, Clinic, HealthcareService, Record
from chalicelib.kit import text
from chalicelib.people.records import Practitioner


class LimitsView(Record, frozen=True, kw_only=True):
    """What the clinic allows: elapsed minutes, and local dates ahead."""

    lead_minutes: int
    horizon_days: int
    cancel_minutes: int


class ClinicView(Record, frozen=True, kw_only=True):
    """One clinic (FHIR Organization)."""

    id: str
    name: str
    tagline: str
    zone: Annotated[str, Meta(description="IANA time zone")]
    languages: tuple[str, ...]
    address: Address
    telephone: str
    limits: LimitsView
    features: dict[str, bool]


class ClinicList(Record, frozen=True, kw_only=True):
    """All clinics of the portal."""

    clinics: list[ClinicView]


class PractitionerView(Record, frozen=True, kw_only=True):
    """Somebody patients can see."""

    id: str
    name: str
    initials: str
    qualification: str
    languages: tuple[str, ...] = ()


class ServiceView(Record, frozen=True, kw_only=True):
    """Something that can be booked (FHIR HealthcareService), and with whom."""

    id: str
    name: str
    comment: str
    icon: str
    minutes: Annotated[int, Meta(description="length in elapsed minutes")]
    capacity: int
    practitioners: list[PractitionerView]


class ServiceList(Record, frozen=True, kw_only=True):
    """All that a clinic offers."""

    services: list[ServiceView]


def clinic_view(clinic: Clinic, tag: str) -> ClinicView:
    """A clinic in the reader's language."""
    limits = clinic.limits
    return ClinicView(
        id=clinic.id,
        name=clinic.name,
        tagline=text.words(clinic.tagline, tag),
        zone=clinic.zone,
        languages=clinic.languages,
        address=clinic.address,
        telephone=clinic.telephone,
        limits=LimitsView(lead_minutes=limits.lead_minutes, horizon_days=limits.horizon_days, cancel_minutes=limits.cancel_minutes),
        features={"selfBooking": clinic.features.self_booking, "anyPractitioner": clinic.features.any_practitioner},
    )


def clinic_list(clinics: Iterable[Clinic], tag: str) -> ClinicList:
    """All clinics in the reader's language."""
    return ClinicList(clinics=[clinic_view(clinic, tag) for clinic in clinics])


def practitioner_view(person: Practitioner, tag: str) -> PractitionerView:
    """A practitioner in the reader's language."""
    qualification = text.words(person.qualification, tag)
    return PractitionerView(
        id=person.id, name=person.name, initials=person.initials, qualification=qualification, languages=person.languages
    )


def service_view(service: HealthcareService, people: Sequence[Practitioner], tag: str) -> ServiceView:
    """A service and those of a clinic's people who give it."""
    return ServiceView(
        id=service.id,
        name=text.words(service.name, tag),
        comment=text.words(service.comment, tag),
        icon=service.icon,
        minutes=service.minutes,
        capacity=service.capacity,
        practitioners=[practitioner_view(person, tag) for person in people],
    )


def service_list(offered: Iterable[tuple[HealthcareService, Sequence[Practitioner]]], tag: str) -> ServiceList:
    """All that a clinic offers, each with its practitioners."""
    return ServiceList(services=[service_view(service, people, tag) for service, people in offered])


PRACTITIONER = PractitionerView(id="bea", name="Dr Bea Lindqvist", initials="BL", qualification="Family physician", languages=("en", "es"))
CLINIC = ClinicView(
    id="north",
    name="Harbour Family Clinic",
    tagline="Family medicine on the waterfront",
    zone="America/New_York",
    languages=("en-US", "es-US"),
    address=Address(line=("218 North Street",), city="New Haven", state="CT", postal_code="06511", country="US"),
    telephone="+1 203 555 0142",
    limits=LimitsView(lead_minutes=60, horizon_days=60, cancel_minutes=1440),
    features={"selfBooking": True, "anyPractitioner": True},
)
CLINICS = ClinicList(clinics=[CLINIC])
SERVICE = ServiceView(
    id="visit",
    name="Doctor visit",
    comment="For a new problem or a follow-up",
    icon="stethoscope",
    minutes=20,
    capacity=1,
    practitioners=[PRACTITIONER],
)
SERVICES = ServiceList(services=[SERVICE])
