"""Looking at files: who may, once it is written down that they do; the bytes come by links that live for a minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.documents import rules, store
from chalicelib.documents.actions import filing
from chalicelib.documents.records import Contents, DocumentReference, Opened
from chalicelib.documents.rules import places
from chalicelib.identity.records import Actor, Permission
from chalicelib.kit import links, settings
from chalicelib.kit.problem import LookAgain, NotFound
from chalicelib.people import actions as people
from chalicelib.visits import actions as visits
from chalicelib.visits.records import AHEAD, Appointment

LINK = timedelta(seconds=60)
PICTURE = "image/jpeg"


def list_documents(clinic: Clinic, actor: Actor, appointment: str, now: datetime) -> Contents:
    """What a visit needs of documents and has: its own patient's, or whom staff may look at."""
    actor.must(Permission.LIST_DOCUMENTS, clinic.id)
    visit = visit_of(clinic, actor, appointment, "list_documents", now)
    told = Contents(
        visit=visit,
        folder=filing.folder_of(clinic, visit),
        documents=tuple(store.of_patient(clinic.id, visit.patient, visit.id)),
        patient=people.patient(clinic.id, visit.patient) if actor.is_staff else None,
    )
    _looked(actor, "list_documents", f"appointment/{visit.id}", clinic, visit.patient, now)
    return told


def get_document(clinic: Clinic, actor: Actor, document_id: str, now: datetime, action: str = "get_document") -> DocumentReference:
    """What is known of a file, and not the file itself."""
    actor.must(Permission.GET_DOCUMENT, clinic.id)
    document = found(clinic, actor, document_id, action, now)
    _looked(actor, action, f"document/{document.id}", clinic, document.patient, now)
    return document


def open_document(clinic: Clinic, actor: Actor, document_id: str, page: int, now: datetime) -> Opened:
    """A link to the file (`page` 0) or to the picture of a page. NotReadable for what nobody can look at, LookAgain for no page of it."""
    actor.must(Permission.OPEN_DOCUMENT, clinic.id)
    document = found(clinic, actor, document_id, "open_document", now)
    opened = _opened(document, page, now)
    _looked(actor, "open_document", f"document/{document.id}", clinic, document.patient, now, page=str(page))
    return opened


def export_documents(clinic: Clinic, actor: Actor, appointment: str, reason: str, now: datetime) -> list[Opened]:
    """Links to all of a visit's files that can be looked at. That they were taken out, and why, is written down first."""
    actor.must(Permission.EXPORT_DOCUMENTS, clinic.id)
    plain = rules.said(reason)
    visit = visit_of(clinic, actor, appointment, "export_documents", now)
    kinds = [kind.id for kind in clinic.documents]
    files = [each for each in store.of_patient(clinic.id, visit.patient, visit.id) if each.is_readable]
    files.sort(key=lambda each: (kinds.index(each.kind) if each.kind in kinds else len(kinds), each.page, each.id))
    _looked(actor, "export_documents", f"appointment/{visit.id}", clinic, visit.patient, now, reason=plain, found=str(len(files)))
    return [_opened(document, 0, now) for document in files]


def found(clinic: Clinic, actor: Actor, document_id: str, action: str, now: datetime) -> DocumentReference:
    """A file that somebody may look at; NotFound for anybody else's just as for none, and both are written down (cases 34, 35)."""
    document = store.get(clinic.id, document_id)
    if document is None or not actor.is_for(document.appointment) or not may_see(clinic, actor, document.patient):
        audit.refused(clinic.id, action=action, by=actor, what=f"document/{document_id}", at=now)
        raise NotFound
    return document


def visit_of(clinic: Clinic, actor: Actor, appointment: str, action: str, now: datetime) -> Appointment:
    """A visit whose documents somebody may look at; NotFound, written down, for every other just as for none."""
    visit = visits.get(clinic.id, appointment)
    if visit is None or not actor.is_for(visit.id) or not may_see(clinic, actor, visit.patient):
        audit.refused(clinic.id, action=action, by=actor, what=f"appointment/{appointment}", at=now)
        raise NotFound
    return visit


def of_visit(clinic: str, patient: str, appointment: str) -> list[DocumentReference]:
    """A patient's files of one visit, for whoever has asked whether they may: what a form names must be among them."""
    return store.of_patient(clinic, patient, appointment)


def may_see(clinic: Clinic, actor: Actor, patient: str) -> bool:
    """Whether somebody may look at what a patient sent: the patient, the desk, and who cares for them.

    A tablet of the clinic shows nothing any more once its visit is over or was cancelled.
    """
    if not actor.is_staff:
        return patient in actor.patients and (not actor.appointment or _is_ahead(clinic, actor.appointment))
    return actor.sees_everybody or visits.knows(clinic.id, actor.practitioner, patient)


def _is_ahead(clinic: Clinic, appointment: str) -> bool:
    visit = visits.get(clinic.id, appointment)
    return visit is not None and visit.status in AHEAD


def _opened(document: DocumentReference, page: int, now: datetime) -> Opened:
    made = document.remade
    if made is None or not document.is_readable:
        raise rules.NotReadable
    if page > made.pages:
        raise LookAgain(errors=[{"field": "page", "detail": f"It has {made.pages} pages." if made.pages > 1 else "It has one page."}])
    content_type = PICTURE if page else made.content_type
    name = rules.kept_as(document.kind, page or document.page, content_type)
    key = places.released(document) + places.names(made.pages)[page]
    url = links.link(settings.bucket(places.DOCUMENTS), key, content_type, name, LINK)
    return Opened(document=document, url=url, content_type=content_type, name=name, until=now + LINK)


def _looked(actor: Actor, action: str, what: str, clinic: Clinic, patient: str, now: datetime, **about: str) -> None:
    audit.looked(clinic.id, action=action, by=actor, what=what, at=now, patient=patient, **about)
