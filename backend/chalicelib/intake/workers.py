"""What AWS calls of forms: the clock, each hour, to remind patients of what is left to do before a visit.

Lambda imports this module without app.py, so it sets up its own logging, and a bug shows as one line
with a traceback before it becomes the invocation's error.
"""

from __future__ import annotations

import logging
from datetime import datetime

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.documents.actions import enduring
from chalicelib.intake.actions import reminding
from chalicelib.kit import clock, logs, metrics
from chalicelib.kit.metrics import Metric

log = logging.getLogger("anteroom.intake")
logs.begin()

blueprint = Blueprint(__name__)


@blueprint.schedule(Rate(1, unit=Rate.HOURS))
def remind_patients(event: CloudWatchEvent) -> None:
    """Each hour: remind the patients of those clinics where it is day, once a day."""
    with logs.about(worker="remind_patients", request=getattr(event.context, "aws_request_id", "")):
        try:
            metrics.note({Metric.REMINDERS: sum(_all(clock.now()))})
        except Exception:
            log.exception("the reminding stopped; the next hour goes on from there")
            raise


def _all(now: datetime) -> list[int]:
    """Every clinic, whatever becomes of another; ExceptionGroup, at the end, for what went wrong."""
    return enduring.each(clinics.listed(), lambda clinic: _one(clinic, now))


def _one(clinic: Clinic, now: datetime) -> int:
    with logs.about(clinic=clinic.id):
        return reminding.remind(clinic, now)
