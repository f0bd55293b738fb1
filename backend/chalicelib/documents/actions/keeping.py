"""Forgetting files whose time is over: first nobody gets them any more, then every version of every object goes, then that is noted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.documents import rules, store
from chalicelib.documents.actions import buckets, enduring, filing
from chalicelib.documents.records import DocumentReference, DocumentState
from chalicelib.kit import table, zone

AT_ONCE = 50  # files that one sweep of a clinic forgets; the next one goes on


def forget(clinic: Clinic, now: datetime) -> list[DocumentReference]:
    """Delete what is kept no longer, by the clinic's calendar; what was deleted. What is held stays.

    ExceptionGroup for those that could not be, once all others were.
    """
    return enduring.each(_due(clinic, now), lambda document: _forgotten(clinic, document, now))


def _due(clinic: Clinic, now: datetime) -> Iterator[DocumentReference]:
    today, found = zone.local_date(now, clinic.zone), 0
    for document_id in store.kept_until(clinic.id, today):
        document = store.get(clinic.id, document_id)
        if document and found < AT_ONCE and (rules.is_due_for_deletion(document, today) or document.state is DocumentState.DELETED):
            found += 1
            yield document


def _forgotten(clinic: Clinic, document: DocumentReference, now: datetime) -> DocumentReference:
    today = zone.local_date(now, clinic.zone)
    return deleted(document, lambda found: rules.deleted(found) if rules.is_due_for_deletion(found, today) else None, now)


def deleted(document: DocumentReference, step: filing.Step, now: datetime) -> DocumentReference:
    """Take a file away, if the step still says so (it may be held since): whoever stops half-way, the next sweep goes on from there."""

    def note(tx: table.Transaction, after: DocumentReference) -> None:
        what = f"document/{after.id}"
        audit.note(tx, after.clinic, action="delete_document", by=buckets.INSPECTOR, what=what, at=now, patient=after.patient)

    after = filing.must_change(document.clinic, document.id, step, note, now)
    if after.state is not DocumentState.DELETED:
        return after
    buckets.empty(after)
    return filing.must_change(document.clinic, document.id, rules.emptied, lambda *_: None, now)
