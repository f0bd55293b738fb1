"""A week of times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Annotated

from msgspec import Meta, Struct, field

from chalicelib.booking.records import Offer, Search
from chalicelib.booking.shapes.clinics import PRACTITIONER, PractitionerView, practitioner_view
from chalicelib.clinics.records import HealthcareService, Record
from chalicelib.kit import text, zone


class SlotQuery(Record, frozen=True, kw_only=True):
    """Which times: of a service, with one practitioner or any, from a local date on for some days."""

    service: str
    practitioner: str = ""
    from_: Annotated[date | None, Meta(description="local date; today unless given")] = field(name="from", default=None)
    days: Annotated[int, Meta(ge=1, le=14, description="local dates")] = 7


class SlotView(Record, frozen=True, kw_only=True):
    """A time that can be booked now (FHIR Slot, free). `start` and `end` UTC; `local` is the clinic's time with its offset."""

    start: datetime
    end: datetime
    local: str
    time: str
    label: str
    part: Annotated[str, Meta(description="morning, afternoon, evening or night")]
    practitioners: list[str]
    places_left: int


class DayView(Record, frozen=True, kw_only=True):
    """One local date and its free times."""

    date: date
    weekday: str
    number: str
    label: str
    count: int
    slots: list[SlotView]


class NextDay(Record, frozen=True, kw_only=True):
    """The next local date with a free time."""

    date: date
    label: str


class ServiceBrief(Record, frozen=True, kw_only=True):
    """A service by name and length in elapsed minutes."""

    id: str
    name: str
    minutes: int


class SlotSearch(Record, frozen=True, kw_only=True):
    """The free times of some local dates. `last` is the last date that can be booked; `next` is looked for only when all are full."""

    service: ServiceBrief
    zone: str
    zone_label: str
    from_: date = field(name="from")
    until: date
    today: date
    last: date
    label: str
    practitioners: list[PractitionerView]
    days: list[DayView]
    next: NextDay | None = None


def service_brief(service: HealthcareService, tag: str) -> ServiceBrief:
    """A service by name and length."""
    return ServiceBrief(id=service.id, name=text.words(service.name, tag), minutes=service.minutes)


def slot_search(found: Search, tag: str) -> SlotSearch:
    """A search's answer in the reader's language."""
    name = found.clinic.zone
    by_date: dict[date, list[tuple[Offer, Reading]]] = {}
    for offer in found.offers:
        reading = read(offer.start, name, tag)
        by_date.setdefault(reading.day, []).append((offer, reading))
    dates = [found.first + timedelta(days=day) for day in range((found.last - found.first).days + 1)]
    noon = zone.local(zone.midnight(found.first, name) + timedelta(hours=12), name)
    return SlotSearch(
        service=service_brief(found.service, tag),
        zone=name,
        zone_label=text.zone_label(noon, tag),
        from_=found.first,
        until=found.last,
        today=found.today,
        last=found.horizon,
        label=text.range_label(found.first, found.last, tag),
        practitioners=[practitioner_view(person, tag) for person in found.people],
        days=[day_view(day, by_date.get(day, []), tag) for day in dates],
        next=next_day(found.next_open, tag),
    )


def day_view(day: date, offers: Sequence[tuple[Offer, Reading]], tag: str) -> DayView:
    """One date and its times. Where two of them read the same, each says its offset's name."""
    seen = Counter(reading.time for _, reading in offers)
    slots = [slot_view(offer, reading, twice=seen[reading.time] > 1) for offer, reading in offers]
    return DayView(
        date=day, weekday=text.weekday(day, tag), number=str(day.day), label=text.day_label(day, tag), count=len(slots), slots=slots
    )


def slot_view(offer: Offer, reading: Reading, *, twice: bool) -> SlotView:
    """One time. `twice`: the clock reads so two times that day."""
    offset = f" {reading.offset}" if twice else ""
    return SlotView(
        start=reading.start,
        end=zone.instant(offer.end),
        local=reading.local,
        time=reading.time + offset,
        label=reading.label + offset,
        part=reading.part,
        practitioners=[opening.practitioner for opening in offer.openings],
        places_left=sum([opening.places for opening in offer.openings]),
    )


class Reading(Struct, frozen=True, gc=False):
    """How a minute reads on a clinic's clock, worded. `offset` is the name of its offset from UTC."""

    start: datetime
    day: date
    local: str
    time: str
    label: str
    part: str
    offset: str


@lru_cache(maxsize=8192)  # the same weeks are asked for again and again
def read(minute: zone.Minute, name: str, tag: str) -> Reading:
    """A minute on the clock of a zone, in a language."""
    start = zone.instant(minute)
    moment = zone.local(start, name)
    return Reading(
        start=start,
        day=moment.date(),
        local=moment.isoformat(),
        time=text.time_label(moment, tag),
        label=text.short_label(moment, tag),
        part=text.part_of_day(moment),
        offset=moment.tzname() or "",
    )


def next_day(day: date | None, tag: str) -> NextDay | None:
    """The next open date, worded."""
    if day is None:
        return None
    return NextDay(date=day, label=text.day_label(day, tag))


_SLOT = SlotView(
    start=datetime.fromisoformat("2026-11-24T15:40:00+00:00"),
    end=datetime.fromisoformat("2026-11-24T16:00:00+00:00"),
    local="2026-11-24T10:40:00-05:00",
    time="10:40 AM",
    label="Tue, Nov 24, 10:40 AM",
    part="morning",
    practitioners=["bea"],
    places_left=1,
)
SEARCH = SlotSearch(
    service=ServiceBrief(id="visit", name="Doctor visit", minutes=20),
    zone="America/New_York",
    zone_label="Eastern time (EST, UTC−5)",
    from_=date(2026, 11, 24),
    until=date(2026, 11, 24),
    today=date(2026, 11, 21),
    last=date(2027, 1, 20),
    label="November 24",
    practitioners=[PRACTITIONER],
    days=[DayView(date=date(2026, 11, 24), weekday="Tue", number="24", label="Tuesday, November 24", count=1, slots=[_SLOT])],
)
