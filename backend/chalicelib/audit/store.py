"""Rows of the audit trail: only ever added."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.audit.records import AuditEvent
from chalicelib.kit import settings, table

EVENT = msgspec.json.Decoder(AuditEvent)
PAGE = 200  # rows that are read at once


class AuditRow(table.Row):
    """An event as one JSON document; a partition holds one UTC day of a clinic."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("audit")

    document = UnicodeAttribute()


def add(clinic: str, event: AuditEvent, tx: table.Transaction) -> None:
    """Write an event inside the transaction of what it tells; once more in its patient's own list, if it concerns one."""
    document = msgspec.json.encode(event).decode()
    tx.add(AuditRow(_day(clinic, event.at.date().isoformat()), event.place, document=document))
    if event.patient:
        add_to_patient(clinic, event, tx)


def add_to_patient(clinic: str, event: AuditEvent, tx: table.Transaction) -> None:
    """Write an event into its patient's own list alone; its day has it already, with others that it concerns."""
    tx.add(AuditRow(_patient(clinic, event.patient), event.place, document=msgspec.json.encode(event).decode()))


def _day(clinic: str, day: str) -> str:
    return table.key(clinic, "AUDIT", day)


def _patient(clinic: str, patient: str) -> str:
    return table.key(clinic, "AUDIT-OF", patient)


def of_day(clinic: str, day: str) -> list[AuditEvent]:
    """The events of a UTC day (ISO date), oldest first."""
    return [EVENT.decode(row["document"]) for row in table.listed(AuditRow, _day(clinic, day))]


def backwards(clinic: str, since: datetime, until: datetime, before: str, patient: str) -> Iterator[tuple[str, AuditEvent]]:
    """The events from `since` until just before `until`, of everybody or of one patient, the newest first, each with its place.

    Only those before the place `before`, if given. Read a page at a time: who stops asking costs no more.
    """
    days = (until.date() - since.date()).days
    partitions = [_patient(clinic, patient)] if patient else [_day(clinic, f"{until.date() - timedelta(days=n)}") for n in range(days + 1)]
    first, last = since.isoformat(), min(before or "~", until.isoformat())
    for partition in partitions:
        yield from _backwards(partition, first, last)


def _backwards(partition: str, first: str, last: str) -> Iterator[tuple[str, AuditEvent]]:
    while True:
        rows = [row for row in table.listed(AuditRow, partition, first, last, limit=PAGE, backwards=True) if row["sk"] != last]
        yield from ((row["sk"], EVENT.decode(row["document"])) for row in rows)
        if len(rows) < PAGE - 1:
            return
        last = rows[-1]["sk"]
