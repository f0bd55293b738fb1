"""Who may send what for which visit: checked before a way to send it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
MOST_ASKED = 200  # ways to send that one visit is given in all
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
    if not is_open(visit, now):
        raise NothingWanted
    old = _replaced(existing, wanted)
    kind = _kind(clinic, old.kind if old else wanted.kind)
    _check_file(wanted)
    before = behind(old.id, {each.id: each.replaces for each in existing}) if old else ()
    standing = [each for each in existing if counted(each, now) and each.id not in before and not _is_again(each, wanted)]
    if len(standing) >= MOST_FILES or len(existing) >= MOST_ASKED:
        raise TooManyFiles("Please remove one first." if len(existing) < MOST_ASKED else "Please call us.")
    page = old.page if old else _next_page(kind, standing)
    if any((each.kind, each.page) == (kind.id, page) for each in standing):
        raise TooManyFiles("That page was sent again already.")
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
        replaces=(old.replaces if old.state is DocumentState.AWAITING else old.id) if old else "",
        until=reviewing.kept_until(clinic, kind, visit),
    )


def behind(document_id: str, replaces: Mapping[str, str]) -> list[str]:
    """A file and all that it stands in place of, one behind the other; `replaces` says of each which one that is."""
    found = list[str]()
    while document_id and document_id not in found:
        found.append(document_id)
        document_id = replaces.get(document_id, "")
    return found


def is_open(visit: Appointment, now: datetime) -> bool:
    """Whether something can still be sent for a visit."""
    return visit.status in OPEN and now <= visit.end + AFTERWARDS


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
    for page in range(1, kind.pages + 1):
        if page not in taken:
            return page
    pages = "one page" if kind.pages == 1 else f"{kind.pages} pages"
    raise TooManyFiles(f"It has {pages} at the most. Replace one of them.")


def _is_again(document: DocumentReference, wanted: Wanted) -> bool:
    """Whether the very same file was asked for before and has not come: its sender lost the way, and not the file."""
    return document.state is DocumentState.AWAITING and document.sha256 == wanted.sha256 and wanted.kind in ("", document.kind)


def given_up(existing: Sequence[DocumentReference], document: DocumentReference, wanted: Wanted) -> list[DocumentReference]:
    """The files that have not come and will not: the same one asked for again, and the one that it is to be sent in place of."""
    waiting = (each for each in existing if each.state is DocumentState.AWAITING and each.kind == document.kind)
    return [each for each in waiting if each.id == wanted.replaces or _is_again(each, wanted)]
