"""Whose turn it is with the documents of all visits: what is missing, to be looked at, or to be looked up; the next visit first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.documents import store
from chalicelib.documents.records import Folder, Queue
from chalicelib.identity.records import Actor, Permission
from chalicelib.kit import cursors, zone
from chalicelib.people import actions as people
from chalicelib.people.records import Patient

BACK = timedelta(days=30)  # how far back what is left of visits that were is looked for


class Waiting(NamedTuple):
    """A page of a queue: the visits' folders, whose they are, and the cursor of the next page (empty: none)."""

    folders: Sequence[Folder]
    patients: Mapping[str, Patient]
    after: str


def list_missing(clinic: Clinic, actor: Actor, queue: Queue, cursor: str, limit: int, now: datetime, *, past: bool = False) -> Waiting:
    """The visits that wait in a queue from today on, or those that were (`past`). Each patient finds in their log that they were seen."""
    actor.must(Permission.LIST_MISSING, clinic.id)
    listing = f"list_missing|{queue}|{past}"
    today = zone.midnight(zone.local_date(now, clinic.zone), clinic.zone).astimezone(UTC)
    since, until = (now - BACK, today.isoformat()) if past else (today, "~")
    place = cursors.opened(clinic.id, listing, cursor) or since.isoformat()
    rows = store.queue(clinic.id, queue, place, until, limit)
    after = rows[-1][0] if len(rows) == limit else ""
    folders = [folder for _, folder in rows]
    seen = list(dict.fromkeys(folder.patient for folder in folders))
    audit.looked(clinic.id, action="list_missing", by=actor, what="documents", at=now, patient="", seen=seen, found=str(len(folders)))
    return Waiting(folders, people.patients(clinic.id, seen), cursors.sealed(clinic.id, listing, after))
