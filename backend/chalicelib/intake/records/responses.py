"""QuestionnaireResponse (FHIR R4): what a patient answered to one form for one visit, and how far all forms of a visit have come."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

from msgspec import Meta

from chalicelib.clinics.records import Record, Slug
from chalicelib.intake.records.forms import Form, Signature
from chalicelib.visits.records import Appointment

Answered = list[dict[str, Any]]  # `item` of a QuestionnaireResponse (FHIR R4), as rules.answers builds it


class ResponseStatus(StrEnum):
    """FHIR's codes."""

    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    AMENDED = "amended"


class FormStanding(StrEnum):
    """How far a form has come for a visit. The worst of a visit's forms decides, in the order of this list."""

    RETURNED = "returned"  # staff sent an answer back; the patient's turn
    NOT_OPENED = "not-opened"  # the patient's turn
    STARTED = "started"  # the patient's turn
    WAITING = "waiting-for-file"  # all is answered, and a file of it is being checked; nobody's turn
    REVIEW = "needs-review"  # staff's turn
    COMPLETE = "complete"


class Review(StrEnum):
    """What staff said of it."""

    NONE = "none"
    ACCEPTED = "accepted"


class ReturnedItem(Record, frozen=True, kw_only=True):
    """An answer that staff ask for again: its place, and why in words that the patient reads."""

    path: str
    note: str
    by: str
    at: datetime


class RaisedFlag(Record, frozen=True, kw_only=True):
    """An answer that cannot wait: its place and our code; `gone` when answered otherwise later, `seen` once staff have acted on it."""

    path: str
    code: str
    at: datetime
    gone: datetime | None = None
    seen: datetime | None = None
    seen_by: str = ""


class Evidence(Record, frozen=True, kw_only=True):
    """What shows that somebody signed: which words they saw, when, and how we knew who it was.

    `sha256` (hex) is of the exact words in `language` that stood before the signature (rules.consents.shown gives them again for
    `canonical`, FHIR's url|version). `strokes` is a drawn name: each an even number of whole x and y, from 0 to 1000 by 0 to 300.
    `proved` says how the session's sign-in went (its methods).
    """

    path: str
    kind: Signature
    name: str
    strokes: tuple[tuple[int, ...], ...] = ()
    at: datetime
    language: str
    canonical: str
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    by: str
    proved: tuple[str, ...] = ()
    withdrawn: datetime | None = None
    withdrawn_why: str = ""


class Letterhead(Record, frozen=True, kw_only=True):
    """What a copy says of whose it is and of the clinic, as it was at that moment. `zone` as IANA names it, `country` as ISO 3166 does."""

    patient: str
    birth_date: date
    clinic: str
    zone: str
    country: str


class QuestionnaireResponse(Record, frozen=True, kw_only=True):
    """One patient's answers to one form for one visit. Instants aware UTC.

    `canonical` (url|version) is the form they answer, whatever was published since. `items` are the answers as they stand; those that
    were handed in before an amendment stay under their own version. `seen` are the pages gone on from, `page` where they were last.
    `authored` is when it was handed in, last, and `letterhead` what copies say of that moment (None: of a draft). `edition` counts the
    times it was handed in, `version` every change.
    """

    id: str
    clinic: str
    patient: str
    appointment: str
    questionnaire: Slug
    canonical: str
    language: str
    status: ResponseStatus = ResponseStatus.IN_PROGRESS
    items: Answered = []
    seen: tuple[str, ...] = ()
    page: str = ""
    started: datetime
    changed: datetime
    authored: datetime | None = None
    by: str
    review: Review = Review.NONE
    reviewed: datetime | None = None
    reviewed_by: str = ""
    returned: tuple[ReturnedItem, ...] = ()
    flags: tuple[RaisedFlag, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    letterhead: Letterhead | None = None
    edition: int = 0
    version: int = 1

    @property
    def form_version(self) -> str:
        """Which version of the form it answers."""
        return self.canonical.rpartition("|")[2]


class FormQueue(StrEnum):
    """Lists of visits that wait for staff because of their forms, the next visit first."""

    REVIEW = "review"  # handed in, and not looked at
    URGENT = "urgent"  # an answer cannot wait


class Earlier(Record, frozen=True, kw_only=True):
    """What was known of a patient when they began a form: their last answers to it (or to the form it follows), and their profile.

    It is offered to be confirmed, page by page, and staff see what has changed since; none of it is an answer. `at` is when those
    answers were handed in. `profile` holds answers by link id alone.
    """

    response: str = ""
    canonical: str = ""
    at: datetime | None = None
    items: Answered = []
    profile: Answered = []


class FiledForm(Record, frozen=True, kw_only=True):
    """One form of a visit that somebody has begun, as the visit's packet lists it.

    `done` of `of` pages; `flags` not yet seen by staff, `flagged` whether there ever was one.
    `files` are the ids of the documents that its answers name: as long as one of them is being checked, a form of which all is
    answered waits for it, and nobody is to do anything.
    """

    questionnaire: Slug
    response: str
    canonical: str
    standing: FormStanding
    done: int
    of: int
    started: datetime
    changed: datetime
    flags: int = 0
    flagged: bool = False
    returned: int = 0
    files: tuple[str, ...] = ()


class Packet(Record, frozen=True, kw_only=True):
    """All forms of one visit that somebody has begun, at a glance. What the visit needs besides follows from the clinic and the patient.

    Every change of one of its responses writes it too, on condition of its `version`.
    """

    clinic: str
    appointment: str
    patient: str
    start: datetime
    end: datetime
    forms: tuple[FiledForm, ...] = ()
    version: int = 0


class Completed(Record, frozen=True, kw_only=True):
    """The last time that a patient handed in a form: which response, and when."""

    questionnaire: Slug
    response: str
    canonical: str
    at: datetime


class VisitForm(NamedTuple):
    """One form that a visit needs or has: how far it has come, how many pages it has, and what was begun (None: nothing)."""

    form: Form
    standing: FormStanding
    of: int
    filed: FiledForm | None = None


class VisitForms(NamedTuple):
    """A visit with its forms, in the clinic's order."""

    visit: Appointment
    forms: tuple[VisitForm, ...]
