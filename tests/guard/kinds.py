"""The kinds of caller, and the world they call in: one patient's things, another's of the same clinic, another clinic's, and none.

A kind is a set of cookies. `HOME` is the clinic its session was opened for; `LIKE` names the kind that it is as far as
roles go, so that the expectation table needs one entry for both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from chalicelib.accounts import store as accounts
from chalicelib.accounts.records import Account, Link, LinkKind, Passkey
from chalicelib.accounts.store import links, staff_accounts
from chalicelib.documents.records import Remade
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Actor, Audience, MemberStatus, Role
from chalicelib.kit import clock, secret, table
from chalicelib.people import actions as people
from chalicelib.visits import actions as visits
from chalicelib.visits.records import Appointment, AppointmentStatus, ChecklistItem
from tests.callers import Caller, as_actor, employed, given_the_clinics, patient_of, signed_in
from tests.cast import ADA, BEA, BEN, CYRUS, DANA, GALE, MALLORY, OTTO, RHEA, Person
from tests.documents.makers import put, released
from tests.intake.answering import a_response, hand_in, whole_phq_9
from tests.intake.answering import put as answered
from tests.intake.makers import draft_of, publish_ours

SOL = Person("sol", "Sol", "Achebe", Role.PATIENT, ("south",), "sol.achebe@example.com", "en-GB")


class Kind(StrEnum):
    """Somebody at a door."""

    NOBODY = "nobody"
    HALF = "half-finished sign-in"
    EXPIRED = "expired session"
    REVOKED = "revoked session"
    STAFF_EXPIRED = "expired staff session"
    STAFF_REVOKED = "revoked staff session"
    DEACTIVATED = "deactivated staff"
    SWAPPED_PATIENT = "patient's token in the staff's cookie"
    SWAPPED_STAFF = "staff's token in a patient's cookie"
    NEIGHBOUR = "south's token in north's cookie"
    ADA = "ada"
    BEN = "ben"
    PROXY = "proxy of ada"
    KIOSK = "clinic's tablet in ada's hands"
    NEWCOMER = "patient who has not said who they are"
    SOL = "patient of south"
    ENROLLING = "enrolling nurse"
    BEA = "practitioner"
    DANA = "nurse"
    RHEA = "reception"
    CYRUS = "manager"
    STALE = "manager without a fresh proof"
    STALE_NURSE = "nurse without a fresh proof"
    GALE = "group manager in north"
    GALE_PRAIRIE = "group manager in prairie"
    OTTO = "reporter"
    MALLORY = "manager of south"


NOT_IN = frozenset(kind for kind in Kind if list(Kind).index(kind) <= list(Kind).index(Kind.NEIGHBOUR))
PATIENTS = frozenset({Kind.ADA, Kind.BEN, Kind.PROXY, Kind.KIOSK, Kind.NEWCOMER, Kind.SOL})
STAFF = frozenset(Kind) - NOT_IN - PATIENTS
HOME = dict.fromkeys(Kind, "north") | {Kind.SOL: "south", Kind.MALLORY: "south", Kind.GALE_PRAIRIE: "prairie"}
WORKS_IN = {Kind.GALE: {"north", "prairie"}, Kind.GALE_PRAIRIE: {"north", "prairie"}}
ACCOUNTS = {
    Kind.BEA: BEA.id,
    Kind.DANA: DANA.id,
    Kind.RHEA: RHEA.id,
    Kind.CYRUS: CYRUS.id,
    Kind.STALE: CYRUS.id,
    Kind.STALE_NURSE: DANA.id,
    Kind.GALE: GALE.id,
    Kind.GALE_PRAIRIE: GALE.id,
    Kind.OTTO: OTTO.id,
    Kind.MALLORY: MALLORY.id,
    Kind.ENROLLING: "nell",
}
STALES = frozenset({Kind.STALE, Kind.STALE_NURSE})
LIKE = {
    Kind.ENROLLING: Kind.DANA,
    Kind.STALE: Kind.CYRUS,
    Kind.STALE_NURSE: Kind.DANA,
    Kind.GALE_PRAIRIE: Kind.GALE,
    Kind.MALLORY: Kind.CYRUS,
    Kind.SOL: Kind.ADA,
}
ROLES = {
    Role.PATIENT: (Kind.ADA, Kind.BEN, Kind.NEWCOMER, Kind.SOL),
    Role.PROXY: (Kind.PROXY,),
    Role.KIOSK: (Kind.KIOSK,),
    Role.PRACTITIONER: (Kind.BEA,),
    Role.NURSE: (Kind.DANA, Kind.STALE_NURSE, Kind.ENROLLING),
    Role.RECEPTION: (Kind.RHEA,),
    Role.MANAGER: (Kind.CYRUS, Kind.MALLORY, Kind.STALE),
    Role.GROUP_MANAGER: (Kind.GALE, Kind.GALE_PRAIRIE),
    Role.REPORTER: (Kind.OTTO,),
}


@dataclass
class World:
    """`things[kind of thing][whose]` is an id; `whose` is adas, bens, southern or missing."""

    now: datetime
    callers: dict[Kind, Caller] = field(default_factory=dict)
    things: dict[str, dict[str, str]] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)

    def caller(self, kind: Kind) -> Caller:
        """A fresh browser with that kind's cookies."""
        held = self.callers[kind]
        return Caller(held.audience, held.cookies)


def build() -> World:
    """The whole cast signed in, each with something of their own; written through the house's own actions."""
    given_the_clinics()
    world = World(clock.now())
    _patients(world)
    _staff(world)
    _signed_out(world)
    world.things["appointment"] = {
        "adas": a_visit("north", ADA.id, world.now),
        "bens": a_visit("north", BEN.id, world.now),
        "southern": a_visit("south", SOL.id, world.now),
        "missing": "nothing",
    }
    world.things["document"] = {
        "adas": a_file("north", ADA.id),
        "bens": a_file("north", BEN.id),
        "southern": a_file("south", SOL.id),
        "missing": "nothing",
    }
    world.things["questionnaire"] = some_forms()
    world.things["response"] = {
        "adas": a_draft("north", ADA.id),
        "bens": a_draft("north", BEN.id),
        "southern": a_draft("south", SOL.id, "audit-c"),
        "missing": "nothing",
    }
    others = {"adas": ADA, "bens": BEN, "cyruss": CYRUS, "southern": SOL}
    world.things["patient"] = {"adas": ADA.id, "bens": BEN.id, "walkins": a_walk_in(), "southern": SOL.id, "missing": "nobody"}
    world.things["account"] = {"danas": DANA.id, "cyruss": CYRUS.id, "southern": MALLORY.id, "missing": "nobody"}
    world.things["passkey"] = {
        f"{whose}": a_passkey(person.id, world.now) for whose, person in (("danas", DANA), ("cyruss", CYRUS), ("southern", MALLORY))
    }
    world.things["passkey"]["missing"] = "0" * 20
    a_recovery(DANA, world.now)
    world.things["session"] = {whose: session_id(signed_in(person), world.now) for whose, person in others.items()} | {"missing": "0" * 20}
    return world


def a_file(clinic: str, patient: str, name: str = "IMG_1.jpg") -> str:
    """A file of somebody's visit that can be looked at; its id."""
    remade = Remade(content_type="image/jpeg", size=9, sha256="0" * 64, pages=1)
    kind = "insurance-front" if clinic == "north" else "letter"
    return put(
        released(
            id=f"file-of-{patient}", clinic=clinic, patient=patient, appointment=f"visit-of-{patient}", kind=kind, name=name, remade=remade
        )
    ).id


def some_forms() -> dict[str, str]:
    """A form of each clinic, published and with a draft; by whose it is."""
    for clinic, form in (("north", "phq-9"), ("south", "audit-c")):
        publish_ours(clinic, form)
        draft_of(clinic, form)
    return {"norths": "phq-9", "southern": "audit-c", "missing": "nothing"}


def a_draft(clinic: str, patient: str, form: str = "phq-9", name: str = "") -> str:
    """A form of somebody's visit that they have begun, with a name in it if one is given; its id."""
    visit = f"visit-of-{patient}"
    items = [{"linkId": "about-you", "item": [{"linkId": "given", "answer": [{"valueString": name}]}]}] if name else []
    drawn = form.replace("-", "")
    about = a_response(form, id=f"{visit}-{drawn}", clinic=clinic, patient=patient, appointment=visit, items=items)
    return answered(about).response.id


def an_answer(clinic: str, patient: str) -> str:
    """A form of somebody's visit that they have handed in; its id."""
    visit = f"visit-of-{patient}"
    about = a_response("phq-9", id=f"{visit}-answered", clinic=clinic, patient=patient, appointment=visit)
    return hand_in(answered(about), whole_phq_9()).response.id


def a_walk_in() -> str:
    """A patient whom the desk has written down, without an account."""
    walk_in = msgspec.structs.replace(patient_of(BEN), id="walt", given="Walt", family="Moore", email="")
    with table.together() as tx:
        people.add_patient(tx, walk_in, walk_in.made.date())
    return walk_in.id


def a_passkey(account: str, now: datetime) -> str:
    """The only passkey of somebody who works here; its id."""
    passkey = Passkey(id=f"{account:0<20}", credential="AQID", key="AQID", count=0, label="Phone", made=now)
    with table.together() as tx:
        staff_accounts.add_passkey(account, passkey, tx, table.Lost)
    return passkey.id


def a_recovery(person: Person, now: datetime) -> None:
    """A request to come back that waits: its link has been opened."""
    link = Link(
        clinic=person.clinic, kind=LinkKind.RECOVERY, account=person.id, digest=secret.digest("x"), made=now, until=now + timedelta(days=1)
    )
    with table.together() as tx:
        links.put(person.clinic, link, tx)
    with table.together() as tx:
        links.ask(person.clinic, link, tx, table.Lost)


def session_id(caller: Caller, now: datetime) -> str:
    """How a caller's session is listed."""
    return identity.session_of(None, _token(caller), caller.audience, now).id


def a_visit(clinic: str, patient: str, now: datetime, note: str = "") -> str:
    """A visit that stands, ten days ahead; its id."""
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=10)
    visit = Appointment(
        id=f"visit-of-{patient}",
        clinic=clinic,
        patient=patient,
        service="visit",
        practitioner="bea" if patient == ADA.id else "osei",
        start=start,
        end=start + timedelta(minutes=20),
        promised=start.isoformat(),
        status=AppointmentStatus.BOOKED,
        claim=f"claim-{patient}",
        claimed_in=(clinic,),
        checklist=(ChecklistItem(kind="insurance-front"), ChecklistItem(kind="insurance-back")),
        note=note,
        made=now,
    )
    with table.together() as tx:
        visits.keep(tx, visit)
    return visit.id


def _patients(world: World) -> None:
    for kind, person in ((Kind.ADA, ADA), (Kind.BEN, BEN), (Kind.SOL, SOL)):
        world.callers[kind] = signed_in(person)
        account = Account(
            id=person.id, clinic=person.clinic, email=person.email, language=person.language, made=world.now, patient=person.id
        )
        with table.together() as tx:
            accounts.add_account(person.clinic, account, tx)
    petra = Actor(
        roles=(Role.PROXY,),
        clinic="north",
        account="petra",
        name="Petra Moreno",
        patient=ADA.id,
        email="petra@example.com",
        language="es-US",
    )
    world.callers[Kind.PROXY] = as_actor(petra, Audience.PATIENT)
    tablet = Actor(roles=(Role.KIOSK,), clinic="north", account="kiosk-1", name="Ada Moreno", patient=ADA.id, appointment="visit-of-ada")
    world.callers[Kind.KIOSK] = as_actor(tablet, Audience.PATIENT)
    nora = Actor(roles=(Role.PATIENT,), clinic="north", account="nora", email="nora@example.com", language="en-US")
    world.callers[Kind.NEWCOMER] = as_actor(nora, Audience.PATIENT)
    with table.together() as tx:
        accounts.add_account("north", Account(id="nora", clinic="north", email=nora.email, language="en-US", made=world.now), tx)


def _staff(world: World) -> None:
    people = ((Kind.BEA, BEA), (Kind.DANA, DANA), (Kind.RHEA, RHEA), (Kind.CYRUS, CYRUS), (Kind.GALE, GALE), (Kind.OTTO, OTTO))
    for kind, person in (*people, (Kind.MALLORY, MALLORY)):
        world.callers[kind] = signed_in(person)
    world.callers[Kind.GALE_PRAIRIE] = as_actor(msgspec.structs.replace(GALE.actor(), clinic="prairie"), Audience.STAFF)
    for kind, person in ((Kind.STALE, CYRUS), (Kind.STALE_NURSE, DANA)):
        world.callers[kind] = as_actor(person.actor(), Audience.STAFF, proved=world.now - timedelta(minutes=6))
    nell = _nurse("nell")
    world.callers[Kind.ENROLLING] = as_actor(nell, Audience.STAFF, methods=("invitation",), proved=None, enrolling=True)


def _nurse(name: str) -> Actor:
    return Actor(roles=(Role.NURSE,), clinic="north", account=name, name=f"{name.title()} Mbeki", email=f"{name}@harbourfamily.example")


def _signed_out(world: World) -> None:
    """Everybody who is not in, whatever their cookies say."""
    long_ago = world.now - timedelta(minutes=30)
    world.callers[Kind.NOBODY] = Caller()
    half = Caller()
    half.post("/clinics/north/sign-in/start", {"email": "half@example.com"})
    world.callers[Kind.HALF] = half
    world.callers[Kind.EXPIRED] = as_actor(ADA.actor(patient=ADA.id), Audience.PATIENT, long_ago)
    world.callers[Kind.STAFF_EXPIRED] = as_actor(CYRUS.actor(), Audience.STAFF, long_ago)
    world.callers[Kind.REVOKED] = _revoked(as_actor(ADA.actor(patient=ADA.id), Audience.PATIENT), Audience.PATIENT, world.now)
    world.callers[Kind.STAFF_REVOKED] = _revoked(as_actor(CYRUS.actor(), Audience.STAFF), Audience.STAFF, world.now)
    world.callers[Kind.DEACTIVATED] = as_actor(_nurse("dora"), Audience.STAFF)
    member = employed(_nurse("dora"), world.now)
    with table.together() as tx:
        identity.keep_member(tx, msgspec.structs.replace(member, status=MemberStatus.INACTIVE, version=member.version + 1))
    world.callers[Kind.SWAPPED_PATIENT] = Caller(Audience.STAFF, {"__Host-session": _token(world.callers[Kind.ADA])})
    world.callers[Kind.SWAPPED_STAFF] = Caller(Audience.PATIENT, {"__Host-session-north": _token(world.callers[Kind.CYRUS])})
    world.callers[Kind.NEIGHBOUR] = Caller(Audience.PATIENT, {"__Host-session-north": _token(world.callers[Kind.SOL])})


def _token(caller: Caller) -> str:
    return next(text for name, text in caller.cookies.items() if name.startswith("__Host-session"))


def _revoked(caller: Caller, audience: Audience, now: datetime) -> Caller:
    session = identity.session_of(None, _token(caller), audience, now)
    with table.together() as tx:
        identity.close_session(session.actor.clinic, session, tx)
    return caller
