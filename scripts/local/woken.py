"""What a published form wakes: the publishing of pages, which a deployment's table calls by its stream."""

from __future__ import annotations

from typing import Any

from scripts.local import filling
from scripts.local.filling import Portal
from scripts.local.pump import Bell, Pump, Stream

BEGINS = "0"  # the place of a published version's own row, and of no other (infra/overlay.yaml filters by it)
SECONDS = 10.0  # a bell turns it at once


def pumps(streams: Any, table: str, portal: Portal, bell: Bell) -> list[Pump]:
    """Pages of forms, from the table's stream; what was published before the run has its page already."""

    def publish(event: dict[str, Any], _: Any) -> None:
        if any(is_published(record) for record in event["Records"]):
            filling.publish(portal)

    return [Pump("published forms", SECONDS, Stream(streams, table, publish, "LATEST").turn, bell)]


def is_published(record: dict[str, Any]) -> bool:
    """Whether a record of the stream is of a version that was published."""
    return bool(record["dynamodb"]["Keys"]["sk"]["S"].startswith(BEGINS))
