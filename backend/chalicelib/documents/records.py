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


class DocumentState(StrEnum):
    """How far a file has come (FHIR: `current` once released, `superseded`, `entered-in-error` when withdrawn)."""

    AWAITING = "awaiting"  # a way to send it was given, and nothing has come yet
    UPLOADED = "uploaded"  # its sender says that it is there; no event has told us of it
    SCANNING = "scanning"  # it lies in quarantine, being scanned and made anew
    RELEASED = "released"  # the new file can be read by those who may
    REFUSED = "refused"  # its reason is told to the patient
    SUPERSEDED = "superseded"  # a newer one stands in its place
    DELETED = "deleted"  # it and all its versions are gone; the row remains for the trail


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
    `until` is the last local date on which it is kept; nothing is forgotten while `held`.
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
    version: int = 1

    @property
    def is_readable(self) -> bool:
        """Whether those who may can look at it: the new file stands, and its sender has not taken it back."""
        return self.state is DocumentState.RELEASED and self.withdrawn is None

    @property
    def counts(self) -> bool:
        """Whether it does for what the visit needs: to be looked at, and not sent back."""
        return self.is_readable and self.review is not Review.RETURNED


class Wanted(Record, frozen=True, kw_only=True):
    """What a patient wants to send: for which visit, and as which kind or in place of which file (whose kind and page it takes over)."""

    appointment: str
    kind: str = ""
    name: Annotated[str, Meta(max_length=5000, description="what the device calls it")] = ""
    type: Annotated[str, Meta(max_length=100, description="the media type that the browser says")]
    size: Annotated[int, Meta(ge=1, description="bytes")]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$", description="of the bytes, in hex")]
    replaces: Annotated[str, Meta(max_length=64)] = ""
