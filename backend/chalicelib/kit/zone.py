"""Time zones: wall time to instant and back, from the pinned tzdata and nothing else.

Instants inside the house are aware UTC datetimes, or whole minutes since 1970 UTC
(`Minute`) where many are compared. Rule numbers are those of docs/guides/time.md.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import tzdata

from chalicelib.kit.problem import Problem

# Python's zoneinfo looks in the system's folders first, and a system copy may be years old
# (an hour wrong for Winnipeg since 1 November 2026). An empty path leaves only the pinned package.
zoneinfo.reset_tzpath(to=())

Minute = int  # whole minutes since 1970-01-01T00:00Z

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
VERSION: str = tzdata.IANA_VERSION
UNIT = timedelta(minutes=5)  # what clinics reckon in


class TimeDoesNotExist(Problem):
    """A wall time that no clock shows, or not with that offset; `nearest` are the real ones (ISO 8601 with offset)."""

    status = 422
    title = "The clocks never show that time."


class TimeOccursTwice(Problem):
    """A wall time the clocks show twice that night; `choices` are both (ISO 8601 with offset)."""

    status = 422
    title = "The clocks show that time twice that night."


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


def minute_up(instant: datetime) -> Minute:
    """Whole minutes since 1970, rounded up."""
    return -int((EPOCH - instant) // timedelta(minutes=1))


@lru_cache(maxsize=8192)
def wall_minute(day: date, minutes: int, zone: str) -> Minute:
    """The minute of a wall time given as minutes from 00:00 of `day`; 1440 and more are the days after."""
    days, rest = divmod(minutes, 1440)
    return minute(to_instant(day + timedelta(days=days), time(rest // 60, rest % 60), zone))


@lru_cache(maxsize=8192)
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


def typed(day: date, wall: time, zone: str, offset: timedelta | None = None) -> datetime:
    """The instant of one wall time that a person typed, `offset` from UTC if they named it.

    Raises TimeDoesNotExist or TimeOccursTwice; it never guesses. Rules and series, where nobody can
    be asked, use `to_instant`.
    """
    real = occurrences(day, wall, zone)
    meant = [moment for moment in real if offset in (None, local(moment, zone).utcoffset())]
    if len(meant) == 1:
        return meant[0]
    named_ones = [local(moment, zone).isoformat(timespec="minutes") for moment in real or _edges_of_gap(day, wall, zone)]
    if not meant:
        raise TimeDoesNotExist(f"Please use {' or '.join(named_ones)} instead.", nearest=named_ones)
    raise TimeOccursTwice(f"Please say which you mean: {' or '.join(named_ones)}.", choices=named_ones)


def _edges_of_gap(day: date, wall: time, zone: str) -> list[datetime]:
    """The last unit before and the first instant after the gap a wall time falls into."""
    moment = datetime.combine(day, wall, tzinfo=named(zone)).replace(fold=1).astimezone(UTC)
    before = local(moment, zone).utcoffset()
    while local(moment, zone).utcoffset() == before:
        moment += timedelta(minutes=1)
    return [moment - UNIT, moment]


def spoken(moment: datetime, zone: str) -> str:
    """An instant in the words of a problem: `Monday 2 March 2026, 10:05`."""
    there = local(moment, zone)
    return f"{there:%A} {there.day} {there:%B %Y, %H:%M}"
