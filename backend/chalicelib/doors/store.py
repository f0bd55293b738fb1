"""Rows of what must happen once (the answer that was given, for 24 hours), and of how often things were done."""

from __future__ import annotations

from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.doors import rules
from chalicelib.doors.records import Limit, Once
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


REFUSED = "ConditionalCheckFailedException"


class CounterRow(table.Row):
    """How often something was done within one window."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("doors")

    n = NumberAttribute()


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


def spend(clinic: str, limit: Limit, whom: str, now: datetime, count: int = 1) -> bool:
    """Count something done by `whom` (a keyed digest); False, and nothing counted, where the limit is reached.

    One conditional write. Any fault is raised: what cannot be counted is not allowed.
    """
    window = rules.window(limit, now)
    row = CounterRow(table.key(clinic, "LIMIT", limit.name, whom), str(window))
    room: Condition = Path("n").does_not_exist() | (Path("n") <= limit.most - count)
    try:
        row.update(actions=[Path("n").add(count), Path("expires").set((window + 1) * limit.seconds)], condition=room)
    except UpdateError as error:
        if error.cause_response_code == REFUSED:
            return False
        raise
    return True
