"""Logs are JSON, one line an event, and nobody can write a line of their own."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.kit import logs

BACKEND = Path(__file__).resolve().parents[2] / "backend"


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


def test_our_loggers_speak_json_by_one_outlet() -> None:
    logs.begin()
    logs.begin()
    (outlet,) = [handler for handler in logging.getLogger(logs.ROOT).handlers if isinstance(handler, logs.Outlet)]
    assert isinstance(outlet.formatter, logs.Json)


@pytest.mark.parametrize("first", ["app", "chalicelib.notices.workers"])
def test_on_lambda_a_line_stands_in_the_log_once(first: str) -> None:
    """Lambda has a listener of its own on the root, and takes what is written to either stream."""
    code = f"import logging; logging.basicConfig(); import {first}; logging.getLogger('anteroom.x').warning('hello')"
    environ = os.environ | {"PYTHONPATH": str(BACKEND)}
    told = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    (said,) = (told.stdout + told.stderr).splitlines()
    assert json.loads(said)["message"] == "hello"


def test_what_cannot_be_said_stops_nobody(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    monkeypatch.setattr(sys, "stdout", None)
    outlet = logs.Outlet()
    outlet.setFormatter(logs.Json())
    outlet.handle(logging.LogRecord("anteroom", logging.WARNING, __file__, 1, "x", (), None))
    assert capsys.readouterr().err == "", "it is passed over in silence, and does not become another line that cannot be said"
