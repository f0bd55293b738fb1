"""How often the same may be done: by account, by address, by clinic, by everybody; and how deep a body may be."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app import app
from chalicelib.doors import actions as doors
from chalicelib.doors import reading, store
from chalicelib.doors.records import By, Limit
from chalicelib.doors.routes import operations
from chalicelib.kit import clock, table
from chalicelib.kit.problem import SlowDown, TryAgain
from chalicelib.notices import actions as notices
from chalicelib.notices import rules as notice_rules
from chalicelib.notices.records import Channel, Notice
from scripts.local.wire import Answer
from tests.callers import Caller, as_nobody, body_of, given_the_clinics, signed_in, slug
from tests.cast import ADA, BEN, MALLORY

NOW = datetime(2026, 11, 23, 12, 20, tzinfo=UTC)
VISITS = "/clinics/north/appointments"
HERE = "203.0.113.7"


@pytest.fixture(autouse=True)
def time(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """The clock stands still until it is moved."""
    moment = [NOW]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    given_the_clinics()

    def move(by: timedelta) -> None:
        moment[0] += by

    return move


def book(caller: Caller, key: int = 0) -> Answer:
    wanted = {"service": "visit", "start": "2026-11-24T10:45:00-05:00"}  # no such time: a try that books nothing counts as well
    return caller.post(VISITS, wanted, idempotency_key=f"a-key-{key:04}")


def test_booking_and_cancelling_are_limited_in_all_four_ways() -> None:
    limited = {
        operation.name: operation.limits for operation in operations(app) if operation.name.endswith("_appointment") and operation.limits
    }
    expected = [(By.ACCOUNT, 20), (By.ADDRESS, 60), (By.CLINIC, 2000), (By.EVERYBODY, 20_000)]
    assert {name: [(limit.by, limit.most) for limit in limits] for name, limits in limited.items()} == {
        "book_appointment": expected,
        "cancel_appointment": expected,
    }
    names = [limit.name for limits in limited.values() for limit in limits]
    assert len(set(names)) == len(names), "each is counted apart"
    assert {limit.seconds for limits in limited.values() for limit in limits} == {3600}


@pytest.mark.thorough
def test_the_twenty_first_booking_of_an_hour_waits_for_the_next(time: Callable[[timedelta], None]) -> None:
    ada = signed_in(ADA)
    assert {slug(book(ada, key)) for key in range(20)} == {(422, "outside-hours")}
    late = book(ada, 20)
    assert slug(late) == (429, "slow-down")
    assert (late.header("retry-after"), body_of(late)["retryAfter"]) == ("2400", 2400)
    assert ada.post(f"{VISITS}/{'0' * 20}/cancel").status == 404, "cancelling is counted apart"
    assert slug(book(signed_in(BEN))) == (422, "outside-hours")
    time(timedelta(minutes=40))
    assert slug(book(signed_in(ADA), 21)) == (422, "outside-hours")


def spent(limit: Limit, *tries: tuple[str, str, str]) -> list[bool]:
    """Whether each try of (clinic, account, address) passes a door of that one limit."""
    passed = []
    for clinic, account, address in tries:
        try:
            doors.must_spend_all((limit,), clinic, account, address, NOW)
        except SlowDown:
            passed.append(False)
        else:
            passed.append(True)
    return passed


@pytest.mark.parametrize(
    ("by", "tries", "passed"),
    [
        (
            By.ACCOUNT,
            [("north", "a", HERE), ("north", "a", "198.51.100.1"), ("north", "b", HERE), ("south", "a", HERE)],
            [True, False, True, True],
        ),
        (By.ADDRESS, [("north", "a", HERE), ("south", "b", HERE), ("north", "a", "198.51.100.1")], [True, False, True]),
        (
            By.ADDRESS,
            [("north", "a", "2001:db8:1:200::1"), ("north", "b", "2001:db8:1:2ff::9"), ("north", "b", "2001:db8:1:300::1")],
            [True, False, True],
        ),
        (By.CLINIC, [("north", "a", HERE), ("north", "b", "198.51.100.1"), ("south", "a", HERE)], [True, False, True]),
        (By.EVERYBODY, [("north", "a", HERE), ("south", "b", "198.51.100.1")], [True, False]),
    ],
)
def test_a_limit_counts_whom_it_says(by: By, tries: list[tuple[str, str, str]], passed: list[bool]) -> None:
    assert spent(Limit(name="one", most=1, seconds=60, by=by), *tries) == passed


def test_what_cannot_be_counted_is_not_booked(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_order(*_: Any) -> bool:
        raise TryAgain(retry_after=1)

    ada = signed_in(ADA)
    monkeypatch.setattr(store, "spend", out_of_order)
    assert book(ada).status == 503


def test_mallory_of_the_south_spends_nothing_of_the_norths_bookings() -> None:
    mallory = signed_in(MALLORY)
    for _ in range(3):
        assert mallory.post(VISITS, {}, origin="http://localhost:8000").status == 404
    keys = [row.pk for row in store.CounterRow.scan()]
    assert keys == []


def deep(levels: int) -> bytes:
    """An object within whose one field lists lie so many levels deep, all in all."""
    return json.dumps({"email": json.loads("[" * (levels - 1) + "]" * (levels - 1))}).encode()


@pytest.mark.parametrize(
    ("levels", "kind"), [(reading.DEEPEST, (422, "look-again")), (reading.DEEPEST + 1, (400, "unreadable")), (5000, (400, "unreadable"))]
)
def test_a_body_is_no_deeper_than_any_form(levels: int, kind: tuple[int, str]) -> None:
    raw = deep(levels) if levels < 900 else b'{"email": ' + b"[" * levels + b"]" * levels + b"}"
    assert slug(as_nobody().post("/clinics/north/sign-in/start", raw)) == kind


def a_text_message(clinic: str, due: datetime = NOW) -> Notice:
    return Notice(id="n1", clinic=clinic, channel=Channel.SMS, to="+1 203 555 0119", language="en-US", subject="", text="Hello", due=due)


def post(notice: Notice) -> type[Exception] | None:
    """What posting it comes to; no provider of text messages is connected yet, which is a ValueError."""
    try:
        with table.together() as tx:
            notices.post(tx, notice)
    except (SlowDown, ValueError) as stopped:
        return type(stopped)
    return None


def test_no_text_message_passes_the_days_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    clinic, everybody = notice_rules.SMS_LIMITS
    assert (clinic.by, everybody.by, clinic.seconds, everybody.seconds) == (By.CLINIC, By.EVERYBODY, 86_400, 86_400)
    small = (Limit(name="sms-c", most=2, seconds=86_400, by=By.CLINIC), Limit(name="sms-e", most=3, seconds=86_400, by=By.EVERYBODY))
    monkeypatch.setattr(notice_rules, "SMS_LIMITS", small)
    assert [post(a_text_message("north")) for _ in range(3)] == [ValueError, ValueError, SlowDown]
    assert [post(a_text_message("south")) for _ in range(2)] == [ValueError, SlowDown]
    assert post(a_text_message("north", NOW + timedelta(days=1))) is ValueError, "the next day is another"
