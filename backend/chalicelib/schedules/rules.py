"""Opening hours as instants, time off as claims, and which sheets a claim stands on.

Rule numbers are those of docs/guides/time.md. All pure; times are minutes since 1970 UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain

import msgspec

from chalicelib.clinics.records import WEEK, AvailableTime, HealthcareService, Hours, Window
from chalicelib.kit import zone as zones
from chalicelib.schedules.records import Agenda, Claim, Sheet, Span

DAY = 1440
EPOCH_DAY = zones.EPOCH.toordinal()

# Whether a window was already open at the midnight before decides where the grid restarts (1.3.3). A window
# that begins two dates before the first can reach that midnight; a third is read because a gap in the clock
# just before midnight carries a 24-hour window past it. No visit runs longer than 8 hours into the next date.
DATES_BEFORE = 3
DATES_AFTER = 1

# A visit and its buffer reach 16 hours beyond its date at the most, so time off further away cannot matter.
FAR = timedelta(days=1)


@lru_cache(maxsize=512)  # hours rarely change, and the same weeks are asked for again and again
def open_windows(clinic_hours: Hours, role_hours: Hours, zone: str, first: date, last: date) -> tuple[Span, ...]:
    """When a practitioner is open, as joined instants in order, whole for every visit that begins on `first` to `last`.

    The windows of some dates around are included, so that neither the joins nor the grid depend on the dates asked for.
    """
    clinic_days, role_days = _exceptions(clinic_hours), _exceptions(role_hours)
    weekly = role_hours.available_time or clinic_hours.available_time
    spans: list[Span] = []
    for day in _dates(first - timedelta(days=DATES_BEFORE), last + timedelta(days=DATES_AFTER)):
        windows = _windows(day, clinic_days.get(day), role_days.get(day), weekly)
        spans.extend(span for window in windows if (span := _span(day, window, zone)))
    return joined(spans)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in order, joined where spans overlap or touch (1.2.5)."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def time_off(hours: Hours, zone: str, first: date, last: date) -> tuple[Claim, ...]:
    """The whole days off of a clinic or a role that can matter to visits on `first` to `last`, as busy claims (1.2.4)."""
    near = (off for off in hours.not_available if off.end >= first - FAR and off.start <= last + FAR)
    return tuple(
        Claim(start=start, end=zones.wall_minute(off.end, DAY, zone), id=f"off/{start}")
        for off in near
        for start in (zones.wall_minute(off.start, 0, zone),)
    )


def agenda(
    practitioner: str, clinic_hours: Hours, role_hours: Hours, zone: str, first: date, last: date, claims: Iterable[Claim]
) -> Agenda:
    """One practitioner's dates: open windows, the given claims, and time off of both the clinic and the role."""
    off = chain(time_off(clinic_hours, zone, first, last), time_off(role_hours, zone, first, last))
    return Agenda(
        practitioner=practitioner,
        open=open_windows(clinic_hours, role_hours, zone, first, last),
        claims=(*claims, *off),
    )


def look_back(service: HealthcareService) -> int:
    """How many minutes before the first local midnight sheets must be read.

    Only the service's own buffer: a claim stands on the sheet of every day its guard touches, and two
    visits can only be in each other's way where their guards share time.
    """
    return service.before_minutes


def reach(service: HealthcareService, zone: str, first: date, last: date) -> Span:
    """All time that visits beginning on the local dates `first` to `last` can touch, buffers included: the sheets to read."""
    return Span(
        zones.wall_minute(first, 0, zone) - look_back(service),
        zones.wall_minute(last, DAY, zone) + service.minutes + service.after_minutes,
    )


def days_touched(span: Span) -> tuple[date, ...]:
    """The UTC days a span touches, in order; of a claim's guard: the days on whose sheets it stands."""
    days = range(span.start // DAY, (span.end - 1) // DAY + 1)
    return tuple(date.fromordinal(EPOCH_DAY + day) for day in days)


def with_claim(sheet: Sheet, claim: Claim) -> Sheet:
    """The sheet with this claim, in place of one with the same id; the version stays as read."""
    others = (other for other in sheet.claims if other.id != claim.id)
    return msgspec.structs.replace(sheet, claims=tuple(sorted((*others, claim))))


def without_claim(sheet: Sheet, claim_id: str) -> Sheet:
    """The sheet without the claim of that id; the version stays as read."""
    return msgspec.structs.replace(sheet, claims=tuple(claim for claim in sheet.claims if claim.id != claim_id))


def _dates(first: date, last: date) -> Iterator[date]:
    """Every date from first to last, both included."""
    return (first + timedelta(days=days) for days in range((last - first).days + 1))


def _exceptions(hours: Hours) -> dict[date, tuple[Window, ...]]:
    """The windows that replace the week's, by date."""
    return {dated.date: dated.windows for dated in hours.exceptions}


def _windows(
    day: date,
    clinic: tuple[Window, ...] | None,
    role: tuple[Window, ...] | None,
    weekly: tuple[AvailableTime, ...],
) -> tuple[Window, ...]:
    """The wall-time windows that begin on a date (1.2.3): the clinic closed, else the role's exception, the clinic's, the week."""
    if clinic == ():
        return ()
    if role is not None:
        return role
    if clinic is not None:
        return clinic
    return tuple(Window(start=rule.available_start_time, end=rule.available_end_time) for rule in weekly if _applies(rule, day))


def _applies(rule: AvailableTime, day: date) -> bool:
    """Whether a weekly rule holds on the date its window begins (1.2.1)."""
    return (
        WEEK[day.weekday()] in rule.days_of_week
        and (rule.valid_from is None or rule.valid_from <= day)
        and (rule.valid_until is None or day <= rule.valid_until)
    )


def _span(day: date, window: Window, zone: str) -> Span | None:
    """A wall-time window of a date as instants; none if the clock change leaves nothing of it (1.2.1)."""
    start, end = _minutes(window.start), _minutes(window.end)
    if end <= start:
        end += DAY
    span = Span(zones.wall_minute(day, start, zone), zones.wall_minute(day, end, zone))
    return span if span.start < span.end else None


@lru_cache(maxsize=512)
def _minutes(wall: str) -> int:
    """Minutes from 00:00 of `HH:MM`; 1440 for 24:00."""
    return int(wall[:2]) * 60 + int(wall[3:])
