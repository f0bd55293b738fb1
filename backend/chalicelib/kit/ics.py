"""Writes iCalendar (RFC 5545, RFC 5546): one visit as a calendar file or an invitation by mail.

Times are UTC with `Z`, so no calendar can read them an hour off. Lines end in CRLF and are folded at
75 octets, never inside a character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct

PRODUCT = "-//Anteroom//Visits//EN"
OCTETS = 75  # a line's length without its break (RFC 5545 3.1)


class Method(StrEnum):
    """What the file asks of a calendar: show it, put it in, take it out."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Status(StrEnum):
    """How sure the visit is."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class Person(Struct, frozen=True):
    """Somebody with a mail address."""

    name: str
    email: str


class Event(Struct, frozen=True, kw_only=True):
    """One visit. Times aware. `uid` (`<id>@<domain>`) never changes; `sequence` counts changes of time, place, status.

    `summary` is read over shoulders and stored by others' calendars: nothing clinical in it.
    """

    uid: str
    sequence: int
    start: datetime
    end: datetime
    summary: str
    organizer: Person
    attendee: Person | None = None
    status: Status = Status.CONFIRMED
    location: str = ""
    description: str = ""
    url: str = ""


def calendar(event: Event, method: Method, stamp: datetime) -> str:
    """The whole VCALENDAR; `stamp` (aware) is when it is written. Attendees are named only where they are asked."""
    return "".join(f"{folded(line)}\r\n" for line in _lines(event, method, stamp))


def _lines(event: Event, method: Method, stamp: datetime) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", f"METHOD:{method}")
    yield from ("BEGIN:VEVENT", f"UID:{escaped(event.uid)}", f"SEQUENCE:{event.sequence}")
    yield from (f"DTSTAMP:{utc(stamp)}", f"DTSTART:{utc(event.start)}", f"DTEND:{utc(event.end)}")
    yield from (f"STATUS:{event.status}", "TRANSP:OPAQUE", "CLASS:PRIVATE")
    for name, value in (("SUMMARY", event.summary), ("LOCATION", event.location), ("DESCRIPTION", event.description)):
        if value:
            yield f"{name}:{escaped(value)}"
    if event.url:
        yield f"URL:{_bare(event.url)}"
    yield f"ORGANIZER;CN={_quoted(event.organizer.name)}:mailto:{_bare(event.organizer.email)}"
    if event.attendee and method is not Method.PUBLISH:
        yield (
            f"ATTENDEE;CN={_quoted(event.attendee.name)};CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;"
            f"PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{_bare(event.attendee.email)}"
        )
    yield from ("END:VEVENT", "END:VCALENDAR")


def utc(moment: datetime) -> str:
    """`20261124T154000Z`; ValueError for a naive time."""
    if moment.tzinfo is None:
        raise ValueError("a naive time has no place in a calendar")
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A TEXT value: backslash, semicolon, comma and line breaks escaped, other control characters dropped."""
    lines = "\n".join(_printable(line) for line in text.splitlines())
    return lines.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _quoted(name: str) -> str:
    """A parameter value: it may hold neither quotes nor line breaks (RFC 5545 3.2)."""
    return '"' + _printable(" ".join(name.split())).replace('"', "'") + '"'


def _bare(address: str) -> str:
    """An address: a line break in it would begin a line of its own."""
    return _printable("".join(address.split()))


def _printable(line: str) -> str:
    return re.sub(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]", "", line)


def folded(line: str) -> str:
    """A line broken so that no part is longer than 75 octets, never inside a character."""
    parts, part, room = [], "", OCTETS
    for character in line:
        if len((part + character).encode()) > room:
            parts.append(part)
            part, room = "", OCTETS - 1  # the space that begins a continuation counts
        part += character
    return "\r\n ".join([*parts, part])
