"""What patients are told about their visits: a mail with the visit as a calendar event. Nothing clinical stands in it."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr

from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.identity.records import Actor
from chalicelib.kit import ics, settings, text, zone
from chalicelib.notices import actions as notices
from chalicelib.notices.records import Calendar, Notice
from chalicelib.visits.records import Appointment, AppointmentStatus

STATUSES = {
    AppointmentStatus.PENDING: ics.Status.TENTATIVE,
    AppointmentStatus.CANCELLED: ics.Status.CANCELLED,
}


def booked(clinic: Clinic, practitioner: str, actor: Actor, visit: Appointment, now: datetime) -> Notice:
    """The visit is booked."""
    return _notice("booked", ics.Method.REQUEST, clinic, practitioner, actor, visit, now)


def cancelled(clinic: Clinic, practitioner: str, actor: Actor, visit: Appointment, now: datetime) -> Notice:
    """The visit is cancelled, and leaves the calendar."""
    return _notice("cancelled", ics.Method.CANCEL, clinic, practitioner, actor, visit, now)


def _notice(name: str, method: ics.Method, clinic: Clinic, practitioner: str, actor: Actor, visit: Appointment, now: datetime) -> Notice:
    local = zone.local(visit.start, clinic.zone)
    tag = actor.language
    link = f"{settings.origin('patient')}/{clinic.id}/{tag.split('-')[0]}/visit/#{visit.id}"
    worded = text.message(
        "booking",
        name,
        tag,
        name=actor.name,
        clinic=clinic.name,
        day=text.day_long(local, tag),
        time=text.time_label(local, tag),
        zone=text.zone_label(local, tag),
        practitioner=practitioner or clinic.name,
        address=clinic.address.in_one_line,
        telephone=clinic.telephone,
    )
    event = Calendar(method=method, text=calendar(clinic, actor, visit, now, method))
    return notices.letter(clinic.id, actor.email, tag, worded, now, link=link, calendar=event, about=visit.id)


def calendar(clinic: Clinic, actor: Actor, visit: Appointment, now: datetime, method: ics.Method) -> str:
    """The visit as an iCalendar file; the summary names the clinic only, since calendars are often shared."""
    brand = clinics.brand()
    event = ics.Event(
        uid=f"{visit.id}@{brand.domain}",
        sequence=visit.sequence,
        start=visit.start,
        end=visit.end,
        summary=clinic.name,
        organizer=ics.Person(clinic.name, parseaddr(brand.sender)[1]),
        attendee=ics.Person(actor.name, actor.email),
        status=STATUSES.get(visit.status, ics.Status.CONFIRMED),
        location=clinic.address.in_one_line,
    )
    return ics.calendar(event, method, now)
