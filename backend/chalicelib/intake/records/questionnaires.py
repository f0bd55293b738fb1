"""Questionnaire (FHIR R4) in the hands of a clinic: which versions it has published, and the draft of the next."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from chalicelib.clinics.records import Record, Slug, Words
from chalicelib.intake.records.forms import PublicationStatus
from chalicelib.intake.records.reading import Reading


class Published(Record, frozen=True, kw_only=True):
    """A version of a form that was published: 1, 2, 3. The document itself never changes, only whether it is still offered.

    `draft` is the number of the last change to the draft that it was made of; the next draft counts on from there. `level`: the highest
    of the profile that a feature of it needs. Instants aware UTC; `by` and `name` as the audit trail names who did it.
    """

    id: Slug
    version: int
    title: Words
    level: str
    status: PublicationStatus = PublicationStatus.ACTIVE
    draft: int = 0
    published: datetime
    by: str
    name: str = ""
    retired: datetime | None = None
    retired_by: str = ""


class Draft(Record, frozen=True, kw_only=True):
    """What will be the next version of a form. `version` counts its changes."""

    id: Slug
    title: Words
    level: str
    changed: datetime
    by: str
    name: str = ""
    version: int


class Kept(NamedTuple):
    """A form of a clinic: the newest version that was published, if one was, and the draft of the next, if there is one."""

    newest: Published | None
    draft: Draft | None

    @property
    def id(self) -> str:
        """Of either."""
        either = self.newest or self.draft
        assert either, "a form has been published or drafted"
        return either.id


class Reached(NamedTuple):
    """A page of a form, and how many have gone on from it."""

    page: str
    title: Words
    reached: int


class Reach(NamedTuple):
    """Of one version: how many have begun it, have gone on from each page in order, and have handed it in."""

    begun: int
    pages: tuple[Reached, ...]
    handed_in: int


class Held(NamedTuple):
    """One version of a form with its document (FHIR's JSON), what reading it says, and how far patients come with it."""

    of: Published | Draft
    document: dict[str, Any]
    reading: Reading
    reach: Reach | None = None
