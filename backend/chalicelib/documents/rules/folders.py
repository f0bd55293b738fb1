"""What a visit still wants, kind by kind: computed from the files themselves, never from what a form says of them."""

from __future__ import annotations

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
from chalicelib.documents.rules.asking import behind
from chalicelib.identity.records import Actor
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
    new = _filed(document)
    others = [each for each in folder.files if each.id != document.id]
    changed = replace(folder, files=tuple(sorted((*others, *new), key=lambda each: each.id)))
    comes = any(each.standing is Standing.SENT and each not in folder.files for each in new)
    return replace(changed, insurance=_insurance(clinic, changed, document.kind if comes else "", now))


def _filed(document: DocumentReference) -> list[Filed]:
    """A file as a folder lists it; nothing for what does not count, so that no number of tries makes a folder grow."""
    standing = standing_of(document)
    if standing is None:
        return []
    infected = document.reason is Reason.INFECTED
    return [Filed(id=document.id, kind=document.kind, page=document.page, standing=standing, infected=infected, replaces=document.replaces)]


def placed(clinic: Clinic, folder: Folder) -> Folder:
    """The folder with the queues that it waits in now."""
    return replace(folder, queues=() if folder.closed else tuple(queue for queue in Queue if belongs(clinic, folder, queue)))


def _insurance(clinic: Clinic, folder: Folder, comes: str, now: datetime) -> Insurance | None:
    """Unknown until all of the card is there, and again when a side is sent back; what staff said counts until another card comes.

    `comes`: the kind of what has just come; empty if nothing has.
    """
    said = folder.insurance
    if said is None:
        return said
    cards = {kind.id: standing for kind, standing in standings(clinic, folder) if kind.insurance}
    status = InsuranceStatus.SENT if THERE.issuperset(cards.values()) else InsuranceStatus.UNKNOWN
    if said.status is status or (said.by and comes not in cards):
        return said
    return Insurance(status=status, at=now)


def judged(folder: Folder, status: InsuranceStatus, note: str, actor: Actor, now: datetime) -> Folder:
    """What staff found out of who pays. LookAgain for a problem without words, and for a visit that has nothing to look up."""
    plain = " ".join(note.split())
    if folder.insurance is None:
        raise LookAgain(errors=[{"field": "status", "detail": "This visit needs no insurance card."}])
    if len(plain) > LONGEST_NOTE or (status is InsuranceStatus.PROBLEM and not plain):
        raise LookAgain(errors=[{"field": "note", "detail": f"Say what the problem is, in at most {LONGEST_NOTE} characters."}])
    return replace(folder, insurance=Insurance(status=status, note=plain, by=actor.who, name=actor.name, at=now))


def standings(clinic: Clinic, folder: Folder) -> list[tuple[DocumentKind, Standing]]:
    """Each kind that the visit needs, in the clinic's order, and how far it has come."""
    kinds = (kind for kind in clinic.documents if kind.id in folder.needed)
    return [(kind, standing(folder, kind.id)) for kind in kinds]


def told(clinic: Clinic, folder: Folder) -> list[tuple[DocumentKind, Standing]]:
    """The same, and of each further kind of which something was sent."""
    there = {each.kind for each in folder.files}
    kinds = (kind for kind in clinic.documents if kind.id in folder.needed or kind.id in there)
    return [(kind, standing(folder, kind.id)) for kind in kinds]


def standing(folder: Folder, kind_id: str) -> Standing:
    """How far a kind has come: the worst of its pages, but of what is being taken again, or was refused and came once more."""
    replaces = {each.id: each.replaces for each in folder.files}
    good = [each for each in folder.files if each.standing is not Standing.REFUSED]
    coming = {older for each in good for older in behind(each.replaces, replaces)}
    live = [each for each in folder.files if each.kind == kind_id and each.id not in coming]
    came = {each.page for each in live if each.standing is not Standing.REFUSED}
    found = {each.standing for each in live if each.standing is not Standing.REFUSED or each.page not in came}
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
    return any(each.standing in STAFFS_TURN or each.infected for each in folder.files)


def waits_for_patient(clinic: Clinic, folder: Folder) -> bool:
    """Whether something is missing, or to be taken again."""
    if folder.closed:
        return False
    kinds = {*(kind.id for kind in clinic.documents if kind.id in folder.needed), *(each.kind for each in folder.files)}
    return any(standing(folder, kind) in PATIENTS_TURN for kind in kinds)
