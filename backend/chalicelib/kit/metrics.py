"""Counts and durations as CloudWatch finds them in the log: its Embedded Metric Format, one line of JSON for each event.

Nothing is called and nothing waited for. One dimension, the stage: each further one costs money for every value it takes.
What else is worth knowing of an event (request, door, clinic) stands beside its numbers, where the log is searched for it;
never who asked, and nothing of a patient.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.kit import clock, logs, settings

log = logging.getLogger(logs.METRICS)

NAMESPACE = "Anteroom"
DIMENSION = "Stage"
BESIDE = ("request", "door", "worker", "clinic", "notice")  # what is taken over of the facts that log lines say


class Metric(StrEnum):
    """All that is counted and measured. docs/runbook.md says of each what it means."""

    REQUESTS = "Requests"
    REFUSALS = "Refusals"
    BUGS = "Bugs"
    STORE_FAULTS = "StoreFaults"
    NOT_THROUGH_THE_EDGE = "NotThroughTheEdge"
    MILLISECONDS = "Milliseconds"
    NOTICES_SENT = "NoticesSent"
    NOTICES_PUT_OFF = "NoticesPutOff"
    NOTICES_GIVEN_UP = "NoticesGivenUp"
    REMINDERS = "Reminders"
    SWEEPS = "Sweeps"
    SWEEP_BEHIND = "SweepBehindSeconds"
    PUBLISHINGS = "Publishings"
    FILES_WRITTEN = "FilesWritten"
    FORMS_LEFT_OUT = "FormsLeftOut"
    FILES_INFECTED = "FilesInfected"


UNITS = {Metric.MILLISECONDS: "Milliseconds", Metric.SWEEP_BEHIND: "Seconds"}  # all others are counts


def document(values: Mapping[Metric, float], about: Mapping[str, str | int], stage: str, now: datetime) -> dict[str, Any]:
    """One event in CloudWatch's format: its numbers at the top, under `_aws` what each of them is, and facts beside."""
    described = [{"Name": str(metric), "Unit": UNITS.get(metric, "Count")} for metric in values]
    metrics = {"Namespace": NAMESPACE, "Dimensions": [[DIMENSION]], "Metrics": described}
    numbers = {str(metric): value for metric, value in values.items()}
    return {"_aws": {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [metrics]}, DIMENSION: stage, **numbers, **about}


def note(values: Mapping[Metric, float], **about: str | int) -> None:
    """Say the numbers of one event, with the ids that log lines have here; `about` are facts of its own."""
    if log.isEnabledFor(logging.INFO):
        facts = logs.facts()
        told = {name: facts[name] for name in BESIDE if facts.get(name)}
        log.info(json.dumps(document(values, {**told, **about}, settings.stage(), clock.now())))
