"""What a search and a booking cost, in calls and rows; counted, not timed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.booking import actions, rules
from chalicelib.clinics import actions as clinics
from chalicelib.kit import clock, table
from chalicelib.people import actions as people
from chalicelib.schedules.store import SheetRow
from tests.booking.calls import counted
from tests.callers import as_nobody, body_of, given_the_clinics, signed_in
from tests.cast import ADA

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
A_DAY = 16  # visits of one practitioner on one day


@pytest.fixture(autouse=True)
def _monday(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    given_the_clinics()


def given_past_visits(count: int) -> None:
    """So many visits behind us, as the sheets keep them: two practitioners, 16 visits each a day."""
    day = date(2026, 11, 22)
    with SheetRow.batch_write() as batch:
        while count > 0:
            for who in ("bea", "osei"):
                start = (day - date(1970, 1, 1)).days * 1440 + 780
                claims = [[start + 20 * n, start + 20 * n + 20, f"{day}-{who}-{n}"] for n in range(A_DAY)]
                text = str(claims).replace("'", '"')
                batch.save(SheetRow(table.key("north", "SHEETS"), f"{day}#practitioner/{who}", claims=text, version=A_DAY))
                count -= A_DAY
            day -= timedelta(days=1)


def a_week_costs() -> tuple[dict[str, int], int, float]:
    clinic = clinics.get("north")
    people.practitioners("north")  # configuration is kept for a minute, and asked for here
    with counted() as asked:
        found = actions.find_slots(clinic, "visit", "", date(2026, 11, 23), 7, NOW)
    assert len(found.offers) > 100
    return dict(asked.calls), asked.rows, asked.units


def test_a_week_is_one_query_whatever_the_clinics_history() -> None:
    given_past_visits(100)
    little = a_week_costs()
    given_past_visits(10_000)
    much = a_week_costs()
    assert little == much
    assert much[0] == {"Query": 1}


def test_a_week_over_http_is_one_query() -> None:
    as_nobody().get("/clinics/north/slots?service=visit")
    with counted() as asked:
        answer = as_nobody().get("/clinics/north/slots?service=visit")
    assert answer.status == 200
    assert asked.calls == {"Query": 1}


def test_a_full_week_asks_once_more_for_the_next_open_day() -> None:
    clinics.save(clinics.closed_on(clinics.get("north"), {date(2026, 11, 23) + timedelta(days=n): "closed" for n in range(7)}))
    as_nobody().get("/clinics/north/slots?service=visit&days=1")
    with counted() as asked:
        answer = as_nobody().get("/clinics/north/slots?service=visit")
    assert body_of(answer)["next"]["date"] == "2026-11-30"
    assert asked.calls == {"Query": 2}


def test_a_booking_is_one_transaction_and_two_reads_beside_the_sessions() -> None:
    ada = signed_in(ADA)
    as_nobody().get("/clinics/north/slots?service=visit")  # this container knows the clinic by now
    with counted() as asked:
        answer = ada.post(
            "/clinics/north/appointments", {"service": "visit", "start": "2026-11-24T10:40:00-05:00"}, idempotency_key="a-key-of-adas"
        )
    assert answer.status == 201
    session_reads, counted_against = 1, len(rules.BOOKINGS)
    assert asked.calls == {"GetItem": session_reads, "Query": 2, "UpdateItem": counted_against, "TransactWriteItems": 1}
    beside = {"audit": 2, "documents": 2, "doors": 1, "due": 1, "notices": 1, "schedules": 2}
    assert asked.written == beside | {"visits": 4}  # by its id, in its patient's and its clinic's lists, and the patient's tally


def test_a_forged_session_costs_nothing() -> None:
    nobody = as_nobody()
    nobody.cookies["__Host-session-north"] = "eyJhbGciOiJub25lIn0.e30."
    with counted() as asked:
        assert nobody.get("/clinics/north/appointments").status == 401
    assert asked.calls == {}
