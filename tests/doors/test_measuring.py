"""Every request is one line of metrics, whatever became of it, and the line names nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError
from pynamodb.exceptions import QueryError

from chalicelib.booking import actions
from chalicelib.doors import measuring, throttle
from chalicelib.kit import settings
from chalicelib.kit.metrics import Metric
from chalicelib.kit.problem import SlowDown, TryAgain
from scripts.local.wire import Answer
from tests.callers import as_nobody, given_the_clinics, signed_in
from tests.cast import ADA, MALLORY
from tests.overhearing import overheard

SLOTS = "/clinics/north/slots?service=visit"
ALWAYS = {"Requests", "Milliseconds", "NotThroughTheEdge"}


@pytest.fixture(autouse=True)
def _clinics(cloud: None) -> None:
    given_the_clinics()


def counted(ask: Callable[[], Answer]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The numbers of a request's only line, and what stands beside them."""
    with overheard() as heard:
        answer = ask()
    (line,) = heard.metrics
    assert line["status"] == answer.status
    numbers = {each["Name"]: line[each["Name"]] for each in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]}
    return numbers, {name: text for name, text in line.items() if name not in {"_aws", "Stage", *numbers}}


def test_an_answer_counts_as_a_request_with_its_milliseconds() -> None:
    numbers, about = counted(lambda: as_nobody().get(SLOTS))
    assert set(numbers) == ALWAYS
    assert (numbers["Requests"], numbers["NotThroughTheEdge"]) == (1, 0)
    assert 0 < numbers["Milliseconds"] < 60_000
    assert (about["door"], about["clinic"], about["status"]) == ("find_slots", "north", 200)


def test_a_line_names_the_request_and_nobody() -> None:
    ada = signed_in(ADA)
    _, about = counted(lambda: ada.get("/clinics/north/appointments"))
    assert set(about) == {"request", "door", "clinic", "status"}
    assert "ada" not in str(about)


REFUSED: dict[str, Callable[[], Answer]] = {
    "signed out": lambda: as_nobody().get("/clinics/north/appointments"),
    "not theirs to do": lambda: signed_in(ADA).get("/clinics/north/staff"),
    "not there": lambda: as_nobody().get("/clinics/nowhere"),
    "another clinic's": lambda: signed_in(MALLORY).get("/clinics/north/staff"),
    "from another site": lambda: as_nobody().post("/clinics/north/sign-in/start", {}, origin="https://evil.example"),
}


@pytest.mark.parametrize("ask", REFUSED.values(), ids=list(REFUSED))
def test_a_refusal_is_counted_as_one(ask: Callable[[], Answer]) -> None:
    assert set(counted(ask)[0]) == ALWAYS | {"Refusals"}


def test_a_limit_that_is_reached_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def used_up(*_: Any) -> None:
        raise SlowDown(retry_after=7)

    monkeypatch.setattr(throttle, "admit", used_up)
    assert set(counted(lambda: as_nobody().get("/clinics/north"))[0]) == ALWAYS | {"Refusals"}


def test_what_somebody_mistyped_is_no_refusal() -> None:
    assert set(counted(lambda: as_nobody().get("/clinics/north/slots?service=visit&days=many"))[0]) == ALWAYS


@pytest.mark.parametrize(
    ("error", "also"),
    [
        (KeyError("x"), "Bugs"),
        (TryAgain(retry_after=1), "StoreFaults"),
        (QueryError("timed out", ConnectTimeoutError(endpoint_url="x")), "StoreFaults"),
    ],
)
def test_a_bug_is_told_from_a_store_out_of_breath(error: Exception, also: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(actions, "find_slots", breaks)
    assert set(counted(lambda: as_nobody().get(SLOTS))[0]) == ALWAYS | {also}


@pytest.mark.parametrize("path", ["/clinics/north", "/openapi.json"])
def test_who_comes_past_the_edge_is_counted(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "edge_secrets", lambda: ("n" * 32,))
    numbers, about = counted(lambda: as_nobody().get(path))
    assert set(numbers) == ALWAYS | {"Refusals"}
    assert (numbers["NotThroughTheEdge"], about["status"]) == (1, 403)


def test_the_description_of_the_api_is_a_request_too() -> None:
    numbers, about = counted(lambda: as_nobody().get("/openapi.json"))
    assert (set(numbers), about["door"]) == (ALWAYS, "get_openapi")


@pytest.mark.parametrize(
    ("status", "problem", "also"),
    [
        (200, "", set()),
        (409, "slot-taken", set()),
        (412, "changed", set()),
        (422, "look-again", set()),
        (401, "signed-out", {Metric.REFUSALS}),
        (403, "not-allowed", {Metric.REFUSALS}),
        (404, "not-found", {Metric.REFUSALS}),
        (429, "slow-down", {Metric.REFUSALS}),
        (403, "not-through-the-edge", {Metric.REFUSALS, Metric.NOT_THROUGH_THE_EDGE}),
        (500, "", {Metric.BUGS}),
        (503, "try-again", {Metric.STORE_FAULTS}),
        (503, "", set()),
    ],
)
def test_what_an_answer_counts_as(status: int, problem: str, also: set[Metric]) -> None:
    found = measuring.values(status, problem, 0.012_34)
    assert found == {Metric.REQUESTS: 1, Metric.MILLISECONDS: 12.3, Metric.NOT_THROUGH_THE_EDGE: 0} | dict.fromkeys(also, 1)
