"""Whose turn it is with the documents of all visits: what is missing, to be looked at, or to be looked up; the next visit first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.documents import rules, store
from chalicelib.documents.records import Folder, Queue
from chalicelib.identity.records import Actor, Permission
from chalicelib.kit import cursors
from chalicelib.people import actions as people
from chalicelib.people.records import Patient

BACK = timedelta(days=30)  # staff may still look at what came for a visit that was; a patient is asked for nothing any more
LOOKED_THROUGH = 300  # visits that one page reads at most


class Waiting(NamedTuple):
    """A page of a queue: the visits' folders, whose they are, and the cursor of the next page (empty: none)."""

    folders: Sequence[Folder]
    patients: Mapping[str, Patient]
    after: str


def list_missing(clinic: Clinic, actor: Actor, queue: Queue, cursor: str, limit: int, now: datetime) -> Waiting:
    """The visits that wait in a queue. Each of their patients finds in their log that they were seen."""
    actor.must(Permission.LIST_MISSING, clinic.id)
    listing = f"list_missing|{queue}"
    since = now if queue is Queue.MISSING else now - BACK
    place = cursors.opened(clinic.id, listing, cursor) or since.isoformat()
    folders, after = _page(clinic, queue, place, limit)
    seen = list(dict.fromkeys(folder.patient for folder in folders))
    audit.looked(clinic.id, action="list_missing", by=actor, what="documents", at=now, patient="", seen=seen, found=str(len(folders)))
    return Waiting(folders, people.patients(clinic.id, seen), cursors.sealed(clinic.id, listing, after))


def _page(clinic: Clinic, queue: Queue, place: str, limit: int) -> tuple[list[Folder], str]:
    """At most `limit` folders of a queue behind a place, and the place of the last one looked at if there may be more."""
    found: list[Folder] = []
    read = 0
    while True:
        rows = store.queue(clinic.id, place, limit)
        for place, folder in rows:
            read += 1
            found += [folder] if rules.belongs(clinic, folder, queue) else []
            if len(found) == limit or read == LOOKED_THROUGH:
                return found, place
        if len(rows) < limit:
            return found, ""
