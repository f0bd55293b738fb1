"""What AWS calls of files: EventBridge, when an object came, when a scan has an answer, and every few minutes.

A plain function in a package of its own, which alone has what decodes pictures and PDFs. It sets up its own logging, and a bug shows as
one line with a traceback before it becomes the invocation's error: EventBridge then tries again, and the sweep finds what it gave up.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.documents.actions import checking, enduring, keeping
from chalicelib.documents.records import DocumentReference, Verdict
from chalicelib.documents.rules import places
from chalicelib.kit import clock, logs, remaking, settings

log = logging.getLogger("anteroom.documents")
logs.begin()
if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:  # here alone this process holds keys that are worth anything, and does nothing else
    remaking.conceal()

EVERY = 300  # seconds between two sweeps, as the template says

# The events' own words for what they are (Amazon S3 and Amazon GuardDuty user guides, "EventBridge").
CAME, SCANNED, MINUTES = "Object Created", "GuardDuty Malware Protection Object Scan Result", "Scheduled Event"


def inspect(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Do what the event asks for; how many files it was about. An event that comes twice or late does no harm."""
    with logs.about(worker="inspect", request=getattr(context, "aws_request_id", "")):
        try:
            return {"documents": len(_done(event["detail-type"], event["detail"]))}
        except Exception:
            log.exception("the inspection stopped; the same event or the sweep goes on from there")
            raise


def _done(kind: str, detail: dict[str, Any]) -> list[DocumentReference]:
    if kind == CAME and _is_ours(detail["bucket"]["name"]):
        return _some(checking.arrived(detail["object"]["key"], detail["object"]["version-id"], clock.now()))
    if kind == SCANNED and _is_ours(detail["s3ObjectDetails"]["bucketName"]):
        about = detail["s3ObjectDetails"]
        verdict = Verdict(detail["scanResultDetails"]["scanResultStatus"])
        return _some(checking.scanned(about["objectKey"], about["versionId"], verdict, clock.now()))
    if kind == MINUTES:
        return _swept_all(clock.now())
    log.warning("an event that nothing here is meant for: %s", kind)
    return []


def _swept_all(now: datetime) -> list[DocumentReference]:
    """Every clinic, each time another one first: where the function's time ends early, nobody is always the last.

    ExceptionGroup, which raises the alarm, for what could not be swept, once all else was.
    """
    known = clinics.listed()
    turn = int(now.timestamp()) // EVERY % max(1, len(known))
    return [document for found in enduring.each([*known[turn:], *known[:turn]], lambda clinic: _swept(clinic, now)) for document in found]


def _swept(clinic: Clinic, now: datetime) -> list[DocumentReference]:
    steps: tuple[Callable[[], list[DocumentReference]], ...] = (
        lambda: checking.sweep(clinic.id, now),
        lambda: keeping.forget(clinic, now),
    )
    return [document for found in enduring.each(steps, lambda step: step()) for document in found]


def _is_ours(bucket: str) -> bool:
    """Whether it tells of the quarantine; what was made anew lies there too, under keys that mean nobody's file."""
    return bucket == settings.bucket(places.QUARANTINE)


def _some(document: DocumentReference | None) -> list[DocumentReference]:
    return [document] if document else []
