"""The doors of booking; it also serves what its pages need of the clinics, whose floor lies below the doors."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.booking import actions, messages, rules, shapes
from chalicelib.booking.records import Booked
from chalicelib.clinics import actions as clinics
from chalicelib.doors import reading as requests
from chalicelib.doors.endpoint import Asked, KeyReused, Permission, Reply, Who, door
from chalicelib.identity.records import NotRegistered
from chalicelib.kit import ics
from chalicelib.kit.problem import Changed
from chalicelib.people import actions as people
from chalicelib.visits.records import Appointment

blueprint = Blueprint(__name__)

APPOINTMENTS = "/clinics/{clinic}/appointments"


@door(blueprint, "GET", "/clinics", who=Who.ANYONE, reply=shapes.ClinicList, answers=shapes.CLINICS)
def list_clinics(asked: Asked) -> shapes.ClinicList:
    """All clinics of this portal."""
    return shapes.clinic_list(clinics.listed(), asked.language)


@door(blueprint, "GET", "/clinics/{clinic}", who=Who.ANYONE, reply=shapes.ClinicView, answers=shapes.CLINIC)
def get_clinic(asked: Asked) -> shapes.ClinicView:
    """One clinic."""
    return shapes.clinic_view(asked.clinic, asked.language)


@door(blueprint, "GET", "/clinics/{clinic}/healthcare-services", who=Who.ANYONE, reply=shapes.ServiceList, answers=shapes.SERVICES)
def list_healthcare_services(asked: Asked) -> shapes.ServiceList:
    """What a clinic offers, and with whom."""
    return shapes.service_list(actions.list_services(asked.clinic), asked.language)


@door(
    blueprint,
    "GET",
    "/clinics/{clinic}/slots",
    who=Who.ANYONE,
    query=shapes.SlotQuery,
    reply=shapes.SlotSearch,
    answers=shapes.SEARCH,
    problems=[rules.ByPhone],
)
def find_slots(asked: Asked) -> shapes.SlotSearch:
    """The free times of some days, of one practitioner or any."""
    wanted: shapes.SlotQuery = asked.query
    found = actions.find_slots(asked.clinic, wanted.service, wanted.practitioner, wanted.from_, wanted.days, asked.now)
    return shapes.slot_search(found, asked.language)


@door(
    blueprint,
    "POST",
    APPOINTMENTS,
    permission=Permission.BOOK_APPOINTMENT,
    limits=rules.BOOKINGS,
    body=shapes.BookingWanted,
    asks=shapes.WANTED,
    reply=shapes.AppointmentView,
    answers=shapes.VISIT,
    status=201,
    once=True,
    problems=[
        NotRegistered,
        rules.ByPhone,
        rules.SlotTaken,
        rules.TooSoon,
        rules.TooFar,
        rules.OutsideHours,
        rules.CapReached,
        KeyReused,
    ],
)
def book_appointment(asked: Asked) -> shapes.AppointmentView:
    """Book a time that is free now."""
    once = asked.once.answering(lambda booked: _booked(asked, booked))
    booked = actions.book_appointment(asked.clinic, asked.actor, asked.body.wanted(), asked.now, once)
    return _booked(asked, booked)


@door(
    blueprint,
    "GET",
    APPOINTMENTS,
    permission=Permission.LIST_MY_APPOINTMENTS,
    reads=True,
    reply=shapes.AppointmentList,
    answers=shapes.VISITS,
)
def list_my_appointments(asked: Asked) -> shapes.AppointmentList:
    """The caller's own visits in this clinic."""
    ahead, behind = actions.list_my_appointments(asked.clinic, asked.actor, asked.now)
    return shapes.appointment_list(asked.clinic, people.practitioners(asked.clinic.id), ahead, behind, asked.now, asked.language)


@door(
    blueprint,
    "GET",
    APPOINTMENTS + "/{appointment}",
    permission=Permission.GET_APPOINTMENT,
    reads=True,
    reply=shapes.AppointmentView,
    answers=shapes.VISIT,
)
def get_appointment(asked: Asked) -> Reply:
    """One of the caller's own visits."""
    return _shown(asked, actions.get_appointment(asked.clinic, asked.actor, asked.path["appointment"], asked.now))


@door(
    blueprint,
    "POST",
    APPOINTMENTS + "/{appointment}/cancel",
    permission=Permission.CANCEL_APPOINTMENT,
    limits=rules.CANCELS,
    body=shapes.Cancelling,
    asks=shapes.CANCELLING,
    reply=shapes.AppointmentView,
    answers=shapes.CANCELLED,
    problems=[rules.TooLate, Changed],
)
def cancel_appointment(asked: Asked) -> Reply:
    """Cancel one of the caller's own visits; `If-Match` may name the version they saw."""
    version = requests.version(asked.headers.get("if-match", ""))
    reason = asked.body.reason.strip()
    return _shown(asked, actions.cancel_appointment(asked.clinic, asked.actor, asked.path["appointment"], reason, version, asked.now))


@door(
    blueprint,
    "GET",
    APPOINTMENTS + "/{appointment}/calendar",
    permission=Permission.GET_APPOINTMENT,
    reads=True,
    media_type="text/calendar",
)
def get_appointment_calendar(asked: Asked) -> Reply:
    """One of the caller's own visits as an iCalendar file."""
    visit = actions.get_appointment(asked.clinic, asked.actor, asked.path["appointment"], asked.now, "get_appointment_calendar")
    text = messages.calendar(asked.clinic, asked.actor, visit, asked.now, ics.Method.PUBLISH)
    return Reply(text=text, headers={"Content-Disposition": 'attachment; filename="visit.ics"'})


def _booked(asked: Asked, booked: Booked) -> shapes.AppointmentView:
    known = people.practitioners(asked.clinic.id)
    return shapes.appointment_view(asked.clinic, known, booked.appointment, asked.now, asked.language, booked.overlaps)


def _shown(asked: Asked, visit: Appointment) -> Reply:
    view = shapes.appointment_view(asked.clinic, people.practitioners(asked.clinic.id), visit, asked.now, asked.language)
    return Reply(body=view, headers={"ETag": f'"{visit.version}"'})
