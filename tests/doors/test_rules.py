"""Whom a limit counts, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.doors import rules
from chalicelib.doors.records import Limit
from chalicelib.kit.problem import NotAllowed

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2ff:3::4", "2001:db8:1:200::/56"),
        ("2001:db8:1:201::1", "2001:db8:1:200::/56"),
        ("2001:db8:1:300::1", "2001:db8:1:300::/56"),
        ("::1", "::/56"),
    ],
)
def test_a_household_counts_as_one(given: str, counted: str) -> None:
    assert rules.network(given) == counted


@pytest.mark.parametrize("given", ["", "unknown", "203.0.113.7, 10.0.0.1", "203.0.113", "203.0.113.7:443"])
def test_who_cannot_be_counted_may_not_try(given: str) -> None:
    with pytest.raises(NotAllowed):
        rules.network(given)


@pytest.mark.parametrize(("seconds", "window", "wait"), [(0, 0, 600), (1, 0, 599), (599, 0, 1), (600, 1, 600)])
def test_a_window_ends_when_its_wait_is_over(seconds: int, window: int, wait: int) -> None:
    limit = Limit(name="x", most=1, seconds=600)
    first = rules.window(limit, NOW)
    later = NOW + timedelta(seconds=seconds)
    assert (rules.window(limit, later) - first, rules.wait(limit, later)) == (window, wait)
