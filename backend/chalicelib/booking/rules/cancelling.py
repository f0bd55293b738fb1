"""Cancelling: until when it is in time, and when it is too late (1.8.1)."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from chalicelib.booking.rules import booking
from chalicelib.clinics.records import Clinic
from chalicelib.kit.problem import Problem
from chalicelib.visits.records import Appointment, AppointmentStatus

NOT_BEGUN = frozenset({AppointmentStatus.PROPOSED, AppointmentStatus.PENDING, AppointmentStatus.BOOKED, AppointmentStatus.WAITLIST})


# As of bookings, counted apart: who has booked too much can still cancel.
CANCELS = tuple(msgspec.structs.replace(limit, name=limit.name.replace("book", "cancel")) for limit in booking.BOOKINGS)


class TooLate(Problem):
    """The visit has begun: only the clinic can change it now."""

    status = 409
    title = "This visit can no longer be changed online."


def cutoff(clinic: Clinic, start: datetime) -> datetime:
    """Until when, that instant included, a cancel is in time: elapsed minutes before the start."""
    return start - timedelta(minutes=clinic.limits.cancel_minutes)


def can_cancel(appointment: Appointment, now: datetime) -> bool:
    """Whether the patient may still cancel: not after the start, and not once they have arrived."""
    return now <= appointment.start and appointment.status in NOT_BEGUN


def cancel(clinic: Clinic, appointment: Appointment, reason: str, now: datetime) -> Appointment:
    """The visit cancelled, marked late after the cutoff; one that is cancelled already is returned as it is.

    Raises TooLate after the start, or once the patient has arrived.
    """
    if appointment.status == AppointmentStatus.CANCELLED:
        return appointment
    if not can_cancel(appointment, now):
        raise TooLate(f"It has begun or is over. Please call {clinic.telephone}.")
    return msgspec.structs.replace(
        appointment,
        status=AppointmentStatus.CANCELLED,
        cancelation_reason=reason,
        late=now > cutoff(clinic, appointment.start),
        sequence=appointment.sequence + 1,
        version=appointment.version + 1,
    )
