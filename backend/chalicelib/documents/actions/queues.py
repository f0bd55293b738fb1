"""What is still to be done with the documents of several visits, for whoever lists visits."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.clinics.records import Clinic, DocumentKind
from chalicelib.documents import rules, store
from chalicelib.documents.records import Folder, Queue, Standing
from chalicelib.visits.records import Appointment


def queue(clinic: str, queue: Queue, after: str, until: str, limit: int) -> list[tuple[str, Folder]]:
    """Folders that wait for staff, each with its place, between two places (an instant in ISO 8601, or what this gave); one Query."""
    return store.queue(clinic, queue, after, until, limit)


def folders(clinic: Clinic, visits: Sequence[Appointment]) -> dict[str, Folder]:
    """The folder of each of these visits by its id; one that nothing was written of yet is as it would begin."""
    there = store.folders(clinic.id, [visit.id for visit in visits])
    return {visit.id: there.get(visit.id) or rules.opened(clinic, visit) for visit in visits}


def standings(clinic: Clinic, folder: Folder) -> list[tuple[DocumentKind, Standing]]:
    """Each kind that a visit needs or has, in the clinic's order, and how far it has come."""
    return rules.told(clinic, folder)


def waits_for_patient(clinic: Clinic, folder: Folder) -> bool:
    """Whether something is missing, or to be taken again."""
    return rules.waits_for_patient(clinic, folder)


def under_way(folder: Folder) -> frozenset[str]:
    """Ids of the files of a visit that are still being checked."""
    return frozenset(each.id for each in folder.files if each.standing in (Standing.CHECKING, Standing.STUCK))
