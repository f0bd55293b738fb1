"""Time zones: wall time to instant and back, from the pinned tzdata and nothing else.

Instants inside the house are aware UTC datetimes, or whole minutes since 1970 UTC
(`Minute`) where many are compared. Rule numbers are those of docs/guides/time.md.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import tzdata

# Python's zoneinfo looks in the system's folders first, and a system copy may be years old
# (an hour wrong for Winnipeg since 1 November 2026). An empty path leaves only the pinned package.
zoneinfo.reset_tzpath(to=())

Minute = int  # whole minutes since 1970-01-01T00:00Z

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
VERSION: str = tzdata.IANA_VERSION


@lru_cache(maxsize=64)
def named(name: str) -> zoneinfo.ZoneInfo:
    """The zone of an IANA name; KeyError-like ZoneInfoNotFoundError if there is none."""
    return zoneinfo.ZoneInfo(name)


def to_instant(day: date, wall: time, zone: str) -> datetime:
    """The instant of a wall time: in a gap the offset before it, of a repeated time the first (RFC 5545 3.3.5)."""
    return datetime.combine(day, wall, tzinfo=named(zone)).replace(fold=0).astimezone(UTC)


def midnight(day: date, zone: str) -> datetime:
    """The instant at which a local day begins."""
    return to_instant(day, time(0), zone)


def minute(instant: datetime) -> Minute:
    """Whole minutes since 1970, rounded down."""
    return int((instant - EPOCH) // timedelta(minutes=1))


def instant(minutes: Minute) -> datetime:
    """The aware UTC datetime of a minute."""
    return EPOCH + timedelta(minutes=minutes)


def local(moment: datetime, zone: str) -> datetime:
    """The wall time, with offset, at which an instant is read in a zone."""
    return moment.astimezone(named(zone))


def local_date(moment: datetime, zone: str) -> date:
    """The calendar date an instant has in a zone."""
    return local(moment, zone).date()


def occurrences(day: date, wall: time, zone: str) -> list[datetime]:
    """Every instant that reads so in the zone: none in a gap, two where the clock falls back."""
    first = to_instant(day, wall, zone)
    second = datetime.combine(day, wall, tzinfo=named(zone)).replace(fold=1).astimezone(UTC)
    found = {moment for moment in (first, second) if local(moment, zone).replace(tzinfo=None, fold=0) == datetime.combine(day, wall)}
    return sorted(found)
