"""The patients that a clinic holds: found by the beginning of a name, seen by whom it concerns, and every look written down."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.accounts import actions as accounts
from chalicelib.accounts.actions import emergency
from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Audience
from chalicelib.kit import table
from chalicelib.kit.problem import SignedOut
from chalicelib.people import actions as people
from chalicelib.people import rules
from chalicelib.people.records import Patient
from scripts.local.wire import Answer
from tests.accounts.conftest import NOW, Move
from tests.booking.calls import counted
from tests.callers import Caller, as_nobody, body_of, letters, patient_of, seen, signed_in, slug, trail_of
from tests.cast import ADA, BEA, BEN, CYRUS, DANA, GALE, MALLORY, OTTO, RHEA

pytestmark = pytest.mark.usefixtures("north", "clock_at")

PATIENTS = "/clinics/north/patients"
RECORDS = "/clinics/north/patient-records"
EMERGENCY = "/clinics/north/emergency-access"
TOLD = {"given": "Iñigo", "family": "Łukasz-O'Brien", "birthDate": "1990-02-03", "telephone": "+1 203 555 0177"}
REASON = "Unconscious in the waiting room; allergies must be known."


def held(given: str, family: str, clinic: str = "north", number: int = 0) -> Patient:
    """A patient whom a clinic holds, without an account."""
    made = msgspec.structs.replace(patient_of(ADA), id=f"held-{given}-{family}-{number}".lower().replace(" ", "-")[:60], clinic=clinic)
    patient = msgspec.structs.replace(made, given=given, family=family, email="")
    with table.together() as tx:
        people.add_patient(tx, patient, date(2026, 1, 1))
    return patient


def found(caller: Caller, name: str, **query: Any) -> list[str]:
    return [card["name"] for card in body_of(caller.post(f"{PATIENTS}/search", {"name": name, **query}))["patients"]]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("mor", ["Ada Moreno"]),
        ("ADA", ["Ada Moreno"]),
        ("ada mor", ["Ada Moreno"]),
        ("moreno, a", ["Ada Moreno"]),
        ("garcia", ["José García López"]),
        ("jose gar", ["José García López"]),
        ("GARCÍA", ["José García López"]),
        ("lukasz", ["Łukasz Żak"]),
        ("strasse", ["Anna Straße"]),
        ("an", ["Anna Straße", "Anna Anders", "Sol An-Li"]),
        ("王小", ["小明 王小"]),
        ("zz", []),
    ],
)
def test_patients_are_found_by_the_beginning_of_either_name(typed: str, names: list[str]) -> None:
    for given, family in (
        ("Ada", "Moreno"),
        ("José", "García López"),
        ("Łukasz", "Żak"),
        ("Anna", "Straße"),
        ("Anna", "Anders"),
        ("Sol", "An-Li"),
        ("小明", "王小"),
    ):
        held(given, family)
    held("Ada", "Moreno", "south")
    assert sorted(found(signed_in(RHEA), typed)) == sorted(names)


def test_a_search_is_one_query_and_one_entry() -> None:
    held("Ada", "Moreno")
    rhea = signed_in(RHEA)
    as_nobody().get("/clinics/north")
    with counted() as asked:
        assert found(rhea, "mor") == ["Ada Moreno"]
    assert asked.calls["Query"] == 1
    (event,) = [event for event in audit.of_day("north", NOW.date()) if event.reading]
    assert (event.action, event.who, event.about) == ("list_patients", "reception/rhea", {"found": "1", "patients": "held-ada-moreno-0"})


@pytest.mark.parametrize("name", ["", "a", "  ", "-.", "a-"])
def test_one_letter_is_not_enough(name: str) -> None:
    answer = signed_in(RHEA).post(f"{PATIENTS}/search", {"name": name})
    assert slug(answer) == (422, "look-again")
    assert body_of(answer)["errors"][0]["field"] == "name"


@pytest.mark.parametrize("limit", [0, 26, "x"])
def test_a_page_has_twenty_five_at_most(limit: Any) -> None:
    assert signed_in(RHEA).post(f"{PATIENTS}/search", {"name": "mo", "limit": limit}).status == 422


def pages(caller: Caller, name: str, limit: int) -> list[list[str]]:
    """The ids of every page."""
    cursor, told = "", []
    while True:
        body = body_of(caller.post(f"{PATIENTS}/search", {"name": name, "limit": limit, "cursor": cursor}))
        told.append([card["id"] for card in body["patients"]])
        cursor = body["next"]
        if not cursor:
            return told


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_tell_of_everybody_once_and_in_order(limit: int) -> None:
    expected = [held("Mona", "Ellis", number=n).id for n in range(3)]
    expected += [held("Mona", family).id for family in ("Moore", "Morris")]  # who fits by both names
    expected += [held("Zoe", "Moss", number=n).id for n in range(2)]
    told = pages(signed_in(RHEA), "mo", limit)
    flat = [each for page in told for each in page]
    assert sorted(flat) == sorted(expected)
    assert len(set(flat)) == len(flat)
    assert all(len(page) <= limit for page in told)


def test_a_patient_added_between_pages_disturbs_nobody() -> None:
    ids = [held("Mona", "Ellis", number=n).id for n in range(4)]
    rhea = signed_in(RHEA)
    first = body_of(rhea.post(f"{PATIENTS}/search", {"name": "mona", "limit": 2}))
    held("Mona", "Adams")
    rest = body_of(rhea.post(f"{PATIENTS}/search", {"name": "mona", "limit": 25, "cursor": first["next"]}))
    assert [card["id"] for body in (first, rest) for card in body["patients"]] == ids


def test_a_cursor_holds_no_name_and_is_good_for_its_own_search_and_clinic_only() -> None:
    for n in range(3):
        held("Mona", "Ellis", number=n)
        held("Mona", "Ellis", "south", number=n)
    rhea, mallory = signed_in(RHEA), signed_in(MALLORY)
    cursor = body_of(rhea.post(f"{PATIENTS}/search", {"name": "mona", "limit": 1}))["next"]
    foreign = body_of(mallory.post("/clinics/south/patients/search", {"name": "mona", "limit": 1}))["next"]
    assert b"ona ellis" not in urlsafe_b64decode(cursor + "==")
    for wrong in (foreign, cursor[:-2], cursor + "A", "x", "🐟", "!!!!", "A" * 400):
        assert slug(rhea.post(f"{PATIENTS}/search", {"name": "mona", "limit": 1, "cursor": wrong})) == (400, "unreadable"), wrong
    assert slug(rhea.post(f"{PATIENTS}/search", {"name": "ellis", "limit": 1, "cursor": cursor})) == (400, "unreadable")


def test_the_desk_makes_a_record_and_finds_it() -> None:
    rhea = signed_in(RHEA)
    made = rhea.post(RECORDS, TOLD, idempotency_key="a-key-of-rheas")
    record = body_of(made)
    assert made.status == 201
    assert record == {
        **TOLD,
        "id": record["id"],
        "name": "Iñigo Łukasz-O'Brien",
        "email": "",
        "language": "en-US",
        "hasAccount": False,
    }
    assert body_of(rhea.post(RECORDS, TOLD, idempotency_key="a-key-of-rheas")) == record, "the same key makes no second"
    assert found(rhea, "lukasz o") == [record["name"]]
    assert body_of(rhea.get(f"{PATIENTS}/{record['id']}")) == record
    told = {(event.action, event.reading) for event in trail_of("north", record["id"])}
    assert told == {("list_patients", True), ("get_patient", True), ("add_patient", False)}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"given": " "}, "given"),
        ({"birthDate": "2026-11-25"}, "birthDate"),
        ({"telephone": ""}, "telephone"),
        ({"telephone": "call me"}, "telephone"),
        ({"email": "ada"}, "email"),
        ({"patient": "x"}, "patient"),
    ],
)
def test_what_the_desk_writes_must_be_able_to_be_true(change: dict[str, Any], field: str) -> None:
    answer = signed_in(RHEA).post(RECORDS, TOLD | change, idempotency_key="a-key-of-rheas")
    assert slug(answer) == (422, "look-again")
    assert body_of(answer)["errors"][0]["field"] == field


def test_a_self_registered_patient_has_an_account() -> None:
    with table.together() as tx:
        people.add_patient(tx, patient_of(ADA), date(2026, 1, 1))
        accounts.add_account(tx, patient_of(ADA), NOW)
    assert body_of(signed_in(CYRUS).get(f"{PATIENTS}/ada"))["hasAccount"] is True


def a_visit(ada: Caller, practitioner: str) -> str:
    wanted = {"service": "visit" if practitioner == "bea" else "flu", "start": "2026-11-24T10:40:00-05:00", "practitioner": practitioner}
    answer = ada.post("/clinics/north/appointments", wanted, idempotency_key=f"a-key-{practitioner}")
    assert answer.status == 201, answer.body
    return str(body_of(answer)["id"])


def test_who_cares_for_patients_sees_those_who_have_a_visit_with_them() -> None:
    ada, bea, dana = signed_in(ADA), signed_in(BEA), signed_in(DANA)
    signed_in(BEN)
    missing = bea.get(f"{PATIENTS}/{'0' * 20}")
    assert seen(bea.get(f"{PATIENTS}/ada")) == seen(missing)
    visit = a_visit(ada, "bea")
    assert body_of(bea.get(f"{PATIENTS}/ada"))["name"] == "Ada Moreno"
    assert seen(dana.get(f"{PATIENTS}/ada")) == seen(missing), "another's visit"
    assert seen(bea.get(f"{PATIENTS}/ben")) == seen(missing), "another patient"
    ada.post(f"/clinics/north/appointments/{visit}/cancel", {})
    assert seen(bea.get(f"{PATIENTS}/ada")) == seen(missing), "a cancelled visit is none"
    assert bea.post(f"{PATIENTS}/search", {"name": "mor"}).status == 403


@pytest.mark.parametrize("person", [GALE, OTTO], ids=lambda person: person.id)
def test_who_does_not_care_for_patients_sees_none(person: Any) -> None:
    signed_in(ADA)
    assert signed_in(person).get(f"{PATIENTS}/ada").status == 403
    assert signed_in(person).post(f"{PATIENTS}/search", {"name": "mor"}).status == 403


def test_in_an_emergency_a_nurse_sees_everybody_for_an_hour_and_the_managers_are_told(clock_at: Move) -> None:
    for person in (ADA, CYRUS, GALE):
        signed_in(person)
    dana = signed_in(DANA)
    assert dana.post(f"{PATIENTS}/search", {"name": "mor"}).status == 403
    answer = dana.post(EMERGENCY, {"reason": REASON})
    view = body_of(answer)
    assert (answer.status, view["emergencyUntil"]) == (200, "2026-11-23T13:00:30Z")
    assert {"list_patients", "get_patient"} <= set(view["permissions"])
    assert found(dana, "mor") == ["Ada Moreno"]
    assert dana.get(f"{PATIENTS}/ada").status == 200
    assert sorted(letter.to for letter in letters()) == sorted([CYRUS.email, GALE.email])
    for letter in letters():
        assert REASON in letter.text
        assert "Unconscious" not in letter.subject
    told = audit.of_day("north", NOW.date())
    (started,) = [event for event in told if event.action == "start_emergency_access"]
    assert (started.name, started.about["reason"]) == ("Dana Whitcombe", REASON)
    assert {event.about.get("emergency") for event in told if event.reading} == {"yes"}
    for _ in range(6):
        clock_at(timedelta(minutes=10))
        dana.get("/clinics/north/sessions")
    assert dana.get(f"{PATIENTS}/ada").status == 404
    assert dana.post(f"{PATIENTS}/search", {"name": "mor"}).status == 403


@pytest.mark.parametrize("reason", ["", "too short", "x" * 501])
def test_emergency_access_wants_a_reason(reason: str) -> None:
    answer = signed_in(DANA).post(EMERGENCY, {"reason": reason})
    assert slug(answer) == (422, "look-again")
    assert letters() == []


@pytest.mark.parametrize("person", [RHEA, CYRUS, GALE, OTTO], ids=lambda person: person.id)
def test_emergency_access_is_for_who_cares_for_patients(person: Any) -> None:
    assert signed_in(person).post(EMERGENCY, {"reason": REASON}).status == 403


def test_a_session_that_has_ended_starts_no_emergency(north: Clinic) -> None:
    dana = signed_in(DANA)
    session = identity.session_of(None, dana.cookies["__Host-session"], Audience.STAFF, NOW)
    dana.post("/clinics/north/sessions/end-all", {"this": True})
    with pytest.raises(SignedOut):
        emergency.start_emergency_access(north, session, REASON, NOW)
    assert letters() == []


DOORS = [
    ("list_patients", lambda caller, clinic, patient: caller.post(f"/clinics/{clinic}/patients/search", {"name": "mor"})),
    ("get_patient", lambda caller, clinic, patient: caller.get(f"/clinics/{clinic}/patients/{patient}")),
    (
        "add_patient",
        lambda caller, clinic, patient: caller.post(f"/clinics/{clinic}/patient-records", TOLD, idempotency_key="a-key-of-hers"),
    ),
    ("start_emergency_access", lambda caller, clinic, patient: caller.post(f"/clinics/{clinic}/emergency-access", {"reason": REASON})),
]


@pytest.mark.parametrize(("operation", "ask"), DOORS, ids=[name for name, _ in DOORS])
def test_mallory_of_the_south_finds_no_patients_of_the_north(operation: str, ask: Callable[[Caller, str, str], Answer]) -> None:
    assert operation in {"list_patients", "get_patient", "add_patient", "start_emergency_access"}
    signed_in(ADA)
    mallory = signed_in(MALLORY)
    theirs, missing = ask(mallory, "north", "ada"), ask(mallory, "nowhere", "0" * 20)
    assert theirs.status == 404
    assert seen(theirs) == seen(missing)
    assert seen(mallory.get("/clinics/south/patients/ada")) == seen(mallory.get(f"/clinics/south/patients/{'0' * 20}"))


@pytest.mark.parametrize(("operation", "ask"), DOORS, ids=[name for name, _ in DOORS])
def test_ben_is_no_staff(operation: str, ask: Callable[[Caller, str, str], Answer]) -> None:
    assert operation
    signed_in(ADA)
    ben = signed_in(BEN)
    ben.audience = Audience.STAFF
    assert ask(ben, "north", "ada").status == 403


@pytest.mark.parametrize(
    ("given", "folded"),
    [
        ("  José   GARCÍA ", "jose garcia"),
        ("O'Brien-Smith", "o brien smith"),
        ("Straße", "strasse"),
        ("Ærøskøbing Þór", "aeroskobing thor"),
        ("İpek", "ipek"),
        ("#~|\x00", ""),
        ("x" * 200, "x" * 160),
    ],
)
def test_names_are_folded_the_way_people_type_them(given: str, folded: str) -> None:
    assert rules.folded(given) == folded


def test_somebody_whose_names_are_the_same_stands_in_the_list_once() -> None:
    held("Ali", "Ali")
    assert found(signed_in(RHEA), "ali") == ["Ali Ali"]
