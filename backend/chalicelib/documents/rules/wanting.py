"""What a visit still wants, kind by kind: computed from the files themselves, never from what a form says of them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from chalicelib.clinics.records import Clinic, DocumentKind
from chalicelib.documents.records import DocumentReference, DocumentState, Review
from chalicelib.visits.records import Appointment


class Standing(StrEnum):
    """How far a kind has come for a visit. The worst of its pages decides, in the order of this list."""

    RETURNED = "returned"  # staff sent a page back; the patient's turn
    REFUSED = "refused"  # a page could not be taken in; the patient's turn
    MISSING = "missing"  # nothing came; the patient's turn
    STUCK = "stuck"  # a check gave no answer; staff's turn
    CHECKING = "checking"  # on its way; nobody's turn
    SENT = "sent"  # there to be looked at; staff's turn
    ACCEPTED = "accepted"


PATIENTS_TURN = frozenset({Standing.RETURNED, Standing.REFUSED, Standing.MISSING})


def standings(clinic: Clinic, visit: Appointment, documents: Sequence[DocumentReference]) -> list[tuple[DocumentKind, Standing]]:
    """Each kind that the visit needs, in the clinic's order, and how far it has come."""
    needed = {item.kind for item in visit.checklist}
    kinds = (kind for kind in clinic.documents if kind.id in needed)
    return [(kind, standing([each for each in documents if each.kind == kind.id])) for kind in kinds]


def standing(documents: Sequence[DocumentReference]) -> Standing:
    """Of the files of one kind. What was taken back, replaced or deleted does not count; of what was refused only if nothing else came."""
    found = {_of(each) for each in documents} - {None}
    good = found - {Standing.REFUSED, Standing.RETURNED}
    if good and Standing.RETURNED not in found:
        found = good
    return next((each for each in Standing if each in found), Standing.MISSING)


def _of(document: DocumentReference) -> Standing | None:
    if document.withdrawn is not None:
        return None
    match document.state:
        case DocumentState.REFUSED:
            return Standing.REFUSED
        case DocumentState.UPLOADED | DocumentState.SCANNING:
            return Standing.STUCK if document.stuck else Standing.CHECKING
        case DocumentState.RELEASED:
            return {Review.NONE: Standing.SENT, Review.ACCEPTED: Standing.ACCEPTED, Review.RETURNED: Standing.RETURNED}[document.review]
        case _:
            return None
