"""What a search shows, what a person wants, and what they get.

Times are whole minutes since 1970 UTC (`zone.Minute`) unless said otherwise; a slot is FHIR's Slot with status free.
"""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from chalicelib.clinics.records import Clinic, HealthcareService
from chalicelib.kit.zone import Minute
from chalicelib.people.records import Practitioner
from chalicelib.schedules.records import Claim
from chalicelib.visits.records import Appointment, AppointmentStatus

# The visits that keep their time from others (1.4.1); holds, offers and time off do too.
BLOCKING = frozenset(
    {
        AppointmentStatus.PENDING,
        AppointmentStatus.BOOKED,
        AppointmentStatus.ARRIVED,
        AppointmentStatus.CHECKED_IN,
        AppointmentStatus.FULFILLED,
        AppointmentStatus.NOSHOW,
    }
)


class Opening(Struct, frozen=True, kw_only=True, gc=False):
    """One practitioner who is free for an offer: places left with them, and where."""

    practitioner: str
    places: int
    room: str = ""
    group: str = ""


class Offer(Struct, frozen=True, kw_only=True, gc=False):
    """A time that can be booked now: `start` to before `end`, with whom, in the clinic's order."""

    start: Minute
    end: Minute
    openings: tuple[Opening, ...]


class Wanted(Struct, frozen=True, kw_only=True):
    """What a person asks for: `start` is an aware datetime, `practitioner` empty for any."""

    service: str
    start: datetime
    practitioner: str = ""
    note: str = ""


class Choice(Struct, frozen=True, kw_only=True):
    """The time a booking takes: with whom, where, and the buffers it keeps from now on."""

    practitioner: str
    start: Minute
    end: Minute
    room: str = ""
    group: str = ""
    before: int = 0
    after: int = 0
    places: int = 1

    def claim(self, claim_id: str) -> Claim:
        """The claim to write for it, on the practitioner's sheets and the room's."""
        return Claim(
            start=self.start,
            end=self.end,
            id=claim_id,
            before=self.before,
            after=self.after,
            group=self.group,
            places=self.places,
        )


class Search(Struct, frozen=True, kw_only=True):
    """What a search found on the local dates `first` to `last`.

    `horizon` is the last date that can be booked at all; `next_open` the next date with a time, if none of these has one.
    """

    clinic: Clinic
    service: HealthcareService
    people: tuple[Practitioner, ...]
    offers: tuple[Offer, ...]
    first: date
    last: date
    today: date
    horizon: date
    next_open: date | None = None


class Booked(Struct, frozen=True, kw_only=True):
    """A visit just booked, and the patient's own visits it overlaps (a warning, never a refusal)."""

    appointment: Appointment
    overlaps: tuple[Appointment, ...] = ()
