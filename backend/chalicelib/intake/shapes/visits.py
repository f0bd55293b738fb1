"""The forms of a visit as they cross the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from chalicelib.clinics.records import Clinic, Record
from chalicelib.intake.records import FormStanding, VisitForm, VisitForms
from chalicelib.intake.rules import filing
from chalicelib.intake.shapes.responses import AT, CANONICAL, VIEW
from chalicelib.kit import text, zone


class ListedResponse(Record, frozen=True, kw_only=True):
    """A form that a visit needs or has. `page` is the address of its page below the clinic's in that language."""

    questionnaire: str
    title: str
    standing: FormStanding
    page: str
    canonical: Annotated[str, Meta(description="url|version of the form")]
    response: Annotated[str, Meta(description="empty before it was begun")]
    done: Annotated[int, Meta(description="pages")]
    of: Annotated[int, Meta(description="pages")]
    started: datetime | None
    changed: datetime | None
    returned: Annotated[int, Meta(description="answers that staff ask for again")]
    flags: Annotated[int | None, Meta(description="answers that cannot wait and that no staff have seen; told to staff alone")]


class ResponseList(Record, frozen=True, kw_only=True):
    """The forms of a visit, in the clinic's order."""

    appointment: str
    label: Annotated[str, Meta(description="when the visit is, in the clinic's time")]
    standing: Annotated[FormStanding, Meta(description="the worst of all forms; complete where none is needed")]
    forms: list[ListedResponse]


def response_list(clinic: Clinic, told: VisitForms, tag: str, *, staff: bool) -> ResponseList:
    """The forms of a visit in the reader's language."""
    return ResponseList(
        appointment=told.visit.id,
        label=text.short_label(zone.local(told.visit.start, clinic.zone), tag),
        standing=filing.worst([each.standing for each in told.forms]),
        forms=[_listed(each, tag, staff=staff) for each in told.forms],
    )


def _listed(each: VisitForm, tag: str, *, staff: bool) -> ListedResponse:
    filed = each.filed
    return ListedResponse(
        questionnaire=each.form.id,
        title=text.words(each.form.title, tag),
        standing=each.standing,
        page=f"form/{each.form.id}/{each.form.version}/",
        canonical=each.form.canonical,
        response=filed.response if filed else "",
        done=filed.done if filed else 0,
        of=each.of,
        started=filed.started if filed else None,
        changed=filed.changed if filed else None,
        returned=filed.returned if filed else 0,
        flags=(filed.flags if filed else 0) if staff else None,
    )


# An example, as the API's description shows it.
LIST = ResponseList(
    appointment=VIEW.appointment,
    label="Tue, Nov 24, 10:40 AM",
    standing=FormStanding.STARTED,
    forms=[
        ListedResponse(
            questionnaire="consent-to-treat",
            title="Consent to care",
            standing=FormStanding.STARTED,
            page="form/consent-to-treat/1/",
            canonical=CANONICAL,
            response=VIEW.id,
            done=1,
            of=6,
            started=AT,
            changed=AT,
            returned=0,
            flags=None,
        )
    ],
)
