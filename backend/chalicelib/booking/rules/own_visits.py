"""A patient's own visits: how many at a time, and which overlap (1.5.3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chalicelib.booking.records import BLOCKING, Choice
from chalicelib.clinics.records import HealthcareService, Limits
from chalicelib.kit import zone as zones
from chalicelib.kit.problem import Problem
from chalicelib.visits.records import Appointment, AppointmentStatus


class CapReached(Problem):
    """The patient has as many visits ahead as the clinic allows; `appointments` are their ids."""

    status = 422
    title = "You have as many visits booked as the clinic allows."


def active(appointments: Iterable[Appointment], now: datetime) -> list[Appointment]:
    """The visits that count against a cap: pending or booked, and not yet begun."""
    counted = (AppointmentStatus.PENDING, AppointmentStatus.BOOKED)
    return [visit for visit in appointments if visit.status in counted and visit.start >= now]


def within_caps(limits: Limits, service: HealthcareService, active: list[Appointment]) -> None:
    """Nothing, or CapReached if one more visit would exceed the cap of the clinic or of the service.

    `active` are all visits of this patient (not of the account) in the clinic that count: see `active`.
    """
    of_service = [visit for visit in active if visit.service == service.id]
    for cap, visits in ((limits.max_active, active), (service.max_active, of_service)):
        if cap is not None and len(visits) >= cap:
            detail = f"You have {len(visits)} of at most {cap}. Please keep or cancel one of them before you book another."
            raise CapReached(detail, appointments=[visit.id for visit in visits])


def overlapping(choice: Choice, visits: Iterable[Appointment]) -> list[Appointment]:
    """The patient's own visits, in any clinic, that share time with a choice: a warning, never a refusal."""
    start, end = zones.instant(choice.start), zones.instant(choice.end)
    return [visit for visit in visits if visit.status in BLOCKING and visit.start < end and start < visit.end]
