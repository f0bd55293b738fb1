"""Rows of what must happen once: the answer that was given, for 24 hours."""

from __future__ import annotations

from datetime import timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.operand import Path

from chalicelib.doors.records import Once
from chalicelib.kit import settings, table

KEPT = timedelta(hours=24)


class OnceRow(table.Row):
    """One idempotency key of one actor and the answer it got."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("doors")

    fingerprint = UnicodeAttribute()
    status = NumberAttribute()
    answer = UnicodeAttribute()


def add(clinic: str, once: Once, answer: str, tx: table.Transaction, clash: type[Exception]) -> None:
    """Keep the answer inside the transaction that makes it true."""
    row = OnceRow(table.key(clinic, "ONCE", once.who), once.key, fingerprint=once.fingerprint, status=once.status, answer=answer)
    row.expires = int((once.now + KEPT).timestamp())
    over = Path("expires") <= int(once.now.timestamp())
    tx.put(row, Path("pk").does_not_exist() | over, clash)


def get(clinic: str, once: Once) -> OnceRow | None:
    """What was answered under that key in the last 24 hours."""
    row: OnceRow | None = table.read(OnceRow, table.key(clinic, "ONCE", once.who), once.key)
    return row if row and row.expires > once.now.timestamp() else None
