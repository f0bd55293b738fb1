"""Makers of clinics, hours and claims for tests of time, written the way people write them.

A rule of hours: `mon tue 09:00-12:00`, `daily 22:00-02:00 2026-03-01..2026-03-31`. A moment: `2026-03-02 09:00`, read in
the scene's zone (the first of two readings), or with an offset: `2026-03-02 09:00-05:00`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from chalicelib.booking import rules
from chalicelib.booking.records import Choice, Offer, Wanted
from chalicelib.clinics.records import (
    WEEK,
    Address,
    AvailableTime,
    Clinic,
    DatedHours,
    HealthcareService,
    Hours,
    Limits,
    NotAvailable,
    Weekday,
    Window,
)
from chalicelib.kit import zone as zones
from chalicelib.schedules import rules as schedules
from chalicelib.schedules.records import Claim, Outlook, RoomAgenda
from chalicelib.visits.records import Appointment, AppointmentStatus

LONG_AGO = datetime(2026, 2, 1, tzinfo=UTC)


def day(text: str) -> date:
    """A date, as in 2026-03-02."""
    return date.fromisoformat(text)


def moment(text: str, zone: str = "UTC") -> datetime:
    """An aware UTC instant from wall time, or from a time with its offset."""
    if re.search(r"[+-]\d\d:\d\d$", text):
        return datetime.fromisoformat(text).astimezone(UTC)
    when, wall = text.split(" ")
    return zones.to_instant(day(when), time.fromisoformat(wall), zone)


def windows(text: str) -> tuple[Window, ...]:
    """The windows in `09:00-12:00 13:00-17:00`; none in an empty text."""
    return tuple(Window(start=part[:5], end=part[6:]) for part in text.split())


def weekly(text: str) -> list[AvailableTime]:
    """The weekly rules of one line."""
    words = text.split()
    days = WEEK if "daily" in words else tuple(Weekday(word) for word in words if word.isalpha())
    valid = next((word.split("..") for word in words if ".." in word), ["", ""])
    first, last = (date.fromisoformat(end) if end else None for end in valid)
    spans = windows(" ".join(word for word in words if ":" in word))
    return [
        AvailableTime(days_of_week=days, available_start_time=w.start, available_end_time=w.end, valid_from=first, valid_until=last)
        for w in spans
    ]


def hours(*lines: str, dates: dict[str, str] | None = None, off: tuple[tuple[str, str], ...] = ()) -> Hours:
    """Hours from weekly lines, exceptions by date, and days off as (first, last)."""
    return Hours(
        available_time=tuple(rule for line in lines for rule in weekly(line)),
        exceptions=tuple(
            DatedHours(date=day(when), description="exception", windows=windows(text)) for when, text in (dates or {}).items()
        ),
        not_available=tuple(NotAvailable(description="away", start=day(first), end=day(last)) for first, last in off),
    )


def a_service(
    minutes: int = 60,
    *,
    step: int | None = None,
    before: int = 0,
    after: int = 0,
    capacity: int = 1,
    room: str | None = None,
    lead: int | None = None,
    horizon: int | None = None,
    cap: int | None = None,
) -> HealthcareService:
    """A service called visit."""
    return HealthcareService(
        id="visit",
        name={},
        comment={},
        minutes=minutes,
        step_minutes=step,
        before_minutes=before,
        after_minutes=after,
        capacity=capacity,
        room_kind=room,
        lead_minutes=lead,
        horizon_days=horizon,
        max_active=cap,
    )


def limits(lead: int = 0, horizon: int = 730, cancel: int = 1440, cap: int | None = None) -> Limits:
    """Limits that, unless told otherwise, offer all that is ahead."""
    return Limits(lead_minutes=lead, horizon_days=horizon, cancel_minutes=cancel, max_active=cap)


def a_clinic(zone: str = "UTC", open_hours: Hours | None = None, allowed: Limits | None = None) -> Clinic:
    """A clinic called north."""
    return Clinic(
        id="north",
        name="North",
        tagline={},
        zone=zone,
        languages=("en",),
        address=Address(line=("1 North Street",), city="North", postal_code="1", country="US"),
        telephone="+1 203 555 0142",
        email="north@example.com",
        hours=open_hours or Hours(),
        services=(a_service(),),
        limits=allowed or limits(),
    )


def a_claim(
    text: str,
    claim_id: str = "",
    *,
    zone: str = "UTC",
    before: int = 0,
    after: int = 0,
    group: str = "",
    until: str = "",
    holder: str = "",
) -> Claim:
    """A claim on `2026-03-02 09:00-10:00`, or a hold if it has an end (`until`) and a holder."""
    when, span = text.split(" ")
    start, end = (zones.minute(moment(f"{when} {wall}", zone)) for wall in span.split("-"))
    ends = zones.minute(moment(until, zone)) if until else 0
    return Claim(start, end, claim_id or text, before=before, after=after, group=group, until=ends, holder=holder)


def an_appointment(
    visit_id: str = "a1",
    start: str = "2026-03-02 10:00",
    minutes: int = 60,
    status: AppointmentStatus = AppointmentStatus.BOOKED,
    service: str = "visit",
) -> Appointment:
    """A visit of Ada's, instants in UTC."""
    begins = moment(start)
    return Appointment(
        id=visit_id,
        clinic="north",
        patient="ada",
        service=service,
        practitioner="bea",
        start=begins,
        end=zones.instant(zones.minute(begins) + minutes),
        promised=begins.isoformat(),
        status=status,
        claim=visit_id,
        made=LONG_AGO,
    )


@dataclass(frozen=True)
class Scene:
    """A clinic, its practitioners and what is claimed of them; asks the rules as the product does."""

    zone: str = "UTC"
    hours: Hours = field(default_factory=lambda: hours("daily 09:00-12:00"))
    service: HealthcareService = field(default_factory=a_service)
    people: dict[str, tuple[Claim, ...]] = field(default_factory=lambda: {"bea": ()})
    roles: dict[str, Hours] = field(default_factory=dict)
    rooms: dict[str, tuple[Claim, ...]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=limits)
    now: datetime = LONG_AGO

    @property
    def clinic(self) -> Clinic:
        """The clinic of the scene."""
        return a_clinic(self.zone, self.hours, self.limits)

    def outlook(self, first: date, last: date) -> Outlook:
        """All that decides these dates."""
        agendas = tuple(
            schedules.agenda(who, self.hours, self.roles.get(who, Hours()), self.zone, first, last, claims)
            for who, claims in self.people.items()
        )
        rooms = tuple(RoomAgenda(room=room, kind=self.kinds.get(room, "exam"), claims=claims) for room, claims in self.rooms.items())
        return Outlook(agendas=agendas, rooms=rooms)

    def offers(self, first: str, last: str = "", practitioner: str = "", holder: str = "") -> tuple[Offer, ...]:
        """What is shown for these dates."""
        dates = day(first), day(last or first)
        return rules.offers(self.clinic, self.service, self.outlook(*dates), *dates, self.now, practitioner, holder)

    def times(self, first: str, last: str = "", practitioner: str = "", holder: str = "", form: str = "%H:%M") -> list[str]:
        """What is shown, as local wall times."""
        shown = self.offers(first, last, practitioner, holder)
        return [format(zones.local(zones.instant(offer.start), self.zone), form) for offer in shown]

    def book(self, start: str, practitioner: str = "", holder: str = "") -> Choice:
        """What a person who wants this start gets."""
        wanted = Wanted(service="visit", start=moment(start, self.zone), practitioner=practitioner)
        local = zones.local_date(wanted.start, self.zone)
        return rules.book(self.clinic, self.service, self.outlook(local, local), wanted, self.now, holder)
