"""The demo: the cast, some neighbours, and visits of theirs, booked as anybody books. Dates are relative to now."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from chalicelib.accounts import actions as accounts
from chalicelib.accounts import store as accounts_store
from chalicelib.accounts.actions import staff_accounts
from chalicelib.accounts.records import StaffAccount
from chalicelib.booking import actions as booking
from chalicelib.booking.records import Wanted
from chalicelib.booking.rules import CapReached
from chalicelib.clinics.records import Clinic
from chalicelib.doors.actions import Answered
from chalicelib.doors.records import Once
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Actor, Audience, Member, Role
from chalicelib.kit import clock, ids, table, zone
from chalicelib.people import actions as people
from chalicelib.people.records import Patient
from scripts.local.demo_papers import Booked
from tests.cast import ADA, BEN, EVERYBODY, Person

NEIGHBOURS = (
    Person("rosa", "Rosa", "Delgado", Role.PATIENT, ("north",), "rosa.delgado@example.com", "es-US", date(1959, 6, 30)),
    Person("tom", "Tom", "Whitfield", Role.PATIENT, ("north",), "tom.whitfield@example.com", "en-US", date(1992, 11, 8)),
    Person("mei", "Mei", "Tanaka", Role.PATIENT, ("north",), "mei.tanaka@example.com", "en-US", date(2001, 2, 17)),
    Person("walter", "Walter", "Friesen", Role.PATIENT, ("prairie",), "walter.friesen@example.com", "en-CA", date(1948, 4, 5)),
    Person("nora", "Nora", "Baptiste", Role.PATIENT, ("prairie",), "nora.baptiste@example.com", "en-CA", date(1983, 12, 19)),
    Person("imran", "Imran", "Hussain", Role.PATIENT, ("south",), "imran.hussain@example.com", "en-GB", date(1990, 7, 23)),
    Person("edith", "Edith", "Clarke", Role.PATIENT, ("south",), "edith.clarke@example.com", "en-GB", date(1936, 1, 11)),
)

# Patients whom a clinic holds and who have no account: the desk can give them a code to link one.
HELD = (
    Person("agnes", "Agnès", "Delacroix", Role.PATIENT, ("north",), "", "en-US", date(1951, 8, 27), "+1 203 555 0142"),
    Person("hector", "Héctor", "Moreno Ruiz", Role.PATIENT, ("north",), "", "es-US", date(1962, 4, 9), "+1 203 555 0166"),
    Person("piotr", "Piotr", "Łuczak", Role.PATIENT, ("prairie",), "", "en-CA", date(1979, 10, 30), "+1 204 555 0123"),
)


@dataclass(frozen=True)
class Visit:
    """A visit of the demo: the first open day from `days` from today on, and there the time this far (0 to 1) into it."""

    who: Person
    service: str
    practitioner: str
    days: int
    into: float
    note: str = ""


VISITS = (
    Visit(ADA, "annual", "bea", 4, 0.3),
    Visit(ADA, "flu", "dana", 9, 0.5),
    Visit(BEN, "visit", "osei", 2, 0.2, "My knee still hurts on the stairs."),
    Visit(BEN, "video", "bea", 12, 0.7),
    Visit(NEIGHBOURS[0], "nurse", "dana", 1, 0.1),
    Visit(NEIGHBOURS[0], "annual", "osei", 8, 0.6),
    Visit(NEIGHBOURS[1], "visit", "bea", 1, 0.4),
    Visit(NEIGHBOURS[2], "visit", "bea", 1, 0.8, "A mole I would like somebody to look at."),
    Visit(NEIGHBOURS[2], "flu", "dana", 9, 0.5),
    Visit(NEIGHBOURS[3], "physical", "tremblay", 3, 0.2),
    Visit(NEIGHBOURS[4], "visit", "anand", 2, 0.5),
    Visit(NEIGHBOURS[5], "gp", "okafor", 1, 0.3),
    Visit(NEIGHBOURS[6], "travel", "whitmore", 5, 0.6, "Travelling to Ghana in the new year."),
)


def fill(clinics: Sequence[Clinic], now: datetime) -> dict[str, Booked]:
    """Employ the staff, hold and register patients, and book the visits whose clinic, service and practitioner app.json still has.

    The visits that were booked now, by their key.
    """
    known = {clinic.id: clinic for clinic in clinics}
    for person in EVERYBODY:
        if person.audience is Audience.STAFF and set(person.clinics) <= set(known):
            employed(person, now)
    for person in HELD:
        if person.clinic in known:
            _hold(known[person.clinic], person, now)
    booked: dict[str, Booked] = {}
    for number, visit in enumerate(VISITS):
        clinic, key = known.get(visit.who.clinic), f"demo-visit-{number:02d}"
        if clinic and clinic.service(visit.service):
            booked |= _book(clinic, visit, key, now)
    return booked


def _book(clinic: Clinic, visit: Visit, key: str, now: datetime) -> dict[str, Booked]:
    """One visit, once: a seeding that is repeated finds its key answered."""
    first = zone.local_date(now, clinic.zone) + timedelta(days=visit.days)
    found = booking.find_slots(clinic, visit.service, visit.practitioner, first, 7, now)
    day = [offer for offer in found.offers if _date(offer.start, clinic) == _date(found.offers[0].start, clinic)]
    if not day:
        return {}
    start = zone.instant(day[int(visit.into * len(day))].start)
    wanted = Wanted(service=visit.service, start=start, practitioner=visit.practitioner, note=visit.note)
    actor = registered(clinic, visit.who, now)
    once = Once(clinic.id, actor.who, key, key, now, 201, lambda booked: booked.appointment)
    with suppress(Answered, CapReached):  # a cap is met before the key is looked at
        made = booking.book_appointment(clinic, actor, wanted, now, once)
        return {key: Booked(visit.who, actor, made.appointment.id)}
    return {}


def _date(minute: zone.Minute, clinic: Clinic) -> date:
    return zone.local_date(zone.instant(minute), clinic.zone)


def registered(clinic: Clinic, person: Person, now: datetime) -> Actor:
    """A patient as the one who asks, with an account and a patient of their own; made now if need be."""
    account = accounts_store.get_account(clinic.id, person.email)
    if account is None or not account.patient:
        _register(clinic, person, now, known=account is not None)
        account = accounts_store.get_account(clinic.id, person.email)
    assert account, "it was written a moment ago"
    return replace(person.actor(patient=account.patient), account=account.id)


def _hold(clinic: Clinic, person: Person, now: datetime) -> None:
    """A patient of the clinic's own; a seeding that is repeated finds them there."""
    with suppress(table.Lost), table.together() as tx:
        people.add_patient(tx, _patient(clinic, person, f"demo-{person.id}", now), zone.local_date(now, clinic.zone))


def _register(clinic: Clinic, person: Person, now: datetime, *, known: bool) -> None:
    patient = _patient(clinic, person, ids.new(), now)
    with table.together() as tx:
        people.add_patient(tx, patient, zone.local_date(now, clinic.zone))
        if known:
            accounts.link_patient(tx, person.actor(), patient.id)
        else:
            accounts.add_account(tx, patient, now)


def _patient(clinic: Clinic, person: Person, name: str, now: datetime) -> Patient:
    return Patient(
        id=name,
        clinic=clinic.id,
        given=person.given,
        family=person.family,
        birth_date=person.birth_date,
        email=person.email,
        telephone=person.telephone,
        language=person.language,
        made=now,
    )


def employed(person: Person, now: datetime) -> Actor:
    """Somebody who works here as the one who asks; each of their clinics knows them from now on."""
    for clinic in person.clinics:
        if identity.member(clinic, person.id) is None:
            member = Member(
                clinic=clinic,
                account=person.id,
                name=person.name,
                email=person.email,
                roles=(person.role,),
                practitioner=person.practitioner,
                language=person.language,
                made=now,
            )
            with suppress(table.Lost), table.together() as tx:
                identity.keep_member(tx, member)
    staff_accounts.keep(
        StaffAccount(id=person.id, name=person.name, email=person.email, language=person.language, made=now, clinics=person.clinics)
    )
    return person.actor()


class Cast:
    """Lets somebody of the cast in without a code: `open` is what a sign-in does after the code was right."""

    def __init__(self, clinics: Sequence[Clinic]) -> None:
        known = {clinic.id: clinic for clinic in clinics}
        self._clinics = known
        self.people: Sequence[Person] = [person for person in EVERYBODY if set(person.clinics) <= set(known)]

    def open(self, person: Person) -> tuple[str, str]:
        """The Set-Cookie text of a new session, and the path where they begin."""
        now = clock.now()
        clinic = self._clinics[person.clinic]
        patient = person.audience is Audience.PATIENT
        actor = registered(clinic, person, now) if patient else employed(person, now)
        with table.together() as tx:
            session, token = identity.open_session(
                clinic.id, person.audience, actor, now, tx, methods=("local",), device="The local run", proved=None if patient else now
            )
        name = identity.cookie_name(person.audience, clinic.id)
        lasting = int((session.absolute_until - now).total_seconds())
        tag = person.language if person.language in clinic.languages else clinic.languages[0]
        return identity.set_cookie(name, token, lasting), f"/{clinic.id}/{tag.split('-')[0]}/" if patient else "/"
