"""Calendar files are read alike by an independent library."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kit import ics, zone
from chalicelib.kit.ics import Method, Person, Status

STAMP = datetime(2026, 11, 21, 15, 0, 7, tzinfo=UTC)


def an_event(**changed: Any) -> ics.Event:
    about: dict[str, Any] = {
        "uid": "k3v@localhost",
        "sequence": 0,
        "start": datetime(2026, 11, 24, 15, 40, tzinfo=UTC),
        "end": datetime(2026, 11, 24, 16, 0, tzinfo=UTC),
        "summary": "Visit at Harbour Family Clinic",
        "organizer": Person("Harbour Family Clinic", "visits@harbourhealth.example"),
        "attendee": Person("Ada Ñúñez", "ada@example.com"),
    }
    return ics.Event(**(about | changed))


def parsed(event: ics.Event, method: Method = Method.REQUEST) -> Any:
    whole = icalendar.Calendar.from_ical(ics.calendar(event, method, STAMP))
    (visit,) = whole.walk("VEVENT")
    assert not visit.errors
    return visit


def test_a_visit_is_read_as_it_was_meant() -> None:
    visit = parsed(an_event(location="218 North Street, New Haven, CT 06511", url="http://localhost:8000/north/en/visit/#k3v"))
    assert visit.decoded("dtstart") == datetime(2026, 11, 24, 15, 40, tzinfo=UTC)
    assert visit.decoded("dtend") == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert visit.decoded("dtstamp") == STAMP
    assert (str(visit["uid"]), int(visit["sequence"]), str(visit["status"])) == ("k3v@localhost", 0, "CONFIRMED")
    assert str(visit["summary"]) == "Visit at Harbour Family Clinic"
    assert str(visit["location"]) == "218 North Street, New Haven, CT 06511"
    assert str(visit["url"]) == "http://localhost:8000/north/en/visit/#k3v"
    assert str(visit["organizer"]) == "mailto:visits@harbourhealth.example"
    assert visit["organizer"].params["CN"] == "Harbour Family Clinic"


@pytest.mark.parametrize(
    ("wall", "place", "instant"),
    [
        ("2026-10-31T10:40", "America/New_York", "20261031T144000Z"),
        ("2026-11-02T10:40", "America/New_York", "20261102T154000Z"),
        ("2026-11-02T10:40", "America/Winnipeg", "20261102T154000Z"),
        ("2026-03-29T10:40", "Europe/London", "20260329T094000Z"),
        ("2026-03-28T10:40", "Europe/London", "20260328T104000Z"),
    ],
)
def test_the_same_wall_time_before_and_after_a_clock_change_is_the_right_instant(wall: str, place: str, instant: str) -> None:
    local = datetime.fromisoformat(wall).replace(tzinfo=zone.named(place))
    event = an_event(start=local, end=local.astimezone(UTC) + timedelta(minutes=20))
    assert f"DTSTART:{instant}\r\n" in ics.calendar(event, Method.PUBLISH, STAMP)
    assert parsed(event).decoded("dtstart").astimezone(ZoneInfo(place)) == local


@pytest.mark.parametrize("method", [Method.REQUEST, Method.CANCEL])
def test_an_invitation_names_who_is_invited(method: Method) -> None:
    visit = parsed(an_event(), method)
    assert str(visit["attendee"]) == "mailto:ada@example.com"
    assert visit["attendee"].params["CN"] == "Ada Ñúñez"
    assert visit["attendee"].params["PARTSTAT"] == "ACCEPTED"


def test_a_download_names_nobody_who_is_invited() -> None:
    assert "attendee" not in parsed(an_event(), Method.PUBLISH)


def test_a_cancelled_visit_says_so_under_the_same_uid_and_a_higher_sequence() -> None:
    visit = parsed(an_event(status=Status.CANCELLED, sequence=1), Method.CANCEL)
    assert (str(visit["status"]), int(visit["sequence"]), str(visit["uid"])) == ("CANCELLED", 1, "k3v@localhost")


@pytest.mark.parametrize("method", list(Method))
def test_the_method_stands_in_the_calendar(method: Method) -> None:
    assert str(icalendar.Calendar.from_ical(ics.calendar(an_event(), method, STAMP))["method"]) == method


LONG = "Revisión anual, mañana; «Dr. Ñúñez» \\ piso 2º — " * 12


def test_a_long_accented_text_comes_back_whole() -> None:
    visit = parsed(an_event(summary=LONG, description=f"{LONG}\n\nsecond; line, with \\n in it"))
    assert str(visit["summary"]) == LONG
    assert str(visit["description"]) == f"{LONG}\n\nsecond; line, with \\n in it"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), max_size=300))
def test_whatever_is_written_is_read_back_and_no_line_is_too_long(written: str) -> None:
    made = ics.calendar(an_event(summary="x" + written), Method.PUBLISH, STAMP)
    assert all(len(line) <= 75 for line in made.encode().split(b"\r\n"))
    assert str(parsed(an_event(summary="x" + written))["summary"]) == "x" + written


def test_every_line_ends_in_crlf_and_none_in_anything_else() -> None:
    made = ics.calendar(an_event(description="a\nb\r\nc"), Method.REQUEST, STAMP)
    assert made.endswith("END:VCALENDAR\r\n")
    assert "\n" not in made.replace("\r\n", "")
    assert "\r" not in made.replace("\r\n", "")


@pytest.mark.parametrize("field", ["summary", "location", "description", "url", "uid"])
def test_no_field_can_begin_a_line_of_its_own(field: str) -> None:
    made = ics.calendar(an_event(**{field: "a\r\nATTENDEE:mailto:mallory@example.com\r\nX:"}), Method.PUBLISH, STAMP)
    assert not any(line.startswith("ATTENDEE") for line in made.split("\r\n"))


def test_no_name_can_add_a_parameter() -> None:
    visit = parsed(an_event(attendee=Person('Mallory";PARTSTAT="DECLINED\r\nX', "m@example.com")))
    assert visit["attendee"].params["PARTSTAT"] == "ACCEPTED"


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        ics.calendar(an_event(start=datetime(2026, 11, 24, 10, 40)), Method.PUBLISH, STAMP)  # noqa: DTZ001 - the point
