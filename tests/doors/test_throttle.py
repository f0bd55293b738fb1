"""A clinic's crowd stands in nobody else's way."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.doors import store, throttle
from chalicelib.doors.records import By, Limit
from chalicelib.kit import clock, memory
from chalicelib.kit.problem import SlowDown
from tests.booking.calls import counted
from tests.callers import as_nobody, body_of, given_the_clinics, signed_in
from tests.cast import MALLORY

pytestmark = pytest.mark.usefixtures("cloud")

NOW = datetime(2026, 11, 23, 12, 0, 3, tzinfo=UTC)  # its window ends in seven seconds


def served(count: int, clinic: str = "north", now: datetime = NOW) -> int:
    """How many of so many requests are let in."""
    let_in = 0
    for _ in range(count):
        try:
            throttle.admit(clinic, now)
        except SlowDown:
            continue
        let_in += 1
    return let_in


def another_container() -> None:
    """It knows nothing of what this one has served."""
    memory.forget()


def test_a_quiet_clinic_costs_no_write() -> None:
    with counted() as asked:
        assert served(throttle.FREE) == throttle.FREE
    assert asked.calls == {}


def test_a_busy_clinic_costs_a_write_for_every_block() -> None:
    with counted() as asked:
        assert served(throttle.FREE + 3 * throttle.LEASE) == throttle.FREE + 3 * throttle.LEASE
    assert asked.calls == {"UpdateItem": 3}


def test_beyond_its_limit_a_clinic_waits_and_costs_nothing() -> None:
    assert served(2000) == throttle.FREE + throttle.CLINIC.most
    with counted() as asked, pytest.raises(SlowDown) as stopped:
        throttle.admit("north", NOW)
    assert asked.calls == {}
    assert stopped.value.extra["retry_after"] == 7


def test_containers_share_the_limit() -> None:
    total = 0
    for _ in range(4):
        another_container()
        total += served(500)
    assert total == 4 * throttle.FREE + throttle.CLINIC.most


def test_the_next_window_begins_anew() -> None:
    served(2000)
    assert served(1, now=NOW + timedelta(seconds=6)) == 0
    assert served(2000, now=NOW + timedelta(seconds=7)) == throttle.FREE + throttle.CLINIC.most


def test_one_clinics_crowd_leaves_the_other_alone() -> None:
    served(2000, "south")
    assert served(throttle.FREE, "north") == throttle.FREE


def test_what_cannot_be_counted_is_not_served(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_order(*_: Any) -> bool:
        raise ConnectionError

    monkeypatch.setattr(store, "spend", out_of_order)
    served(throttle.FREE)
    with pytest.raises(ConnectionError):
        throttle.admit("north", NOW)


def test_threads_together_are_let_in_no_more_often() -> None:
    let_in: list[int] = []
    threads = [threading.Thread(target=lambda: let_in.append(served(250))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(let_in) == throttle.FREE + throttle.CLINIC.most


@pytest.fixture
def few(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clinic gets one block beyond a container's own."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(throttle, "CLINIC", Limit(name="few", most=throttle.LEASE, seconds=10, by=By.CLINIC))
    given_the_clinics()


@pytest.mark.usefixtures("few")
def test_a_crowd_is_told_when_to_come_back_and_the_neighbours_are_served() -> None:
    asks = [as_nobody().get("/clinics/north/slots?service=visit") for _ in range(throttle.FREE + throttle.LEASE + 1)]
    assert [answer.status for answer in asks] == [200] * (throttle.FREE + throttle.LEASE) + [429]
    assert (asks[-1].header("retry-after"), body_of(asks[-1])["type"]) == ("7", "slow-down")
    assert as_nobody().get("/clinics/south").status == 200


@pytest.mark.usefixtures("few")
def test_mallory_of_the_south_uses_up_nothing_of_the_north() -> None:
    mallory = signed_in(MALLORY)
    for _ in range(throttle.FREE + throttle.LEASE + 1):
        assert mallory.get("/clinics/north/appointments").status == 404
    assert as_nobody().get("/clinics/north").status == 200
