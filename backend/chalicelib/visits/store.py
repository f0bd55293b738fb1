"""Rows of visits: each appointment by its id, again in its patient's list and its clinic's, and a tally that guards a patient's cap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.operand import Path

from chalicelib.kit import settings, table
from chalicelib.visits.records import Appointment, AppointmentStatus

# In a patient's list what stands is apart from what was cancelled, so that no number of cancels hides or slows what is ahead.
# The tally sorts after every start, so that one Query from a moment on finds it too.
STANDS, CANCELLED, TALLY = "stands#", "cancelled#", "stands~tally"
APPOINTMENT = msgspec.json.Decoder(Appointment)


class AppointmentRow(table.Row):
    """An appointment as one JSON document."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("visits")

    document = UnicodeAttribute(null=True)


def put(clinic: str, appointment: Appointment, tx: table.Transaction, was: Appointment | None = None) -> None:
    """Write a new appointment, or the next version of one (Lost if it is not the next any more), which leaves its places in lists.

    `was`: as it stood; without it, at the same time and not cancelled.
    """
    before = appointment.version - 1
    unchanged = Path("version") == before if before else Path("pk").does_not_exist()
    document = msgspec.json.encode(appointment).decode()
    row = AppointmentRow(table.key(clinic, "APPOINTMENT", appointment.id), "appointment", document=document, version=appointment.version)
    tx.put(row, unchanged, table.Lost)
    places = _places(clinic, appointment)
    for place in places:
        tx.put(AppointmentRow(*place, document=document, version=appointment.version))
    if before:
        for place in _places(clinic, was or replace(appointment, status=AppointmentStatus.BOOKED)):
            if place not in places:
                tx.delete(AppointmentRow(*place))


def get(clinic: str, appointment: str) -> Appointment | None:
    """The appointment of that id in that clinic."""
    row = table.read(AppointmentRow, table.key(clinic, "APPOINTMENT", appointment), "appointment")
    return row and APPOINTMENT.decode(row.document)


def several(clinic: str, appointments: Sequence[str]) -> dict[str, Appointment]:
    """The appointments of these ids by them, without those that the clinic does not have."""
    rows = table.read_together(AppointmentRow, [(table.key(clinic, "APPOINTMENT", each), "appointment") for each in appointments])
    return {each: APPOINTMENT.decode(row["document"]) for each, row in zip(appointments, rows, strict=True) if row}


def ahead(clinic: str, patient: str, since: datetime) -> tuple[list[Appointment], int]:
    """A patient's standing appointments that start at or after `since`, in order, and their tally's version; one Query."""
    rows = table.listed(AppointmentRow, _list(clinic, patient), f"{STANDS}{since.isoformat()}", TALLY)
    tally = next((int(row["version"]) for row in rows if row["sk"] == TALLY), 0)
    return [APPOINTMENT.decode(row["document"]) for row in rows if row["sk"] != TALLY], tally


def standing(clinic: str, patient: str) -> list[Appointment]:
    """All appointments of a patient that were not cancelled, in order."""
    rows = table.listed(AppointmentRow, _list(clinic, patient), STANDS, TALLY)
    return [APPOINTMENT.decode(row["document"]) for row in rows if row["sk"] != TALLY]


def behind(clinic: str, patient: str, before: datetime, limit: int) -> list[Appointment]:
    """A patient's standing appointments that started before `before`, and those cancelled, the latest start first."""
    began = (STANDS, f"{STANDS}{before.isoformat()}")
    cancelled = (CANCELLED, f"{CANCELLED}~")
    pages = [table.listed(AppointmentRow, _list(clinic, patient), *span, limit=limit, backwards=True) for span in (began, cancelled)]
    found = [APPOINTMENT.decode(row["document"]) for rows in pages for row in rows]
    return sorted(found, key=lambda visit: (visit.start, visit.id), reverse=True)[:limit]


def between(clinic: str, after: str, until: str, limit: int) -> list[tuple[str, Appointment]]:
    """A clinic's standing appointments between two places (an instant in ISO 8601, or what this gave), in order; one Query."""
    rows = table.listed(AppointmentRow, _all(clinic), f"{after}!", until, limit=limit)  # no place goes on after its id
    return [(row["sk"], APPOINTMENT.decode(row["document"])) for row in rows][:limit]


def count(clinic: str, patient: str, tally: int, tx: table.Transaction) -> None:
    """Raise the tally on condition that it is still the one read: two bookings of one patient cannot both pass a cap."""
    unchanged = Path("version") == tally if tally else Path("pk").does_not_exist()
    tx.put(AppointmentRow(_list(clinic, patient), TALLY, version=tally + 1), unchanged, table.Lost)


def _list(clinic: str, patient: str) -> str:
    return table.key(clinic, "PATIENT", patient)


def _all(clinic: str) -> str:
    return table.key(clinic, "BY-TIME")


def _places(clinic: str, appointment: Appointment) -> list[tuple[str, str]]:
    """Where it stands in lists: its patient's, and as long as it was not cancelled its clinic's."""
    when = _when(appointment)
    if appointment.status is AppointmentStatus.CANCELLED:
        return [(_list(clinic, appointment.patient), f"{CANCELLED}{when}")]
    return [(_list(clinic, appointment.patient), f"{STANDS}{when}"), (_all(clinic), when)]


def _when(appointment: Appointment) -> str:
    return f"{appointment.start.isoformat()}#{appointment.id}"
