"""Logs are JSON, one line an event, and nobody can write a line of their own."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

import pytest

from chalicelib.kit import logs


def line(message: str, *args: object, trace: bool = False) -> dict[str, str]:
    try:
        raise ValueError("inside")
    except ValueError:
        told = sys.exc_info() if trace else None
    record = logging.LogRecord("anteroom.doors", logging.WARNING, __file__, 1, message, args, told)
    shown = logs.Json().format(record)
    assert "\n" not in shown
    found: dict[str, str] = json.loads(shown)
    return found


def test_a_line_says_when_where_and_what() -> None:
    found = line("store out of breath in %s", "find_slots")
    assert (found["level"], found["logger"], found["message"]) == ("WARNING", "anteroom.doors", "store out of breath in find_slots")
    assert datetime.fromisoformat(found["at"]).tzinfo == UTC


@pytest.mark.parametrize("text", ["a\nb", "a\r\nfake: line", "\u2028", "\x1b[31m", '"},{"level":"INFO'])
def test_no_value_can_begin_a_line_of_its_own(text: str) -> None:
    assert line("%s", text)["message"] == text


def test_a_traceback_stays_in_its_line() -> None:
    assert "ValueError: inside" in line("bug", trace=True)["trace"]


def test_a_line_says_which_request_and_who_asked_and_the_next_request_does_not() -> None:
    with logs.about(request="r-1", door="get_appointment"):
        logs.add(actor="patient/ada")
        found = line("x")
        assert (found["request"], found["door"], found["actor"]) == ("r-1", "get_appointment", "patient/ada")
    logs.add(actor="patient/ben")
    assert "actor" not in line("x")


def test_our_loggers_speak_json() -> None:
    logs.begin()
    logs.begin()
    outlets = logging.getLogger(logs.ROOT).handlers
    assert outlets
    assert all(isinstance(outlet.formatter, logs.Json) for outlet in outlets)
