"""Metrics are what CloudWatch takes for such: one line of JSON, one dimension, and nobody's name."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from chalicelib.kit import clock, logs, metrics
from chalicelib.kit.metrics import Metric
from tests.overhearing import overheard

NOW = datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=UTC)
REQUEST = {Metric.REQUESTS: 1, Metric.MILLISECONDS: 12.5}


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock stands still, and metrics are told as on Lambda."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    level = metrics.log.level
    metrics.log.setLevel(logging.NOTSET)
    yield
    metrics.log.setLevel(level)


def test_a_document_is_what_cloudwatch_reads() -> None:
    """The format's own words: AWS documentation, "Specification: Embedded metric format"."""
    assert metrics.document(REQUEST, {"door": "find_slots", "status": 200}, "prod", NOW) == {
        "_aws": {
            "Timestamp": 1_795_435_200_250,
            "CloudWatchMetrics": [
                {
                    "Namespace": "Anteroom",
                    "Dimensions": [["Stage"]],
                    "Metrics": [{"Name": "Requests", "Unit": "Count"}, {"Name": "Milliseconds", "Unit": "Milliseconds"}],
                }
            ],
        },
        "Stage": "prod",
        "Requests": 1,
        "Milliseconds": 12.5,
        "door": "find_slots",
        "status": 200,
    }


def test_every_metric_has_its_number_and_its_unit() -> None:
    found = metrics.document(dict.fromkeys(Metric, 1), {}, "prod", NOW)
    (directive,) = found["_aws"]["CloudWatchMetrics"]
    assert [each["Name"] for each in directive["Metrics"]] == list(Metric)
    assert all(found[each["Name"]] == 1 for each in directive["Metrics"])
    assert {each["Unit"] for each in directive["Metrics"]} == {"Count", "Milliseconds", "Seconds"}
    assert found[directive["Dimensions"][0][0]] == "prod"


def test_a_line_says_the_ids_of_where_it_is_said_and_not_who_asked() -> None:
    with overheard() as heard, logs.about(request="r-1", door="get_appointment", clinic="north", problem=""):
        logs.add(actor="patient/ada")
        metrics.note(REQUEST, status=200)
    ((line,), lines) = heard.metrics, heard.lines
    assert {name: text for name, text in line.items() if name.islower() and name != "_aws"} == {
        "request": "r-1",
        "door": "get_appointment",
        "clinic": "north",
        "status": 200,
    }
    assert (line["Stage"], lines) == ("test", [])


def test_the_line_is_the_document_itself(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """CloudWatch wants `_aws` at the top of the line."""
    logs.begin()
    metrics.note(REQUEST)
    (said,) = capsys.readouterr().out.splitlines()
    assert json.loads(said) == metrics.document(REQUEST, {}, "test", NOW)


def test_where_the_log_tells_warnings_only_metrics_are_silent(capsys: pytest.CaptureFixture[str]) -> None:
    """As in the local run."""
    logger = logging.getLogger(logs.ROOT)
    level = logger.level
    logs.begin(logging.WARNING)
    try:
        metrics.note(REQUEST)
    finally:
        logger.setLevel(level)
    assert capsys.readouterr().out == ""


def test_outside_of_any_request_a_line_has_its_numbers_alone() -> None:
    with overheard() as heard:
        metrics.note({Metric.SWEEPS: 1})
    assert set(heard.metrics[0]) == {"_aws", "Stage", "Sweeps"}


def test_a_line_is_never_longer_than_cloudwatch_takes() -> None:
    """A log event holds 256 KB, a metric's document at most 100 metrics."""
    line = json.dumps(metrics.document(dict.fromkeys(Metric, sys.maxsize), dict.fromkeys(metrics.BESIDE, "x" * 64), "s" * 16, NOW))
    assert len(line) < 2000
    assert len(Metric) <= 100
