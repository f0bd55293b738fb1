"""The grid: which starts exist at all, and which of them may be asked for now (1.3, 1.5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from chalicelib.clinics.records import Clinic, HealthcareService
from chalicelib.kit import zone as zones
from chalicelib.kit.zone import Minute
from chalicelib.schedules.records import Span


def earliest(clinic: Clinic, service: HealthcareService, now: datetime) -> datetime:
    """The first instant a visit may begin: lead time is elapsed, and its edge is offered."""
    lead = clinic.limits.lead_minutes if service.lead_minutes is None else service.lead_minutes
    return now + timedelta(minutes=lead)


def last_date(clinic: Clinic, service: HealthcareService, now: datetime) -> date:
    """The last local date that can be booked: the horizon counts calendar dates, 0 is today only."""
    days = clinic.limits.horizon_days if service.horizon_days is None else service.horizon_days
    return zones.local_date(now, clinic.zone) + timedelta(days=days)


def starts(windows: Iterable[Span], service: HealthcareService, zone: str, first: date, last: date) -> tuple[Minute, ...]:
    """Every start on the grid that has one of the local dates `first` to `last`, in order; none if these are the wrong way round."""
    return _starts(tuple(windows), service.step_minutes or service.minutes, service.minutes, zone, first, last)


@lru_cache(maxsize=512)  # as the windows themselves
def _starts(windows: tuple[Span, ...], step: int, minutes: int, zone: str, first: date, last: date) -> tuple[Minute, ...]:
    if last < first:
        return ()
    days = range(-1, (last - first).days + 2)
    midnights = [zones.wall_minute(first + timedelta(days=day), 0, zone) for day in days]
    asked = Span(midnights[1], midnights[-1])
    return tuple(start for window in windows if window.meets(asked) for start in _in_window(window, step, minutes, midnights, asked))


def _in_window(window: Span, step: int, minutes: int, midnights: list[Minute], asked: Span) -> Iterator[Minute]:
    """The starts of one joined window: multiples of the step from its opening, or from a midnight that restarts it."""
    restarts = [this for before, this in pairwise(midnights) if window.start <= before and this < window.end]
    # A start stays below the next anchor, while its visit may run past it.
    for anchor, following in pairwise([window.start, *restarts, window.end]):
        skipped = max(0, -((anchor - asked.start) // step))
        stop = min(following, window.end - minutes + 1, asked.end)
        yield from range(anchor + skipped * step, stop, step)
