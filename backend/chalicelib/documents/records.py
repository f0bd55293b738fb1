"""DocumentReference (FHIR): one photograph or PDF that a patient sent, and what became of it.

Several pages of one document are several of these with the same visit and kind, in the order of `page`.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from chalicelib.clinics.records import Record, Slug
from chalicelib.kit.refusing import Reason
from chalicelib.people.records import Patient
from chalicelib.visits.records import Appointment


class DocumentState(StrEnum):
    """How far a file has come (FHIR: `current` once released, `superseded`, `entered-in-error` when withdrawn)."""

    AWAITING = "awaiting"  # a way to send it was given, and nothing has come yet
    UPLOADED = "uploaded"  # its sender says that it is there; no event has told us of it
    SCANNING = "scanning"  # it lies in quarantine, being scanned and made anew
    RELEASED = "released"  # the new file can be read by those who may
    REFUSED = "refused"  # its reason is told to the patient
    SUPERSEDED = "superseded"  # a newer one stands in its place
    DELETED = "deleted"  # not to be had any more; the row remains for the trail, and as long as it is not `emptied` there is work to do


UNDER_WAY = frozenset({DocumentState.AWAITING, DocumentState.UPLOADED, DocumentState.SCANNING})


class Verdict(StrEnum):
    """What the malware scan said, in GuardDuty's words (Malware Protection for S3, scanResultStatus)."""

    CLEAN = "NO_THREATS_FOUND"
    INFECTED = "THREATS_FOUND"
    UNSUPPORTED = "UNSUPPORTED"
    ACCESS_DENIED = "ACCESS_DENIED"
    FAILED = "FAILED"


class Review(StrEnum):
    """What staff said of it."""

    NONE = "none"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class Standing(StrEnum):
    """How far a file, or a kind of document, has come for a visit. The worst decides, in the order of this list."""

    RETURNED = "returned"  # staff sent a page back; the patient's turn
    REFUSED = "refused"  # a page could not be taken in; the patient's turn
    MISSING = "missing"  # nothing came; the patient's turn
    STUCK = "stuck"  # a check gave no answer; staff's turn
    CHECKING = "checking"  # on its way; nobody's turn
    SENT = "sent"  # there to be looked at; staff's turn
    ACCEPTED = "accepted"


class InsuranceStatus(StrEnum):
    """What is known of who pays for a visit."""

    UNKNOWN = "unknown"
    SENT = "sent"  # the card is there to be looked up
    VERIFIED = "verified"
    PROBLEM = "problem"


class Queue(StrEnum):
    """What staff have to do with a visit's documents: a list of the clinic's visits, the next first."""

    REVIEW = "review"  # to be looked at
    INSURANCE = "insurance"  # to be looked up


class Remade(Record, frozen=True, kw_only=True):
    """The new file: its media type, bytes, SHA-256 (hex), and how many pages have a picture."""

    content_type: str
    size: int
    sha256: str
    pages: int


class DocumentReference(Record, frozen=True, kw_only=True):
    """One file. Instants aware UTC, sizes in bytes, hashes SHA-256 in hex.

    `name` is what the patient's device called it, shown escaped and never part of a key. `stored` is the S3 version of the
    object that counts: the first that came. `reason` is set while refused; `stuck` while a check gave no usable answer.
    `until` is the last local date on which it is kept; nothing is forgotten while `held`. `emptied`: no object of it is left anywhere.
    """

    id: str
    clinic: str
    patient: str
    appointment: str
    kind: Slug
    page: Annotated[int, Meta(ge=1)] = 1
    name: str = ""
    declared: str
    size: Annotated[int, Meta(ge=1)]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    state: DocumentState = DocumentState.AWAITING
    stored: str = ""
    remade: Remade | None = None
    verdict: Verdict | None = None
    reason: Reason | None = None
    stuck: bool = False
    tries: int = 0
    asked: datetime
    arrived: datetime | None = None
    released: datetime | None = None
    review: Review = Review.NONE
    review_note: str = ""
    reviewed_by: str = ""
    reviewed: datetime | None = None
    replaces: str = ""
    replaced_by: str = ""
    withdrawn: datetime | None = None
    held: bool = False
    until: date | None = None
    emptied: bool = False
    version: int = 1

    @property
    def is_readable(self) -> bool:
        """Whether those who may can look at it: the new file stands, and its sender has not taken it back."""
        return self.state is DocumentState.RELEASED and self.withdrawn is None

    @property
    def is_replaceable(self) -> bool:
        """Whether another may take its place: it stands, its sender has not taken it back, and staff have not accepted it."""
        gone = self.state in (DocumentState.SUPERSEDED, DocumentState.DELETED) or self.withdrawn is not None
        return not gone and self.review is not Review.ACCEPTED

    @property
    def counts(self) -> bool:
        """Whether it does for what the visit needs: to be looked at, and not sent back."""
        return self.is_readable and self.review is not Review.RETURNED


class Contents(Record, frozen=True, kw_only=True):
    """A visit with its folder and its files, and for staff whose they are."""

    visit: Appointment
    folder: Folder
    documents: tuple[DocumentReference, ...]
    patient: Patient | None


class Opened(Record, frozen=True, kw_only=True):
    """A file, and a link to it or to the picture of one of its pages: what comes, of which type, under which name, until when."""

    document: DocumentReference
    url: str
    content_type: str
    name: str
    until: datetime


class Wanted(Record, frozen=True, kw_only=True):
    """What a patient wants to send for a visit: as which kind, or in place of which file (whose kind and page it takes over)."""

    kind: Annotated[str, Meta(max_length=64)] = ""
    name: Annotated[str, Meta(max_length=5000, description="what the device calls it")] = ""
    type: Annotated[str, Meta(max_length=100, description="the media type that the browser says")]
    size: Annotated[int, Meta(ge=1, description="bytes")]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$", description="of the bytes, in hex")]
    replaces: Annotated[str, Meta(max_length=64)] = ""


class Filed(Record, frozen=True, kw_only=True):
    """A file that counts for its visit (it was sent, and was not taken back, replaced or deleted), as the folder lists it."""

    id: str
    kind: Slug
    page: int
    standing: Standing
    infected: bool = False
    replaces: str = ""


class Insurance(Record, frozen=True, kw_only=True):
    """What is known of who pays for a visit: since when, said by whom (empty: it follows from the files), and why."""

    status: InsuranceStatus = InsuranceStatus.UNKNOWN
    note: str = ""
    by: str = ""
    name: str = ""
    at: datetime | None = None


class Folder(Record, frozen=True, kw_only=True):
    """All documents of one visit at a glance: what it needs (`needed`, ids of kinds) and has. Instants aware UTC.

    Every change of one of its files writes it too, on condition of its `version`: so two changes of one visit never cross.
    `closed`: the visit was cancelled, and nobody waits for anything. `insurance` None: nothing is to be looked up. `queues`: those that
    it waits in.
    """

    clinic: str
    appointment: str
    patient: str
    practitioner: str
    service: str
    start: datetime
    end: datetime
    needed: tuple[Slug, ...] = ()
    files: tuple[Filed, ...] = ()
    insurance: Insurance | None = None
    closed: bool = False
    queues: tuple[Queue, ...] = ()
    version: int = 0
