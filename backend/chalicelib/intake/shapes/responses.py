"""Answers as they cross the wire: to whoever gives them, and with more beside them to staff."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from chalicelib.clinics.records import Clinic, Record
from chalicelib.intake.records import Evidence, FormStanding, ResponseStatus, Signature
from chalicelib.intake.rules import filing, flagging, offering, paging, scoring
from chalicelib.intake.rules.paging import Standing
from chalicelib.intake.rules.saving import Shown
from chalicelib.intake.shapes import told
from chalicelib.intake.shapes.previews import FlagView, ScoreView
from chalicelib.intake.shapes.told import ToldToStaff
from chalicelib.kit import text, zone

Items = Annotated[list[dict[str, Any]], Meta(description="`item` of a QuestionnaireResponse (FHIR R4)")]


class ProgressView(Record, frozen=True, kw_only=True):
    """How far somebody has come: pages done of those that are asked, and each page by its id."""

    done: int
    of: int
    pages: dict[str, Standing]


class ReturnedView(Record, frozen=True, kw_only=True):
    """An answer that staff ask for again, and why in their words."""

    path: str
    note: str
    at: datetime


class ConflictView(Record, frozen=True, kw_only=True):
    """A question that was answered otherwise on another device: what does not stand."""

    path: str
    other: Annotated[list[dict[str, Any]], Meta(description="answers as FHIR has them")]


class OfferView(Record, frozen=True, kw_only=True):
    """Answers that may be confirmed on a page: of last time (`at`), or of the profile. They are no answers before the page is saved."""

    page: str
    at: datetime | None
    items: Items


class EvidenceView(Record, frozen=True, kw_only=True):
    """Who signed what; the digest of the words that were shown is told to staff."""

    path: str
    name: str
    kind: Signature
    at: datetime
    language: str
    withdrawn: datetime | None
    sha256: str | None


class ChangeView(Record, frozen=True, kw_only=True):
    """An answer that differs from last time."""

    path: str
    before: Annotated[list[dict[str, Any]], Meta(description="answers as FHIR has them")]
    after: Annotated[list[dict[str, Any]], Meta(description="answers as FHIR has them")]


class StaffView(Record, frozen=True, kw_only=True):
    """What staff see beside the answers."""

    patient: str
    name: str
    birth_date: str
    scores: list[ScoreView]
    differences: list[ChangeView]
    review: str
    told: ToldToStaff
    unseen: Annotated[int, Meta(description="answers that cannot wait and that no staff have seen, also those that are gone")]


class ResponseView(Record, frozen=True, kw_only=True):
    """A form as it was answered so far (FHIR QuestionnaireResponse). `version` is what If-Match names."""

    id: str
    appointment: str
    questionnaire: str
    canonical: Annotated[str, Meta(description="url|version of the form that is answered")]
    title: str
    version: int
    status: ResponseStatus
    standing: FormStanding
    language: str
    items: Items
    seen: list[str]
    page: str
    progress: ProgressView
    started: datetime
    changed: datetime
    authored: Annotated[datetime | None, Meta(description="when it was handed in, last")]
    expires: Annotated[datetime | None, Meta(description="when the draft goes unless it is handed in")]
    edition: Annotated[int, Meta(description="how often it was handed in")]
    returned: list[ReturnedView]
    flags: Annotated[list[FlagView], Meta(description="what the answers say that cannot wait")]
    conflicts: list[ConflictView]
    offers: list[OfferView]
    evidence: list[EvidenceView]
    staff: Annotated[StaffView | None, Meta(description="told to staff alone")]


def response_view(clinic: Clinic, shown: Shown, tag: str, now: datetime) -> ResponseView:
    """A response as its reader sees it."""
    response, form = shown.response, shown.form
    progress = paging.progress(form.items, response.items, _today(clinic, now), frozenset(response.seen))
    is_draft = response.status is ResponseStatus.IN_PROGRESS
    return ResponseView(
        id=response.id,
        appointment=response.appointment,
        questionnaire=response.questionnaire,
        canonical=response.canonical,
        title=text.words(form.title, tag),
        version=response.version,
        status=response.status,
        standing=filing.standing(response),
        language=response.language,
        items=response.items,
        seen=list(response.seen),
        page=response.page,
        progress=ProgressView(done=progress.done, of=progress.of, pages=progress.standings),
        started=response.started,
        changed=response.changed,
        authored=response.authored,
        expires=shown.until if is_draft and not response.flags else None,
        edition=response.edition,
        returned=[ReturnedView(path=each.path, note=each.note, at=each.at) for each in response.returned],
        flags=[FlagView(path=each.path, code=each.code) for each in flagging.standing(response.flags)],
        conflicts=[ConflictView(path=each.path, other=each.other) for each in shown.conflicts],
        offers=[
            OfferView(page=each.page, at=each.at, items=each.items)
            for each in offering.offers(clinic, form, response, shown.earlier, progress, now)
        ],
        evidence=[_evidence(each, staff=shown.patient is not None) for each in response.evidence],
        staff=_staff(clinic, shown, now, tag) if shown.patient else None,
    )


def _evidence(each: Evidence, *, staff: bool) -> EvidenceView:
    return EvidenceView(
        path=each.path,
        name=each.name,
        kind=each.kind,
        at=each.at,
        language=each.language,
        withdrawn=each.withdrawn,
        sha256=each.sha256 if staff else None,
    )


def _staff(clinic: Clinic, shown: Shown, now: datetime, tag: str) -> StaffView:
    response, form, patient = shown.response, shown.form, shown.patient
    assert patient is not None, "asked for staff alone"
    changes, today = offering.changes(form, response, shown.earlier), _today(clinic, now)
    return StaffView(
        patient=patient.id,
        name=patient.name,
        birth_date=patient.birth_date.isoformat(),
        scores=[ScoreView(**each._asdict()) for each in scoring.scores(form.items, response.items, today)],
        differences=[ChangeView(path=each.path, before=each.before, after=each.after) for each in changes],
        review=response.review.value,
        told=told.told(clinic, form, shown, changes, today, tag),
        unseen=len(flagging.unseen(response.flags)),
    )


def _today(clinic: Clinic, now: datetime) -> str:
    return zone.local_date(now, clinic.zone).isoformat()


# Examples, as the API's description shows them.
AT = datetime.fromisoformat("2026-11-22T18:02:11+00:00")
ANSWERED: list[dict[str, Any]] = [{"linkId": "agree-care", "answer": [{"valueBoolean": True}]}]
CANONICAL = "https://anteroom.example/fhir/Questionnaire/consent-to-treat|1"
VIEW = ResponseView(
    id="9mvc1zh0k3w8t4e6p2qa-x3c6v0b4t7w2",
    appointment="9mvc1zh0k3w8t4e6p2qa",
    questionnaire="consent-to-treat",
    canonical=CANONICAL,
    title="Consent to care",
    version=3,
    status=ResponseStatus.IN_PROGRESS,
    standing=FormStanding.STARTED,
    language="en-US",
    items=[{"linkId": "care", "item": ANSWERED}],
    seen=["care"],
    page="exposure",
    progress=ProgressView(done=1, of=6, pages={"care": Standing.DONE, "exposure": Standing.EMPTY}),
    started=AT,
    changed=AT,
    authored=None,
    expires=datetime.fromisoformat("2027-01-23T15:40:00+00:00"),
    edition=0,
    returned=[],
    flags=[],
    conflicts=[],
    offers=[],
    evidence=[],
    staff=None,
)
