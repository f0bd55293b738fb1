"""Writing files and the folder of their visit together: the one way in which either is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec.structs import replace

from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic, HealthcareService
from chalicelib.documents import rules, store
from chalicelib.documents.records import DocumentReference, Folder
from chalicelib.kit import table, zone
from chalicelib.kit.problem import NotFound
from chalicelib.visits.records import Appointment, ChecklistItem

MOST_REPLACED = 20  # in one transaction, which has room for a hundred rows

Change = tuple[DocumentReference, DocumentReference | None]  # a file as it is to be, and as it was read
Step = Callable[[DocumentReference], DocumentReference | None]  # what is to become of a file; None: nothing
Note = Callable[[table.Transaction, DocumentReference], None]  # what else belongs to the change


def checklist(clinic: Clinic, service: HealthcareService) -> tuple[ChecklistItem, ...]:
    """What a visit for a service needs of documents, as it is written on the visit."""
    return tuple(ChecklistItem(kind=kind.id) for kind in clinic.needed(service))


def open_folder(tx: table.Transaction, clinic: Clinic, visit: Appointment) -> None:
    """Begin the folder of a visit that was just booked; one that needs nothing gets its own with the first file."""
    if visit.checklist:
        put_folder(tx, clinic, rules.opened(clinic, visit))


def close_folder(tx: table.Transaction, clinic: Clinic, visit: Appointment) -> None:
    """Nobody waits any more for what a visit needs: it was cancelled. Lost if somebody changes it at this moment."""
    put_folder(tx, clinic, replace(folder_of(clinic, visit), closed=True))


def put_folder(tx: table.Transaction, clinic: Clinic, folder: Folder) -> None:
    """Write a folder as it is to be, and the queues that it waits in."""
    store.put_folder(clinic.id, rules.placed(clinic, folder), folder.queues, tx)


def folder_of(clinic: Clinic, visit: Appointment) -> Folder:
    """The folder of a visit; one that nothing was written of yet is as it would begin."""
    return store.folder(clinic.id, visit.id) or rules.opened(clinic, visit)


def must_change(clinic: str, document_id: str, step: Step, note: Note, now: datetime) -> DocumentReference:
    """The same as `change`, for whom it is an error that there is no such file: NotFound."""
    after = change(clinic, document_id, step, note, now)
    if after is None:
        raise NotFound
    return after


def change(clinic: str, document_id: str, step: Step, note: Note, now: datetime) -> DocumentReference | None:
    """Take a step with a file as often as somebody else was faster; the file as it then is, None where there is none.

    `note` writes down in the same transaction what was done, where anything was.
    """
    return table.settle(lambda: _change(clinic, document_id, step, note, now))


def _change(clinic: str, document_id: str, step: Step, note: Note, now: datetime) -> DocumentReference | None:
    before = store.get(clinic, document_id)
    if before is None:
        return None
    folder = store.folder(clinic, before.appointment)
    after = step(before)
    if after is None or after == before:
        return before
    if folder is None:
        raise LookupError(f"document {document_id} of clinic {clinic} lies in no folder")
    of = clinics.get(clinic)
    with table.together() as tx:
        write(tx, of, folder, [(after, before), *_replaced(of, after, before, now)], now)
        note(tx, after)
    return after


def _replaced(clinic: Clinic, after: DocumentReference, before: DocumentReference, now: datetime) -> list[Change]:
    """All that a file which has just become readable stands in place of: it had that place until this moment."""
    if not after.replaces or not (after.is_readable and not before.is_readable):
        return []
    existing = {each.id: each for each in store.of_patient(clinic.id, after.patient, after.appointment)}
    older = rules.behind(after.replaces, {each.id: each.replaces for each in existing.values()})
    found = [existing[each] for each in older if each in existing and existing[each].is_replaceable]
    return [(superseded(clinic, old, after.id, now), old) for old in found[:MOST_REPLACED]]


def superseded(clinic: Clinic, old: DocumentReference, by: str, now: datetime) -> DocumentReference:
    """A file that another stands in place of, by the clinic's calendar."""
    return rules.superseded(old, by, zone.local_date(now, clinic.zone))


def write(tx: table.Transaction, clinic: Clinic, before: Folder, changes: Iterable[Change], now: datetime) -> None:
    """Write files and their folder inside a transaction; Lost if any of them is not as it was read any more."""
    after = before
    for document, old in changes:
        store.put(clinic.id, document, old, tx)
        after = rules.filed(clinic, after, document, now)
    put_folder(tx, clinic, after)
