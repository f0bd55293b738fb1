"""What crosses the wire of the audit trail."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated

from msgspec import Meta, field

from chalicelib.accounts.records import Retold
from chalicelib.accounts.rules import trail as rules
from chalicelib.audit.records import AuditEvent
from chalicelib.clinics.records import Clinic, Record
from chalicelib.kit import text, zone

Cursor = Annotated[str, Meta(max_length=400, description="`next` of the page before")]
Reason = Annotated[str, Meta(min_length=10, max_length=500)]
COLUMNS = ("at", "action", "who", "name", "what", "patient", "reading", "about")


class TrailQuery(Record, frozen=True, kw_only=True):
    """Which events: of which local dates (the last seven days unless given), by whom, of which action, about which patient."""

    from_: Annotated[date | None, Meta(description="local date")] = field(name="from", default=None)
    to: Annotated[date | None, Meta(description="local date, included")] = None
    who: Annotated[str, Meta(max_length=80, description="part of a name, or a whole reference")] = ""
    action: Annotated[str, Meta(max_length=40, pattern=r"^[a-z_]*$", description="an operation in snake case")] = ""
    patient: Annotated[str, Meta(max_length=64, pattern=r"^[a-z0-9-]*$", description="a patient's id")] = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Cursor = ""


class AuditEventView(Record, frozen=True, kw_only=True):
    """Who did or looked at what, when (FHIR AuditEvent). `who`, `what` are references; `name` is how staff were called then."""

    id: str
    at: datetime
    label: Annotated[str, Meta(description="the clinic's time, in words")]
    action: str
    who: str
    name: str
    role: str
    what: str
    patient: Annotated[str, Meta(description="id of the patient it concerns; empty if none")]
    reading: Annotated[bool, Meta(description="looked at, not changed")]
    about: dict[str, str]


class AuditEventList(Record, frozen=True, kw_only=True):
    """A page of events, the newest first. It may be short, even empty, and still have a next one."""

    events: tuple[AuditEventView, ...]
    next: Annotated[str, Meta(description="cursor of the next page; empty at the end")]


class AuditExport(Record, frozen=True, kw_only=True):
    """Which local dates to export, both included, and why: the reason is kept."""

    from_: date = field(name="from")
    to: date
    reason: Reason


class LogQuery(Record, frozen=True, kw_only=True):
    """Which page."""

    cursor: Cursor = ""


class LogEntry(Record, frozen=True, kw_only=True):
    """Somebody looked at or changed a patient's record, in the reader's words; `operation` is the code of what was done."""

    at: datetime
    label: Annotated[str, Meta(description="the clinic's time, in words")]
    who: Annotated[str, Meta(description="name of staff, or the reader themselves")]
    role: Annotated[str, Meta(description="what they are to the clinic; empty for the reader")]
    action: str
    what: Annotated[str, Meta(description="on what ground, if not the usual one")]
    operation: str
    reading: Annotated[bool, Meta(description="looked at, not changed")]
    own: Annotated[bool, Meta(description="done by the reader")]
    emergency: Annotated[bool, Meta(description="under emergency access")]


class AccessLog(Record, frozen=True, kw_only=True):
    """A page of who looked at or changed a patient's record, the newest first."""

    entries: tuple[LogEntry, ...]
    next: Annotated[str, Meta(description="cursor of the next page; empty at the end")]


def event_list(found: Iterable[AuditEvent], after: str, clinic: Clinic, tag: str) -> AuditEventList:
    """Events as those see them who run the clinic."""
    return AuditEventList(events=tuple(_event(event, clinic, tag) for event in found), next=after)


def _event(event: AuditEvent, clinic: Clinic, tag: str) -> AuditEventView:
    return AuditEventView(
        id=event.id,
        at=event.at,
        label=text.short_label(zone.local(event.at, clinic.zone), tag),
        action=event.action,
        who=event.who,
        name=event.name,
        role=_role(event),
        what=event.what,
        patient=event.patient,
        reading=event.reading,
        about=event.about,
    )


def _role(event: AuditEvent) -> str:
    role, slash, _ = event.who.partition("/")
    return role if slash else ""


def csv_head() -> str:
    """The first line of an export."""
    return _csv(COLUMNS)


def csv_line(event: AuditEvent) -> str:
    """One event as a line of an export; no cell of it is a formula."""
    about = "; ".join(f"{name}: {said}" for name, said in sorted(event.about.items()))
    reading = "yes" if event.reading else "no"
    return _csv((event.at.isoformat(), event.action, event.who, event.name, event.what, event.patient, reading, about))


def _csv(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow(rules.cell(each) for each in cells)
    return line.getvalue()


def log_entry(event: AuditEvent, told: Retold, clinic: Clinic, tag: str, *, own: bool) -> LogEntry:
    """One event as the patient sees it whom it concerns; `told` is who did what, in words."""
    return LogEntry(
        at=event.at,
        label=text.short_label(zone.local(event.at, clinic.zone), tag),
        who=told.who,
        role=told.role,
        action=told.action,
        what=told.what,
        operation=event.action,
        reading=event.reading,
        own=own,
        emergency=told.emergency,
    )


def access_log(entries: Iterable[LogEntry], after: str) -> AccessLog:
    """A page of a patient's log."""
    return AccessLog(entries=tuple(entries), next=after)


# Examples, as the API's description shows them.
NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
EVENTS = AuditEventList(
    events=(
        AuditEventView(
            id="7k2m9p4q8r1s5t6v0w3x",
            at=NOON,
            label="Mon, Nov 23, 12:00 PM",
            action="get_patient",
            who="reception/rhea",
            name="Rhea Okoro",
            role="reception",
            what="patient/4q8r1s5t6v0w3x7k2m9p",
            patient="4q8r1s5t6v0w3x7k2m9p",
            reading=True,
            about={},
        ),
    ),
    next="",
)
EXPORT = AuditExport(from_=date(2026, 11, 1), to=date(2026, 11, 23), reason="Yearly review of who looked at what.")
LOG = AccessLog(
    entries=(
        LogEntry(
            at=NOON,
            label="Mon, Nov 23, 12:00 PM",
            who="Rhea Okoro",
            role="Reception",
            action="Looked at your details",
            what="",
            operation="get_patient",
            reading=True,
            own=False,
            emergency=False,
        ),
    ),
    next="",
)
