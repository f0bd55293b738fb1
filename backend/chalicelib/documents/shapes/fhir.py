"""A file as FHIR R4's DocumentReference (hl7.org/fhir/R4/documentreference.html): what stands there is what others can read too.

Members that are empty are left out, as FHIR's JSON wants it. `attachment.hash` is SHA-1 there, which we do not
compute; the SHA-256 stands among the identifiers.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.clinics.records import Clinic
from chalicelib.documents.records import DocumentReference, DocumentState, Review
from chalicelib.kit import settings, text


class Fhir(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What FHIR's JSON has in common: camelCase, and nothing that is empty."""


class Coding(Fhir, frozen=True, kw_only=True):
    """A code of a system."""

    system: str
    code: str


class CodeableConcept(Fhir, frozen=True, kw_only=True):
    """A concept by its codes and in words."""

    coding: list[Coding]
    text: str = ""


class Identifier(Fhir, frozen=True, kw_only=True):
    """A value within a system."""

    system: str
    value: str


class Reference(Fhir, frozen=True, kw_only=True):
    """Another resource, `Type/id`."""

    reference: str


class Attachment(Fhir, frozen=True, kw_only=True):
    """The file itself: its type, bytes and title; its url is a link of a minute, and not kept here."""

    content_type: str = ""
    size: int = 0
    title: str = ""
    creation: datetime | None = None


class Content(Fhir, frozen=True, kw_only=True):
    """One attachment."""

    attachment: Attachment


class Context(Fhir, frozen=True, kw_only=True):
    """For which visit it was sent."""

    related: list[Reference]


class RelatesTo(Fhir, frozen=True, kw_only=True):
    """In place of which other it stands."""

    code: Literal["replaces"]
    target: Reference


class MetaData(Fhir, frozen=True, kw_only=True):
    """Which version this is."""

    version_id: str


class Resource(Fhir, frozen=True, kw_only=True):
    """DocumentReference, FHIR R4."""

    resource_type: Literal["DocumentReference"]
    id: str
    meta: MetaData
    identifier: list[Identifier] = []
    status: Literal["current", "superseded", "entered-in-error"]
    doc_status: Literal["preliminary", "final", "entered-in-error"]
    type: CodeableConcept
    subject: Reference
    date: datetime
    custodian: Reference
    relates_to: list[RelatesTo] = []
    content: list[Content]
    context: Context


def reference(clinic: Clinic, document: DocumentReference, tag: str) -> Resource:
    """A file as FHIR has it; the kind's name in the reader's language."""
    kind = clinic.document_kind(document.kind)
    system = f"{settings.origin('patient')}/{clinic.id}/document-kinds"
    made = document.remade
    attachment = Attachment(
        content_type=made.content_type if made else "",
        size=made.size if made else 0,
        title=document.name,
        creation=document.released,
    )
    return Resource(
        resource_type="DocumentReference",
        id=document.id,
        meta=MetaData(version_id=str(document.version)),
        identifier=[Identifier(system="urn:oid:2.16.840.1.101.3.4.2.1", value=made.sha256)] if made else [],
        status=status(document),
        doc_status=doc_status(document),
        type=CodeableConcept(coding=[Coding(system=system, code=document.kind)], text=text.words(kind.name, tag) if kind else ""),
        subject=Reference(reference=f"Patient/{document.patient}"),
        date=document.asked,
        custodian=Reference(reference=f"Organization/{clinic.id}"),
        relates_to=[RelatesTo(code="replaces", target=Reference(reference=f"DocumentReference/{document.replaces}"))]
        if document.replaces
        else [],
        content=[Content(attachment=attachment)],
        context=Context(related=[Reference(reference=f"Appointment/{document.appointment}")]),
    )


def status(document: DocumentReference) -> Literal["current", "superseded", "entered-in-error"]:
    """Its sender took it back: it was in error."""
    if document.withdrawn is not None or document.state in (DocumentState.REFUSED, DocumentState.DELETED):
        return "entered-in-error"
    return "superseded" if document.state is DocumentState.SUPERSEDED else "current"


def doc_status(document: DocumentReference) -> Literal["preliminary", "final", "entered-in-error"]:
    """Final once staff have accepted it."""
    if status(document) == "entered-in-error":
        return "entered-in-error"
    return "final" if document.review is Review.ACCEPTED else "preliminary"


# An example, as the API's description shows it. The system of the identifier is SHA-256's own object identifier.
REFERENCE = Resource(
    resource_type="DocumentReference",
    id="4t7w2q9k1m5z8x3c6v0b",
    meta=MetaData(version_id="5"),
    identifier=[Identifier(system="urn:oid:2.16.840.1.101.3.4.2.1", value="9f" * 32)],
    status="current",
    doc_status="final",
    type=CodeableConcept(
        coding=[Coding(system="https://clinic.example/north/document-kinds", code="insurance-front")], text="Insurance card, front"
    ),
    subject=Reference(reference="Patient/7k2m9p4q8r1s5t6v0w3x"),
    date=datetime.fromisoformat("2026-11-22T18:02:00+00:00"),
    custodian=Reference(reference="Organization/north"),
    content=[Content(attachment=Attachment(content_type="image/jpeg", size=284_113, title="IMG_2041.jpg"))],
    context=Context(related=[Reference(reference="Appointment/9mvc1zh0k3w8t4e6p2qa")]),
)
