"""What a patient does about visits: find a time, book it, look at it, cancel it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from chalicelib.audit import actions as audit
from chalicelib.booking import messages, rules
from chalicelib.booking.records import Booked, Choice, Search, Wanted
from chalicelib.clinics.records import Clinic, HealthcareService
from chalicelib.documents.actions import filing
from chalicelib.doors import actions as doors
from chalicelib.doors.records import Once
from chalicelib.identity.records import Actor, Permission
from chalicelib.kit import ids, table, zone
from chalicelib.kit.problem import Changed, LookAgain
from chalicelib.notices import actions as notices
from chalicelib.people import actions as people
from chalicelib.people.records import Practitioner
from chalicelib.schedules import actions as schedules
from chalicelib.schedules.records import Claim, Span
from chalicelib.visits import actions as visits
from chalicelib.visits.records import Appointment, AppointmentStatus

AHEAD = 28  # dates that the second Query looks through for the next open day
REACH = 800  # dates around today that may be asked for at all


def list_services(clinic: Clinic) -> list[tuple[HealthcareService, Sequence[Practitioner]]]:
    """What the clinic offers, each with the practitioners who give it, in the clinic's order."""
    return [(service, able(clinic, service)) for service in clinic.services]


def able(clinic: Clinic, service: HealthcareService, practitioner: str = "") -> list[Practitioner]:
    """The practitioners who give a service in this clinic, or the one asked for; LookAgain if there is none such."""
    found = [
        person
        for person in people.practitioners(clinic.id)
        if (role := person.role(clinic.id)) and service.id in role.services and practitioner in ("", person.id)
    ]
    if practitioner and not found:
        raise LookAgain(errors=[{"field": "practitioner", "detail": "Nobody of that name gives this service here."}])
    return found


def bookable(clinic: Clinic, service_id: str, practitioner: str) -> tuple[HealthcareService, list[Practitioner]]:
    """The service and who may be booked for it; ByPhone or LookAgain for what the clinic does not offer online."""
    rules.check_features(clinic, practitioner)
    service = service_of(clinic, service_id)
    return service, able(clinic, service, practitioner)


def service_of(clinic: Clinic, service: str) -> HealthcareService:
    """The service of that id; LookAgain if the clinic does not offer it."""
    found = clinic.service(service)
    if found is None:
        raise LookAgain(errors=[{"field": "service", "detail": "This clinic does not offer that."}])
    return found


def find_slots(clinic: Clinic, service_id: str, practitioner: str, first: date | None, days: int, now: datetime) -> Search:
    """The free times of some local dates: one Query; a second finds the next open day when all of them are full."""
    service, who = bookable(clinic, service_id, practitioner)
    today = zone.local_date(now, clinic.zone)
    first = first or today
    if abs((first - today).days) > REACH:
        raise LookAgain(errors=[{"field": "from", "detail": "Choose a date nearer to today."}])
    last = first + timedelta(days=days - 1)
    horizon = rules.last_date(clinic, service, now)
    offers = rules.offers(clinic, service, schedules.outlook(clinic, service, who, first, last), first, last, now)
    return Search(
        clinic=clinic,
        service=service,
        people=tuple(who),
        offers=offers,
        first=first,
        last=last,
        today=today,
        horizon=horizon,
        next_open=None if offers else _next_open(clinic, service, who, max(last + timedelta(days=1), today), horizon, now),
    )


def _next_open(
    clinic: Clinic, service: HealthcareService, who: Sequence[Practitioner], first: date, horizon: date, now: datetime
) -> date | None:
    last = min(horizon, first + timedelta(days=AHEAD - 1))
    if last < first:
        return None
    offers = rules.offers(clinic, service, schedules.outlook(clinic, service, who, first, last), first, last, now)
    return zone.local_date(zone.instant(offers[0].start), clinic.zone) if offers else None


def book_appointment(clinic: Clinic, actor: Actor, wanted: Wanted, now: datetime, once: Once) -> Booked:
    """Book a time that `find_slots` shows now; whoever else wants another time is no hindrance, only another try."""
    actor.must(Permission.BOOK_APPOINTMENT, clinic.id)
    actor.as_patient()
    if abs(wanted.start - now) > timedelta(days=REACH):
        raise LookAgain(errors=[{"field": "start", "detail": "Choose a date nearer to today."}])
    service, who = bookable(clinic, wanted.service, wanted.practitioner)
    return table.settle(lambda: _book(clinic, service, who, actor, wanted, now, once))


def _book(
    clinic: Clinic, service: HealthcareService, who: Sequence[Practitioner], actor: Actor, wanted: Wanted, now: datetime, once: Once
) -> Booked:
    own, tally = visits.ahead(clinic.id, actor.patients, now)
    day = zone.local_date(wanted.start, clinic.zone)
    seen = schedules.outlook(clinic, service, who, day, day)  # read last: the less time until the write, the fewer tries
    choice = rules.book(clinic, service, seen, wanted, now)
    rules.within_caps(clinic.limits, service, rules.active(own, now))
    person = next(person for person in who if person.id == choice.practitioner)
    appointment = _appointment(clinic, service, actor, wanted, choice, person, now)
    booked = Booked(appointment=appointment, overlaps=tuple(rules.overlapping(choice, own)))
    with _aligning(person, choice.claim("").guard), table.together() as tx:
        doors.keep(tx, once, booked)
        schedules.claim(tx, clinic, person, choice.room, seen, choice.claim(appointment.claim))
        visits.keep(tx, appointment)
        filing.open_folder(tx, clinic, appointment)
        if clinic.limits.max_active or service.max_active:
            visits.count(tx, clinic.id, actor.patient, tally)
        _note(tx, "book_appointment", actor, appointment, now)
        notices.post(tx, messages.booked(clinic, person.name, actor, appointment, now))
    return booked


@contextmanager
def _aligning(person: Practitioner, span: Span) -> Iterator[None]:
    """Who loses may have lost to sheets that differ between the practitioner's clinics: those are made equal before the next try."""
    try:
        yield
    except table.Lost:
        if len(person.clinics) > 1:
            schedules.align(person, span)
        raise


def _appointment(
    clinic: Clinic, service: HealthcareService, actor: Actor, wanted: Wanted, choice: Choice, person: Practitioner, now: datetime
) -> Appointment:
    start = zone.instant(choice.start)
    return Appointment(
        id=ids.new(),
        clinic=clinic.id,
        patient=actor.patient,
        service=service.id,
        practitioner=choice.practitioner,
        room=choice.room,
        start=start,
        end=zone.instant(choice.end),
        promised=zone.local(start, clinic.zone).isoformat(),
        status=AppointmentStatus.BOOKED,
        claim=ids.new(),
        claimed_in=person.clinics,
        before_minutes=choice.before,
        after_minutes=choice.after,
        group=choice.group,
        checklist=filing.checklist(clinic, service),
        note=wanted.note,
        made=now,
    )


def get_appointment(clinic: Clinic, actor: Actor, appointment: str, now: datetime, action: str = "get_appointment") -> Appointment:
    """The patient's own visit, once it is written down that it was looked at; everybody else's is not found, just as none."""
    actor.must(Permission.GET_APPOINTMENT, clinic.id)
    visit = visits.of_patient(clinic.id, actor.patients, appointment)
    _looked(action, actor, visit, now)
    return visit


def list_my_appointments(clinic: Clinic, actor: Actor, now: datetime) -> tuple[list[Appointment], list[Appointment]]:
    """The patient's own visits: those that stand and are ahead, the next first, and the rest, the latest first."""
    actor.must(Permission.LIST_MY_APPOINTMENTS, clinic.id)
    what = f"patient/{actor.patient}" if actor.patient else f"account/{actor.account}"
    audit.looked(clinic.id, action="list_my_appointments", by=actor, what=what, at=now, patient=actor.patient)
    if not actor.patient:
        return [], []
    return visits.ahead(clinic.id, actor.patients, now)[0], visits.behind(clinic.id, actor.patients, now)


def cancel_appointment(clinic: Clinic, actor: Actor, appointment: str, reason: str, version: int | None, now: datetime) -> Appointment:
    """Cancel the patient's own visit and free its time; once cancelled it stays so. `version` is the one they saw, if they say."""
    actor.must(Permission.CANCEL_APPOINTMENT, clinic.id)
    return table.settle(lambda: _cancel(clinic, actor, appointment, reason, version, now))


def _cancel(clinic: Clinic, actor: Actor, appointment: str, reason: str, version: int | None, now: datetime) -> Appointment:
    visit = visits.of_patient(clinic.id, actor.patients, appointment)
    cancelled = rules.cancel(clinic, visit, reason, now)
    if cancelled is visit:
        _looked("cancel_appointment", actor, visit, now)  # nothing is changed, but the visit is shown
        return visit
    if version is not None and version != visit.version:
        raise Changed("Look at it again before you cancel it.")
    person = people.practitioner(clinic.id, visit.practitioner)
    with table.together() as tx:
        visits.keep(tx, cancelled)
        filing.close_folder(tx, clinic, cancelled)
        schedules.release(tx, clinic.id, visit.practitioner, {*visit.claimed_in, *person.clinics}, visit.room, claim_of(visit))
        _note(tx, "cancel_appointment", actor, cancelled, now)
        notices.post(tx, messages.cancelled(clinic, person.name, actor, cancelled, now))
    return cancelled


def claim_of(visit: Appointment) -> Claim:
    """The claim a visit owns on the sheets."""
    start, end = zone.minute(visit.start), zone.minute(visit.end)
    return Claim(start, end, visit.claim, before=visit.before_minutes, after=visit.after_minutes, group=visit.group)


def _looked(action: str, actor: Actor, visit: Appointment, now: datetime) -> None:
    audit.looked(visit.clinic, action=action, by=actor, what=f"appointment/{visit.id}", at=now, patient=visit.patient)


def _note(tx: table.Transaction, action: str, actor: Actor, visit: Appointment, now: datetime) -> None:
    what = f"appointment/{visit.id}"
    audit.note(tx, visit.clinic, action=action, by=actor, what=what, at=now, patient=visit.patient, version=str(visit.version))
