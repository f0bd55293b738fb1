"""The doors of booking, through the gateway: what goes in, what comes out, and who stays outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest

from chalicelib.booking.rules import TooSoon
from chalicelib.identity.records import Audience
from chalicelib.kit import clock, zone
from chalicelib.schedules import store as schedules
from scripts.local.wire import Answer
from tests.callers import Caller, as_actor, as_nobody, body_of, given_the_clinics, seen, signed_in, slug
from tests.cast import ADA, BEN, CYRUS, MALLORY

pytestmark = pytest.mark.usefixtures("clinic_day")

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # Monday, 07:00 in New York
TUESDAY = "2026-11-24"
TEN_FORTY = "2026-11-24T10:40:00-05:00"
VISITS = "/clinics/north/appointments"
MISSING = "0" * 20


@pytest.fixture
def clinic_day(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clinics, on a Monday morning."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    given_the_clinics()


def booking(**changes: Any) -> dict[str, Any]:
    return {"service": "visit", "start": TEN_FORTY, "practitioner": "bea"} | changes


def book(caller: Caller, key: str = "a-key-of-adas", **changes: Any) -> Answer:
    return caller.post(f"{VISITS}?lang=en-US", booking(**changes), idempotency_key=key)


def nothing_is_stored() -> bool:
    day = zone.local_date(NOW, "UTC")
    return schedules.sheets("north", day - timedelta(days=400), day + timedelta(days=800)) == {}


def test_anyone_sees_the_clinics_and_what_they_offer() -> None:
    listed = body_of(as_nobody().get("/clinics?lang=es"))
    assert [(clinic["id"], clinic["zone"]) for clinic in listed["clinics"]] == [
        ("north", "America/New_York"),
        ("prairie", "America/Winnipeg"),
        ("south", "Europe/London"),
    ]
    assert body_of(as_nobody().get("/clinics/north?lang=es-US"))["tagline"] == "Medicina familiar junto al puerto"
    services = body_of(as_nobody().get("/clinics/north/healthcare-services"))["services"]
    assert [service["id"] for service in services] == ["annual", "visit", "nurse", "flu", "video"]
    assert [person["id"] for person in services[1]["practitioners"]] == ["bea", "osei"]


def test_a_week_of_times_in_one_answer() -> None:
    found = body_of(as_nobody().get(f"/clinics/north/slots?service=visit&from={TUESDAY}&days=7&lang=en-US"))
    assert (found["label"], found["zone"], found["today"], found["last"]) == (
        "November 24–30",
        "America/New_York",
        "2026-11-23",
        "2027-01-22",
    )
    assert [day["date"] for day in found["days"]] == [f"2026-11-{day}" for day in range(24, 31)]
    first = found["days"][0]
    assert (first["weekday"], first["number"], first["label"], first["count"]) == ("Tue", "24", "Tuesday, November 24", 27)
    assert first["slots"][0] == {
        "start": "2026-11-24T13:00:00Z",
        "end": "2026-11-24T13:20:00Z",
        "local": "2026-11-24T08:00:00-05:00",
        "time": "8:00 AM",
        "label": "Tue, Nov 24, 8:00 AM",
        "part": "morning",
        "practitioners": ["bea", "osei"],
        "placesLeft": 2,
    }
    assert [day["count"] for day in found["days"]][5] == 0  # Sunday
    assert found["next"] is None


def test_the_times_are_worded_in_the_readers_language() -> None:
    found = body_of(as_nobody().get(f"/clinics/north/slots?service=visit&from={TUESDAY}&days=1&lang=es-US"))
    assert found["days"][0]["label"] == "martes, 24 de noviembre"
    assert found["service"]["name"] == "Consulta médica"


def test_two_times_that_read_the_same_say_their_offsets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 10, 31, 12, 0, tzinfo=UTC))
    from msgspec.structs import replace

    from chalicelib.clinics import actions as clinics
    from chalicelib.clinics.records import AvailableTime, Hours, Weekday

    rule = AvailableTime(days_of_week=(Weekday.SUN,), available_start_time="00:00", available_end_time="04:00")
    clinics.save(replace(clinics.get("north"), hours=Hours(available_time=(rule,))))
    found = body_of(as_nobody().get("/clinics/north/slots?service=visit&from=2026-11-01&days=1&practitioner=bea&lang=en-US"))
    times = [slot["time"] for slot in found["days"][0]["slots"]]
    assert times[3:9] == ["1:00 AM EDT", "1:20 AM EDT", "1:40 AM EDT", "1:00 AM EST", "1:20 AM EST", "1:40 AM EST"]
    assert times[0] == "12:00 AM"


def test_ada_books_sees_and_cancels_a_visit() -> None:
    ada = signed_in(ADA)
    answer = book(ada)
    visit = body_of(answer)
    assert answer.status == 201
    assert (visit["status"], visit["day"], visit["time"], visit["local"]) == ("booked", "Tuesday, November 24, 2026", "10:40 AM", TEN_FORTY)
    assert (visit["practitioner"]["name"], visit["room"], visit["checklist"]) == (
        "Dr Bea Lindqvist",
        "Room 1",
        [{"kind": "insurance-front"}, {"kind": "insurance-back"}],
    )
    assert (visit["canCancel"], visit["cancelBy"]["label"]) == (True, "Mon, Nov 23, 10:40 AM")
    one = ada.get(f"{VISITS}/{visit['id']}?lang=en-US")
    assert (body_of(one), one.header("etag")) == (visit, '"1"')
    assert body_of(ada.get(f"{VISITS}?lang=en-US")) == {"upcoming": [visit], "past": []}
    gone = body_of(ada.post(f"{VISITS}/{visit['id']}/cancel", {"reason": " better "}, if_match='"1"'))
    assert (gone["status"], gone["cancelationReason"], gone["late"], gone["version"]) == ("cancelled", "better", False, 2)
    assert [len(part) for part in body_of(ada.get(VISITS)).values()] == [0, 1]


@pytest.mark.parametrize("version", ['"7"', "seven", '"' + "9" * 4301 + '"', "W/", "-1"])
def test_cancelling_another_version_is_412_and_cancels_nothing(version: str) -> None:
    ada = signed_in(ADA)
    visit = body_of(book(ada))["id"]
    answer = ada.post(f"{VISITS}/{visit}/cancel", {}, if_match=version)
    assert slug(answer) == (412, "changed")
    assert body_of(ada.get(f"{VISITS}/{visit}"))["status"] == "booked"


@pytest.mark.parametrize("odd", ["a" * 1025, "A", "%2e%2e", "a%00b", "a%2Fb", "é", "a b", ""])
def test_an_odd_id_is_not_found_before_anything_is_read(odd: str) -> None:
    ada = signed_in(ADA)
    missing = ada.get(f"{VISITS}/{MISSING}")
    assert seen(ada.get(f"/clinics/{odd}/slots?service=visit")) == seen(missing)
    if odd:
        assert seen(ada.get(f"{VISITS}/{odd}")) == seen(missing)
        assert as_nobody().get(f"{VISITS}/{odd}").status == 401


def test_the_calendar_file_is_read_by_others() -> None:
    ada = signed_in(ADA)
    visit = body_of(book(ada))
    answer = ada.get(f"{VISITS}/{visit['id']}/calendar")
    assert answer.header("content-type") == "text/calendar; charset=utf-8"
    event: Any = icalendar.Calendar.from_ical(answer.body).walk("VEVENT")[0]
    assert event["DTSTART"].dt == datetime.fromisoformat(TEN_FORTY)
    assert event["UID"] == f"{visit['id']}@localhost"
    assert "visit" not in event["SUMMARY"].lower()


def test_every_answer_is_private_and_never_kept() -> None:
    for answer in (book(signed_in(ADA)), as_nobody().get("/clinics"), as_nobody().get(VISITS)):
        assert answer.header("cache-control") == "no-store"
        assert answer.header("x-content-type-options") == "nosniff"


def test_the_same_key_gets_the_same_answer() -> None:
    ada = signed_in(ADA)
    first, again = book(ada), book(ada)
    assert (first.status, first.body) == (again.status, again.body)
    assert len(body_of(ada.get(VISITS))["upcoming"]) == 1


def test_the_same_key_with_another_wish_is_refused() -> None:
    ada = signed_in(ADA)
    book(ada)
    other = book(ada, start="2026-11-24T11:00:00-05:00")
    assert (other.status, body_of(other)["type"]) == (422, "key-reused")


def test_the_key_of_one_is_nothing_to_another() -> None:
    book(signed_in(ADA))
    answer = book(signed_in(BEN), start="2026-11-24T11:00:00-05:00")
    assert answer.status == 201


def test_a_key_is_forgotten_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    book(signed_in(ADA))
    later = NOW + timedelta(hours=24)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = book(signed_in(ADA, later), start="2026-11-25T11:00:00-05:00")
    assert (answer.status, body_of(answer)["time"]) == (201, "11:00 AM")


WRONG: list[tuple[str, dict[str, Any], int, str, str]] = [
    ("a date in the past", {"start": "2026-11-20T10:40:00-05:00"}, 422, "too-soon", ""),
    ("inside the lead time", {"start": "2026-11-23T07:40:00-05:00"}, 422, "too-soon", ""),
    ("beyond the horizon", {"start": "2027-02-01T10:40:00-05:00"}, 422, "too-far", ""),
    ("a slot outside hours", {"start": "2026-11-24T21:00:00-05:00"}, 422, "outside-hours", ""),
    ("a time between two slots", {"start": "2026-11-24T10:50:00-05:00"}, 422, "outside-hours", ""),
    ("seconds", {"start": "2026-11-24T10:40:01-05:00"}, 422, "outside-hours", ""),
    ("a naive time", {"start": "2026-11-24T10:40:00"}, 422, "look-again", "start"),
    ("no time at all", {"start": "tomorrow"}, 422, "look-again", "start"),
    ("the first second of all time", {"start": "0001-01-01T00:00:00+23:59"}, 422, "look-again", "start"),
    ("the last second of all time", {"start": "9999-12-31T23:59:59-23:59"}, 422, "look-again", "start"),
    ("a number as a service", {"service": 7}, 422, "look-again", "service"),
    ("an unknown service", {"service": "magic"}, 422, "look-again", "service"),
    ("an unknown practitioner", {"practitioner": "dana"}, 422, "look-again", "practitioner"),
    ("an unknown field", {"override": True}, 422, "look-again", "override"),
    ("a note too long", {"note": "x" * 501}, 422, "look-again", "note"),
]


@pytest.mark.parametrize(("what", "changes", "status", "kind", "field"), WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_wish_is_a_clear_problem_and_stores_nothing(what: str, changes: dict[str, Any], status: int, kind: str, field: str) -> None:
    assert what
    answer = book(signed_in(ADA), **changes)
    told = body_of(answer)
    assert (answer.status, told["type"], told["status"]) == (status, kind, status)
    assert answer.header("content-type").startswith("application/problem+json")
    assert told["title"]
    assert told.get("detail") or told["errors"][0]["detail"]
    assert [error["field"] for error in told.get("errors", [])] == ([field] if field else [])
    assert nothing_is_stored()


def test_several_mistakes_are_told_at_once() -> None:
    told = body_of(book(signed_in(ADA), service=7, start="tomorrow", override=True))
    assert {error["field"] for error in told["errors"]} == {"service", "start", "override"}


UNREADABLE: list[tuple[str, Callable[[Caller], Answer], int, str]] = [
    ("2 MB", lambda c: c.post(VISITS, b"x" * 2_000_000, idempotency_key="a-key-of-adas"), 413, "too-large"),
    ("bad JSON", lambda c: c.post(VISITS, b'{"service": ', idempotency_key="a-key-of-adas"), 400, "unreadable"),
    ("a list", lambda c: c.post(VISITS, b"[]", idempotency_key="a-key-of-adas"), 400, "unreadable"),
    ("nothing", lambda c: c.post(VISITS, b"", idempotency_key="a-key-of-adas"), 400, "unreadable"),
    ("no UTF-8", lambda c: c.post(VISITS, b'{"service": "\xff"}', idempotency_key="a-key-of-adas"), 422, "look-again"),
    ("a thousand brackets", lambda c: c.post(VISITS, b"[" * 5000, idempotency_key="a-key-of-adas"), 400, "unreadable"),
    ("no key", lambda c: c.post(VISITS, booking()), 400, "unreadable"),
    ("an odd key", lambda c: c.post(VISITS, booking(), idempotency_key="a b"), 400, "unreadable"),
    ("a form", lambda c: c.post(VISITS, booking(), idempotency_key="a-key-of-adas", content_type="text/plain"), 400, "unreadable"),
    ("without our header", lambda c: c.post(VISITS, booking(), idempotency_key="a-key-of-adas", x_portal=""), 403, "cross-site"),
    ("another site", lambda c: c.post(VISITS, booking(), idempotency_key="a-key-of-adas", origin="https://evil.example"), 403, "cross-site"),
    ("the staff's site", lambda c: c.post(VISITS, booking(), idempotency_key="a-key-of-adas", origin="http://staff.localhost:8000"), 403, "cross-site"),
    ("no site", lambda c: c.ask("POST", VISITS, b"{}", {"content-type": "application/json", "x-portal": "1"}), 403, "cross-site"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "ask", "status", "kind"), UNREADABLE, ids=[row[0] for row in UNREADABLE])
def test_what_cannot_be_read_is_said_and_stores_nothing(what: str, ask: Callable[[Caller], Answer], status: int, kind: str) -> None:
    assert what
    answer = ask(signed_in(ADA))
    assert slug(answer) == (status, kind)
    assert nothing_is_stored()


@pytest.mark.parametrize(
    "query",
    ["", "service=visit&days=0", "service=visit&days=15", "service=visit&days=x", "service=visit&from=2026-02-30", "service=visit&odd=1",
     "service=visit&from=0001-01-01", "service=visit&from=9999-12-31", "service=magic", "service=visit&practitioner=dana"],
)  # fmt: skip
def test_a_wrong_search_names_the_field(query: str) -> None:
    answer = as_nobody().get(f"/clinics/north/slots?{query}")
    assert answer.status == 422
    assert body_of(answer)["errors"][0]["field"] in {"service", "days", "from", "odd", "practitioner"}


def test_the_refusal_of_a_taken_slot_says_what_to_do() -> None:
    book(signed_in(BEN))
    answer = book(signed_in(ADA))
    told = body_of(answer)
    assert (answer.status, told["type"]) == (409, "slot-taken")
    assert told["detail"] == "Please choose another time."


# ------------------------------------------------------------------------------------------ who stays outside

ASKS: dict[str, Callable[[Caller, str], Answer]] = {
    "book_appointment": lambda caller, visit: book(caller, key="their-own-key"),
    "list_my_appointments": lambda caller, visit: caller.get(VISITS),
    "get_appointment": lambda caller, visit: caller.get(f"{VISITS}/{visit}"),
    "cancel_appointment": lambda caller, visit: caller.post(f"{VISITS}/{visit}/cancel", {}),
    "get_appointment_calendar": lambda caller, visit: caller.get(f"{VISITS}/{visit}/calendar"),
}
OF_ONE_VISIT = ["get_appointment", "cancel_appointment", "get_appointment_calendar"]


@pytest.mark.parametrize("door", ASKS)
def test_signed_out_is_401(door: str) -> None:
    visit = body_of(book(signed_in(ADA)))["id"]
    answer = ASKS[door](as_nobody(), visit)
    assert slug(answer) == (401, "signed-out")


@pytest.mark.parametrize("door", OF_ONE_VISIT)
def test_ben_of_the_north_is_told_the_same_of_adas_visit_as_of_none(door: str) -> None:
    ada = signed_in(ADA)
    visit = body_of(book(ada))["id"]
    ben = signed_in(BEN)
    theirs, missing = ASKS[door](ben, visit), ASKS[door](ben, MISSING)
    assert theirs.status == 404
    assert seen(theirs) == seen(missing)
    assert body_of(ada.get(f"{VISITS}/{visit}"))["status"] == "booked"


def test_ben_of_the_north_lists_only_his_own() -> None:
    book(signed_in(ADA))
    assert body_of(signed_in(BEN).get(VISITS)) == {"upcoming": [], "past": []}


@pytest.mark.parametrize(
    "door", ["book_appointment", "list_my_appointments", "get_appointment", "cancel_appointment", "get_appointment_calendar"]
)
def test_mallory_of_the_south_is_told_the_same_of_adas_visit_as_of_none(door: str) -> None:
    ada = signed_in(ADA)
    visit = body_of(book(ada))["id"]
    mallory = signed_in(MALLORY)
    mallory.audience = Audience.PATIENT  # she sends what the patients' page would send
    theirs, missing = ASKS[door](mallory, visit), ASKS[door](mallory, MISSING)
    assert theirs.status == 404
    assert seen(theirs) == seen(missing)
    assert body_of(ada.get(f"{VISITS}/{visit}"))["status"] == "booked"


@pytest.mark.parametrize("door", ASKS)
def test_a_patient_of_the_south_is_signed_out_in_the_north(door: str) -> None:
    visit = body_of(book(signed_in(ADA)))["id"]
    stranger = as_actor(
        ADA.actor(patient="ada").__class__(roles=(ADA.role,), clinic="south", account="ada", patient="ada"), Audience.PATIENT
    )
    assert ASKS[door](stranger, visit).status == 401
    (token,) = stranger.cookies.values()
    stranger.cookies = {"__Host-session-north": token}
    assert ASKS[door](stranger, visit).status == 401


@pytest.mark.parametrize("door", ASKS)
def test_a_manager_of_the_north_is_no_patient(door: str) -> None:
    """Roles are no ladder: the patients' doors are the patients'."""
    visit = body_of(book(signed_in(ADA)))["id"]
    cyrus = signed_in(CYRUS)
    cyrus.audience = Audience.PATIENT
    assert ASKS[door](cyrus, visit).status == 403


@pytest.mark.parametrize(
    ("door", "path"),
    [
        ("list_clinics", "/clinics"),
        ("get_clinic", "/clinics/north"),
        ("list_healthcare_services", "/clinics/north/healthcare-services"),
        ("find_slots", f"/clinics/north/slots?service=visit&from={TUESDAY}"),
    ],
)
def test_mallory_of_the_south_sees_what_anyone_sees(door: str, path: str) -> None:
    assert door
    assert seen(signed_in(MALLORY).get(path)) == seen(as_nobody().get(path))


def test_a_clinic_that_does_not_exist_is_not_found() -> None:
    for path in ("/clinics/nowhere", "/clinics/nowhere/slots?service=visit", "/clinics/../north"):
        assert as_nobody().get(path).status == 404


def test_a_problem_of_the_rules_is_told_with_its_facts() -> None:
    told = body_of(book(signed_in(ADA), start="2026-11-23T07:40:00-05:00"))
    assert told["type"] == TooSoon.slug()
    assert told["earliest"].startswith("2026-11-23T08:00")
