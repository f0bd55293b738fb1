"""Whose patient is reminded today of what is left to do: by the clinic's calendar and by daylight, and nobody twice on one day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from chalicelib.kit import zone
from chalicelib.visits.records import Appointment

AHEAD = (3, 1)  # local days before the visit
FIRST_HOUR, LAST_HOUR = 9, 18  # local: nobody's telephone rings at night because of us


class Round(NamedTuple):
    """A clinic's visits of one local day, half-open as instants, whose patients are reminded `ahead` days before."""

    ahead: int
    start: datetime
    end: datetime


def rounds(clinic_zone: str, now: datetime) -> tuple[Round, ...]:
    """What is to be looked at now: nothing outside the hours in which somebody may be reminded."""
    local = zone.local(now, clinic_zone)
    if not FIRST_HOUR <= local.hour < LAST_HOUR:
        return ()
    return tuple(_round(clinic_zone, local.date(), ahead) for ahead in AHEAD)


def _round(clinic_zone: str, today: date, ahead: int) -> Round:
    day = today + timedelta(days=ahead)
    return Round(ahead, zone.midnight(day, clinic_zone), zone.midnight(day + timedelta(days=1), clinic_zone))


def is_new(visit: Appointment, clinic_zone: str, now: datetime) -> bool:
    """Whether it was booked today: then the confirmation has just said what it needs."""
    return zone.local_date(visit.made, clinic_zone) >= zone.local_date(now, clinic_zone)
