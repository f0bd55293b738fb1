"""What staff do with files: accept one, send it back, put it under another kind, hold it, and say who pays for a visit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.documents import messages, rules, store
from chalicelib.documents.actions import filing, reading
from chalicelib.documents.records import DocumentReference, Folder, InsuranceStatus
from chalicelib.identity.records import Actor, Permission
from chalicelib.kit import table
from chalicelib.kit.problem import Changed
from chalicelib.notices import actions as notices
from chalicelib.people import actions as people

Tell = Callable[[table.Transaction, DocumentReference], None]


def accept_document(clinic: Clinic, actor: Actor, document_id: str, version: int | None, now: datetime) -> DocumentReference:
    """It was looked at and will do. Changed if `version`, the one they saw, is not the one that stands; so of all the others here."""
    wanted = Wish(clinic, actor, document_id, Permission.ACCEPT_DOCUMENT, version)
    return _judge(wanted, lambda found: rules.accept(found, actor.who, now), now)


def return_document(clinic: Clinic, actor: Actor, document_id: str, note: str, version: int | None, now: datetime) -> DocumentReference:
    """It is to be taken again, and why: its sender is told by mail that something waits, and on the page what."""

    def tell(tx: table.Transaction, after: DocumentReference) -> None:
        patient = people.patient(clinic.id, after.patient)
        if patient.email:
            notices.post(tx, messages.returned(clinic, patient, after, now))

    wanted = Wish(clinic, actor, document_id, Permission.RETURN_DOCUMENT, version)
    return _judge(wanted, lambda found: rules.return_(found, note, actor.who, now), now, tell)


def relabel_document(
    clinic: Clinic, actor: Actor, document_id: str, kind: str, page: int, version: int | None, now: datetime
) -> DocumentReference:
    """It is something else than its sender said, or another page."""

    def step(found: DocumentReference) -> DocumentReference:
        visit = reading.visit_of(clinic, actor, found.appointment, "relabel_document", now)
        others = [each for each in store.of_patient(clinic.id, found.patient, found.appointment) if each.id != found.id]
        return rules.relabel(clinic, visit, found, kind, page, others)

    return _judge(Wish(clinic, actor, document_id, Permission.RELABEL_DOCUMENT, version), step, now)


def hold_document(clinic: Clinic, actor: Actor, document_id: str, reason: str, now: datetime, *, held: bool) -> DocumentReference:
    """Keep it beyond its time, or no longer (a legal hold); why stands in the trail."""
    wanted = Wish(clinic, actor, document_id, Permission.HOLD_DOCUMENT)
    return _judge(wanted, lambda found: rules.hold(found, held=held), now, held=str(held), reason=rules.said(reason))


class Wish(NamedTuple):
    """What somebody wants to do with which file, as they saw it (`version` None: however it stands)."""

    clinic: Clinic
    actor: Actor
    document: str
    permission: Permission
    version: int | None = None


def _judge(wish: Wish, step: filing.Step, now: datetime, tell: Tell | None = None, **about: str) -> DocumentReference:
    clinic, actor, action = wish.clinic, wish.actor, wish.permission.value
    actor.must(wish.permission, clinic.id)
    reading.found(clinic, actor, wish.document, action, now)

    def judged(found: DocumentReference) -> DocumentReference | None:
        after = step(found)
        if after != found and wish.version is not None and wish.version != found.version:
            raise Changed("Look at it again before you decide.")
        return after

    def note(tx: table.Transaction, after: DocumentReference) -> None:
        what = f"document/{after.id}"
        audit.note(tx, clinic.id, action=action, by=actor, what=what, at=now, patient=after.patient, kind=after.kind, **about)
        if tell:
            tell(tx, after)

    return filing.must_change(clinic.id, wish.document, judged, note, now)


def set_insurance_status(
    clinic: Clinic, actor: Actor, appointment: str, status: InsuranceStatus, note: str, version: int | None, now: datetime
) -> Folder:
    """Say what is known of who pays for a visit. Changed if `version`, the one they saw, is not the one that stands."""
    actor.must(Permission.SET_INSURANCE_STATUS, clinic.id)
    visit = reading.visit_of(clinic, actor, appointment, "set_insurance_status", now)

    def attempt() -> Folder:
        before = filing.folder_of(clinic, visit)
        if version is not None and version != before.version:
            raise Changed("Look at it again before you say so.")
        after = rules.judged(before, status, note, actor, now)
        with table.together() as tx:
            filing.put_folder(tx, clinic, after)
            what = f"appointment/{visit.id}"
            audit.note(
                tx, clinic.id, action="set_insurance_status", by=actor, what=what, at=now, patient=visit.patient, status=status.value
            )
        return filing.folder_of(clinic, visit)

    return table.settle(attempt)
