"""What a visit needs of documents and has, as it crosses the wire."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from chalicelib.clinics.records import Clinic, DocumentKind, Record
from chalicelib.documents import rules
from chalicelib.documents.records import Contents, DocumentReference, DocumentState, Folder, InsuranceStatus, Standing
from chalicelib.documents.shapes.fhir import REFERENCE, Resource
from chalicelib.documents.shapes.files import DOCUMENT, LINK, DocumentView, Link, Sentence, document_view
from chalicelib.kit import text, zone


class InsuranceView(Record, frozen=True, kw_only=True):
    """What is known of who pays for the visit, by whom and since when (as the clinic's clock read)."""

    status: InsuranceStatus
    note: str
    by: str
    at_label: str


class KindView(Record, frozen=True, kw_only=True):
    """A kind of document, how far it has come for the visit, and its files in the order of their pages."""

    id: str
    name: str
    comment: str
    pages: Annotated[int, Meta(description="files at the most")]
    needed: bool
    insurance: bool
    standing: Standing
    documents: list[DocumentView]


class Whose(Record, frozen=True, kw_only=True):
    """The patient whom a visit's documents must be of: what a card is compared with."""

    id: str
    name: str
    birth_date: date


class VisitDocuments(Record, frozen=True, kw_only=True):
    """What a visit needs of documents and has. Kinds it does not need stand there too, so that anything can be sent."""

    appointment: str
    patient: Annotated[Whose | None, Meta(description="told to staff alone")] = None
    service: str
    label: str
    start: datetime
    open: Annotated[bool, Meta(description="whether something can still be sent for it")]
    kinds: list[KindView]
    insurance: InsuranceView | None
    version: Annotated[int, Meta(description="of all this; setInsuranceStatus takes it in If-Match")]


class InsuranceWanted(Record, frozen=True, kw_only=True):
    """What was found out of who pays; a problem needs a note."""

    status: InsuranceStatus
    note: Sentence = ""


class ExportWanted(Record, frozen=True, kw_only=True):
    """Why all of a visit's documents are taken out."""

    reason: Annotated[str, Meta(min_length=10, max_length=500)]


class Export(Record, frozen=True, kw_only=True):
    """A link to each file of a visit that can be looked at, and what each is, as FHIR says it."""

    links: list[Link]
    references: list[Resource]


HIDDEN = frozenset({DocumentState.SUPERSEDED, DocumentState.DELETED})


def visit_documents(clinic: Clinic, told: Contents, now: datetime, tag: str) -> VisitDocuments:
    """A visit's documents in the reader's language. Staff (`patient` is given) also see whose they are, and what their sender took back."""
    folder, patient, staff = told.folder, told.patient, told.patient is not None
    shown = [each for each in told.documents if _is_shown(each, now, staff=staff)]
    known = {kind.id for kind in clinic.documents}
    strays = sorted({each.kind for each in shown} - known)  # of kinds that the clinic has since done away with
    kinds = (*clinic.documents, *(DocumentKind(id=kind, name={"en": kind}, comment={"en": ""}) for kind in strays))
    return VisitDocuments(
        appointment=folder.appointment,
        patient=Whose(id=patient.id, name=patient.name, birth_date=patient.birth_date) if patient else None,
        service=_service(clinic, folder, tag),
        label=text.short_label(zone.local(folder.start, clinic.zone), tag),
        start=folder.start,
        open=rules.is_open(told.visit, now),
        kinds=[_kind(clinic, folder, kind, shown, tag, staff=staff) for kind in kinds],
        insurance=insurance_view(clinic, folder, tag, staff=staff),
        version=folder.version,
    )


def _is_shown(document: DocumentReference, now: datetime, *, staff: bool) -> bool:
    if document.state in HIDDEN or (document.state is DocumentState.AWAITING and not rules.counted(document, now)):
        return False
    return staff or document.withdrawn is None


def _kind(clinic: Clinic, folder: Folder, kind: DocumentKind, documents: Iterable[DocumentReference], tag: str, *, staff: bool) -> KindView:
    own = sorted((each for each in documents if each.kind == kind.id), key=lambda each: (each.page, each.id))
    return KindView(
        id=kind.id,
        name=text.words(kind.name, tag),
        comment=text.words(kind.comment, tag),
        pages=kind.pages,
        needed=kind.id in folder.needed,
        insurance=kind.insurance,
        standing=rules.standing(folder, kind.id),
        documents=[document_view(clinic, each, tag, staff=staff) for each in own],
    )


def insurance_view(clinic: Clinic, folder: Folder, tag: str, *, staff: bool) -> InsuranceView | None:
    """What is known of who pays; who said so and why is staff's to know."""
    said = folder.insurance
    if said is None:
        return None
    label = text.short_label(zone.local(said.at, clinic.zone), tag) if said.at else ""
    return InsuranceView(status=said.status, note=said.note if staff else "", by=said.name if staff else "", at_label=label)


def _service(clinic: Clinic, folder: Folder, tag: str) -> str:
    service = clinic.service(folder.service)
    return text.words(service.name, tag) if service else folder.service


# Examples, as the API's description shows them.
INSURANCE = InsuranceView(status=InsuranceStatus.SENT, note="", by="", at_label="Sun, Nov 22, 1:02 PM")
VISIT = VisitDocuments(
    appointment="9mvc1zh0k3w8t4e6p2qa",
    service="Doctor visit",
    label="Tue, Nov 24, 10:40 AM",
    start=datetime.fromisoformat("2026-11-24T15:40:00+00:00"),
    open=True,
    kinds=[
        KindView(
            id="insurance-front",
            name="Insurance card, front",
            comment="All four corners in the picture",
            pages=1,
            needed=True,
            insurance=True,
            standing=Standing.SENT,
            documents=[DOCUMENT],
        )
    ],
    insurance=INSURANCE,
    version=3,
)
INSURANCE_WANTED = InsuranceWanted(status=InsuranceStatus.VERIFIED)
EXPORT_WANTED = ExportWanted(reason="The patient moves to another clinic.")
EXPORT = Export(links=[LINK], references=[REFERENCE])
