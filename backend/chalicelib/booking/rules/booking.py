"""Booking: the offer that was shown, or the fact that stands in its way (1.4.6, 1.5.2)."""

from __future__ import annotations

from datetime import date, datetime

from chalicelib.booking.records import Choice, Opening, Wanted
from chalicelib.booking.rules import grid, slots
from chalicelib.clinics.records import Clinic, HealthcareService
from chalicelib.doors.records import By, Limit
from chalicelib.kit import zone as zones
from chalicelib.kit.problem import Problem
from chalicelib.schedules.records import Agenda, Outlook, Span

# Nobody books or cancels as often as this by hand; who does so by machine finds an end, whichever way they spread it.
BOOKINGS = (
    Limit(name="book-account", most=20, seconds=3600, by=By.ACCOUNT),
    Limit(name="book-from", most=60, seconds=3600, by=By.ADDRESS),
    Limit(name="book-clinic", most=2000, seconds=3600, by=By.CLINIC),
    Limit(name="book-everybody", most=20_000, seconds=3600, by=By.EVERYBODY),
)


class SlotTaken(Problem):
    """The time exists, but is not free."""

    status = 409
    title = "That time is not free any more."


class OutsideHours(Problem):
    """No visit begins then: closed, or between two times of the grid."""

    status = 422
    title = "Visits do not begin at that time."


class TooSoon(Problem):
    """Past, or inside the lead time; `earliest` is the first instant that can be booked (ISO 8601, clinic time)."""

    status = 422
    title = "That time is past, or too soon to be booked online."


class TooFar(Problem):
    """Beyond the horizon; `latest` is the last date that can be booked (ISO 8601)."""

    status = 422
    title = "That date is too far ahead to be booked yet."


def book(clinic: Clinic, service: HealthcareService, outlook: Outlook, wanted: Wanted, now: datetime, holder: str = "") -> Choice:
    """The time a booking takes, if and only if `slots.offers` shows it now.

    `outlook` covers the local date of `wanted.start`. Raises SlotTaken, OutsideHours, TooSoon or TooFar.
    """
    day = zones.local_date(wanted.start, clinic.zone)
    shown = slots.offers(clinic, service, outlook, day, day, now, wanted.practitioner, holder)
    offer = next((offer for offer in shown if zones.instant(offer.start) == wanted.start), None)
    if offer is None:
        raise _refusal(clinic, service, outlook, wanted, day, now)
    opening = _least_booked(clinic, outlook, offer.openings, day)
    return Choice(
        practitioner=opening.practitioner,
        start=offer.start,
        end=offer.end,
        room=opening.room,
        group=opening.group,
        before=service.before_minutes,
        after=service.after_minutes,
        places=service.capacity,
    )


def _least_booked(clinic: Clinic, outlook: Outlook, openings: tuple[Opening, ...], day: date) -> Opening:
    """Of those free, who has the fewest booked minutes that local date; of equals the first in the clinic's order."""
    today = Span(zones.wall_minute(day, 0, clinic.zone), zones.wall_minute(day, 1440, clinic.zone))
    booked = {agenda.practitioner: _booked_minutes(agenda, today) for agenda in outlook.agendas}
    return min(openings, key=lambda opening: booked[opening.practitioner])


def _booked_minutes(agenda: Agenda, within: Span) -> int:
    """Minutes that are booked; a group counts once, holds do not, and of a visit over midnight only its part.

    Time off needs no thought: it takes whole local days, on which its owner is not free at all.
    """
    visits = sorted(claim.visit for claim in agenda.claims if not claim.until)
    total, counted = 0, within.start
    for visit in visits:
        end = min(visit.end, within.end)
        total += max(0, end - max(visit.start, counted))
        counted = max(counted, end)
    return total


def _refusal(clinic: Clinic, service: HealthcareService, outlook: Outlook, wanted: Wanted, day: date, now: datetime) -> Problem:
    """Why a time is not offered, and what to do about it."""
    soonest = grid.earliest(clinic, service, now)
    if wanted.start < soonest:
        first = zones.instant(zones.minute_up(soonest))
        detail = f"Please choose a time from {zones.spoken(first, clinic.zone)} on, or call {clinic.telephone}."
        return TooSoon(detail, earliest=zones.local(first, clinic.zone).isoformat())
    latest = grid.last_date(clinic, service, now)
    if day > latest:
        return TooFar(f"Please choose a date up to {latest.day} {latest:%B %Y}, or come back later.", latest=latest.isoformat())
    if not _begins_then(clinic, service, outlook, wanted, day):
        return OutsideHours("Please choose one of the times shown.")
    return SlotTaken("Please choose another time.")


def _begins_then(clinic: Clinic, service: HealthcareService, outlook: Outlook, wanted: Wanted, day: date) -> bool:
    """Whether the time is on the grid of whom they asked for, free or not."""
    return any(
        zones.instant(start) == wanted.start
        for agenda in outlook.agendas
        if wanted.practitioner in ("", agenda.practitioner)
        for start in grid.starts(agenda.open, service, clinic.zone, day, day)
    )
