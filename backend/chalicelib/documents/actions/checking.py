"""The inspector's work: an object came, a scan has an answer, and once in a while a look at what got stuck.

What it is told may come twice, late, in any order or never. Every step reads the row, decides, does what has to be done to
objects, and then writes the row on condition that nobody wrote it meanwhile: the objects may be made again, the row only once.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime

from chalicelib.audit import actions as audit
from chalicelib.documents import rules, store
from chalicelib.documents.actions import buckets, enduring, filing, keeping
from chalicelib.documents.records import DocumentReference, DocumentState, Remade, Verdict
from chalicelib.documents.rules import places
from chalicelib.kit import metrics, remaking, table
from chalicelib.kit.metrics import Metric
from chalicelib.kit.refusing import Reason, Refused

log = logging.getLogger("anteroom.documents")

NOTHING = "no-store"
UNREADABLE = frozenset({DocumentState.REFUSED, DocumentState.DELETED})


def arrived(key: str, version: str, now: datetime) -> DocumentReference | None:
    """An object was stored in quarantine: take it in hand and make it anew. None for a key that is none of ours."""
    place = places.parsed(key)
    document = place and _changed(*place, lambda found: rules.arrived(found, version, now), "receive_document", now)
    if not document or not place:
        log.warning("an object came that nobody was asked for")
        return None
    if document.stored != version:
        _discard(document, version, now)
    if document.state is not DocumentState.SCANNING or document.stored != version or document.remade:
        return document
    outcome = _made(document)
    return _changed(*place, lambda found: rules.inspected(found, version, outcome, now), "inspect_document", now)


def _discard(document: DocumentReference, version: str, now: datetime) -> None:
    """Remove an object that counts for nothing: a second one, or one that came when nothing was waited for any more (case 30)."""
    if not buckets.quarantine().delete_version(places.sent(document), version):
        return
    with table.together() as tx:
        what = f"document/{document.id}"
        audit.note(tx, document.clinic, action="discard_object", by=buckets.INSPECTOR, what=what, at=now, patient=document.patient)


def scanned(key: str, version: str, verdict: Verdict, now: datetime) -> DocumentReference | None:
    """The malware scan has an answer. It may know of an object before we do: then that comes first."""
    place = places.parsed(key)
    if place is None:
        return None
    found = _changed(*place, lambda document: rules.arrived(document, version, now), "receive_document", now)
    return found and _changed(*place, lambda document: rules.scanned(document, version, verdict, now), "scan_document", now)


def sweep(clinic: str, now: datetime) -> list[DocumentReference]:
    """Move on what is under way for too long; what was changed. ExceptionGroup for what could not be, once all others were.

    What came untold is taken in hand, what got no answer is made anew and shown to staff, what never came is forgotten.
    """
    found = (store.get(clinic, each) for each in store.under_way(clinic, now - rules.AGAIN_AFTER))
    done = enduring.each(filter(None, found), lambda document: _swept(document, now))
    return [document for document in done if document]


def _swept(document: DocumentReference, now: datetime) -> DocumentReference | None:
    place = document.clinic, document.id
    if not document.stored and (version := buckets.quarantine().first_version(places.sent(document))):
        return arrived(places.sent(document), version, now)  # it came, and no event told of it
    if rules.is_orphan(document, now):
        return keeping.deleted(document, lambda found: rules.deleted(found) if rules.is_orphan(found, now) else None, now)
    again = _changed(*place, lambda found: rules.overdue(found, now), "check_document_again", now)
    if again and again.tries > document.tries and not again.remade:
        outcome = _made(again)
        return _changed(*place, lambda found: rules.inspected(found, again.stored, outcome, now), "inspect_document", now)
    return again if again and again.version > document.version else None


def _changed(clinic: str, document_id: str, step: filing.Step, action: str, now: datetime) -> DocumentReference | None:
    """The file after a step, written down; None where there is no such file.

    What is released is copied before the row says so. Where the row then says otherwise, the copies go again.
    """
    copied = False

    def note(tx: table.Transaction, after: DocumentReference) -> None:
        nonlocal copied
        if after.state is DocumentState.RELEASED:
            copied = True
            _release(after)
        about = {"state": after.state.value} | ({"reason": after.reason.value} if after.reason else {})
        what = f"document/{document_id}"
        audit.note(tx, clinic, action=action, by=buckets.INSPECTOR, what=what, at=now, patient=after.patient, **about)

    after = filing.change(clinic, document_id, step, note, now)
    if after and after.state in UNREADABLE and (copied or after.reason is Reason.UNCHECKED):
        buckets.documents().purge(places.released(after))
    if after and after.reason is Reason.INFECTED and action == "scan_document":
        metrics.note({Metric.FILES_INFECTED: 1})
    return after


def _made(document: DocumentReference) -> Remade | Reason:
    """What was made of the stored version, laid beside it in quarantine; or why it could not be."""
    bucket = buckets.quarantine()
    content = bucket.get(places.sent(document), document.stored)
    if content is None or len(content) != document.size or hashlib.sha256(content).hexdigest() != document.sha256:
        return Reason.INCOMPLETE
    try:
        made = remaking.remade(content, document.declared)
    except Refused as refused:
        return refused.reason
    bodies = [(made.body, made.content_type), *((page.body, "image/jpeg") for page in made.pages)]
    for name, (body, content_type) in zip(places.names(len(made.pages)), bodies, strict=True):
        bucket.put(f"{places.made(document)}{name}", body, content_type, NOTHING)
    digest = hashlib.sha256(made.body).hexdigest()
    return Remade(content_type=made.content_type, size=len(made.body), sha256=digest, pages=len(made.pages))


def _release(document: DocumentReference) -> None:
    """Copy what was made to where it can be read. The same copies again do no harm: a key is written with the same bytes alone."""
    source, into = buckets.quarantine(), buckets.documents()
    for name in places.names(document.remade.pages if document.remade else 0):
        source.copy(f"{places.made(document)}{name}", f"{places.released(document)}{name}", into)
