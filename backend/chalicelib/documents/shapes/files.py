"""A file, and what may be asked of one, as they cross the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from chalicelib.clinics.records import Clinic, Record
from chalicelib.documents.records import DocumentReference, DocumentState, Opened, Review, Wanted
from chalicelib.kit import text, zone
from chalicelib.kit.refusing import Reason

Sentence = Annotated[str, Meta(max_length=500)]


class DocumentView(Record, frozen=True, kw_only=True):
    """A file (FHIR DocumentReference). `name` is what its sender's device called it: a stranger's text, to be shown as text."""

    id: str
    appointment: str
    kind: str
    page: int
    name: str
    state: DocumentState
    reason: Annotated[Reason | None, Meta(description="why it was refused")]
    stuck: Annotated[bool, Meta(description="a check gave no answer; it is asked for again, and staff see it")]
    readable: Annotated[bool, Meta(description="openDocument gives a link to it")]
    pages: Annotated[int, Meta(description="how many pages have a picture; 0 before it was made anew")]
    content_type: Annotated[str, Meta(description="of what was made anew; empty before")]
    size: Annotated[int, Meta(description="bytes of what was sent")]
    sent: datetime | None
    sent_label: str
    review: Review
    review_note: Annotated[str, Meta(description="why it was sent back, in staff's words")]
    replaces: str
    replaceable: bool
    withdrawn: bool
    held: bool
    version: int


class Upload(Record, frozen=True, kw_only=True):
    """How to send it: POST to `url` as multipart/form-data, `fields` first and unchanged, then the bytes as `file`, before `until`."""

    document: DocumentView
    url: str
    fields: dict[str, str]
    until: datetime


class Nothing(Record, frozen=True, kw_only=True):
    """Nothing needs to be said."""


class Opening(Record, frozen=True, kw_only=True):
    """What to open: the picture of a page, or 0 for the file itself."""

    page: Annotated[int, Meta(ge=0, le=200)] = 0


class Link(Record, frozen=True, kw_only=True):
    """Where the bytes can be had, by whoever has the link, for a minute."""

    document: str
    url: str
    content_type: str
    name: Annotated[str, Meta(description="a name to keep it under: of its kind and page, never the sender's")]
    until: datetime


class Returning(Record, frozen=True, kw_only=True):
    """Why it is to be taken again, in words for the patient."""

    note: Annotated[str, Meta(min_length=1, max_length=500)]


class Relabelling(Record, frozen=True, kw_only=True):
    """What it really is."""

    kind: Annotated[str, Meta(min_length=1, max_length=64)]
    page: Annotated[int, Meta(ge=1, le=20)] = 1


class Holding(Record, frozen=True, kw_only=True):
    """Whether it is kept beyond its time, and why."""

    held: bool
    reason: Annotated[str, Meta(min_length=10, max_length=500)]


def document_view(clinic: Clinic, document: DocumentReference, tag: str, *, staff: bool) -> DocumentView:
    """A file in the reader's language; that it is held is staff's to know."""
    made = document.remade
    return DocumentView(
        id=document.id,
        appointment=document.appointment,
        kind=document.kind,
        page=document.page,
        name=document.name,
        state=document.state,
        reason=document.reason,
        stuck=document.stuck,
        readable=document.is_readable,
        pages=made.pages if made else 0,
        content_type=made.content_type if made else "",
        size=document.size,
        sent=document.arrived,
        sent_label=text.short_label(zone.local(document.arrived, clinic.zone), tag) if document.arrived else "",
        review=document.review,
        review_note=document.review_note,
        replaces=document.replaces,
        replaceable=document.is_replaceable,
        withdrawn=document.withdrawn is not None,
        held=staff and document.held,
        version=document.version,
    )


def link(opened: Opened) -> Link:
    """A way to the bytes."""
    return Link(document=opened.document.id, url=opened.url, content_type=opened.content_type, name=opened.name, until=opened.until)


# Examples, as the API's description shows them.
WANTED = Wanted(kind="insurance-front", name="IMG_2041.jpg", type="image/jpeg", size=284_113, sha256="9f" * 32)
DOCUMENT = DocumentView(
    id="4t7w2q9k1m5z8x3c6v0b",
    appointment="9mvc1zh0k3w8t4e6p2qa",
    kind="insurance-front",
    page=1,
    name="IMG_2041.jpg",
    state=DocumentState.RELEASED,
    reason=None,
    stuck=False,
    readable=True,
    pages=1,
    content_type="image/jpeg",
    size=284_113,
    sent=datetime.fromisoformat("2026-11-22T18:02:11+00:00"),
    sent_label="Sun, Nov 22, 1:02 PM",
    review=Review.NONE,
    review_note="",
    replaces="",
    replaceable=True,
    withdrawn=False,
    held=False,
    version=5,
)
UNTIL = datetime.fromisoformat("2026-11-22T18:07:00+00:00")
UPLOAD = Upload(document=DOCUMENT, url="https://files.example/", fields={"key": "sent/north/4t7w2q9k1m5z8x3c6v0b"}, until=UNTIL)
LINK = Link(
    document=DOCUMENT.id, url="https://files.example/released/x", content_type="image/jpeg", name="insurance-front-1.jpg", until=UNTIL
)
RETURNING = Returning(note="The corner with the member number is cut off.")
RELABELLING = Relabelling(kind="insurance-back")
HOLDING = Holding(held=True, reason="A court has asked that it be kept.")
