"""What is said of every request, whatever becomes of it: the ids of its log lines, and its one line of metrics."""

from __future__ import annotations

from typing import Any

from chalicelib.doors import edge, reading
from chalicelib.kit import logs, metrics
from chalicelib.kit.metrics import Metric
from chalicelib.kit.problem import TryAgain

REFUSALS = frozenset({401, 403, 404, 429})  # what somebody may not do or see, or not so often
BUG = 500


def ids(door: str, request: Any) -> dict[str, str]:
    """The facts that all lines of a request say from its first check on: its id, its door, and the clinic of its path.

    Whether there is such a clinic nobody has asked yet; what is no id in form is not told.
    """
    clinic = (request.uri_params or {}).get("clinic", "")
    told = {"clinic": clinic} if reading.ID.fullmatch(clinic) else {}
    return {"request": request.context.get("requestId", ""), "door": door, **told}


def values(status: int, problem: str, seconds: float) -> dict[Metric, float]:
    """What one answer counts as: its status, the slug of the problem that it tells (empty: none), and how long it took."""
    counted: dict[Metric, float] = {Metric.REQUESTS: 1, Metric.MILLISECONDS: round(seconds * 1000, 1)}
    counted[Metric.NOT_THROUGH_THE_EDGE] = int(problem == edge.NotThroughTheEdge.slug())  # a 0 too: an alarm asks for the part of all
    if status in REFUSALS:
        counted[Metric.REFUSALS] = 1
    if status == BUG:
        counted[Metric.BUGS] = 1
    if problem == TryAgain.slug():
        counted[Metric.STORE_FAULTS] = 1
    return counted


def note(status: int, seconds: float) -> None:
    """Say what one answer counts as."""
    metrics.note(values(status, logs.facts().get("problem", ""), seconds), status=status)
