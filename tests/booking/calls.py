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
    """Calls by operation, rows the store looked at, and the read capacity units it charged."""

    calls: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    units: float = 0.0


@contextmanager
def counted() -> Iterator[Asked]:
    """What is asked of DynamoDB inside the block."""
    asked = Asked()

    def note(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        asked.calls[model.name] += 1
        asked.rows += parsed.get("ScannedCount", 0)
        used = parsed.get("ConsumedCapacity", {})
        asked.units += used.get("CapacityUnits", 0) if isinstance(used, dict) else 0

    events = table.connection().client.meta.events
    events.register("after-call.dynamodb", note)
    try:
        yield asked
    finally:
        events.unregister("after-call.dynamodb", note)
