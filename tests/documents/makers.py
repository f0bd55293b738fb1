"""Makers of clinics that ask for documents, of visits that want them, and of files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.clinics.records import Clinic, DocumentKind
from chalicelib.documents import rules, store
from chalicelib.documents.actions import filing
from chalicelib.documents.records import DocumentReference, DocumentState, Folder, Wanted
from chalicelib.kit import table
from chalicelib.visits.records import Appointment, AppointmentStatus, ChecklistItem
from tests.booking.makers import a_clinic, a_service

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def a_kind(kind_id: str, **changed: Any) -> DocumentKind:
    """A kind of document; one page, kept for a year."""
    return DocumentKind(**({"id": kind_id, "name": {"en": kind_id}, "comment": {"en": "Please"}} | changed))


KINDS = (
    a_kind("insurance-front", always=True, insurance=True),
    a_kind("insurance-back", always=True, insurance=True),
    a_kind("id", keep_days=30),
    a_kind("referral", pages=3),
)


def a_north(**changed: Any) -> Clinic:
    """A clinic that asks everybody for both sides of the card, and for a referral where the service needs one."""
    service = replace(a_service(20), documents=("referral",))
    return replace(a_clinic("America/New_York"), **({"services": (service,), "documents": KINDS} | changed))


def a_visit(**changed: Any) -> Appointment:
    """Ada's visit tomorrow at noon UTC, which wants a card and a referral."""
    start = NOW + timedelta(days=1)
    about: dict[str, Any] = {"id": "v", "clinic": "north", "patient": "ada", "service": "visit", "practitioner": "bea", "start": start}
    about |= {"end": start + timedelta(minutes=20), "promised": start.isoformat(), "status": AppointmentStatus.BOOKED, "claim": "c"}
    about |= {"checklist": tuple(ChecklistItem(kind=kind) for kind in ("insurance-front", "insurance-back", "referral")), "made": NOW}
    return Appointment(**(about | changed))


def a_document(**changed: Any) -> DocumentReference:
    """The front of Ada's card, asked for now."""
    about: dict[str, Any] = {"id": "d", "clinic": "north", "patient": "ada", "appointment": "v", "kind": "insurance-front"}
    return DocumentReference(**(about | {"declared": "image/jpeg", "size": 9, "sha256": "1" * 64, "asked": NOW} | changed))


def released(**changed: Any) -> DocumentReference:
    """One that can be looked at."""
    return a_document(**({"state": DocumentState.RELEASED, "released": NOW} | changed))


def wanted(**changed: Any) -> Wanted:
    """A photograph of the front of the card."""
    about: dict[str, Any] = {"kind": "insurance-front", "type": "image/jpeg", "size": 100_000, "sha256": "1" * 64}
    return Wanted(**(about | changed))


def a_folder(*documents: DocumentReference, clinic: Clinic | None = None, **changed: Any) -> Folder:
    """The folder of Ada's visit, with these files in it."""
    clinic = clinic or a_north()
    folder = rules.opened(clinic, a_visit(**changed))
    for document in documents:
        folder = rules.filed(clinic, folder, document, NOW)
    return folder


def put(document: DocumentReference) -> DocumentReference:
    """Store a file as it is, in the folder of its visit."""
    visit = a_visit(id=document.appointment, clinic=document.clinic, patient=document.patient)
    clinic = a_north(id=document.clinic)
    folder = store.folder(document.clinic, document.appointment) or rules.opened(clinic, visit)
    with table.together() as tx:
        filing.write(tx, clinic, folder, [(document, None)], NOW)
    return document
