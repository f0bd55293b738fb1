"""What staff say of a file, how its sender takes it back, and how long it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from chalicelib.clinics.records import Clinic, DocumentKind
from chalicelib.documents.records import DocumentReference, DocumentState, Review
from chalicelib.kit import zone
from chalicelib.kit.problem import LookAgain, Problem
from chalicelib.visits.records import Appointment

LONGEST_NOTE = 500  # characters
SHORTEST_REASON = 10


class NotReadable(Problem):
    """It is not there to be looked at: still being checked, refused, replaced, or taken back."""

    status = 409
    title = "That page is not there to be looked at."


def accept(document: DocumentReference, who: str, now: datetime) -> DocumentReference:
    """Staff have looked at it and it will do. NotReadable for what nobody can have looked at; once more changes nothing."""
    _must_be_readable(document)
    if document.review is Review.ACCEPTED:
        return document
    return _reviewed(document, Review.ACCEPTED, "", who, now)


def return_(document: DocumentReference, note: str, who: str, now: datetime) -> DocumentReference:
    """Sent back to be taken again, with a reason in words for the patient. LookAgain without one."""
    _must_be_readable(document)
    plain = " ".join(note.split())
    if not plain or len(plain) > LONGEST_NOTE:
        raise LookAgain(errors=[{"field": "note", "detail": f"Say what is wrong with it, in at most {LONGEST_NOTE} characters."}])
    if (document.review, document.review_note) == (Review.RETURNED, plain):
        return document
    return _reviewed(document, Review.RETURNED, plain, who, now)


def relabel(
    clinic: Clinic, visit: Appointment, document: DocumentReference, kind_id: str, page: int, others: Sequence[DocumentReference]
) -> DocumentReference:
    """Put under another kind or page, and kept as long as that kind is.

    LookAgain for a kind that the clinic does not ask for, or a page that the kind does not have or another of the visit's files has.
    """
    _must_be_readable(document)
    kind = clinic.document_kind(kind_id)
    if kind is None:
        raise LookAgain(errors=[{"field": "kind", "detail": "This clinic does not ask for that."}])
    if not 1 <= page <= kind.pages:
        raise LookAgain(errors=[{"field": "page", "detail": f"Choose a page from 1 to {kind.pages}."}])
    if (document.kind, document.page) == (kind_id, page):
        return document
    if any((each.kind, each.page) == (kind_id, page) and each.is_readable for each in others):
        raise LookAgain(errors=[{"field": "page", "detail": "Another file has that page. Return it first, or choose another page."}])
    return replace(document, kind=kind_id, page=page, until=kept_until(clinic, kind, visit), version=document.version + 1)


def withdraw(document: DocumentReference, now: datetime, today: date) -> DocumentReference:
    """Taken back by its sender: marked so and no longer shown. What staff have looked at is kept as long as its kind is (case 46)."""
    if document.withdrawn is not None or document.state in (DocumentState.SUPERSEDED, DocumentState.DELETED):
        return document
    until = today if document.review is Review.NONE else document.until
    return replace(document, withdrawn=now, until=until, version=document.version + 1)


def superseded(document: DocumentReference, by: str, today: date) -> DocumentReference:
    """Another stands in its place; what nobody has judged is kept no longer."""
    until = today if document.review is Review.NONE else document.until
    return replace(document, state=DocumentState.SUPERSEDED, replaced_by=by, until=until, version=document.version + 1)


def hold(document: DocumentReference, *, held: bool) -> DocumentReference:
    """Keep it whatever its time is (a legal hold), or no longer. NotReadable for what is gone."""
    if document.state is DocumentState.DELETED:
        raise NotReadable
    return document if document.held is held else replace(document, held=held, version=document.version + 1)


def kept_until(clinic: Clinic, kind: DocumentKind, visit: Appointment) -> date:
    """The last local date on which it is kept."""
    return zone.local_date(visit.end, clinic.zone) + timedelta(days=kind.keep_days)


def is_due_for_deletion(document: DocumentReference, today: date) -> bool:
    """Whether it, with all its versions, is to go: its time is over and nothing holds it; what nobody reviewed goes once taken back."""
    if document.held or document.state is DocumentState.DELETED:
        return False
    over = document.withdrawn is not None or document.state is DocumentState.SUPERSEDED
    unseen = over and document.review is Review.NONE
    return unseen or (document.until is not None and today > document.until)


def deleted(document: DocumentReference) -> DocumentReference:
    """What remains of it: that there was one, of which kind, and when; neither its name nor its hash nor what was said of it.

    From here on nobody gets it, and it cannot be held any more; its objects go next.
    """
    gone = replace(document, state=DocumentState.DELETED, name="", sha256="0" * 64, remade=None, review_note="")
    return replace(gone, version=document.version + 1)


def emptied(document: DocumentReference) -> DocumentReference:
    """Nothing of it is left in any bucket."""
    return document if document.emptied else replace(document, emptied=True, version=document.version + 1)


def said(reason: str) -> str:
    """A reason that goes into the trail, tidied. LookAgain where it says nothing."""
    plain = " ".join(reason.split())
    if len(plain) < SHORTEST_REASON:
        raise LookAgain(errors=[{"field": "reason", "detail": f"Say why, in at least {SHORTEST_REASON} characters."}])
    return plain


def _must_be_readable(document: DocumentReference) -> None:
    if not document.is_readable:
        raise NotReadable


def _reviewed(document: DocumentReference, review: Review, note: str, who: str, now: datetime) -> DocumentReference:
    return replace(document, review=review, review_note=note, reviewed_by=who, reviewed=now, version=document.version + 1)
