"""Who may send what for which visit: checked before a way to send it is given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.clinics.records import Clinic, DocumentKind
from chalicelib.documents.records import DocumentReference, DocumentState, Wanted
from chalicelib.documents.rules import naming, reviewing
from chalicelib.doors.records import By, Limit
from chalicelib.kit import formats
from chalicelib.kit.problem import LookAgain, Problem
from chalicelib.visits.records import Appointment, AppointmentStatus

LARGEST = 10_000_000  # bytes; phones send less than a tenth of it, since the page makes photographs smaller first
MOST_FILES = 20  # of one visit, of all kinds
GIVEN_FOR = timedelta(minutes=5)  # how long a way to send is good for
AFTERWARDS = timedelta(days=30)  # what a visit still wants after it was
OPEN = frozenset(
    {
        AppointmentStatus.PENDING,
        AppointmentStatus.BOOKED,
        AppointmentStatus.ARRIVED,
        AppointmentStatus.CHECKED_IN,
        AppointmentStatus.FULFILLED,
    }
)
GONE = frozenset({DocumentState.REFUSED, DocumentState.SUPERSEDED, DocumentState.DELETED})
# Case 39. A visit asks for a handful of photographs; whoever takes each of them ten times still gets through.
UPLOADS = (
    Limit(name="uploads", most=60, seconds=3600, by=By.ACCOUNT),
    Limit(name="uploads-minute", most=20, seconds=60, by=By.ACCOUNT),
)


class TooManyFiles(Problem):
    """The visit, or the kind of document, has as many files as it can have."""

    status = 409
    title = "There are already as many pages as we can take."


class NothingWanted(Problem):
    """The visit wants no documents: it was cancelled, or is long over."""

    status = 409
    title = "This visit needs no documents."


def ask(
    clinic: Clinic, visit: Appointment, existing: Sequence[DocumentReference], wanted: Wanted, document_id: str, now: datetime
) -> DocumentReference:
    """The file that may now be sent. LookAgain for what it cannot be; NothingWanted, TooManyFiles for what it comes too late for.

    `existing` are the visit's files. One that is to be taken again (`replaces`) must be one of them; its place is taken over.
    """
    if visit.status not in OPEN or now > visit.end + AFTERWARDS:
        raise NothingWanted
    old = _replaced(existing, wanted)
    kind = _kind(clinic, old.kind if old else wanted.kind)
    _check_file(wanted)
    standing = [each for each in existing if counted(each, now) and each is not old]
    if len(standing) >= MOST_FILES:
        raise TooManyFiles("Please remove one first.")
    page = old.page if old else _next_page(kind, standing)
    return DocumentReference(
        id=document_id,
        clinic=clinic.id,
        patient=visit.patient,
        appointment=visit.id,
        kind=kind.id,
        page=page,
        name=naming.shown(wanted.name),
        declared=wanted.type,
        size=wanted.size,
        sha256=wanted.sha256,
        asked=now,
        replaces=old.id if old else "",
        until=reviewing.kept_until(clinic, kind, visit),
    )


def counted(document: DocumentReference, now: datetime) -> bool:
    """Whether it takes a place: it came, or may still come by the way that was given; not what its sender took back."""
    if document.withdrawn is not None:
        return False
    if document.state is DocumentState.AWAITING:
        return now < document.asked + GIVEN_FOR
    return document.state not in GONE


def _kind(clinic: Clinic, kind_id: str) -> DocumentKind:
    kind = clinic.document_kind(kind_id)
    if kind is None:
        raise LookAgain(errors=[{"field": "kind", "detail": "This clinic does not ask for that."}])
    return kind


def _check_file(wanted: Wanted) -> None:
    if wanted.type not in formats.DECLARED:
        raise LookAgain(errors=[{"field": "type", "detail": "Choose a photo (JPEG, PNG, WebP or HEIC) or a PDF."}])
    if wanted.size > LARGEST:
        raise LookAgain(errors=[{"field": "size", "detail": f"Choose a file of at most {LARGEST // 1_000_000} MB."}])


def _replaced(existing: Sequence[DocumentReference], wanted: Wanted) -> DocumentReference | None:
    """The file to be taken again: refused, or sent back, or not yet looked at by staff."""
    if not wanted.replaces:
        return None
    old = next((each for each in existing if each.id == wanted.replaces), None)
    if old is None or not old.is_replaceable:
        raise LookAgain(errors=[{"field": "replaces", "detail": "That one cannot be replaced any more; add a new one."}])
    return old


def _next_page(kind: DocumentKind, standing: Sequence[DocumentReference]) -> int:
    """The first page that is free. TooManyFiles where all are taken."""
    taken = {each.page for each in standing if each.kind == kind.id}
    free = (page for page in range(1, kind.pages + 1) if page not in taken)
    try:
        return next(free)
    except StopIteration:
        pages = "one page" if kind.pages == 1 else f"{kind.pages} pages"
        raise TooManyFiles(f"It has {pages} at the most. Replace one of them.") from None
