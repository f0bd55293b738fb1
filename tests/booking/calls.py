"""Counts what a piece of code asks of the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from chalicelib.kit import table


@dataclass
class Asked:
    """Calls by operation, rows the store looked at, the read capacity units it charged, and rows written in transactions by table."""

    calls: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    units: float = 0.0
    written: Counter[str] = field(default_factory=Counter)


@contextmanager
def counted() -> Iterator[Asked]:
    """What is asked of DynamoDB inside the block."""
    asked = Asked()

    def note(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        asked.calls[model.name] += 1
        asked.rows += parsed.get("ScannedCount", 0)
        used = parsed.get("ConsumedCapacity", {})
        asked.units += used.get("CapacityUnits", 0) if isinstance(used, dict) else 0

    def write(params: dict[str, Any], **_: Any) -> None:
        writes = (write for entry in params["TransactItems"] for write in entry.values())
        asked.written.update(write["TableName"].rpartition("-")[2] for write in writes)

    events = table.connection().client.meta.events
    events.register("after-call.dynamodb", note)
    events.register("before-parameter-build.dynamodb.TransactWriteItems", write)
    try:
        yield asked
    finally:
        events.unregister("after-call.dynamodb", note)
        events.unregister("before-parameter-build.dynamodb.TransactWriteItems", write)
