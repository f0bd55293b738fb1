"""Authenticator apps: setting one up, and signing in with a mailed code and the app together."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import boto3
import pyotp
import pytest

from chalicelib.accounts.rules import authenticators
from chalicelib.kit import clock, secret, settings
from chalicelib.notices import actions as notices
from scripts.local.wire import Answer
from tests.accounts.conftest import Delivered, Letterbox, Move, Newest
from tests.accounts.staff import NOBODY, as_stranger, calls_of, enter, everything_stored, shown_by, with_app, with_passkey
from tests.callers import Caller, all_but_chance, body_of, signed_in, slug
from tests.cast import BEA, CYRUS, MALLORY

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("north", "clock_at")]

HALF = timedelta(seconds=30)
ADDRESSES = (CYRUS.email, "stranger@example.com", "other@example.com")


def start(caller: Caller, email: str = CYRUS.email) -> Answer:
    return caller.post("/staff/sign-in/start", {"email": email})


def verify(caller: Caller, code: str, totp: str) -> Answer:
    return caller.post("/staff/sign-in/verify", {"code": code, "totp": totp})


def other_digits(code: str) -> str:
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}}"


def test_an_app_is_set_up_by_its_first_code() -> None:
    cyrus = signed_in(CYRUS)
    begun = body_of(cyrus.post("/totp/start"))
    assert begun["uri"] == pyotp.TOTP(begun["secret"]).provisioning_uri(name=CYRUS.email, issuer_name="Harbour Health")
    assert len({len(row) for row in begun["qr"]} | {len(begun["qr"])}) == 1
    assert set("".join(begun["qr"])) == {"0", "1"}
    assert body_of(cyrus.get("/factors")) == {"passkeys": [], "totp": False}
    wrong = other_digits(shown_by(pyotp.TOTP(begun["secret"])))
    assert slug(cyrus.post("/totp/finish", {"code": wrong})) == (422, "wrong-code")
    before = cyrus.cookies["__Host-session"]
    assert body_of(cyrus.post("/totp/finish", {"code": shown_by(pyotp.TOTP(begun["secret"]))})) == {"passkeys": [], "totp": True}
    assert cyrus.cookies["__Host-session"] != before
    assert body_of(Caller(cyrus.audience, {"__Host-session": before}).get("/session")) == NOBODY


def test_a_set_up_is_over_after_ten_minutes_and_by_the_next_one(clock_at: Move) -> None:
    cyrus = signed_in(CYRUS)
    first = pyotp.TOTP(body_of(cyrus.post("/totp/start"))["secret"])
    cyrus.post("/totp/start")
    assert slug(cyrus.post("/totp/finish", {"code": shown_by(first)})) == (422, "wrong-code")
    late = signed_in(BEA)
    app = pyotp.TOTP(body_of(late.post("/totp/start"))["secret"])
    with_passkey(late)
    clock_at(timedelta(minutes=4))
    device = with_passkey(late)
    clock_at(timedelta(minutes=6))
    fresh = enter(device)
    assert slug(fresh.post("/totp/finish", {"code": shown_by(app)})) == (422, "wrong-code")


def test_cyrus_signs_in_with_both_codes(newest_code: Newest, clock_at: Move) -> None:
    app = with_app(signed_in(CYRUS))
    clock_at(HALF)
    caller = as_stranger()
    sent = start(caller)
    assert (sent.status, body_of(sent)) == (202, {"sent": True, "minutes": 10})
    code = newest_code()
    opened = verify(caller, f"{code[:4]} {code[4:]}", f"{shown_by(app)[:3]} {shown_by(app)[3:]}")
    assert (opened.status, body_of(opened)["account"], body_of(opened)["freshSeconds"]) == (200, "cyrus", 300)
    assert body_of(caller.get("/session"))["clinic"]["id"] == "north"
    assert caller.cookies["__Host-chal"] == ""


def test_either_code_wrong_is_one_answer_and_five_of_them_are_all(newest_code: Newest, clock_at: Move) -> None:
    app = with_app(signed_in(CYRUS))
    clock_at(HALF)
    caller = as_stranger()
    start(caller)
    code = newest_code()
    answers = [
        verify(caller, other_digits(code), shown_by(app)),
        verify(caller, code, other_digits(shown_by(app))),
        verify(caller, other_digits(code), other_digits(shown_by(app))),
        verify(caller, code, shown_by(app, 2)),
        verify(caller, code, shown_by(app, -2)),
    ]
    assert {(answer.status, answer.body) for answer in answers} == {(422, answers[0].body)}
    assert slug(answers[0]) == (422, "wrong-code")
    assert slug(verify(caller, code, shown_by(app))) == (422, "code-expired")


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_wrong_by_one_step(newest_code: Newest, clock_at: Move, steps: int, opens: bool) -> None:
    app = with_app(signed_in(CYRUS))
    clock_at(timedelta(minutes=5))
    caller = as_stranger()
    start(caller)
    assert (verify(caller, newest_code(), shown_by(app, steps)).status == 200) is opens


def test_each_step_is_accepted_once_and_never_an_older_one(newest_code: Newest, clock_at: Move) -> None:
    app = with_app(signed_in(CYRUS))
    clock_at(timedelta(minutes=5))
    found = []
    for steps in (1, 1, 0, -1):
        caller = as_stranger()
        start(caller)
        found.append(verify(caller, newest_code(), shown_by(app, steps)).status)
        clock_at(timedelta(seconds=1))
    assert found[:3] == [200, 422, 422]


def test_the_code_that_set_an_app_up_signs_nobody_in(newest_code: Newest, clock_at: Move) -> None:
    app = with_app(signed_in(CYRUS))
    clock_at(timedelta(seconds=1))
    caller = as_stranger()
    start(caller)
    assert slug(verify(caller, newest_code(), shown_by(app))) == (422, "wrong-code")


def test_a_mailed_code_works_only_in_the_browser_that_asked_and_for_ten_minutes(newest_code: Newest, clock_at: Move) -> None:
    app = with_app(signed_in(CYRUS))
    clock_at(HALF)
    caller, other = as_stranger(), as_stranger()
    start(caller)
    code = newest_code()
    assert slug(verify(other, code, shown_by(app))) == (422, "code-expired")
    start(other, BEA.email)
    assert slug(verify(other, code, shown_by(app))) == (422, "wrong-code")
    clock_at(timedelta(minutes=10))
    assert slug(verify(caller, code, shown_by(app))) == (422, "code-expired")


def test_the_answer_is_the_same_for_every_address() -> None:
    with_app(signed_in(CYRUS))
    signed_in(BEA)
    emails = [CYRUS.email, BEA.email, "stranger@example.com", "ada.moreno@example.com", *[CYRUS.email] * 4]
    assert len({all_but_chance(start(as_stranger(), email)) for email in emails}) == 1


def test_nobodys_address_is_mailed_nothing_and_its_codes_are_as_wrong_as_any(delivered: Delivered) -> None:
    with_app(signed_in(CYRUS))
    delivered()
    known, unknown = as_stranger(), as_stranger()
    start(known)
    start(unknown, "stranger@example.com")
    assert [to for to, _ in delivered()] == [CYRUS.email]
    tries = [[verify(caller, "12345678", "123456") for _ in range(6)] for caller in (known, unknown)]
    assert [(answer.status, answer.body) for answer in tries[0]] == [(answer.status, answer.body) for answer in tries[1]]
    assert [slug(answer)[1] for answer in tries[1]] == ["wrong-code"] * 5 + ["code-expired"]


def test_the_work_is_the_same_for_every_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with_app(signed_in(CYRUS))
    made = [calls_of(partial(start, as_stranger(), email), monkeypatch) for email in ADDRESSES]
    assert made[0] == made[1] == made[2]


def test_what_is_written_for_nobody_is_swept_away_unsent(letterbox: Letterbox) -> None:
    start(as_stranger(), "stranger@example.com")
    notices.sweep(clock.now() + timedelta(minutes=10))
    assert letterbox == []
    pointers = boto3.client("dynamodb").scan(TableName="anteroom-test-due")["Items"]
    assert [row for row in pointers if row["pk"]["S"] != "DUE#WATERMARK"] == []


def test_who_has_no_app_is_told_that_a_code_alone_would_not_do(delivered: Delivered) -> None:
    with_passkey(signed_in(CYRUS))
    delivered()
    start(as_stranger())
    ((to, text),) = delivered()
    assert to == CYRUS.email
    assert "works only together with an authenticator app" in text
    assert not re.search(r"^\d{8}$", text, re.MULTILINE)


def test_three_mails_in_a_quarter_of_an_hour_and_a_known_browser_its_own(delivered: Delivered, newest_code: Newest, clock_at: Move) -> None:
    app = with_app(signed_in(CYRUS))
    clock_at(HALF)
    caller = as_stranger()
    start(caller)
    assert verify(caller, newest_code(), shown_by(app)).status == 200
    delivered()
    for _ in range(6):
        start(as_stranger())
    assert len(delivered()) == 2
    start(caller)
    assert len(delivered()) == 1


def test_an_app_is_replaced_by_a_new_one_and_the_other_sessions_end(newest_code: Newest, clock_at: Move) -> None:
    cyrus = signed_in(CYRUS)
    old = with_app(cyrus)
    other = enter(with_passkey(cyrus))
    clock_at(timedelta(minutes=1))
    new = with_app(cyrus)
    assert body_of(other.get("/session")) == NOBODY
    clock_at(timedelta(minutes=1))
    caller = as_stranger()
    start(caller)
    code = newest_code()
    assert verify(caller, code, shown_by(old)).status == 422
    assert verify(caller, code, shown_by(new)).status == 200


def test_an_app_is_removed_and_told_unless_it_is_the_only_way_in(delivered: Delivered) -> None:
    cyrus = signed_in(CYRUS)
    assert slug(cyrus.post("/totp/remove")) == (404, "not-found")
    with_app(cyrus)
    assert slug(cyrus.post("/totp/remove")) == (409, "last-factor")
    other = enter(with_passkey(cyrus))
    answer = cyrus.post("/totp/remove")
    assert body_of(answer)["totp"] is False
    assert body_of(other.get("/session")) == NOBODY
    assert any("no longer opens your staff account" in text for _, text in delivered())


def test_no_secret_and_no_code_lies_in_any_row(newest_code: Newest, clock_at: Move) -> None:
    cyrus = signed_in(CYRUS)
    waiting = body_of(cyrus.post("/totp/start"))["secret"]
    assert waiting not in everything_stored()
    app = with_app(cyrus)
    clock_at(HALF)
    caller = as_stranger()
    start(caller)
    code = newest_code()
    stored = everything_stored()
    assert app.secret not in stored
    assert code not in stored
    assert shown_by(app) not in re.findall(r"\d{6,}", stored)


def test_a_sealed_secret_opens_for_its_account_alone_and_moves_on_to_the_newest_key(
    newest_code: Newest, clock_at: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = with_app(signed_in(CYRUS))
    before = _sealed()
    assert secret.unseal("totp/cyrus", before) == app.secret
    with pytest.raises(secret.Unsealed):
        secret.unseal("totp/bea", before)
    old = settings.keys()
    monkeypatch.setattr(settings, "keys", lambda: (("k2", b"n" * 32), *old))
    clock_at(HALF)
    caller = as_stranger()
    start(caller)
    assert verify(caller, newest_code(), shown_by(app)).status == 200
    monkeypatch.setattr(settings, "keys", lambda: (("k2", b"n" * 32),))
    assert secret.unseal("totp/cyrus", _sealed()) == app.secret
    with pytest.raises(secret.Unsealed):
        secret.unseal("totp/cyrus", before)


def test_an_app_whose_key_is_gone_is_as_good_as_none(newest_code: Newest, clock_at: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    app = with_app(signed_in(CYRUS))
    clock_at(HALF)
    monkeypatch.setattr(settings, "keys", lambda: (("k2", b"n" * 32),))
    caller = as_stranger()
    start(caller)
    assert slug(verify(caller, newest_code(), shown_by(app))) == (422, "wrong-code")


def _sealed() -> str:
    key = {"pk": {"S": "STAFF#cyrus"}, "sk": {"S": "totp"}}
    found: str = boto3.client("dynamodb").get_item(TableName="anteroom-test-staff", Key=key)["Item"]["sealed"]["S"]
    return found


def test_a_code_is_looked_for_in_constant_work() -> None:
    shared = authenticators.new_secret()
    now = clock.now()
    present = int(now.timestamp()) // 30
    code = pyotp.HOTP(shared).at(present)
    assert authenticators.step_of(code, shared, 0, now) == present
    assert authenticators.step_of(code, shared, present, now) is None
    assert authenticators.step_of("000000" if code != "000000" else "111111", shared, 0, now) is None


@pytest.mark.parametrize("totp", ["12345", "1234567", "abcdef", "", "１２３４５６"])
def test_what_is_no_apps_code_is_told_at_its_field(totp: str) -> None:
    answer = verify(as_stranger(), "12345678", totp)
    assert slug(answer) == (422, "look-again")
    assert body_of(answer)["errors"][0]["field"] == "totp"


@pytest.mark.parametrize("operation", ["enrol_totp", "verify_totp", "remove_totp"])
def test_mallory_sets_up_and_removes_no_app_but_her_own(operation: str) -> None:
    assert operation
    cyrus, mallory = signed_in(CYRUS), signed_in(MALLORY)
    begun = pyotp.TOTP(body_of(cyrus.post("/totp/start"))["secret"])
    assert slug(mallory.post("/totp/finish", {"code": shown_by(begun)})) == (422, "wrong-code")
    assert slug(mallory.post("/totp/remove")) == (404, "not-found")
    assert cyrus.post("/totp/finish", {"code": shown_by(begun)}).status == 200


@pytest.mark.parametrize("operation", ["start_staff_sign_in", "verify_staff_sign_in"])
def test_mallory_does_not_get_in_with_cyruss_mail_and_her_own_app(operation: str, newest_code: Newest, clock_at: Move) -> None:
    assert operation
    with_app(signed_in(CYRUS))
    hers = with_app(signed_in(MALLORY))
    clock_at(HALF)
    caller = as_stranger()
    start(caller)
    assert slug(verify(caller, newest_code(), shown_by(hers))) == (422, "wrong-code")
    assert body_of(caller.get("/session")) == NOBODY
