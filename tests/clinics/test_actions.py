"""The clinics as they are now: read at once after a change, kept for a while otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from msgspec.structs import replace

from chalicelib.clinics import actions, store
from chalicelib.clinics.records import DatedHours, Window
from chalicelib.kit.problem import NotFound
from tests.booking.calls import counted

pytestmark = pytest.mark.usefixtures("cloud")
NORTH = actions.read_portal().clinics[0]


def test_a_saved_clinic_is_read_back_as_it_was() -> None:
    actions.save(NORTH)
    assert actions.get("north") == NORTH
    assert actions.listed() == [NORTH]


def test_a_clinic_nobody_saved_is_not_found_and_looked_for_again() -> None:
    with pytest.raises(NotFound):
        actions.get("north")
    actions.save(NORTH)
    assert actions.get("north") == NORTH


def test_a_clinic_that_app_json_does_not_name_any_more_is_not_found() -> None:
    others = actions.read_portal().clinics[1:]
    actions.save_all([NORTH, *others])
    actions.save_all(others)
    assert NORTH not in actions.listed()
    with pytest.raises(NotFound):
        actions.get("north")


def test_a_clinic_is_read_once_a_while() -> None:
    actions.save(NORTH)
    with counted() as asked:
        for _ in range(5):
            actions.get("north")
    assert asked.calls == {"GetItem": 1}


def test_what_was_changed_here_shows_here_at_once() -> None:
    actions.save(NORTH)
    actions.get("north")
    actions.save(replace(NORTH, name="Harbour Family Practice"))
    assert actions.get("north").name == "Harbour Family Practice"


def test_another_container_shows_a_change_within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    actions.save(NORTH)
    actions.get("north")
    store.put("north", replace(NORTH, name="Harbour Family Practice"))
    assert actions.get("north").name == NORTH.name
    import time

    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + actions.KEEP_SECONDS + 1)
    assert actions.get("north").name == "Harbour Family Practice"


def test_public_holidays_close_a_clinic_but_not_a_day_it_has_its_own_hours_for() -> None:
    open_anyway = DatedHours(date=date(2026, 11, 27), description="the day after", windows=(Window(start="09:00", end="12:00"),))
    clinic = replace(NORTH, hours=replace(NORTH.hours, exceptions=(open_anyway,)))
    closed = actions.closed_on(clinic, {date(2026, 11, 26): "Thanksgiving", date(2026, 11, 27): "Friday"})
    assert [(day.date.day, day.windows == ()) for day in closed.hours.exceptions] == [(27, False), (26, True)]


@pytest.fixture
def fresh_brand() -> Iterator[None]:
    """A container that has not read its brand yet, and leaves none behind."""
    actions.brand.cache_clear()
    yield
    actions.brand.cache_clear()


@pytest.mark.usefixtures("fresh_brand")
def test_the_brand_is_the_stages_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTEROOM_SENDER", "dev.harbourhealth.example")
    monkeypatch.setenv("ANTEROOM_PATIENT_ORIGIN", "https://visits.dev.example")
    found = actions.brand()
    assert (found.sender, found.domain) == ("Harbour Health <visits@dev.harbourhealth.example>", "visits.dev.example")


@pytest.mark.usefixtures("fresh_brand")
def test_without_a_stages_sender_the_brand_is_as_app_json_has_it() -> None:
    assert actions.brand() == actions.read_portal().brand
