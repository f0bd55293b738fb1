"""What makes an app.json right beyond its shape; every fault names its place and the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit
from zoneinfo import ZoneInfoNotFoundError

from msgspec.structs import replace

from chalicelib.clinics.records import Brand, Clinic, HealthcareService, Hours, Words
from chalicelib.kit import zone
from chalicelib.kit.problem import Problem

# Addresses of the portal, and the clinic of counters that all clinics share.
RESERVED = frozenset({"api", "local", "platform", "staff"})

NO_DOMAIN = "localhost"  # what brand.domain says until somebody sets one
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.ASCII | re.IGNORECASE)


class ClinicsWrong(Problem):
    """app.json cannot be right; `detail` names the place and the reason."""

    title = "There is a mistake in app.json."


def check(clinics: Sequence[Clinic]) -> None:
    """Raise ClinicsWrong at the first fault."""
    for place, reason in faults(clinics):
        raise ClinicsWrong(f"{place}: {reason}")


def brand_at(brand: Brand, sender: str, origin: str) -> Brand:
    """The brand as one stage has it; ClinicsWrong where no mail could be sent so.

    `sender` is the stage's: a domain, on which brand.sender keeps what stands before the `@`, or a whole address in its place;
    empty changes nothing. `origin` is the patients'; its host is the domain until app.json sets one, which then stays for good.
    """
    host = urlsplit(origin).hostname
    if brand.domain == NO_DOMAIN and host:
        brand = replace(brand, domain=host)
    if not sender:
        return brand
    name, address = parseaddr(brand.sender)
    address = sender if "@" in sender else f"{address.rpartition('@')[0]}@{sender}"
    if not ADDRESS.fullmatch(address):
        raise ClinicsWrong(f"brand.sender {brand.sender!r} and the stage's sender {sender!r} make no mail address")
    return replace(brand, sender=formataddr((name, address)))


def faults(clinics: Sequence[Clinic]) -> Iterator[tuple[str, str]]:
    """Every fault as (place, reason)."""
    if not clinics:
        yield "clinics", "name at least one clinic"
    yield from repeated("clinics", [clinic.id for clinic in clinics])
    for number, clinic in enumerate(clinics):
        yield from _faults_of_clinic(f"clinics[{number}]", clinic)


def _faults_of_clinic(place: str, clinic: Clinic) -> Iterator[tuple[str, str]]:
    if clinic.id in RESERVED:
        yield f"{place}.id", f"{clinic.id!r} is reserved"
    try:
        zone.named(clinic.zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield f"{place}.zone", f"{clinic.zone!r} is not an IANA time zone"
    yield from missing_words(f"{place}.tagline", clinic.tagline, clinic.languages)
    yield from repeated(f"{place}.rooms", [room.id for room in clinic.rooms])
    yield from repeated(f"{place}.services", [service.id for service in clinic.services])
    yield from faults_of_hours(f"{place}.hours", clinic.hours)
    yield from _faults_of_documents(place, clinic)
    yield from _faults_of_forms(place, clinic)
    kinds = {room.kind for room in clinic.rooms}
    for number, service in enumerate(clinic.services):
        yield from _faults_of_service(f"{place}.services[{number}]", service, clinic.languages, kinds)


def _faults_of_documents(place: str, clinic: Clinic) -> Iterator[tuple[str, str]]:
    yield from repeated(f"{place}.documents", [kind.id for kind in clinic.documents])
    for number, kind in enumerate(clinic.documents):
        yield from missing_words(f"{place}.documents[{number}].name", kind.name, clinic.languages)
        yield from missing_words(f"{place}.documents[{number}].comment", kind.comment, clinic.languages)
    for number, service in enumerate(clinic.services):
        for kind_id in service.documents:
            if clinic.document_kind(kind_id) is None:
                yield f"{place}.services[{number}].documents", f"the clinic has no documents of kind {kind_id!r}"


def _faults_of_forms(place: str, clinic: Clinic) -> Iterator[tuple[str, str]]:
    known = [rule.id for rule in clinic.forms]
    yield from repeated(f"{place}.forms", known)
    for number, rule in enumerate(clinic.forms):
        for service_id in rule.services:
            if clinic.service(service_id) is None:
                yield f"{place}.forms[{number}].services", f"the clinic has no service {service_id!r}"
        if rule.follows and (rule.follows not in known or rule.follows == rule.id):
            yield f"{place}.forms[{number}].follows", f"the clinic asks for no other form {rule.follows!r}"


def _faults_of_service(place: str, service: HealthcareService, languages: Sequence[str], kinds: set[str]) -> Iterator[tuple[str, str]]:
    if service.room_kind and service.room_kind not in kinds:
        yield f"{place}.roomKind", f"the clinic has no room of kind {service.room_kind!r}"
    yield from missing_words(f"{place}.name", service.name, languages)
    yield from missing_words(f"{place}.comment", service.comment, languages)


def faults_of_hours(place: str, hours: Hours) -> Iterator[tuple[str, str]]:
    """Faults of opening hours: validity and time off must not end before they begin; one exception a date."""
    for number, rule in enumerate(hours.available_time):
        if rule.valid_from and rule.valid_until and rule.valid_until < rule.valid_from:
            yield f"{place}.availableTime[{number}].validUntil", "ends before it begins"
    for number, off in enumerate(hours.not_available):
        if off.end < off.start:
            yield f"{place}.notAvailable[{number}].end", "ends before it begins"
    yield from repeated(f"{place}.exceptions", [str(exception.date) for exception in hours.exceptions])


def missing_words(place: str, words: Words, languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A text must be there in every language of the clinic."""
    for tag in languages:
        if not words.get(tag.split("-")[0], "").strip():
            yield place, f"has no words for {tag}"


def repeated(place: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Names that must be unique."""
    for number, name in enumerate(names):
        if name in names[:number]:
            yield f"{place}[{number}]", f"{name!r} is there twice"
