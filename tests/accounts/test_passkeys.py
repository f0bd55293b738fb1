"""Passkeys, through the gateway, with an authenticator of our own: what opens, and all that does not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.accounts.store import staff_accounts as store
from chalicelib.audit import actions as audit
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Audience, MemberStatus
from chalicelib.kit import clock, table
from tests.accounts.authenticator import PRESENT, Authenticator, b64, raw
from tests.accounts.conftest import Delivered, Move
from tests.accounts.staff import CEREMONY, KNOWN, NOBODY, a_holder, as_stranger, ask, enter, everything_stored, finish, with_passkey
from tests.callers import Caller, as_actor, body_of, signed_in, slug
from tests.cast import BEA, CYRUS, GALE, MALLORY, RHEA

pytestmark = pytest.mark.usefixtures("north", "clock_at")

WRONG = (422, "wrong-passkey")


def test_cyrus_signs_in_with_his_passkey_in_a_browser_that_never_saw_him() -> None:
    _, device = a_holder()
    caller = as_stranger()
    answer = finish(caller, device.sign(ask(caller)))
    seen = body_of(answer)
    assert (seen["signedIn"], seen["account"], seen["clinic"]["id"], seen["freshSeconds"]) == (True, "cyrus", "north", 300)
    assert body_of(caller.get("/session")) == seen
    assert caller.cookies[CEREMONY] == ""
    session = next(text for name, text in answer.headers if name == "Set-Cookie" and "__Host-session=" in text)
    assert session.endswith("; Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Strict")


def test_what_the_browser_is_asked_names_nobody_and_wants_the_person_verified() -> None:
    a_holder()
    asked = ask(as_stranger())
    assert asked == {
        "challenge": asked["challenge"],
        "rpId": "staff.localhost",
        "allowCredentials": [],
        "userVerification": "required",
        "timeout": 300_000,
    }
    assert len(asked["challenge"]) == 43
    assert ask(as_stranger())["challenge"] != asked["challenge"]


def test_what_a_new_passkey_must_be() -> None:
    caller, device = a_holder()
    asked = body_of(caller.post("/passkeys/start"))["publicKey"]
    assert asked["authenticatorSelection"] == {"residentKey": "required", "requireResidentKey": True, "userVerification": "required"}
    assert asked["excludeCredentials"] == [{"id": b64(device.credential), "type": "public-key"}]
    assert asked["user"] == {"id": b64(b"cyrus"), "name": CYRUS.email, "displayName": CYRUS.name}
    assert (asked["attestation"], asked["rp"]["id"]) == ("none", "staff.localhost")


LIES: dict[str, Callable[[Authenticator], None]] = {
    "wrong origin": lambda device: setattr(device, "origin", "http://staff.localhost:8001"),
    "the patients' origin": lambda device: setattr(device, "origin", "http://localhost:8000"),
    "wrong challenge": lambda device: setattr(device, "challenge", b64(b"x" * 32)),
    "wrong RP id": lambda device: setattr(device, "host", "localhost"),
    "person not verified": lambda device: setattr(device, "flags", PRESENT),
    "person not present": lambda device: setattr(device, "flags", 0x04),
    "counter goes back": lambda device: setattr(device, "count", -1 + device.count - 1),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_passkey_that_lies_opens_nothing(lie: str) -> None:
    _, device = a_holder()
    enter(device)
    enter(device)
    LIES[lie](device)
    caller = as_stranger()
    assert slug(finish(caller, device.sign(ask(caller)))) == WRONG
    assert body_of(caller.get("/session")) == NOBODY


@pytest.mark.parametrize("lie", [lie for lie in LIES if "counter" not in lie])
def test_a_passkey_that_lies_is_not_kept(lie: str) -> None:
    caller, device = signed_in(CYRUS), Authenticator()
    LIES[lie](device)
    asked = body_of(caller.post("/passkeys/start"))["publicKey"]
    assert slug(caller.post("/passkeys/finish", {"credential": device.make(asked), "label": "x"})) == WRONG
    assert body_of(caller.get("/factors")) == {"passkeys": [], "totp": False}


def test_an_authenticator_that_never_counts_works_again_and_again() -> None:
    caller = signed_in(CYRUS)
    device = with_passkey(caller, Authenticator(counts=False))
    for _ in range(2):
        seen = body_of(enter(device).get("/session"))
        assert (seen["signedIn"], seen["account"]) == (True, "cyrus")


@pytest.mark.parametrize("field", ["signature", "userHandle", "authenticatorData", "clientDataJSON"])
def test_an_answer_that_was_changed_on_its_way_opens_nothing(field: str) -> None:
    _, device = a_holder()
    caller = as_stranger()
    changed = {"userHandle": b64(b"bea")}.get(field, b64(b"not this"))
    assert slug(finish(caller, device.sign(ask(caller), **{field: changed}))) == WRONG


@pytest.mark.parametrize("handle", [None, "", b64(b"\xff\xfe"), b64(b"EMAIL#x"), b64(b"nobody"), "%%%"])
def test_a_passkey_of_nobody_gets_the_very_answer_of_a_wrong_one(handle: str | None) -> None:
    _, device = a_holder()
    one, other = as_stranger(), as_stranger()
    wrong = finish(one, device.sign(ask(one), signature=b64(b"wrong")))
    nobodys = finish(other, device.sign(ask(other), userHandle=handle))
    assert (nobodys.status, nobodys.body) == (wrong.status, wrong.body)


def test_beas_passkey_does_not_open_cyruss_account() -> None:
    a_holder()
    _, beas = a_holder(BEA)
    caller = as_stranger()
    assert slug(finish(caller, beas.sign(ask(caller), userHandle=b64(b"cyrus")))) == WRONG


def test_an_answer_works_once() -> None:
    _, device = a_holder()
    caller = as_stranger()
    answer = device.sign(ask(caller))
    ceremony = caller.cookies[CEREMONY]
    assert finish(caller, answer).status == 200
    again = Caller(Audience.STAFF, {CEREMONY: ceremony})
    assert slug(finish(again, answer)) == WRONG
    device.count += 5
    fresh = device.sign({"challenge": _challenge(answer)})
    assert slug(finish(again, fresh)) == WRONG


def _challenge(answer: dict[str, Any]) -> str:
    found: str = json.loads(raw(answer["response"]["clientDataJSON"]))["challenge"]
    return found


def test_an_answer_works_only_in_the_browser_that_began() -> None:
    _, device = a_holder()
    asked = ask(as_stranger())
    other = as_stranger()
    ask(other)
    assert slug(finish(other, device.sign(asked))) == WRONG
    assert slug(finish(as_stranger(), device.sign(asked))) == WRONG


def test_a_ceremony_is_over_after_five_minutes(clock_at: Move) -> None:
    _, device = a_holder()
    caller = as_stranger()
    asked = ask(caller)
    clock_at(timedelta(minutes=5))
    assert slug(finish(caller, device.sign(asked))) == WRONG


@pytest.mark.parametrize("kind", ["register", "step-up"])
def test_a_ceremony_for_something_else_signs_nobody_in(kind: str) -> None:
    caller, device = a_holder()
    path = {"register": "/passkeys/start", "step-up": "/step-up/start"}[kind]
    asked = body_of(caller.post(path))["publicKey"]
    assert slug(finish(Caller(Audience.STAFF, {CEREMONY: caller.cookies[CEREMONY]}), device.sign(asked))) == WRONG


def test_who_works_nowhere_any_more_gets_the_answer_of_a_wrong_passkey() -> None:
    _, device = a_holder()
    member = identity.member("north", "cyrus")
    assert member
    one = as_stranger()
    wrong = finish(one, device.sign(ask(one), signature=b64(b"wrong")))
    with table.together() as tx:
        identity.keep_member(tx, msgspec.structs.replace(member, status=MemberStatus.INACTIVE, version=member.version + 1))
    caller = as_stranger()
    refused = finish(caller, device.sign(ask(caller)))
    assert (refused.status, refused.body) == (wrong.status, wrong.body)


def test_a_session_begins_where_somebody_worked_last_and_where_they_still_work() -> None:
    _, device = a_holder(GALE)
    as_actor(msgspec.structs.replace(GALE.actor(), clinic="prairie"), Audience.STAFF)
    _worked_also_in("gale", "prairie")
    assert body_of(enter(device).get("/session"))["clinic"]["id"] == "north"
    browser = enter(device)
    assert browser.post("/session/clinic", {"clinic": "prairie"}).status == 200
    assert body_of(enter(device).get("/session"))["clinic"]["id"] == "prairie"
    member = identity.member("prairie", "gale")
    assert member
    with table.together() as tx:
        identity.keep_member(tx, msgspec.structs.replace(member, status=MemberStatus.INACTIVE, version=member.version + 1))
    seen = body_of(enter(device).get("/session"))
    assert (seen["clinic"]["id"], seen.get("clinics")) == ("north", None)


def test_a_new_browser_is_told_to_the_owner_and_a_known_one_is_not(delivered: Delivered) -> None:
    _, device = a_holder()
    delivered()
    browser = enter(device)
    ((to, text),) = delivered()
    assert to == CYRUS.email
    assert "a browser that we have not seen before" in text
    browser.post("/clinics/north/sign-out")
    enter(device, browser)
    assert delivered() == []
    enter(device, Caller(Audience.STAFF, {KNOWN: browser.cookies[KNOWN][:-4] + "AAAA"}))
    assert len(delivered()) == 1


def test_a_shared_desk_is_known_for_each_of_its_people(delivered: Delivered) -> None:
    (_, his), (_, hers) = a_holder(), a_holder(RHEA)
    desk = enter(hers, enter(his))
    delivered()
    for device in (his, hers, his):
        enter(device, desk)
    assert delivered() == []


def test_signing_in_leaves_the_session_before_behind() -> None:
    _, device = a_holder()
    caller = enter(device)
    left = Caller(Audience.STAFF, dict(caller.cookies))
    enter(device, caller)
    assert body_of(left.get("/session")) == NOBODY


def test_every_change_of_factors_is_told_to_the_owner(delivered: Delivered) -> None:
    caller, _ = a_holder()
    second = with_passkey(caller, label="Laptop")
    assert second
    found = body_of(caller.get("/factors"))["passkeys"]
    caller.post(f"/passkeys/{found[0]['id']}/remove")
    letters = delivered()
    assert {to for to, _ in letters} == {CYRUS.email}
    assert sum("A new passkey opens" in text for _, text in letters) == 2
    assert sum("A passkey no longer opens" in text for _, text in letters) == 1


def test_a_removed_passkey_opens_nothing_and_ends_the_other_sessions() -> None:
    caller, device = a_holder()
    with_passkey(caller, label="Laptop")
    other = enter(device)
    before = caller.cookies["__Host-session"]
    found = {each["label"]: each["id"] for each in body_of(caller.get("/factors"))["passkeys"]}
    answer = caller.post(f"/passkeys/{found['Phone']}/remove")
    assert [each["label"] for each in body_of(answer)["passkeys"]] == ["Laptop"]
    assert body_of(other.get("/session")) == NOBODY
    assert body_of(caller.get("/session"))["signedIn"]
    assert body_of(Caller(Audience.STAFF, {"__Host-session": before}).get("/session")) == NOBODY
    stranger = as_stranger()
    assert slug(finish(stranger, device.sign(ask(stranger)))) == WRONG


def test_removing_one_ends_the_sessions_in_all_clinics() -> None:
    caller, device = a_holder(GALE)
    with_passkey(caller, label="Laptop")
    prairie = as_actor(msgspec.structs.replace(GALE.actor(), clinic="prairie"), Audience.STAFF)
    _worked_also_in("gale", "prairie")
    first = body_of(caller.get("/factors"))["passkeys"][0]["id"]
    assert body_of(prairie.get("/session"))["signedIn"]
    assert caller.post(f"/passkeys/{first}/remove").status == 200
    assert body_of(prairie.get("/session")) == NOBODY
    assert device


def _worked_also_in(account: str, clinic: str) -> None:
    found = store.get(account)
    assert found
    with table.together() as tx:
        store.change(found, msgspec.structs.replace(found, clinics=(*found.clinics, clinic)), tx)


def test_the_only_way_in_cannot_be_removed() -> None:
    caller, _ = a_holder()
    (only,) = body_of(caller.get("/factors"))["passkeys"]
    assert slug(caller.post(f"/passkeys/{only['id']}/remove")) == (409, "last-factor")
    assert slug(caller.post("/passkeys/0000/remove")) == (404, "not-found")


@pytest.mark.parametrize(
    ("given", "kept"),
    [("  My\tphone \u202e ", "My phone"), ("", "Passkey"), ("<b>x</b>", "<b>x</b>"), ("x" * 100, "x" * 60), ("\x00\r\nBcc: a", "Bcc: a")],
)
def test_what_a_passkey_is_called_is_one_visible_line(given: str, kept: str) -> None:
    caller = signed_in(CYRUS)
    with_passkey(caller, label=given)
    assert body_of(caller.get("/factors"))["passkeys"][0]["label"] == kept


def test_setting_one_up_wants_a_fresh_proof(clock_at: Move) -> None:
    caller, _ = a_holder()
    clock_at(timedelta(minutes=6))
    for path in ("/passkeys/start", "/totp/start", "/totp/remove", "/passkeys/abc/remove"):
        assert slug(caller.post(path)) == (403, "step-up-needed")
    assert caller.get("/factors").status == 200


@pytest.mark.thorough
def test_an_account_holds_ten_passkeys() -> None:
    caller = signed_in(CYRUS)
    for number in range(10):
        with_passkey(caller, label=f"{number}")
    assert slug(caller.post("/passkeys/start"))[1] in {"too-many-passkeys", "slow-down"}
    assert len(body_of(caller.get("/factors"))["passkeys"]) == 10


@pytest.mark.thorough
def test_three_hundred_answers_of_one_network_in_ten_minutes_are_enough() -> None:
    body: dict[str, Any] = {"credential": Authenticator().sign({"challenge": "x"})}
    statuses = [as_stranger().post("/staff/sign-in/passkey/finish", body).status for _ in range(301)]
    assert statuses == [422] * 300 + [429]


def test_no_private_half_and_no_challenge_lies_in_any_row() -> None:
    caller, device = a_holder()
    answer = device.sign(ask(caller))
    finish(caller, answer)
    stored = everything_stored()
    secret_number = device.key.private_numbers().private_value
    for secret in (_challenge(answer), caller.cookies["__Host-session"], answer["response"]["signature"], str(secret_number)):
        assert secret not in stored
    assert hashlib.sha256(_challenge(answer).encode()).hexdigest() in stored


@pytest.mark.parametrize("operation", ["start_passkey_sign_in", "finish_passkey_sign_in"])
def test_mallory_gets_no_session_of_the_north_by_her_own_passkey(operation: str) -> None:
    assert operation
    _, device = a_holder(MALLORY)
    caller = enter(device)
    assert body_of(caller.get("/session"))["clinic"]["id"] == "south"
    stranger = as_stranger()
    assert slug(finish(stranger, device.sign(ask(stranger), userHandle=b64(b"cyrus")))) == WRONG


@pytest.mark.parametrize("operation", ["register_passkey", "finish_passkey", "remove_passkey", "list_factors"])
def test_mallory_sees_and_changes_no_passkey_but_her_own(operation: str) -> None:
    assert operation
    cyrus, _ = a_holder()
    mallory, _ = a_holder(MALLORY)
    with_passkey(mallory, label="Second")
    (his,) = body_of(cyrus.get("/factors"))["passkeys"]
    assert his["id"] not in str(body_of(mallory.get("/factors")))
    foreign, missing = mallory.post(f"/passkeys/{his['id']}/remove"), mallory.post(f"/passkeys/{'0' * 32}/remove")
    assert slug(foreign) == (404, "not-found")
    assert foreign.body == missing.body
    asked = body_of(cyrus.post("/passkeys/start"))["publicKey"]
    mallory.cookies[CEREMONY] = cyrus.cookies[CEREMONY]
    assert slug(mallory.post("/passkeys/finish", {"credential": Authenticator().make(asked), "label": "hers"})) == WRONG
    assert len(body_of(cyrus.get("/factors"))["passkeys"]) == 1


@pytest.mark.thorough
def test_a_stranger_cannot_fill_a_clinics_trail() -> None:
    """Whose passkey it is said to be is no proof: beyond twenty an hour what fails is a line of the log alone."""
    a_holder(CYRUS)
    stranger, forger = as_stranger(), Authenticator(user=b64(b"cyrus"))
    for _ in range(25):
        assert finish(stranger, forger.sign(ask(stranger))).status == 422
    written = [event for event in audit.of_day("north", clock.now().date()) if event.action == "finish_passkey_sign_in"]
    assert len([event for event in written if event.about.get("outcome") == "wrong-passkey"]) == 20
