"""A visit as its patient sees it, and what they may ask of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.booking import rules
from chalicelib.booking.records import Wanted
from chalicelib.booking.shapes.clinics import PRACTITIONER, PractitionerView, practitioner_view
from chalicelib.booking.shapes.slots import ServiceBrief, service_brief
from chalicelib.clinics.records import Clinic, Record
from chalicelib.kit import text, zone
from chalicelib.people.records import Practitioner
from chalicelib.visits.records import Appointment, AppointmentStatus, ChecklistItem

Note = Annotated[str, Meta(max_length=500)]


class BookingWanted(Record, frozen=True, kw_only=True):
    """A booking: what, when (with its offset) and with whom; an empty practitioner is any."""

    service: str
    start: Annotated[datetime, Meta(tz=True)]
    practitioner: str = ""
    note: Note = ""

    def wanted(self) -> Wanted:
        """The same in the house's words."""
        return Wanted(service=self.service, start=self.start, practitioner=self.practitioner, note=self.note.strip())


class Cancelling(Record, frozen=True, kw_only=True):
    """Why a visit is cancelled, if the patient says."""

    reason: Note = ""


class Cutoff(Record, frozen=True, kw_only=True):
    """Until when a cancel is in time: the instant, and how the clinic's clock reads then."""

    at: datetime
    label: str


class Caution(Record, frozen=True, kw_only=True):
    """Something to know that stopped nothing."""

    type: str
    detail: str


class AppointmentView(Record, frozen=True, kw_only=True):
    """A visit (FHIR Appointment). `start`, `end` UTC; `local` is the time with offset it was promised at."""

    id: str
    version: int
    status: AppointmentStatus
    service: ServiceBrief
    practitioner: PractitionerView
    room: str
    start: datetime
    end: datetime
    local: str
    day: str
    time: str
    zone_label: str
    label: str
    past: bool
    can_cancel: bool
    cancel_by: Cutoff
    late: bool
    cancelation_reason: str
    note: str
    checklist: tuple[ChecklistItem, ...]
    warnings: list[Caution] = []


class AppointmentList(Record, frozen=True, kw_only=True):
    """A patient's visits: those ahead, the next first, and the rest, the latest first."""

    upcoming: list[AppointmentView]
    past: list[AppointmentView]


def appointment_view(
    clinic: Clinic, people: Sequence[Practitioner], visit: Appointment, now: datetime, tag: str, overlaps: Sequence[Appointment] = ()
) -> AppointmentView:
    """A visit in the reader's language, with what its patient may still do."""
    service = clinic.service(visit.service)
    person = next((person for person in people if person.id == visit.practitioner), None)
    cutoff = rules.cutoff(clinic, visit.start)
    # The promised time stays as it was said, whatever became of the zone's rules since.
    promised = datetime.fromisoformat(visit.promised)
    return AppointmentView(
        id=visit.id,
        version=visit.version,
        status=visit.status,
        service=service_brief(service, tag) if service else ServiceBrief(id=visit.service, name=visit.service, minutes=0),
        practitioner=practitioner_view(person, tag)
        if person
        else PractitionerView(id=visit.practitioner, name="", initials="", qualification=""),
        room=next((room.name for room in clinic.rooms if room.id == visit.room), ""),
        start=visit.start,
        end=visit.end,
        local=visit.promised,
        day=text.day_long(promised, tag),
        time=text.time_label(promised, tag),
        zone_label=text.zone_label(zone.local(visit.start, clinic.zone), tag),
        label=text.short_label(promised, tag),
        past=visit.start <= now,
        can_cancel=rules.can_cancel(visit, now),
        cancel_by=Cutoff(at=cutoff, label=text.short_label(zone.local(cutoff, clinic.zone), tag)),
        late=visit.late,
        cancelation_reason=visit.cancelation_reason,
        note=visit.note,
        checklist=visit.checklist,
        warnings=[_overlap(other, clinic, tag) for other in overlaps],
    )


def _overlap(other: Appointment, clinic: Clinic, tag: str) -> Caution:
    return Caution(type="overlap", detail=text.short_label(zone.local(other.start, clinic.zone), tag))


def appointment_list(
    clinic: Clinic,
    people: Sequence[Practitioner],
    ahead: Iterable[Appointment],
    behind: Iterable[Appointment],
    now: datetime,
    tag: str,
) -> AppointmentList:
    """A patient's visits ahead and behind."""

    def views(visits: Iterable[Appointment]) -> list[AppointmentView]:
        return [appointment_view(clinic, people, visit, now, tag) for visit in visits]

    return AppointmentList(upcoming=views(ahead), past=views(behind))


WANTED = BookingWanted(service="visit", start=datetime.fromisoformat("2026-11-24T10:40:00-05:00"), practitioner="bea")
VISIT = AppointmentView(
    id="9mvc1zh0k3w8t4e6p2qa",
    version=1,
    status=AppointmentStatus.BOOKED,
    service=ServiceBrief(id="visit", name="Doctor visit", minutes=20),
    practitioner=PRACTITIONER,
    room="Room 1",
    start=datetime.fromisoformat("2026-11-24T15:40:00+00:00"),
    end=datetime.fromisoformat("2026-11-24T16:00:00+00:00"),
    local="2026-11-24T10:40:00-05:00",
    day="Tuesday, November 24, 2026",
    time="10:40 AM",
    zone_label="Eastern time (EST, UTC−5)",
    label="Tue, Nov 24, 10:40 AM",
    past=False,
    can_cancel=True,
    cancel_by=Cutoff(at=datetime.fromisoformat("2026-11-23T15:40:00+00:00"), label="Mon, Nov 23, 10:40 AM"),
    late=False,
    cancelation_reason="",
    note="",
    checklist=(),
)
VISITS = AppointmentList(upcoming=[VISIT], past=[])
CANCELLING = Cancelling(reason="I feel better")
CANCELLED = msgspec.structs.replace(
    VISIT, version=2, status=AppointmentStatus.CANCELLED, can_cancel=False, cancelation_reason="I feel better"
)
