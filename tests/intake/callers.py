"""Ada's visit and the forms of it, through the doors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import boto3

from chalicelib.kit import settings
from scripts.local.wire import Answer
from tests.callers import Caller, body_of

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # Monday, 07:00 in New York
NORTH = "/clinics/north"


def listed(caller: Caller, visit: str) -> dict[str, Any]:
    """The forms that a visit needs or has, by their ids."""
    answer = caller.get(f"{NORTH}/appointments/{visit}/responses")
    assert answer.status == 200, answer.body
    return {each["questionnaire"]: each for each in body_of(answer)["forms"]}


def begin(caller: Caller, visit: str, form: str = "phq-9", language: str = "en-US") -> Answer:
    """Begin a form, or go on with it."""
    return caller.post(f"{NORTH}/appointments/{visit}/responses", {"questionnaire": form, "language": language})


def begun(caller: Caller, visit: str, form: str = "phq-9", language: str = "en-US") -> dict[str, Any]:
    """The same, where it must be possible."""
    answer = begin(caller, visit, form, language)
    assert answer.status == 200, answer.body
    view: dict[str, Any] = body_of(answer)
    return view


def send(caller: Caller, verb: str, view: dict[str, Any], items: Any, **changed: Any) -> Answer:
    """Save, submit or amend a response as a page that shows this view of it."""
    body: dict[str, Any] = {"items": items, "language": view["language"]} | changed
    return caller.post(f"{NORTH}/responses/{view['id']}/{verb}", body, if_match=f'"{view["version"]}"')


def saved(caller: Caller, view: dict[str, Any], items: Any, **changed: Any) -> dict[str, Any]:
    """Save, where it must be possible."""
    answer = send(caller, "save", view, items, **changed)
    assert answer.status == 200, answer.body
    kept: dict[str, Any] = body_of(answer)
    return kept


def refused(answer: Answer) -> tuple[int, str, list[tuple[str, str]]]:
    """The status of a problem, its type, and every place with its code."""
    told = body_of(answer)
    return answer.status, told["type"], [(each["field"], each.get("code", "")) for each in told.get("errors", [])]


def rows() -> list[str]:
    """All that the table of answers holds."""
    found = boto3.client("dynamodb").scan(TableName=settings.table("responses"))["Items"]
    return sorted(map(str, found))
