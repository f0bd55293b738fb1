"""Rows of visits: where each stands in lists, and which places it leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.kit import table
from chalicelib.visits import actions as visits
from chalicelib.visits.records import Appointment, AppointmentStatus
from tests.booking.calls import counted
from tests.documents.makers import a_visit

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _tables(cloud: None) -> None:
    """Tables of their own."""


def given(number: int, start: datetime, clinic: str = "north", patient: str = "ada") -> Appointment:
    """A visit that is kept."""
    visit = replace(a_visit(), id=f"visit-{number:02}", clinic=clinic, patient=patient, start=start, end=start + timedelta(minutes=20))
    return kept(visit)


def kept(visit: Appointment, was: Appointment | None = None) -> Appointment:
    """It, written."""
    with table.together() as tx:
        visits.keep(tx, visit, was)
    return visit


def between(start: datetime = MONDAY, end: datetime | None = None, after: str = "", limit: int = 50, clinic: str = "north") -> list[str]:
    """Ids of the visits found."""
    until = end.isoformat() if end else "~"
    return [visit.id for _, visit in visits.between(clinic, after or start.isoformat(), until, limit)]


def test_a_clinics_visits_are_found_by_their_time_whoever_has_them() -> None:
    given(2, MONDAY + timedelta(days=1), patient="ben")
    given(1, MONDAY)
    given(3, MONDAY + timedelta(days=40))
    given(4, MONDAY, clinic="south")
    assert between() == ["visit-01", "visit-02", "visit-03"]
    assert between(MONDAY + timedelta(minutes=1)) == ["visit-02", "visit-03"]
    assert between(end=MONDAY + timedelta(days=1)) == ["visit-01"]
    assert between(clinic="south") == ["visit-04"]


def test_a_list_goes_on_after_the_last_place_it_gave() -> None:
    for number in range(5):
        given(number, MONDAY + timedelta(minutes=20 * (number // 2)))
    first = visits.between("north", MONDAY.isoformat(), "~", 3)
    assert [visit.id for _, visit in first] == ["visit-00", "visit-01", "visit-02"]
    assert between(after=first[-1][0]) == ["visit-03", "visit-04"]


def test_a_page_of_the_list_is_one_query_however_many_days_it_spans() -> None:
    for number in range(6):
        given(number, MONDAY + timedelta(days=9 * number))
    with counted() as asked:
        assert len(between(limit=4)) == 4
    assert asked.calls == {"Query": 1}
    assert asked.rows == 4


def test_what_is_cancelled_leaves_its_place() -> None:
    visit = given(1, MONDAY)
    kept(replace(visit, status=AppointmentStatus.CANCELLED, version=2))
    assert between() == []
    assert visits.ahead("north", ["ada"], MONDAY)[0] == []
    assert [each.id for each in visits.behind("north", ["ada"], MONDAY)] == ["visit-01"]


def test_what_is_moved_stands_at_its_new_time_alone() -> None:
    visit = given(1, MONDAY)
    later = kept(replace(visit, start=MONDAY + timedelta(days=2), version=2), was=visit)
    assert [each.start for _, each in visits.between("north", (MONDAY - timedelta(days=1)).isoformat(), "~", 9)] == [later.start]
    assert visits.ahead("north", ["ada"], MONDAY - timedelta(days=1))[0] == [later]


def test_what_is_changed_otherwise_stays_where_it_is() -> None:
    visit = given(1, MONDAY)
    kept(replace(visit, status=AppointmentStatus.CHECKED_IN, version=2), was=visit)
    assert [each.status for _, each in visits.between("north", MONDAY.isoformat(), "~", 9)] == [AppointmentStatus.CHECKED_IN]
