"""What a patient does with files: asks for a way to send one, says that it is sent, takes it back."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.documents import rules, store
from chalicelib.documents.actions import buckets, filing, reading
from chalicelib.documents.records import DocumentReference, DocumentState, Wanted
from chalicelib.documents.rules import places
from chalicelib.identity.records import Actor, Permission
from chalicelib.kit import ids, links, table, zone
from chalicelib.kit.links import Form


class WayIn(NamedTuple):
    """A file that may now be sent, how, and until when."""

    document: DocumentReference
    form: Form
    until: datetime


def request_upload(clinic: Clinic, actor: Actor, appointment: str, wanted: Wanted, now: datetime) -> WayIn:
    """A way to send exactly this file for the patient's own visit. LookAgain, NothingWanted, TooManyFiles where it cannot be."""
    actor.must(Permission.REQUEST_UPLOAD, clinic.id)
    return table.settle(lambda: _request(clinic, actor, appointment, wanted, now))


def _request(clinic: Clinic, actor: Actor, appointment: str, wanted: Wanted, now: datetime) -> WayIn:
    folder = store.folder(clinic.id, appointment)  # read first: whatever changes from here on changes it too, and this try is lost
    visit = reading.visit_of(clinic, actor, appointment, "request_upload", now)
    existing = store.of_patient(clinic.id, visit.patient, visit.id)
    document = rules.ask(clinic, visit, existing, wanted, ids.new(), now)
    given_up = [(filing.superseded(clinic, each, document.id, now), each) for each in rules.given_up(existing, document, wanted)]
    bucket = buckets.quarantine().name
    form = links.form(bucket, places.sent(document), document.declared, document.size, document.sha256, rules.GIVEN_FOR)
    with table.together() as tx:
        filing.write(tx, clinic, folder or rules.opened(clinic, visit), [(document, None), *given_up], now)
        _note(tx, "request_upload", actor, document, now)
    return WayIn(document, form, now + rules.GIVEN_FOR)


def finish_upload(clinic: Clinic, actor: Actor, document_id: str, now: datetime) -> DocumentReference:
    """The patient says that it is sent; NotSent where it is not there. Whoever was told of it before changes nothing by saying so."""
    actor.must(Permission.FINISH_UPLOAD, clinic.id)
    document = reading.found(clinic, actor, document_id, "finish_upload", now)
    there = document.state is not DocumentState.AWAITING or bool(buckets.quarantine().first_version(places.sent(document)))
    return _changed(clinic, actor, document_id, "finish_upload", lambda found: rules.finished(found, there=there), now)


def withdraw_document(clinic: Clinic, actor: Actor, document_id: str, now: datetime) -> DocumentReference:
    """The patient takes a file back; what staff have looked at is kept, and marked so."""
    actor.must(Permission.WITHDRAW_DOCUMENT, clinic.id)
    reading.found(clinic, actor, document_id, "withdraw_document", now)
    today = zone.local_date(now, clinic.zone)
    return _changed(clinic, actor, document_id, "withdraw_document", lambda found: rules.withdraw(found, now, today), now)


def _changed(clinic: Clinic, actor: Actor, document_id: str, action: str, step: filing.Step, now: datetime) -> DocumentReference:
    return filing.must_change(clinic.id, document_id, step, lambda tx, after: _note(tx, action, actor, after, now), now)


def _note(tx: table.Transaction, action: str, actor: Actor, document: DocumentReference, now: datetime) -> None:
    what = f"document/{document.id}"
    audit.note(tx, document.clinic, action=action, by=actor, what=what, at=now, patient=document.patient, kind=document.kind)
