"""Rows of the audit trail: only ever added."""

from __future__ import annotations

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.audit.records import AuditEvent
from chalicelib.kit import settings, table

EVENT = msgspec.json.Decoder(AuditEvent)


class AuditRow(table.Row):
    """An event as one JSON document; a partition holds one UTC day of a clinic."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("audit")

    document = UnicodeAttribute()


def _place(event: AuditEvent) -> str:
    """The sort key of an event: its time, then its id."""
    return f"{event.at.isoformat()}#{event.id}"


def add(clinic: str, event: AuditEvent, tx: table.Transaction) -> None:
    """Write an event inside the transaction of what it tells; once more in its patient's own list, if it concerns one."""
    document = msgspec.json.encode(event).decode()
    tx.add(AuditRow(_day(clinic, event.at.date().isoformat()), _place(event), document=document))
    if event.patient:
        tx.add(AuditRow(_patient(clinic, event.patient), _place(event), document=document))


def _day(clinic: str, day: str) -> str:
    return table.key(clinic, "AUDIT", day)


def _patient(clinic: str, patient: str) -> str:
    return table.key(clinic, "AUDIT-OF", patient)


def of_day(clinic: str, day: str) -> list[AuditEvent]:
    """The events of a UTC day (ISO date), oldest first."""
    return [EVENT.decode(row["document"]) for row in table.listed(AuditRow, _day(clinic, day))]


def of_patient(clinic: str, patient: str, limit: int, before: str = "") -> list[AuditEvent]:
    """The events that concern a patient, newest first, at most `limit`; those before the sort key `before`, if given."""
    rows = table.listed(AuditRow, _patient(clinic, patient), "0", before or "~", limit=limit + 1, backwards=True)
    return [EVENT.decode(row["document"]) for row in rows if row["sk"] != before][:limit]
