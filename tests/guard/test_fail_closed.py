"""When a read or a write that decides fails, the answer is no or later: never a wider one, never a stack (notes F16, F17, F24)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, EndpointConnectionError

from app import app
from chalicelib.doors.records import Operation, Who
from chalicelib.doors.routes import operations
from chalicelib.identity.records import Audience
from chalicelib.kit import table
from tests.callers import ORIGINS, Caller, body_of, given_the_clinics, signed_in
from tests.cast import ADA, CYRUS

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("north")]

GUARDED = [operation for operation in operations(app) if operation.who is not Who.ANYONE]
THROTTLED = ClientError({"Error": {"Code": "ProvisionedThroughputExceededException", "Message": "secret-of-the-store"}}, "x")
FAULTS = {
    "throttled": THROTTLED,
    "unreachable": EndpointConnectionError(endpoint_url="https://secret-of-the-store"),
    "denied": ClientError({"Error": {"Code": "AccessDeniedException", "Message": "secret-of-the-store"}}, "x"),
}


@pytest.fixture
def north(cloud: None) -> None:
    given_the_clinics()


class Broken:
    """Lets every call to the tables of some names fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: set[str] = set()
        self.fault: Exception = THROTTLED
        every: Any = BaseClient
        real = every._make_api_call

        def call(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
            if any(f"anteroom-test-{name}" in json.dumps(arguments, default=str) for name in self.names):
                raise self.fault
            return real(client, operation, arguments)

        monkeypatch.setattr(every, "_make_api_call", call)
        monkeypatch.setattr(table, "PATIENCE", 0.05)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Broken:
    return Broken(monkeypatch)


def _caller(operation: Operation) -> Caller:
    return signed_in(CYRUS if operation.audience is Audience.STAFF else ADA)


def _ask(caller: Caller, operation: Operation) -> tuple[int, dict[str, Any], str]:
    path = operation.path.removeprefix("/api")
    for name in ("clinic",):
        path = path.replace(f"{{{name}}}", "north")
    while "{" in path:
        path = path[: path.index("{")] + "7k2m9p4q8r1s5t6v0w3x" + path[path.index("}") + 1 :]
    caller.audience = operation.audience or caller.audience
    headers = {"content-type": "application/json", "x-portal": "1", "origin": ORIGINS[caller.audience], "idempotency-key": "fail-closed-1"}
    sent = b"" if operation.method == "GET" else b"{}"
    answer = caller.ask(operation.method, path, sent, headers if operation.method != "GET" else {})
    return answer.status, body_of(answer), answer.body.decode()


@pytest.mark.parametrize("fault", sorted(FAULTS))
@pytest.mark.parametrize("operation", GUARDED, ids=lambda operation: operation.name)
def test_without_its_session_nobody_gets_in(operation: Operation, fault: str, broken: Broken) -> None:
    caller = _caller(operation)
    broken.names, broken.fault = {"identity"}, FAULTS[fault]
    status, told, text = _ask(caller, operation)
    assert status in {401, 500, 503}
    assert status != 500 or fault == "denied"
    assert set(told) <= {"type", "title", "status", "detail", "retryAfter", "requestId"}
    assert "secret-of-the-store" not in text
    assert "Traceback" not in text


COUNTED = [operation for operation in operations(app) if operation.limits]


@pytest.mark.parametrize("operation", COUNTED, ids=lambda operation: operation.name)
def test_what_cannot_be_counted_is_not_done(operation: Operation, broken: Broken) -> None:
    caller = _caller(operation)
    broken.names = {"doors"}
    status, told, _ = _ask(caller, operation)
    assert status in {401, 403, 503}  # 401 and 403: refused before it is counted
    assert set(told) <= {"type", "title", "status", "detail", "retryAfter"}


@pytest.mark.parametrize("operation", [each for each in GUARDED if each.reads], ids=lambda operation: operation.name)
def test_what_cannot_be_written_down_is_not_shown(operation: Operation, broken: Broken) -> None:
    caller = _caller(operation)
    broken.names = {"audit"}
    status, told, text = _ask(caller, operation)
    assert status in {403, 404, 422, 503}
    assert set(told) <= {"type", "title", "status", "detail", "retryAfter", "errors"}
    assert ADA.family not in text
