"""Showing once more who one is: what counts as fresh, and what does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.accounts.actions import step_up as step_ups
from chalicelib.accounts.shapes.passkeys import StepUp
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Audience
from chalicelib.kit import clock, table
from chalicelib.kit.problem import SignedOut
from tests.accounts.authenticator import PRESENT, Authenticator
from tests.accounts.conftest import Move
from tests.accounts.staff import CEREMONY, NOBODY, a_holder, enter, shown_by, with_app
from tests.callers import Caller, body_of, signed_in, slug
from tests.cast import BEA, CYRUS, MALLORY

pytestmark = pytest.mark.usefixtures("north", "clock_at")

LATER = timedelta(minutes=6)


def step_up(caller: Caller, device: Authenticator) -> tuple[int, dict[str, object]]:
    asked = body_of(caller.post("/step-up/start"))["publicKey"]
    answer = caller.post("/step-up", {"credential": device.sign(asked)})
    return answer.status, body_of(answer)


def test_a_step_up_with_a_passkey_makes_the_session_fresh_under_a_new_sid(clock_at: Move) -> None:
    caller, device = a_holder()
    clock_at(LATER)
    assert slug(caller.post("/passkeys/start")) == (403, "step-up-needed")
    before = caller.cookies["__Host-session"]
    status, seen = step_up(caller, device)
    assert (status, seen["freshSeconds"]) == (200, 300)
    assert caller.post("/passkeys/start").status == 200
    assert body_of(Caller(Audience.STAFF, {"__Host-session": before}).get("/session")) == NOBODY


def test_a_proof_is_fresh_for_five_minutes(clock_at: Move) -> None:
    caller, _ = a_holder()
    clock_at(timedelta(minutes=5))
    assert caller.post("/passkeys/start").status == 200
    clock_at(timedelta(seconds=1))
    assert slug(caller.post("/passkeys/start")) == (403, "step-up-needed")


def test_only_ones_own_passkeys_are_asked_for() -> None:
    caller, device = a_holder()
    a_holder(BEA)
    begun = body_of(caller.post("/step-up/start"))
    assert [each["id"] for each in begun["publicKey"]["allowCredentials"]] == [device.sign(begun["publicKey"])["id"]]
    assert begun["totp"] is False
    assert body_of(signed_in(MALLORY).post("/step-up/start")) == {"publicKey": None, "totp": False}


def test_a_step_up_with_an_app(clock_at: Move) -> None:
    caller = signed_in(CYRUS)
    app = with_app(caller)
    clock_at(LATER)
    assert body_of(caller.post("/step-up/start")) == {"publicKey": None, "totp": True}
    code = shown_by(app)
    assert body_of(caller.post("/step-up", {"totp": code}))["freshSeconds"] == 300
    assert slug(caller.post("/step-up", {"totp": code})) == (422, "wrong-code")


def test_five_wrong_codes_in_a_quarter_of_an_hour_are_all(clock_at: Move) -> None:
    caller = signed_in(CYRUS)
    app = with_app(caller)
    clock_at(LATER)
    wrong = f"{(int(shown_by(app, 3)) + 1) % 10**6:06}"
    found = [slug(caller.post("/step-up", {"totp": wrong})) for _ in range(5)]
    assert found == [(422, "wrong-code")] * 5
    assert slug(caller.post("/step-up", {"totp": shown_by(app)})) == (429, "slow-down")


@pytest.mark.parametrize("lie", ["origin", "host", "flags", "challenge", "count"])
def test_a_passkey_that_lies_makes_nothing_fresh(clock_at: Move, lie: str) -> None:
    caller, device = a_holder()
    enter(device)
    clock_at(LATER)
    lies: dict[str, object] = {"origin": "https://mallory.example", "host": "localhost", "flags": PRESENT, "challenge": "AAAA", "count": -1}
    setattr(device, lie, lies[lie])
    status, told = step_up(caller, device)
    assert (status, told["type"]) == (422, "wrong-passkey")
    assert slug(caller.post("/passkeys/start")) == (403, "step-up-needed")


def test_beas_passkey_does_not_confirm_that_it_is_cyrus(clock_at: Move) -> None:
    cyrus, _ = a_holder()
    _, beas = a_holder(BEA)
    clock_at(LATER)
    assert step_up(cyrus, beas)[0] == 422


def test_a_ceremony_of_another_session_confirms_nothing() -> None:
    caller, device = a_holder()
    other = enter(device)
    asked = body_of(other.post("/step-up/start"))["publicKey"]
    caller.cookies[CEREMONY] = other.cookies[CEREMONY]
    assert slug(caller.post("/step-up", {"credential": device.sign(asked)})) == (422, "wrong-passkey")


def test_a_step_up_works_once(clock_at: Move) -> None:
    caller, device = a_holder()
    asked = body_of(caller.post("/step-up/start"))["publicKey"]
    ceremony = caller.cookies[CEREMONY]
    answer = device.sign(asked)
    assert caller.post("/step-up", {"credential": answer}).status == 200
    caller.cookies[CEREMONY] = ceremony
    assert slug(caller.post("/step-up", {"credential": answer})) == (422, "wrong-passkey")


@pytest.mark.parametrize("body", [{}, {"totp": ""}, {"credential": None}, {"totp": "12"}, {"totp": "123456", "credential": {}}])
def test_a_step_up_is_one_proof(body: dict[str, object]) -> None:
    caller, _ = a_holder()
    assert slug(caller.post("/step-up", body)) == (422, "look-again")


@pytest.mark.parametrize("operation", ["start_step_up", "step_up"])
def test_mallory_cannot_confirm_that_she_is_cyrus(operation: str, clock_at: Move) -> None:
    assert operation
    cyrus, device = a_holder()
    mallory, _ = a_holder(MALLORY)
    clock_at(LATER)
    asked = body_of(cyrus.post("/step-up/start"))["publicKey"]
    mallory.cookies[CEREMONY] = cyrus.cookies[CEREMONY]
    assert slug(mallory.post("/step-up", {"credential": device.sign(asked)})) == (422, "wrong-passkey")
    assert slug(mallory.post("/passkeys/start")) == (403, "step-up-needed")


def test_a_session_that_is_ended_at_this_moment_does_not_come_back_by_a_step_up(clock_at: Move) -> None:
    caller = signed_in(CYRUS)
    app = with_app(caller)
    clock_at(LATER)
    session = identity.session_of(None, caller.cookies["__Host-session"], Audience.STAFF, clock.now())
    with table.together() as tx:
        identity.close_session("north", session, tx)
    with pytest.raises(SignedOut):
        step_ups.step_up(session, StepUp(totp=shown_by(app)), "", clock.now())
    assert identity.sessions("north", "cyrus", clock.now()) == []
