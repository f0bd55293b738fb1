"""The API says how it is: to anybody, cheaply, and without a word that helps an attacker."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError

from chalicelib.clinics import store as clinics
from chalicelib.doors import health, routes
from chalicelib.doors.shapes import Health, State
from chalicelib.kit import clock, settings, zone
from scripts.local.wire import Answer
from tests.booking.calls import counted
from tests.callers import as_nobody, body_of, given_the_clinics, seen, signed_in, slug
from tests.cast import ADA, MALLORY
from tests.overhearing import overheard

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECRET = "arn:aws:kms:us-east-1:123456789012:key/secret-of-the-store"


@pytest.fixture(autouse=True)
def noon(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clinics are there, and the wall clock stands still."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    given_the_clinics()


def ask() -> Answer:
    return as_nobody().get("/health")


def told(answer: Answer) -> Health:
    """The answer, which fits its shape and has nothing beside it."""
    found = msgspec.json.decode(answer.body, type=Health)
    assert msgspec.json.decode(msgspec.json.encode(found)) == body_of(answer)
    return found


def breaks(*_: Any) -> Any:
    raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": SECRET}}, SECRET)


def test_all_is_well() -> None:
    answer = ask()
    found = told(answer)
    assert answer.status == 200
    assert (found.state, found.version, found.tzdata, found.looked) == (State.OK, routes.VERSION, zone.VERSION, NOW)
    assert found.dependencies.tables.state is found.dependencies.keys.state is State.OK
    assert 0 < found.dependencies.tables.milliseconds < 60_000


def test_it_says_the_release_that_is_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "release", lambda otherwise: f"{otherwise}-2-g92040d5")
    assert told(ask()).version == f"{routes.VERSION}-2-g92040d5"


@pytest.mark.parametrize("down", ["tables", "keys"])
def test_what_is_down_is_named_and_nothing_of_why(down: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name = {"tables": (clinics, "get"), "keys": (settings, "keys")}[down]
    monkeypatch.setattr(owner, name, breaks)
    with overheard() as heard:
        answer = ask()
    found = told(answer)
    assert (answer.status, answer.header("retry-after"), found.state) == (503, "10", State.DOWN)
    assert {each: getattr(found.dependencies, each).state is State.DOWN for each in ("tables", "keys")} == {
        "tables": down == "tables",
        "keys": down == "keys",
    }
    assert set(body_of(answer)) == {"state", "version", "tzdata", "looked", "dependencies"}
    assert all(set(each) == {"state", "milliseconds"} for each in body_of(answer)["dependencies"].values())
    (line,) = heard.lines
    assert line["message"] == f"{down}: down, ClientError"
    assert "123456789012" not in str(heard.lines) + answer.body.decode()


def test_it_is_no_bug_and_no_fault_of_a_request_when_something_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """The alarms count what people met; this was asked by a monitor."""
    monkeypatch.setattr(clinics, "get", breaks)
    with overheard() as heard:
        ask()
    (line,) = heard.metrics
    assert {each["Name"] for each in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]} == {"Requests", "Milliseconds", "NotThroughTheEdge"}
    assert (line["door"], line["status"]) == ("get_health", 503)


def test_however_often_somebody_asks_the_tables_are_asked_once() -> None:
    with counted() as asked:
        answers = {ask().body for _ in range(50)}
    assert (asked.calls, len(answers)) == ({"GetItem": 1}, 1)


def test_what_is_down_is_not_asked_oftener_either(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def counts(clinic: str) -> Any:
        calls.append(clinic)
        return breaks()

    monkeypatch.setattr(clinics, "get", counts)
    assert {ask().status for _ in range(50)} == {503}
    assert len(calls) == 1


def test_after_ten_seconds_it_is_looked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    ask()
    monkeypatch.setattr(clinics, "get", breaks)
    begun = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: begun + health.KEPT - 1)
    assert ask().status == 200
    monkeypatch.setattr(time, "monotonic", lambda: begun + health.KEPT + 1)
    assert ask().status == 503


def test_it_asks_past_what_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clinics are remembered for a minute; a store that is gone shows all the same."""
    assert as_nobody().get("/clinics/north").status == 200
    monkeypatch.setattr(clinics, "get", breaks)
    assert as_nobody().get("/clinics/north").status == 200
    assert ask().status == 503


def test_mallory_of_the_south_is_told_by_get_health_what_anybody_is() -> None:
    first = seen(ask())
    assert seen(signed_in(MALLORY).get("/health")) == first
    assert seen(signed_in(ADA).get("/health")) == first


def test_past_the_edge_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "edge_secrets", lambda: ("n" * 32,))
    assert slug(ask()) == (403, "not-through-the-edge")


def test_the_description_knows_both_answers_and_how_old_they_may_be() -> None:
    document = body_of(as_nobody().get("/openapi.json"))
    answers = document["paths"]["/api/health"]["get"]["responses"]
    of_shape = {"$ref": "#/components/schemas/Health"}
    assert answers["200"]["content"]["application/json"]["schema"] == of_shape
    assert answers["503"]["content"]["application/json"]["schema"] == of_shape
    assert "application/problem+json" in answers["503"]["content"]  # a store out of breath at what every door asks first
    assert f"{health.KEPT} seconds" in document["components"]["schemas"]["Health"]["properties"]["looked"]["description"]
