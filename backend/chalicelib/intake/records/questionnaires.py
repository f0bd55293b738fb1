"""Questionnaire (FHIR R4) in the hands of a clinic: which versions it has published, and the draft of the next."""

from __future__ import annotations

from datetime import datetime

from chalicelib.clinics.records import Record, Slug, Words
from chalicelib.intake.records.forms import PublicationStatus


class Published(Record, frozen=True, kw_only=True):
    """A version of a form that was published: 1, 2, 3. The document itself never changes, only whether it is still offered.

    `draft` is the number of the last change to the draft that it was made of; the next draft counts on from there. `level`: the highest
    of the profile that a feature of it needs. Instants aware UTC; `by` as the audit trail names who did it.
    """

    id: Slug
    version: int
    title: Words
    level: str
    status: PublicationStatus = PublicationStatus.ACTIVE
    draft: int = 0
    published: datetime
    by: str
    retired: datetime | None = None
    retired_by: str = ""


class Draft(Record, frozen=True, kw_only=True):
    """What will be the next version of a form. `version` counts its changes."""

    id: Slug
    title: Words
    level: str
    changed: datetime
    by: str
    version: int
