"""Linking an account to the patient whom the clinic holds: by the desk's code, once, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import boto3
import msgspec
import pytest

from chalicelib.accounts.rules import linking
from chalicelib.accounts.store import holders
from chalicelib.kit import table
from chalicelib.people import actions as people
from chalicelib.people.records import Patient
from scripts.local.wire import Answer
from tests.accounts.conftest import Move, Newest
from tests.callers import Caller, as_nobody, body_of, patient_of, seen, signed_in, slug, trail_of
from tests.cast import ADA, BEA, BEN, CYRUS, DANA, MALLORY, RHEA

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("north", "clock_at")]

NORTH = "/clinics/north"
SAID = {"given": "Ada", "family": "Moreno", "birthDate": "1987-03-14", "telephone": "+1 203 555 0119"}


def held(name: str = "chart", given: str = "Ada María") -> Patient:
    """A patient whom the clinic holds, without an account; the name and birth date are Ada's."""
    patient = msgspec.structs.replace(patient_of(ADA), id=name, given=given, email="")
    with table.together() as tx:
        people.add_patient(tx, patient, date(2026, 1, 1))
    return patient


def code_for(patient: str = "chart") -> str:
    answer = signed_in(RHEA).post(f"{NORTH}/patients/{patient}/link-code")
    assert (answer.status, body_of(answer)["minutes"]) == (200, 15)
    return str(body_of(answer)["code"])


def as_signed_in(newest_code: Newest, email: str = ADA.email) -> Caller:
    caller = as_nobody()
    caller.post(f"{NORTH}/sign-in/start", {"email": email})
    assert caller.post(f"{NORTH}/sign-in/verify", {"code": newest_code()}).status == 200
    return caller


def as_registered(newest_code: Newest, email: str = ADA.email) -> Caller:
    caller = as_signed_in(newest_code, email)
    assert caller.post(f"{NORTH}/patients", SAID).status == 201
    return caller


def link(caller: Caller, code: str) -> Answer:
    return caller.post(f"{NORTH}/link", {"code": code})


def booked(caller: Caller, start: str) -> str:
    wanted = {"service": "visit", "start": f"2026-11-24T{start}:00-05:00", "practitioner": "bea"}
    return str(body_of(caller.post(f"{NORTH}/appointments", wanted, idempotency_key=f"a-key-{start.replace(':', '')}"))["id"])


def visits(caller: Caller) -> list[str]:
    return [visit["id"] for visit in body_of(caller.get(f"{NORTH}/appointments"))["upcoming"]]


def test_ada_links_her_account_and_keeps_what_she_booked_before(newest_code: Newest, clock_at: Move) -> None:
    held()
    ada = as_registered(newest_code)
    typed = body_of(ada.get(f"{NORTH}/session"))["patient"]["id"]
    old = booked(ada, "10:40")
    answer = link(ada, code_for())
    assert (answer.status, body_of(answer)["patient"]["name"]) == (200, "Ada María Moreno")
    new = booked(ada, "09:00")
    assert visits(ada) == [new, old]
    assert signed_in(BEA).get(f"{NORTH}/patients/chart").status == 200, "new visits are the chart's"
    assert ada.post(f"{NORTH}/appointments/{old}/cancel").status == 200
    clock_at(timedelta(seconds=1))
    again = as_signed_in(newest_code)
    assert body_of(again.get(f"{NORTH}/session"))["patient"]["id"] == "chart"
    assert visits(again) == [new]
    assert [visit["id"] for visit in body_of(again.get(f"{NORTH}/appointments"))["past"]] == [old]
    (event,) = [event for event in trail_of("north", "chart") if event.action == "link_patient"]
    assert (event.who, event.about) == ("patient/chart", {"formerly": typed})


def test_the_session_tells_nothing_of_the_record_but_whose_it_is(newest_code: Newest) -> None:
    held()
    ada = as_signed_in(newest_code)
    link(ada, code_for())
    patient = body_of(ada.get(f"{NORTH}/session"))["patient"]
    assert (patient["name"], patient["email"], patient["telephone"]) == ("Ada María Moreno", ADA.email, "")


def test_who_has_not_registered_links_at_once(newest_code: Newest) -> None:
    held()
    ada = as_signed_in(newest_code)
    assert body_of(link(ada, code_for()))["patient"]["id"] == "chart"
    assert slug(ada.post(f"{NORTH}/patients", SAID)) == (409, "already-registered")
    assert body_of(as_signed_in(newest_code).get(f"{NORTH}/session"))["patient"]["id"] == "chart"


def test_the_desk_finds_the_linked_patient_once_and_with_an_account(newest_code: Newest) -> None:
    held()
    ada, rhea = as_registered(newest_code), signed_in(RHEA)
    cards = body_of(rhea.post(f"{NORTH}/patients/search", {"name": "moreno"}))["patients"]
    assert len(cards) == 2
    link(ada, code_for())
    (card,) = body_of(rhea.post(f"{NORTH}/patients/search", {"name": "moreno"}))["patients"]
    assert card["id"] == "chart"
    assert body_of(rhea.get(f"{NORTH}/patients/chart"))["hasAccount"] is True
    assert slug(rhea.post(f"{NORTH}/patients/chart/link-code")) == (409, "already-linked")


def test_other_browsers_of_the_account_sign_in_anew(newest_code: Newest) -> None:
    held()
    tablet = as_registered(newest_code)
    phone = as_signed_in(newest_code)
    link(phone, code_for())
    assert tablet.get(f"{NORTH}/appointments").status == 401
    assert phone.get(f"{NORTH}/appointments").status == 200


def test_a_name_and_a_birth_date_never_link(newest_code: Newest) -> None:
    held(given="Ada")
    ada = as_registered(newest_code)
    assert body_of(ada.get(f"{NORTH}/session"))["patient"]["id"] != "chart"
    assert body_of(signed_in(RHEA).get(f"{NORTH}/patients/chart"))["hasAccount"] is False


@pytest.mark.parametrize(
    "typing",
    [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} ", lambda code: code.replace("0", "O").replace("1", "l")],
)
def test_a_code_may_be_typed_as_people_type(newest_code: Newest, typing: Callable[[str], str]) -> None:
    held()
    assert link(as_signed_in(newest_code), typing(code_for())).status == 200


@pytest.mark.parametrize("code", ["", "K7QD", "K7QD-3M0P-1", "K7QD-3M0U", "⅏"])
def test_what_is_no_code_is_told_at_its_field(newest_code: Newest, code: str) -> None:
    answer = link(as_signed_in(newest_code), code)
    assert slug(answer) == (422, "look-again")
    assert body_of(answer)["errors"][0]["field"] == "code"


def test_a_code_works_once(newest_code: Newest) -> None:
    held()
    code = code_for()
    assert link(as_signed_in(newest_code), code).status == 200
    ben = as_signed_in(newest_code, BEN.email)
    used, wrong = link(ben, code), link(ben, "0000-0000")
    assert slug(used) == (422, "wrong-code")
    assert seen(used) == seen(wrong)


def test_a_code_works_for_fifteen_minutes(newest_code: Newest, clock_at: Move) -> None:
    held()
    code = code_for()
    ada = as_signed_in(newest_code)
    clock_at(linking.LIFE)
    late, wrong = link(ada, code), link(ada, "0000-0000")
    assert slug(late) == (422, "wrong-code")
    assert seen(late) == seen(wrong)


def test_a_newer_code_takes_the_place_of_the_older(newest_code: Newest) -> None:
    held()
    older, newer = code_for(), code_for()
    ada = as_signed_in(newest_code)
    assert slug(link(ada, older)) == (422, "wrong-code")
    assert link(ada, newer).status == 200


@pytest.mark.thorough
def test_the_sixth_try_of_an_hour_waits(newest_code: Newest, clock_at: Move) -> None:
    held()
    ada = as_signed_in(newest_code)
    assert {slug(link(ada, f"0000-000{n}")) for n in range(5)} == {(422, "wrong-code")}
    assert slug(link(ada, code_for())) == (429, "slow-down")
    ben = as_signed_in(newest_code, BEN.email)
    assert link(ben, code_for()).status == 200, "tries are each account's own"
    assert [limit.most for limit in linking.TRIES] == [5, 30, 300]


def test_the_store_holds_no_code(newest_code: Newest) -> None:
    held()
    code = code_for().replace("-", "")
    for name in boto3.client("dynamodb").list_tables()["TableNames"]:
        text = str(boto3.client("dynamodb").scan(TableName=name)["Items"])
        assert code not in text.upper()


def test_one_account_is_not_two_peoples(newest_code: Newest) -> None:
    held()
    held("child", "Leo")
    ada = as_registered(newest_code)
    link(ada, code_for())
    code = code_for("child")
    assert slug(link(ada, code)) == (409, "already-linked")
    assert body_of(ada.get(f"{NORTH}/session"))["patient"]["id"] == "chart"
    assert link(as_signed_in(newest_code, "leo@example.com"), code).status == 200, "the code was not used up"


def test_the_chart_of_somebody_else_who_is_linked_stays_theirs(newest_code: Newest) -> None:
    """Two codes cannot be alive at once; were there a second, the chart has its account already."""
    held()
    ben = as_signed_in(newest_code, BEN.email)
    code = code_for()
    with table.together() as tx:
        holders.hold("north", "chart", "somebody-else", tx, table.Lost)
    answer = link(ben, code)
    assert slug(answer) == (409, "already-linked")
    assert body_of(answer)["detail"] == "The clinic's record belongs to another account. Please ask at the front desk."
    assert body_of(ben.get(f"{NORTH}/session"))["patient"] is None


def test_whose_session_ended_meanwhile_links_nothing(newest_code: Newest) -> None:
    held()
    phone, tablet = as_signed_in(newest_code), as_signed_in(newest_code)
    code = code_for()
    phone.post(f"{NORTH}/sessions/end-all")
    assert slug(link(tablet, code)) == (401, "signed-out")
    assert link(phone, code).status == 200


def test_who_looked_is_told_under_both_ids(newest_code: Newest) -> None:
    held()
    ada, rhea = as_registered(newest_code), signed_in(RHEA)
    typed = body_of(ada.get(f"{NORTH}/session"))["patient"]["id"]
    rhea.get(f"{NORTH}/patients/{typed}")
    rhea.get(f"{NORTH}/patients/chart")
    link(ada, code_for())
    told = body_of(ada.get(f"{NORTH}/access-log"))["entries"]
    assert [entry["operation"] for entry in told].count("get_patient") == 2


@pytest.mark.parametrize("person", [BEA, DANA], ids=lambda person: person.id)
def test_codes_are_the_desks_to_give(person: Any) -> None:
    held()
    assert signed_in(person).post(f"{NORTH}/patients/chart/link-code").status == 403


def test_ben_gives_himself_no_code() -> None:
    held()
    ben = signed_in(BEN)
    ben.audience = signed_in(CYRUS).audience
    assert ben.post(f"{NORTH}/patients/chart/link-code").status == 403


@pytest.mark.parametrize(("operation", "path"), [("issue_link_code", "patients/{patient}/link-code"), ("link_patient", "link")])
def test_mallory_of_the_south_finds_no_door_of_the_north_to_issue_link_code_or_link_patient(operation: str, path: str) -> None:
    assert operation in {"issue_link_code", "link_patient"}
    held()
    mallory = signed_in(MALLORY)
    if operation == "link_patient":
        mallory.audience = signed_in(ADA).audience
    body = {"code": code_for()} if operation == "link_patient" else {}
    theirs = mallory.post(f"{NORTH}/{path.format(patient='chart')}", body)
    missing = mallory.post(f"/clinics/nowhere/{path.format(patient='nobody')}", body)
    assert theirs.status == 404
    assert seen(theirs) == seen(missing)
    if operation == "issue_link_code":
        south = mallory.post("/clinics/south/patients/chart/link-code"), mallory.post("/clinics/south/patients/nobody/link-code")
        assert seen(south[0]) == seen(south[1])
        assert south[0].status == 404


def test_a_code_of_the_north_is_nothing_in_the_south(newest_code: Newest) -> None:
    held()
    code = code_for()
    caller = as_nobody()
    caller.post("/clinics/south/sign-in/start", {"email": ADA.email})
    caller.post("/clinics/south/sign-in/verify", {"code": newest_code()})
    assert slug(caller.post("/clinics/south/link", {"code": code})) == (422, "wrong-code")
