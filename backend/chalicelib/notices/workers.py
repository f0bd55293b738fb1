"""What AWS calls: the stream of new notices, and the clock each minute.

Lambda imports this module without app.py, so it sets up its own logging, and a bug shows as one line
with a traceback before it becomes the invocation's error.
"""

from __future__ import annotations

import logging
from typing import Any

from chalice.app import BaseLambdaEvent, Blueprint, CloudWatchEvent, DynamoDBEvent, Rate

from chalicelib.kit import clock, logs
from chalicelib.notices import actions

log = logging.getLogger("anteroom.notices")
logs.begin()

blueprint = Blueprint(__name__)

# Chalice wants a literal; infra/overlay.yaml puts the stream of the notices table in its place.
STREAM = "arn:aws:dynamodb:us-east-1:000000000000:table/anteroom-notices/stream/overlay"


@blueprint.schedule(Rate(1, unit=Rate.MINUTES))
def sweep_due(event: CloudWatchEvent) -> None:
    """Each minute: send what is due."""
    with logs.about(**_ids("sweep_due", event)):
        try:
            actions.sweep(clock.now())
        except Exception:
            log.exception("the sweep stopped; the next one begins where it began")
            raise


@blueprint.on_dynamodb_record(STREAM, batch_size=10)
def send_posted(event: DynamoDBEvent) -> dict[str, Any]:
    """New notices, as soon as they are written. The stream only hastens: what it misses, the sweep finds."""
    with logs.about(**_ids("send_posted", event)):
        for record in event:
            _, clinic, _, notice_id = str(record.keys["pk"]["S"]).split("#")
            with logs.about(clinic=clinic, notice=notice_id):
                try:
                    if record.event_name == "INSERT":
                        actions.send(clinic, notice_id, clock.now())
                except Exception:
                    log.exception("the stream stopped at record %s", record.sequence_number)
                    return {"batchItemFailures": [{"itemIdentifier": record.sequence_number}]}
        return {"batchItemFailures": []}


def _ids(worker: str, event: BaseLambdaEvent) -> dict[str, str]:
    """What every line of an invocation says: the worker, and Lambda's own id of the request."""
    return {"worker": worker, "request": getattr(event.context, "aws_request_id", "")}
