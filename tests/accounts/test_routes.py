"""The doors of signing in, through the gateway: what goes in, what comes out, and who stays outside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.accounts import actions as accounts
from chalicelib.accounts import rules
from chalicelib.clinics.records import Clinic
from chalicelib.doors.records import Limit
from chalicelib.identity.records import Audience
from chalicelib.kit import table
from scripts.local.wire import Answer
from tests.accounts.conftest import NOW, Move, Newest
from tests.callers import Caller, as_nobody, body_of, patient_of, signed_in, slug
from tests.cast import ADA, BEN, CYRUS, GALE, MALLORY

pytestmark = pytest.mark.usefixtures("north", "clock_at")

NORTH = "/clinics/north"
SIGNED_OUT = {"signedIn": False, "patient": None}
SAID = {"given": "Ada", "family": "Moreno", "birthDate": "1987-03-14", "telephone": "+1 203 555 0119"}


def start(caller: Caller, email: str = ADA.email, clinic: str = "north") -> Answer:
    return caller.post(f"/clinics/{clinic}/sign-in/start?lang=en-US", {"email": email})


def verify(caller: Caller, code: str, clinic: str = "north") -> Answer:
    return caller.post(f"/clinics/{clinic}/sign-in/verify", {"code": code})


def as_signed_in(newest_code: Newest, email: str = ADA.email) -> Caller:
    caller = as_nobody()
    start(caller, email)
    assert verify(caller, newest_code()).status == 200
    return caller


def cookies(answer: Answer) -> list[str]:
    return [text for name, text in answer.headers if name.lower() == "set-cookie"]


def without_cookies(answer: Answer) -> tuple[int, list[tuple[str, str]], bytes]:
    return answer.status, [(name, text) for name, text in answer.headers if name.lower() != "set-cookie"], answer.body


def test_ada_signs_in_registers_and_signs_out(newest_code: Newest) -> None:
    caller = as_nobody()
    assert body_of(caller.get(f"{NORTH}/session")) == SIGNED_OUT
    sent = start(caller)
    assert (sent.status, body_of(sent)) == (202, {"sent": True, "minutes": 10})
    opened = verify(caller, newest_code())
    assert (opened.status, body_of(opened)) == (200, {"signedIn": True, "email": ADA.email, "idleSeconds": 1200, "patient": None})
    made = caller.post(f"{NORTH}/patients", SAID)
    assert made.status == 201
    patient = body_of(made)["patient"]
    assert patient == {"id": patient["id"], "name": "Ada Moreno", "email": ADA.email, "language": "en-US", **SAID}
    assert body_of(caller.get(f"{NORTH}/session")) == body_of(made)
    left = caller.post(f"{NORTH}/sign-out")
    assert (left.status, body_of(left)) == (200, SIGNED_OUT)
    assert body_of(caller.get(f"{NORTH}/session")) == SIGNED_OUT


def test_the_cookies_are_locked_to_the_host_and_the_clinic(newest_code: Newest) -> None:
    caller = as_nobody()
    (challenge,) = cookies(start(caller))
    assert challenge.startswith("__Host-chal-north=ey")
    assert challenge.endswith("; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Strict")
    session, known, gone = cookies(verify(caller, newest_code()))
    assert session.startswith("__Host-session-north=ey")
    assert session.endswith("; Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Strict")
    assert known.startswith("__Host-known-north=ey")
    assert known.endswith("; Path=/; Max-Age=7776000; Secure; HttpOnly; SameSite=Strict")
    assert gone.startswith("__Host-chal-north=; Path=/; Max-Age=0")
    (left,) = cookies(caller.post(f"{NORTH}/sign-out"))
    assert left.startswith("__Host-session-north=; Path=/; Max-Age=0")


def test_the_answer_is_the_same_for_everybody(newest_code: Newest) -> None:
    patient = patient_of(ADA)
    with table.together() as tx:
        accounts.add_account(tx, patient, NOW)
    answers = [start(as_nobody(), email) for email in (ADA.email, "stranger@example.com", *[BEN.email] * 5)]
    assert all(without_cookies(answer) == without_cookies(answers[0]) for answer in answers)
    assert len({len(cookies(answer)[0]) for answer in answers}) == 1


def test_a_wrong_code_is_told_in_words(newest_code: Newest) -> None:
    caller = as_nobody()
    start(caller)
    code = newest_code()
    refused = verify(caller, f"{(int(code) + 1) % 10**8:08}")
    assert slug(refused) == (422, "wrong-code")
    assert body_of(refused)["detail"] == "Use the newest mail that you asked for in this browser, or ask for a new code."
    assert cookies(refused) == []
    assert verify(caller, f"{code[:4]} {code[4:]}").status == 200


@pytest.mark.parametrize("code", ["1234", "", "abcdefgh", "1" * 41])
def test_what_is_no_code_is_told_at_its_field(code: str) -> None:
    caller = as_nobody()
    start(caller)
    answer = verify(caller, code)
    assert slug(answer) == (422, "look-again")
    assert body_of(answer)["errors"][0]["field"] == "code"


@pytest.mark.parametrize("email", ["", "ada", "ada@example", "a@b.c\r\nBcc: x@y.example"])
def test_what_is_no_address_is_told_at_its_field(email: str) -> None:
    answer = start(as_nobody(), email)
    assert slug(answer) == (422, "look-again")
    assert body_of(answer)["errors"][0]["field"] == "email"


def test_a_code_without_its_browser_or_after_its_time_no_longer_works(newest_code: Newest, clock_at: Move) -> None:
    caller = as_nobody()
    start(caller)
    code = newest_code()
    assert slug(verify(as_nobody(), code)) == (422, "code-expired")
    clock_at(timedelta(minutes=10))
    assert slug(verify(caller, code)) == (422, "code-expired")


def test_too_many_starts_are_slowed_down_with_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "STARTS_FROM", Limit(name="few", most=3, seconds=600))
    for number in range(3):
        assert start(as_nobody(), f"p{number}@example.com").status == 202
    answer = start(as_nobody())
    assert slug(answer) == (429, "slow-down")
    assert body_of(answer)["retryAfter"] == 570
    assert dict(answer.headers)["Retry-After"] == "570"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"given": "  "}, "given"),
        ({"family": ""}, "family"),
        ({"birthDate": "2026-11-24"}, "birthDate"),
        ({"birthDate": "14.3.1987"}, "birthDate"),
        ({"telephone": "call me"}, "telephone"),
        ({"nickname": "A"}, "nickname"),
        ({"given": "x" * 81}, "given"),
    ],
)
def test_what_ada_says_of_herself_must_be_able_to_be_true(newest_code: Newest, change: dict[str, Any], field: str) -> None:
    caller = as_signed_in(newest_code)
    answer = caller.post(f"{NORTH}/patients", SAID | change)
    assert slug(answer) == (422, "look-again")
    assert body_of(answer)["errors"][0]["field"] == field
    assert body_of(caller.get(f"{NORTH}/session"))["patient"] is None


def test_a_patient_is_registered_once(newest_code: Newest) -> None:
    caller = as_signed_in(newest_code)
    assert caller.post(f"{NORTH}/patients", SAID).status == 201
    assert slug(caller.post(f"{NORTH}/patients", SAID | {"given": "Eve"})) == (409, "already-registered")
    assert body_of(caller.get(f"{NORTH}/session"))["patient"]["given"] == "Ada"


@pytest.mark.parametrize(("path", "body"), [("patients", SAID), ("sign-out", {})])
def test_signed_out_there_is_nothing_to_register_or_to_leave(path: str, body: dict[str, Any]) -> None:
    assert slug(as_nobody().post(f"{NORTH}/{path}", body)) == (401, "signed-out")


def test_looking_at_the_session_does_not_keep_it_alive(newest_code: Newest, clock_at: Move) -> None:
    caller = as_signed_in(newest_code)
    for left in (15, 10, 5):
        clock_at(timedelta(minutes=5))
        assert body_of(caller.get(f"{NORTH}/session"))["idleSeconds"] == left * 60
    clock_at(timedelta(minutes=5))
    assert body_of(caller.get(f"{NORTH}/session")) == SIGNED_OUT


def test_a_stolen_cookie_is_worth_nothing_once_ada_has_left(newest_code: Newest) -> None:
    caller = as_signed_in(newest_code)
    thief = Caller(cookies=caller.cookies)
    assert body_of(thief.get(f"{NORTH}/session"))["signedIn"]
    caller.post(f"{NORTH}/sign-out")
    assert body_of(thief.get(f"{NORTH}/session")) == SIGNED_OUT
    assert slug(thief.post(f"{NORTH}/patients", SAID)) == (401, "signed-out")


@pytest.mark.parametrize("path", ["sign-in/start", "sign-in/verify", "patients", "sign-out"])
def test_no_other_site_can_sign_anybody_in_or_out(newest_code: Newest, path: str) -> None:
    caller = as_signed_in(newest_code)
    for headers in ({"origin": "https://mallory.example"}, {"x_portal": "0"}, {"content_type": "text/plain"}):
        assert caller.post(f"{NORTH}/{path}", {}, **headers).status in (400, 403)
    assert body_of(caller.get(f"{NORTH}/session"))["signedIn"]


def test_signing_in_to_a_second_clinic_signs_nobody_out_of_the_first(newest_code: Newest) -> None:
    caller = as_signed_in(newest_code)
    start(caller, clinic="south")
    assert verify(caller, newest_code(), "south").status == 200
    assert body_of(caller.get(f"{NORTH}/session"))["signedIn"]
    assert body_of(caller.get("/clinics/south/session"))["signedIn"]


def test_ben_signs_in_as_ben_whatever_ada_does(newest_code: Newest) -> None:
    ada, ben = as_signed_in(newest_code), as_nobody()
    ada.post(f"{NORTH}/patients", SAID)
    start(ben, BEN.email)
    assert verify(ben, newest_code()).status == 200
    assert body_of(ben.get(f"{NORTH}/session")) == {"signedIn": True, "email": BEN.email, "idleSeconds": 1200, "patient": None}


def test_ben_cannot_use_adas_code_in_his_browser(newest_code: Newest) -> None:
    ada, ben = as_nobody(), as_nobody()
    start(ben, BEN.email)
    newest_code()
    start(ada)
    assert slug(verify(ben, newest_code())) == (422, "wrong-code")


def test_mallory_gets_no_session_of_the_north_by_start_sign_in_or_verify_sign_in(newest_code: Newest) -> None:
    mallory = signed_in(MALLORY)
    mallory.audience = Audience.PATIENT
    start(mallory, MALLORY.email, "south")
    code = newest_code()
    assert slug(verify(mallory, code, "north")) == (422, "code-expired")
    assert verify(mallory, code, "south").status == 200
    assert body_of(mallory.get(f"{NORTH}/session")) == SIGNED_OUT


def test_get_session_of_the_north_shows_mallory_nobody() -> None:
    assert body_of(signed_in(MALLORY).get(f"{NORTH}/session")) == SIGNED_OUT
    assert body_of(signed_in(MALLORY).get("/clinics/south/session")) == SIGNED_OUT


@pytest.mark.parametrize(("operation", "path", "body"), [("register_patient", "patients", SAID), ("sign_out", "sign-out", {})])
def test_mallory_of_the_south_finds_no_door_of_the_north_to_register_patient_or_sign_out(
    operation: str, path: str, body: dict[str, Any]
) -> None:
    assert operation in {"register_patient", "sign_out"}
    mallory = signed_in(MALLORY)
    mallory.audience = Audience.PATIENT
    answer = mallory.post(f"{NORTH}/{path}", body)
    missing = mallory.post(f"/clinics/nowhere/{path}", body)
    assert slug(answer) == (404, "not-found")
    assert without_cookies(answer) == without_cookies(missing)
    assert body_of(mallory.get("/session"))["signedIn"]


def test_staff_are_no_patients(north: Clinic) -> None:
    cyrus = signed_in(CYRUS)
    cyrus.audience = Audience.PATIENT
    assert slug(cyrus.post(f"{NORTH}/patients", SAID)) == (403, "not-allowed")


@pytest.mark.parametrize("person", [CYRUS, GALE], ids=lambda person: person.id)
def test_the_staff_host_names_who_is_signed_in(person: Any) -> None:
    seen = body_of(signed_in(person).get("/session"))
    assert "sign_out" in seen.pop("permissions")
    assert seen == {
        "signedIn": True,
        "account": person.id,
        "name": person.name,
        "email": person.email,
        "role": str(person.role),
        "roles": [str(person.role)],
        "clinic": {"id": "north", "name": "Harbour Family Clinic"},
        "idleSeconds": 900,
        "freshSeconds": 300,
    }


def test_get_staff_session_shows_mallory_her_own_clinic_and_a_patient_nobody() -> None:
    assert body_of(signed_in(MALLORY).get("/session"))["clinic"] == {"id": "south", "name": "Southbank Health"}
    assert body_of(signed_in(ADA).get("/session")) == {"signedIn": False}
    assert body_of(as_nobody().get("/session")) == {"signedIn": False}
