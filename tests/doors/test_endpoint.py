"""What becomes of a request when something under it breaks."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError
from pynamodb.exceptions import QueryError

from chalicelib.booking import actions
from chalicelib.kit import logs, table
from scripts.local.wire import Answer
from tests.callers import as_nobody, body_of, given_the_clinics, signed_in
from tests.cast import ADA

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
    told: list[dict[str, str]] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(json.loads(logs.Json().format(record)))

    ear = Ear()
    logging.getLogger("anteroom.doors").addHandler(ear)
    try:
        assert signed_in(ADA).get("/clinics/north/staff").status == 403
        assert as_nobody().get("/clinics/north/appointments").status == 401
    finally:
        logging.getLogger("anteroom.doors").removeHandler(ear)
    assert [(line["door"], line.get("actor", ""), line["message"]) for line in told] == [
        ("list_staff", "patient/ada", "refused: not-allowed"),
        ("list_my_appointments", "", "refused: signed-out"),
    ]
