"""Forgetting files whose time is over: every version of every object first, then what the row says of them."""

from __future__ import annotations

from datetime import datetime

from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.documents import rules, store
from chalicelib.documents.actions import filing
from chalicelib.documents.actions.checking import INSPECTOR, documents, quarantine
from chalicelib.documents.records import DocumentReference
from chalicelib.documents.rules import places
from chalicelib.kit import table, zone

AT_ONCE = 50  # files that one sweep of a clinic forgets; the next one goes on


def forget(clinic: Clinic, now: datetime) -> list[DocumentReference]:
    """Delete what is kept no longer, by the clinic's calendar; what was deleted. What is held stays."""
    today = zone.local_date(now, clinic.zone)
    due = (store.get(clinic.id, each) for each in store.kept_until(clinic.id, today))
    found = [document for document in due if document and rules.is_due_for_deletion(document, today)]
    return [_forgotten(clinic, document, now) for document in found[:AT_ONCE]]


def _forgotten(clinic: Clinic, document: DocumentReference, now: datetime) -> DocumentReference:
    """The row goes on telling of it until nothing of it is left, so that a sweep which stopped is repeated."""
    quarantine().purge(places.sent(document))
    quarantine().purge(places.made(document))
    documents().purge(places.released(document))
    today = zone.local_date(now, clinic.zone)

    def step(found: DocumentReference) -> DocumentReference | None:
        return rules.deleted(found) if rules.is_due_for_deletion(found, today) else None

    def note(tx: table.Transaction, after: DocumentReference) -> None:
        what = f"document/{after.id}"
        audit.note(tx, clinic.id, action="delete_document", by=INSPECTOR, what=what, at=now, patient=after.patient, kind=after.kind)

    return filing.must_change(clinic.id, document.id, step, note, now)
