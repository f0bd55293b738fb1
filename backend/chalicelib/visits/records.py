"""Appointment (FHIR) and its checklist: what the visit needs and has."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from chalicelib.clinics.records import Record


class AppointmentStatus(StrEnum):
    """FHIR's codes."""

    PROPOSED = "proposed"
    PENDING = "pending"
    BOOKED = "booked"
    ARRIVED = "arrived"
    CHECKED_IN = "checked-in"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"
    WAITLIST = "waitlist"
    ENTERED_IN_ERROR = "entered-in-error"


# A visit that is to come, or under way: something may still be filled in for it.
AHEAD = frozenset({AppointmentStatus.PENDING, AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN})


class ChecklistItem(Record, frozen=True, kw_only=True):
    """Something the visit needs (a card, a letter). How far it has come is computed from what was sent, and stands nowhere twice."""

    kind: str


class Appointment(Record, frozen=True, kw_only=True):
    """A visit that somebody booked. Instants aware UTC.

    `promised` is the local time with offset the patient was told (ISO 8601); it stays even if the
    zone's rules change. `sequence` counts changes of time, place or status (ICS); `claim` names its
    time on the sheets of the clinics `claimed_in`.
    """

    id: str
    clinic: str
    patient: str
    service: str
    practitioner: str
    room: str = ""
    start: datetime
    end: datetime
    promised: str
    status: AppointmentStatus
    claim: str
    claimed_in: tuple[str, ...] = ()
    before_minutes: int = 0
    after_minutes: int = 0
    group: str = ""
    checklist: tuple[ChecklistItem, ...] = ()
    note: str = ""
    cancelation_reason: str = ""
    late: Annotated[bool, Meta(description="cancelled after the clinic's cutoff")] = False
    made: datetime
    sequence: int = 0
    version: int = 1
