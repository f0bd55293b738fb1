"""What a visit still wants, kind by kind: computed from the files themselves, never from what a form says of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from chalicelib.clinics.records import Clinic, DocumentKind
from chalicelib.documents.records import (
    DocumentReference,
    DocumentState,
    Filed,
    Folder,
    Insurance,
    InsuranceStatus,
    Queue,
    Review,
    Standing,
)
from chalicelib.kit.problem import LookAgain
from chalicelib.kit.refusing import Reason
from chalicelib.visits.records import Appointment

PATIENTS_TURN = frozenset({Standing.RETURNED, Standing.REFUSED, Standing.MISSING})
STAFFS_TURN = frozenset({Standing.STUCK, Standing.SENT})
THERE = frozenset({Standing.SENT, Standing.ACCEPTED})
LONGEST_NOTE = 500  # characters


def opened(clinic: Clinic, visit: Appointment) -> Folder:
    """The folder of a visit as it is booked."""
    needed = tuple(item.kind for item in visit.checklist)
    pays = any(kind.insurance for kind in clinic.documents if kind.id in needed)
    return Folder(
        clinic=clinic.id,
        appointment=visit.id,
        patient=visit.patient,
        practitioner=visit.practitioner,
        service=visit.service,
        start=visit.start,
        end=visit.end,
        needed=needed,
        insurance=Insurance() if pays else None,
    )


def filed(clinic: Clinic, folder: Folder, document: DocumentReference, now: datetime) -> Folder:
    """The folder with a file as it now is; what is known of who pays follows from the files as long as nobody has said more."""
    new = Filed(
        id=document.id,
        kind=document.kind,
        page=document.page,
        standing=standing_of(document),
        infected=document.reason is Reason.INFECTED,
        replaces=document.replaces,
    )
    others = tuple(each for each in folder.files if each.id != document.id)
    files = tuple(sorted((*others, new), key=lambda each: each.id))
    changed = replace(folder, files=files)
    comes = new.standing is Standing.SENT and new not in folder.files
    return replace(changed, insurance=_insurance(clinic, changed, document.kind if comes else "", now))


def _insurance(clinic: Clinic, folder: Folder, comes: str, now: datetime) -> Insurance | None:
    """Unknown until all of the card is there, and again when a side is sent back; a problem is over once another card comes.

    `comes`: the kind of what has just come; empty if nothing has.
    """
    said = folder.insurance
    if said is None or said.status is InsuranceStatus.VERIFIED:
        return said
    cards = {kind.id: standing for kind, standing in standings(clinic, folder) if kind.insurance}
    status = InsuranceStatus.SENT if THERE.issuperset(cards.values()) else InsuranceStatus.UNKNOWN
    if said.status is status or (said.status is InsuranceStatus.PROBLEM and comes not in cards):
        return said
    return Insurance(status=status, at=now)


def judged(folder: Folder, status: InsuranceStatus, note: str, who: str, now: datetime) -> Folder:
    """What staff found out of who pays. LookAgain for a problem without words, and for a visit that has nothing to look up."""
    plain = " ".join(note.split())
    if folder.insurance is None:
        raise LookAgain(errors=[{"field": "status", "detail": "This visit needs no insurance card."}])
    if len(plain) > LONGEST_NOTE or (status is InsuranceStatus.PROBLEM and not plain):
        raise LookAgain(errors=[{"field": "note", "detail": f"Say what the problem is, in at most {LONGEST_NOTE} characters."}])
    return replace(folder, insurance=Insurance(status=status, note=plain, by=who, at=now))


def standings(clinic: Clinic, folder: Folder) -> list[tuple[DocumentKind, Standing]]:
    """Each kind that the visit needs, in the clinic's order, and how far it has come."""
    kinds = (kind for kind in clinic.documents if kind.id in folder.needed)
    return [(kind, standing(folder, kind.id)) for kind in kinds]


def told(clinic: Clinic, folder: Folder) -> list[tuple[DocumentKind, Standing]]:
    """The same, and of each further kind of which something was sent."""
    there = {each.kind for each in _live(folder.files)}
    kinds = (kind for kind in clinic.documents if kind.id in folder.needed or kind.id in there)
    return [(kind, standing(folder, kind.id)) for kind in kinds]


def standing(folder: Folder, kind_id: str) -> Standing:
    """How far a kind has come: what was refused counts only if nothing else came, what is being taken again not at all."""
    coming = {each.replaces for each in folder.files if each.standing not in (None, Standing.REFUSED)}
    found = {each.standing for each in folder.files if each.kind == kind_id and each.id not in coming} - {None}
    good = found - {Standing.REFUSED, Standing.RETURNED}
    if good and Standing.RETURNED not in found:
        found = good
    return next((each for each in Standing if each in found), Standing.MISSING)


def standing_of(document: DocumentReference) -> Standing | None:
    """How far one file has come; None for what does not count."""
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


def belongs(clinic: Clinic, folder: Folder, queue: Queue) -> bool:
    """Whether a visit waits in a queue."""
    if queue is Queue.INSURANCE:
        return folder.insurance is not None and folder.insurance.status is not InsuranceStatus.VERIFIED
    if queue is Queue.REVIEW:
        return any(each.standing in STAFFS_TURN for each in _live(folder.files))
    return any(standing in PATIENTS_TURN for _, standing in standings(clinic, folder))


def _live(files: Sequence[Filed]) -> Iterable[Filed]:
    return (each for each in files if each.standing is not None)
