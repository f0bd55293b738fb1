"""What AWS calls to publish: a plain function in a package of its own, which holds the templates and what renders them.

Chalice does not know it, since all that Chalice registers shares the API's package, and no request shall carry a renderer. It sets up
its own logging, and a bug shows as one line with a traceback before it becomes the invocation's error.
"""

from __future__ import annotations

import logging
from typing import Any

from msgspec.structs import asdict

from chalicelib.kit import logs
from chalicelib.portals import actions

log = logging.getLogger("anteroom.portals")
logs.begin()


def publish(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Publish all that changed: files written, removed and kept, clinics told to the edge and addresses forgotten, as numbers alone.

    Nothing is read of the event: what changed is found by looking, so that an event that comes twice or late does no harm.
    """
    with logs.about(worker="publish", request=getattr(context, "aws_request_id", "")):
        try:
            return asdict(actions.publish_stored().counts)
        except Exception:
            log.exception("the publishing stopped; the next one goes on from there")
            raise
