"""What becomes of a request when something under it breaks."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError
from pynamodb.exceptions import QueryError

from chalicelib.booking import actions
from chalicelib.doors import endpoint, routes
from chalicelib.kit import table
from chalicelib.kit.problem import TryAgain
from scripts.local.wire import Answer
from tests.callers import as_nobody, body_of, given_the_clinics, signed_in
from tests.cast import ADA, CYRUS, MALLORY
from tests.overhearing import overheard

SLOTS = "/clinics/north/slots?service=visit"


@pytest.fixture(autouse=True)
def _clinics(cloud: None) -> None:
    given_the_clinics()


def broken(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def breaks(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(actions, "find_slots", breaks)


def ask() -> Answer:
    return as_nobody().get(SLOTS)


def test_a_bug_is_a_500_with_a_number_and_no_detail(monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch, KeyError("the patient's secret"))
    answer = ask()
    assert answer.status == 500
    assert b"secret" not in answer.body
    assert b"KeyError" not in answer.body
    assert set(body_of(answer)) == {"type", "title", "status", "requestId"}
    assert answer.header("content-type").startswith("application/problem+json")


def test_a_store_out_of_breath_is_a_503_that_says_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch, QueryError("timed out", ConnectTimeoutError(endpoint_url="x")))
    answer = ask()
    assert (answer.status, answer.header("retry-after"), body_of(answer)["retryAfter"]) == (503, "1", 1)
    assert body_of(answer)["type"] == "try-again"


def test_a_session_that_cannot_be_read_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail closed: a failed read is a 503, never an answer."""
    from chalicelib.identity import store

    ada = signed_in(ADA)

    def breaks(*_: Any) -> Any:
        raise QueryError("timed out", ConnectTimeoutError(endpoint_url="x"))

    monkeypatch.setattr(store, "get", breaks)
    assert ada.get("/clinics/north/appointments").status == 503


def test_the_description_of_the_api_is_served_and_names_every_door() -> None:
    document = body_of(as_nobody().get("/openapi.json"))
    assert document["openapi"] == "3.1.0"
    assert document["paths"]["/api/clinics/{clinic}/appointments"]["post"]["operationId"] == "bookAppointment"


def test_an_unknown_path_is_the_same_404_as_a_missing_thing() -> None:
    unknown, missing = as_nobody().get("/nothing/here"), as_nobody().get("/clinics/nowhere")
    assert (unknown.status, unknown.body) == (missing.status, missing.body) == (404, missing.body)


def test_a_fault_of_the_store_is_told_from_a_mistake() -> None:
    assert table.is_fault(QueryError("timed out", ConnectTimeoutError(endpoint_url="x")))
    assert not table.is_fault(KeyError("x"))


def test_a_refusal_is_a_line_of_the_log_that_says_who_and_where() -> None:
    with overheard() as heard:
        assert signed_in(ADA).get("/clinics/north/staff").status == 403
        assert as_nobody().get("/clinics/north/appointments").status == 401
    assert [(line["door"], line["clinic"], line.get("actor", ""), line["message"], line["problem"]) for line in heard.lines] == [
        ("list_staff", "north", "patient/ada", "refused: not-allowed", "not-allowed"),
        ("list_my_appointments", "north", "", "refused: signed-out", "signed-out"),
    ]
    assert len({line["request"] for line in heard.lines}) == 2


def test_what_is_refused_before_anybody_has_signed_in_says_at_which_clinic() -> None:
    with overheard() as heard:
        assert as_nobody().post("/clinics/north/sign-in/start", {"email": "ada@example.com"}, origin="https://evil.example").status == 403
        assert as_nobody().get("/clinics/nowhere").status == 404
    assert [(line["door"], line["clinic"], line["problem"]) for line in heard.lines] == [
        ("start_sign_in", "north", "cross-site"),
        ("get_clinic", "nowhere", "not-found"),
    ]


def test_a_clinic_that_is_no_id_in_form_is_not_told() -> None:
    with overheard() as heard:
        assert as_nobody().get("/clinics/Ada%20Moreno").status == 404
        assert signed_in(CYRUS).get("/clinics/Ada%20Moreno/staff").status == 404
    assert [(line["problem"], line.get("clinic", "")) for line in heard.lines] == [("not-found", ""), ("not-found", "north")]
    assert "Moreno" not in str(heard.lines + heard.metrics)


def test_who_asks_at_anothers_clinic_is_told_with_that_clinic() -> None:
    with overheard() as heard:
        assert signed_in(MALLORY).get("/clinics/north/staff").status == 404
    (line,) = heard.lines
    assert (line["actor"], line["clinic"], line["door"]) == ("manager/mallory", "north", "list_staff")


def test_a_bug_is_a_line_that_says_who_met_it_and_where(monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch, KeyError("x"))
    with overheard() as heard:
        answer = signed_in(ADA).get(SLOTS)
    (line,) = heard.lines
    assert (line["level"], line["door"], line["clinic"], line["actor"]) == ("ERROR", "find_slots", "north", "patient/ada")
    assert line["request"] == body_of(answer)["requestId"]
    assert "KeyError" in line["trace"]


@pytest.mark.parametrize("error", [QueryError("timed out", ConnectTimeoutError(endpoint_url="x")), TryAgain(retry_after=1)])
def test_a_store_out_of_breath_is_a_line_of_the_log(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    broken(monkeypatch, error)
    with overheard() as heard:
        assert ask().status == 503
    (line,) = heard.lines
    assert (line["level"], line["problem"], line["door"]) == ("WARNING", "try-again", "find_slots")


def test_a_description_that_cannot_be_made_is_a_bug_as_at_any_door(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: Any) -> bytes:
        raise KeyError("the patient's secret")

    monkeypatch.setattr(routes, "described", breaks)
    answer = as_nobody().get("/openapi.json")
    assert answer.status == 500
    assert set(body_of(answer)) == {"type", "title", "status", "requestId"}


def test_chalice_describes_each_door_in_its_own_words() -> None:
    from app import app

    entries = [entry for methods in app.routes.values() for entry in methods.values()]
    doors = [entry.view_function for entry in entries if isinstance(entry.view_function, endpoint.Opened)]
    assert all(inspect.getdoc(door) == inspect.cleandoc(door.operation.summary) for door in doors)
    assert len({inspect.getdoc(door) for door in doors}) > len(doors) / 2
