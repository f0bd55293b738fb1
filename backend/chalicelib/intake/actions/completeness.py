"""What is still to be done before visits: by their patients, or by staff; the next visit first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic, Words
from chalicelib.documents.actions import queues as documents
from chalicelib.documents.records import Folder, Queue
from chalicelib.identity.records import Actor, Permission
from chalicelib.intake.actions import questionnaires
from chalicelib.intake.records import BeforeVisit, FormNow, FormQueue, Packet, Waiting, Whose
from chalicelib.intake.rules import saving, standing
from chalicelib.intake.store import responses as store
from chalicelib.kit import cursors, zone
from chalicelib.people import actions as people
from chalicelib.visits import actions as visits
from chalicelib.visits.records import Appointment

BACK = timedelta(days=30)  # how far back what is left of visits that were is looked for


class Span(NamedTuple):
    """The part of a list that is wanted: from a place on, until an instant (ISO 8601), at most so many."""

    after: str
    until: str
    limit: int


def list_completeness(clinic: Clinic, actor: Actor, whose: Whose, cursor: str, limit: int, now: datetime, *, past: bool = False) -> Waiting:
    """The visits of a list from today on, or those that were (`past`). Each patient finds in their log that they were seen.

    What is to be looked at begins with what cannot wait, also of forms that are not handed in yet: at most half of the first page.
    A page may be short, and even empty, and still have a next one: what is complete is left out of the patients' list, what stood
    first of what is to be looked at, and what was cancelled of all but that of what cannot wait.
    """
    actor.must(Permission.LIST_COMPLETENESS, clinic.id)
    listing = f"list_completeness|{whose}|{past}"
    today = zone.midnight(zone.local_date(now, clinic.zone), clinic.zone).astimezone(UTC)
    since, until = (now - BACK, today.isoformat()) if past else (today, "~")
    begin = since.isoformat()
    found, after = _page(clinic, whose, begin, Span(cursors.opened(clinic.id, listing, cursor) or begin, until, limit))
    waiting = before(clinic, found)
    if whose is Whose.PATIENT:
        waiting = [each for each in waiting if waits_for_patient(clinic, each)]
    seen = list(dict.fromkeys(each.visit.patient for each in waiting))
    audit.looked(clinic.id, action="list_completeness", by=actor, what="visits", at=now, patient="", seen=seen, found=str(len(waiting)))
    return Waiting(waiting, people.patients(clinic.id, seen), cursors.sealed(clinic.id, listing, after))


def _page(clinic: Clinic, whose: Whose, begin: str, span: Span) -> tuple[list[Appointment], str]:
    """The visits of a page, and the place after which the next one goes on (empty: it is the last)."""
    if whose is Whose.PATIENT:
        rows = visits.between(clinic.id, span.after, span.until, span.limit)
        return [visit for _, visit in rows], rows[-1][0] if len(rows) == span.limit else ""
    urgent = _urgent(clinic, span._replace(after=begin, limit=span.limit // 2)) if whose is Whose.REVIEW else []
    first = urgent if span.after == begin else []
    room = span.limit - len(first)
    places = sorted({place for kept in _lists(clinic, whose, span) for place in kept})[:room]
    wanted = [place.rpartition("#")[2] for place in (*first, *(each for each in places if each not in urgent))]
    there = visits.several(clinic.id, wanted)
    found = [there[each] for each in wanted if each in there]
    return [visit for visit in found if _is_theirs(whose, visit)], places[-1] if len(places) == room else ""


def _urgent(clinic: Clinic, span: Span) -> list[str]:
    """The places in the list of what cannot wait that stand first in another one."""
    return [place for place, _ in store.queue(clinic.id, FormQueue.URGENT, *span)] if span.limit else []


def _is_theirs(whose: Whose, visit: Appointment) -> bool:
    """Whether staff have anything to do with a visit: where it was cancelled only with what cannot wait."""
    return whose is Whose.URGENT or visit.status not in saving.OVER


def _lists(clinic: Clinic, whose: Whose, span: Span) -> Iterable[list[str]]:
    """The places in what documents and forms have of a list; a visit has the same one in both."""
    if whose is not Whose.INSURANCE:
        queue = FormQueue.URGENT if whose is Whose.URGENT else FormQueue.REVIEW
        yield [place for place, _ in store.queue(clinic.id, queue, *span)]
    if whose is not Whose.URGENT:
        yield [place for place, _ in documents.queue(clinic.id, Queue(whose.value), *span)]


def waits_for_patient(clinic: Clinic, told: BeforeVisit) -> bool:
    """Whether the patient has still to do something before a visit."""
    return documents.waits_for_patient(clinic, told.folder) or standing.waits_for_patient(told.forms)


def before(clinic: Clinic, found: Sequence[Appointment]) -> list[BeforeVisit]:
    """All that is to be done before these visits."""
    titles = {form.id: form.title for form in questionnaires.offered(clinic.id)}
    folders = documents.folders(clinic, found)
    wanted = [(visit.patient, visit.id, standing.asked_about(clinic, visit.service, titles)) for visit in found]
    there = store.several(clinic.id, wanted)
    retired = _retired(clinic, (packet for packet, _ in there if packet), titles)
    return [
        _one(
            clinic, visit, folders[visit.id], standing.forms(clinic, visit, *told, titles, documents.under_way(folders[visit.id]), retired)
        )
        for visit, told in zip(found, there, strict=True)
    ]


def _retired(clinic: Clinic, packets: Iterable[Packet], offered: Collection[str]) -> dict[str, Words]:
    """Titles of versions that were begun, by url|version, where no version of the form is offered any more."""
    begun = {each.canonical: each.questionnaire for packet in packets for each in packet.forms if each.questionnaire not in offered}
    found = {canonical: questionnaires.given(clinic.id, form, canonical.rpartition("|")[2]) for canonical, form in begun.items()}
    return {canonical: form.title for canonical, form in found.items() if form}


def _one(clinic: Clinic, visit: Appointment, folder: Folder, forms: Sequence[FormNow]) -> BeforeVisit:
    return BeforeVisit(visit, folder, documents.standings(clinic, folder), forms)
