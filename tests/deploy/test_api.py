"""A deployed function is told of an event, and what goes wrong in it is heard."""

from __future__ import annotations

import io
import json
from typing import Any

import boto3
import pytest

from scripts.deploying import api


class Lambda:
    """Answers an invocation with what the function would have said."""

    def __init__(self, **answer: Any) -> None:
        self.asked: list[dict[str, Any]] = []
        self._answer = answer

    def invoke(self, **asked: Any) -> dict[str, Any]:
        """As boto3 has it."""
        self.asked.append(asked)
        return {"StatusCode": 200, "Payload": io.BytesIO(b'{"errorMessage": "what went wrong"}'), **self._answer}


def test_a_function_is_given_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    function = Lambda()
    monkeypatch.setattr(boto3, "client", lambda _: function)
    api.invoked("anteroom-local-inspecting")({"detail-type": "Object Created"}, None)
    (asked,) = function.asked
    assert (asked["FunctionName"], json.loads(asked["Payload"])) == ("anteroom-local-inspecting", {"detail-type": "Object Created"})


def test_a_function_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boto3, "client", lambda _: Lambda(FunctionError="Unhandled"))
    with pytest.raises(RuntimeError, match="what went wrong"):
        api.invoked("anteroom-local-inspecting")({}, None)
