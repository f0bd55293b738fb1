"""Lists of what is still to be done before visits, as they cross the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from chalicelib.clinics.records import Clinic, Record
from chalicelib.documents.records import Folder, InsuranceStatus, Standing
from chalicelib.intake.records import BeforeVisit, FormNow, FormStanding, Waiting, Whose
from chalicelib.kit import text, zone
from chalicelib.people.records import Patient


class CompletenessQuery(Record, frozen=True, kw_only=True):
    """Which list, and from where on."""

    queue: Annotated[Whose, Meta(description="whose turn it is, and what for")] = Whose.PATIENT
    past: Annotated[bool, Meta(description="of the visits of the last 30 days, in place of those from today on")] = False
    limit: Annotated[int, Meta(ge=1, le=50)] = 25
    cursor: Annotated[str, Meta(max_length=400, description="`next` of the page before")] = ""


class DocumentNow(Record, frozen=True, kw_only=True):
    """A kind of document that a visit needs or has, and how far it has come."""

    id: str
    name: str
    standing: Standing


class FormView(Record, frozen=True, kw_only=True):
    """A form that a visit needs or has, and how far it has come: `done` of `of` pages, begun `since`."""

    questionnaire: str
    title: str
    standing: FormStanding
    response: Annotated[str, Meta(description="id of what was answered; empty while nobody has opened it")] = ""
    done: int = 0
    of: int = 0
    since: Annotated[datetime | None, Meta(description="when it was begun")] = None
    since_label: str = ""
    flags: Annotated[int, Meta(description="answers that cannot wait and that nobody has seen")] = 0
    returned: Annotated[int, Meta(description="answers that the patient is asked for again")] = 0


class InsuranceNow(Record, frozen=True, kw_only=True):
    """What is known of who pays for the visit, by whom and since when (as the clinic's clock read)."""

    status: InsuranceStatus
    note: str
    by: str
    at_label: str


class VisitToCome(Record, frozen=True, kw_only=True):
    """A visit in a list, with all that is to be done before it."""

    appointment: str
    patient: str
    name: str
    service: str
    start: datetime
    label: str
    documents: list[DocumentNow]
    forms: list[FormView]
    flags: Annotated[int, Meta(description="answers that cannot wait and that nobody has seen, of all forms")]
    infected: Annotated[bool, Meta(description="the malware scan found something in what was sent")]
    insurance: InsuranceNow | None
    version: Annotated[int, Meta(description="of the documents; setInsuranceStatus takes it in If-Match")]


class Completeness(Record, frozen=True, kw_only=True):
    """A page of a list, the next visit first (of `review`, what cannot wait). It may be short, or empty, and have a next one."""

    visits: list[VisitToCome]
    next: Annotated[str, Meta(description="cursor of the next page; empty at the end")]


def completeness(clinic: Clinic, found: Waiting, tag: str) -> Completeness:
    """A page of a list in the reader's language."""
    return Completeness(
        visits=[_visit(clinic, each, found.patients.get(each.visit.patient), tag) for each in found.visits], next=found.after
    )


def _visit(clinic: Clinic, found: BeforeVisit, patient: Patient | None, tag: str) -> VisitToCome:
    visit, service = found.visit, clinic.service(found.visit.service)
    return VisitToCome(
        appointment=visit.id,
        patient=visit.patient,
        name=patient.name if patient else "",
        service=text.words(service.name, tag) if service else visit.service,
        start=visit.start,
        label=text.short_label(zone.local(visit.start, clinic.zone), tag),
        documents=[DocumentNow(id=kind.id, name=text.words(kind.name, tag), standing=standing) for kind, standing in found.documents],
        forms=[_form(clinic, each, tag) for each in found.forms],
        flags=sum(each.filed.flags for each in found.forms if each.filed),
        infected=any(each.infected for each in found.folder.files),
        insurance=_insurance(clinic, found.folder, tag),
        version=found.folder.version,
    )


def _form(clinic: Clinic, form: FormNow, tag: str) -> FormView:
    title, filed = text.words(form.title, tag), form.filed
    if filed is None:
        return FormView(questionnaire=form.questionnaire, title=title, standing=form.standing)
    return FormView(
        questionnaire=form.questionnaire,
        title=title,
        standing=form.standing,
        response=filed.response,
        done=filed.done,
        of=filed.of,
        since=filed.started,
        since_label=text.short_label(zone.local(filed.started, clinic.zone), tag),
        flags=filed.flags,
        returned=filed.returned,
    )


def _insurance(clinic: Clinic, folder: Folder, tag: str) -> InsuranceNow | None:
    said = folder.insurance
    if said is None:
        return None
    label = text.short_label(zone.local(said.at, clinic.zone), tag) if said.at else ""
    return InsuranceNow(status=said.status, note=said.note, by=said.name, at_label=label)


# An example, as the API's description shows it.
COMPLETENESS = Completeness(
    visits=[
        VisitToCome(
            appointment="9mvc1zh0k3w8t4e6p2qa",
            patient="7k2m9p4q8r1s5t6v0w3x",
            name="Ada Moreno",
            service="Doctor visit",
            start=datetime.fromisoformat("2026-11-24T15:40:00+00:00"),
            label="Tue, Nov 24, 10:40 AM",
            documents=[DocumentNow(id="insurance-front", name="Insurance card, front", standing=Standing.MISSING)],
            forms=[
                FormView(
                    questionnaire="new-patient",
                    title="New patient",
                    standing=FormStanding.STARTED,
                    response="9mvc1zh0k3w8t4e6p2qa-3w8t4e6p2qa1",
                    done=4,
                    of=9,
                    since=datetime.fromisoformat("2026-11-22T18:02:00+00:00"),
                    since_label="Sun, Nov 22, 1:02 PM",
                )
            ],
            flags=0,
            infected=False,
            insurance=InsuranceNow(status=InsuranceStatus.SENT, note="", by="", at_label="Sun, Nov 22, 1:02 PM"),
            version=1,
        )
    ],
    next="",
)
