"""Rows of the audit trail: only ever added."""

from __future__ import annotations

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.audit.records import AuditEvent
from chalicelib.kit import settings, table


class AuditRow(table.Row):
    """An event as one JSON document; a partition holds one UTC day of a clinic."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("audit")

    document = UnicodeAttribute()


def add(clinic: str, event: AuditEvent, tx: table.Transaction) -> None:
    """Write an event inside the transaction of what it tells."""
    pk = table.key(clinic, "AUDIT", event.at.date().isoformat())
    tx.add(AuditRow(pk, f"{event.at.isoformat()}#{event.id}", document=msgspec.json.encode(event).decode()))


def of_day(clinic: str, day: str) -> list[AuditEvent]:
    """The events of a UTC day (ISO date), oldest first."""
    rows = table.listed(AuditRow, table.key(clinic, "AUDIT", day))
    return [msgspec.json.decode(row["document"], type=AuditEvent) for row in rows]
