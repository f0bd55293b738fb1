"""What is shown, hence bookable: a table for every rule of booking's times, its number at the head of each case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.booking import rules
from chalicelib.booking.records import BLOCKING
from chalicelib.kit import zone as zones
from chalicelib.kit.problem import Problem
from chalicelib.schedules.records import Claim
from chalicelib.visits.records import AppointmentStatus
from tests.booking.makers import Scene, a_claim, a_clinic, a_service, an_appointment, day, hours, limits, moment

NEW_YORK, LONDON, LORD_HOWE, CHATHAM = "America/New_York", "Europe/London", "Australia/Lord_Howe", "Pacific/Chatham"
ST_JOHNS, KOLKATA, HAVANA, CAIRO, NUUK = "America/St_Johns", "Asia/Kolkata", "America/Havana", "Africa/Cairo", "America/Nuuk"
VANCOUVER, EDMONTON, WINNIPEG, CASABLANCA = "America/Vancouver", "America/Edmonton", "America/Winnipeg", "Africa/Casablanca"
GAP, REPEAT = "2026-03-08", "2026-11-01"  # the days New York changes its clocks; the latter is a Sunday
MONDAY = "2026-03-02"
LEAP_YEAR = moment("2028-01-01 00:00")


def case(number: str, scene: Scene, dates: str, shown: str) -> Any:
    """One row of a table: the dates asked for, and the local times shown."""
    return pytest.param(scene, dates, shown.split(), id=number.replace(" ", "-"))


def every_hour(first: int, last: int, offset: str) -> str:
    """Whole hours with their offset, as the tables write them."""
    return " ".join(f"{hour:02}:00{offset}" for hour in range(first, last + 1))


def scene(zone: str, line: str, minutes: int = 60, **more: Any) -> Scene:
    """A clinic of one weekly rule, its visits that long."""
    step = more.pop("step", None)
    return Scene(zone=zone, hours=hours(*line.split("; ")), service=more.pop("service", a_service(minutes, step=step)), **more)


# ---------------------------------------------------------------------------------------------------- 1.1 time

WITH_OFFSETS = [
    case(
        "1.1.1 spans are half-open: a visit may end as the next begins", scene("UTC", "daily 09:00-11:00"), MONDAY, "09:00+0000 10:00+0000"
    ),
    case(
        "1.1.2 opening in a gap takes the offset before it",
        scene(NEW_YORK, "daily 02:30-05:00", 30),
        GAP,
        "03:30-0400 04:00-0400 04:30-0400",
    ),
    case("1.1.2 closing in a gap", scene(NEW_YORK, "daily 01:00-02:30", 30), GAP, "01:00-0500 01:30-0500 03:00-0400"),
    case(
        "1.1.2 opening at a repeated time is its first",
        scene(NEW_YORK, "daily 01:30-02:00", 30),
        REPEAT,
        "01:30-0400 01:00-0500 01:30-0500",
    ),
    case("1.1.2 closing at a repeated time is its first", scene(NEW_YORK, "daily 00:30-01:30", 30), REPEAT, "00:30-0400 01:00-0400"),
    case("1.1.3 a visit lasts elapsed minutes over a gap", scene(NEW_YORK, "daily 01:30-04:00", 60), GAP, "01:30-0500"),
    case(
        "1.1.3 steps are elapsed over a gap",
        scene(NEW_YORK, "daily 00:00-05:00", 60, step=45),
        GAP,
        "00:00-0500 00:45-0500 01:30-0500 03:15-0400 04:00-0400",
    ),
    case("1.1.4 a day of 23 hours", scene(NEW_YORK, "sun 00:00-24:00"), GAP, every_hour(0, 1, "-0500") + " " + every_hour(3, 23, "-0400")),
    case(
        "1.1.4 a day of 25 hours", scene(NEW_YORK, "sun 00:00-24:00"), REPEAT, every_hour(0, 1, "-0400") + " " + every_hour(1, 23, "-0500")
    ),
    case(
        "1.1.4 a day of 23.5 hours",
        scene(LORD_HOWE, "sun 00:00-24:00", 30, step=60),
        "2026-10-04",
        every_hour(0, 1, "+1030") + " " + " ".join(f"{h:02}:30+1100" for h in range(2, 24)),
    ),
    case(
        "1.1.4 a day of 24.5 hours",
        scene(LORD_HOWE, "sun 00:00-03:00", 30),
        "2026-04-05",
        "00:00+1100 00:30+1100 01:00+1100 01:30+1100 01:30+1030 02:00+1030 02:30+1030",
    ),
    case("1.1.4 a day of 22 hours", scene("Antarctica/Troll", "sun 00:00-04:00"), "2026-03-29", "00:00+0000 03:00+0200"),
    case(
        "1.1.4 a day of 26 hours",
        scene("Antarctica/Troll", "sun 00:00-04:00"),
        "2026-10-25",
        "00:00+0200 01:00+0200 02:00+0200 01:00+0000 02:00+0000 03:00+0000",
    ),
    case(
        "1.1.5 two slots that read the same are two",
        scene(NEW_YORK, "daily 01:00-02:00", 30),
        REPEAT,
        "01:00-0400 01:30-0400 01:00-0500 01:30-0500",
    ),
    case(
        "1.1.5 blocking the first of them leaves the second",
        scene(NEW_YORK, "daily 01:00-02:00", 30, people={"bea": (a_claim("2026-11-01 05:30-06:00"),)}),
        REPEAT,
        "01:00-0400 01:00-0500 01:30-0500",
    ),
    case(
        "1.1.5 blocking the second leaves the first",
        scene(NEW_YORK, "daily 01:00-02:00", 30, people={"bea": (a_claim("2026-11-01 06:30-07:00"),)}),
        REPEAT,
        "01:00-0400 01:30-0400 01:00-0500",
    ),
    case(
        "1.1.5 no label that does not exist", scene(NEW_YORK, "daily 01:00-04:00", 30), GAP, "01:00-0500 01:30-0500 03:00-0400 03:30-0400"
    ),
    case("1.1 a midnight that does not exist, Havana", scene(HAVANA, "daily 00:00-03:00"), "2026-03-08", "01:00-0400 02:00-0400"),
    case("1.1 a midnight that does not exist, as closing", scene(HAVANA, "sat 22:00-24:00"), "2026-03-07", "22:00-0500 23:00-0500"),
    case("1.1 a midnight that occurs twice", scene(HAVANA, "daily 00:00-02:00"), "2027-11-07", "00:00-0400 00:00-0500 01:00-0500"),
    case("1.1 a midnight that does not exist, Cairo", scene(CAIRO, "daily 00:00-02:00", 30), "2026-04-24", "01:00+0300 01:30+0300"),
    case(
        "1.1 the hour before midnight repeated, Cairo", scene(CAIRO, "daily 22:00-24:00"), "2026-10-29", "22:00+0300 23:00+0300 23:00+0200"
    ),
    case("1.1 the hour before midnight left out, Nuuk", scene(NUUK, "daily 21:00-24:00"), "2026-03-28", "21:00-0200 22:00-0200"),
    case("1.1 the hour after that gap is the next date's", scene(NUUK, "sat 23:00-01:00", 30), "2026-03-29", "00:00-0100 00:30-0100"),
    case(
        "1.1 a zone of 45 minutes, spring",
        scene(CHATHAM, "daily 02:00-04:15", 15),
        "2026-09-27",
        "02:00+1245 02:15+1245 02:30+1245 03:45+1345 04:00+1345",
    ),
    case(
        "1.1 a zone of 45 minutes, autumn",
        scene(CHATHAM, "daily 03:30-04:00", 15),
        "2026-04-05",
        "03:30+1345 02:45+1245 03:00+1245 03:15+1245 03:30+1245 03:45+1245",
    ),
    case(
        "1.1 a zone of 30 minutes that never changes",
        scene(KOLKATA, "daily 09:00-10:00", 15),
        MONDAY,
        "09:00+0530 09:15+0530 09:30+0530 09:45+0530",
    ),
    case("1.1 a zone of 30 minutes, spring", scene(ST_JOHNS, "daily 01:30-03:30", 30), GAP, "01:30-0330 03:00-0230"),
    case(
        "1.1 a zone of 30 minutes, autumn",
        scene(ST_JOHNS, "daily 01:00-02:30", 30),
        REPEAT,
        "01:00-0230 01:30-0230 01:00-0330 01:30-0330 02:00-0330",
    ),
    case("1.1 London in spring", scene(LONDON, "daily 00:30-03:00", 30), "2026-03-29", "00:30+0000 02:00+0100 02:30+0100"),
    case("1.1 Vancouver keeps its clocks in autumn 2026", scene(VANCOUVER, "sun 00:00-04:00"), REPEAT, every_hour(0, 3, "-0700")),
    case("1.1 Edmonton keeps its clocks in autumn 2026", scene(EDMONTON, "sun 00:00-04:00"), REPEAT, every_hour(0, 3, "-0600")),
    case("1.1 Winnipeg keeps its clocks in autumn 2026", scene(WINNIPEG, "sun 00:00-04:00"), REPEAT, every_hour(0, 3, "-0500")),
    case(
        "1.1 Casablanca leaves +01 in September 2026",
        scene(CASABLANCA, "sun 00:00-03:00"),
        "2026-09-20",
        "00:00+0100 01:00+0100 01:00+0000 02:00+0000",
    ),
    case("1.1 Casablanca has no spring change in 2027", scene(CASABLANCA, "sun 01:00-04:00"), "2027-03-14", every_hour(1, 3, "+0000")),
    case("1.1 the 29th of February", scene(NEW_YORK, "tue 09:00-11:00", now=LEAP_YEAR), "2028-02-29", "09:00-0500 10:00-0500"),
    case(
        "1.1 over midnight to the 29th of February",
        scene(NEW_YORK, "mon 23:00-02:00", now=LEAP_YEAR),
        "2028-02-29",
        "00:00-0500 01:00-0500",
    ),
    case(
        "1.1 over midnight from the 29th of February",
        scene(NEW_YORK, "tue 23:00-02:00", now=LEAP_YEAR),
        "2028-03-01",
        "00:00-0500 01:00-0500",
    ),
    case(
        "1.1.7 off-grid busy time is rounded outwards",
        scene(
            "UTC",
            "daily 09:00-09:30",
            5,
            people={"bea": (Claim(zones.minute(moment(f"{MONDAY} 09:07")), zones.minute(moment(f"{MONDAY} 09:18")), "x"),)},
        ),
        MONDAY,
        "09:00+0000 09:20+0000 09:25+0000",
    ),
]


@pytest.mark.parametrize(("scene", "dates", "shown"), WITH_OFFSETS)
def test_times_are_true_to_the_clocks(scene: Scene, dates: str, shown: list[str]) -> None:
    assert scene.times(dates, form="%H:%M%z") == shown


# --------------------------------------------------------------------------------------------- 1.2 opening hours

NIGHT = "mon 22:00-02:00"
DAYS_OFF = hours("daily 09:00-12:00", off=((MONDAY, "2026-03-03"),))


def with_dates(clinic: dict[str, str] | None = None, role: dict[str, str] | None = None, role_line: str = "") -> Scene:
    """A clinic open 9 to 11 daily, and Bea, each with exceptions."""
    lines = (role_line,) if role_line else ()
    return Scene(hours=hours("daily 09:00-11:00", dates=clinic), roles={"bea": hours(*lines, dates=role)})


OPENING_HOURS = [
    case("1.2.1 only on its days", scene("UTC", "tue wed 09:00-11:00"), MONDAY, ""),
    case("1.2.1 from a date, that date included", scene("UTC", "daily 09:00-11:00 2026-03-02.."), MONDAY, "09:00 10:00"),
    case("1.2.1 not before", scene("UTC", "daily 09:00-11:00 2026-03-03.."), MONDAY, ""),
    case("1.2.1 until a date, that date included", scene("UTC", "daily 09:00-11:00 ..2026-03-02"), MONDAY, "09:00 10:00"),
    case("1.2.1 not after", scene("UTC", "daily 09:00-11:00 ..2026-03-01"), MONDAY, ""),
    case(
        "1.2.1 validity is of the date the window begins: its tail stays",
        scene("UTC", "daily 22:00-02:00 ..2026-03-01"),
        MONDAY,
        "00:00 01:00",
    ),
    case(
        "1.2.1 validity is of the date the window begins: no tail before",
        scene("UTC", "daily 22:00-02:00 2026-03-02.."),
        MONDAY,
        "22:00 23:00",
    ),
    case("1.2.1 24:00 is the next midnight", scene("UTC", "mon 22:00-24:00"), MONDAY, "22:00 23:00"),
    case("1.2.1 an end before the start is the next day's", scene("UTC", NIGHT), "2026-03-03", "00:00 01:00"),
    case("1.2.1 equal ends run round to the next day", scene("UTC", "mon 20:00-20:00", 240), "2026-03-03", "00:00 04:00 08:00 12:00 16:00"),
    case("1.2.1 a window that the gap swallows is none", scene(NEW_YORK, "daily 02:00-03:00", 5), GAP, ""),
    case("1.2.1 nor one whose end falls before its start", scene(NEW_YORK, "daily 02:30-03:00", 5), GAP, ""),
    case(
        "1.2.1 wall values decide the next day before instants do",
        scene(NEW_YORK, "sun 02:45-02:30", 240),
        GAP,
        "03:45 07:45 11:45 15:45 19:45",
    ),
    case("1.2.2 the tail after midnight belongs to the day it began", scene("UTC", NIGHT), MONDAY, "22:00 23:00"),
    case("1.2.2 and is asked for under its own date", scene("UTC", "sun mon 22:00-02:00"), MONDAY, "00:00 01:00 22:00 23:00"),
    case("1.2.3 an exception replaces the week", with_dates({MONDAY: "14:00-16:00"}), MONDAY, "14:00 15:00"),
    case("1.2.3 it can hold several windows", with_dates({MONDAY: "09:00-10:00 14:00-15:00"}), MONDAY, "09:00 14:00"),
    case("1.2.3 none is closed", with_dates({MONDAY: ""}), MONDAY, ""),
    case(
        "1.2.3 it opens a day the week keeps closed", Scene(hours=hours("tue 09:00-10:00", dates={MONDAY: "09:00-10:00"})), MONDAY, "09:00"
    ),
    case("1.2.3 it leaves last night's tail", Scene(hours=hours("sun mon 22:00-02:00", dates={MONDAY: ""})), MONDAY, "00:00 01:00"),
    case("1.2.3 and takes its own", Scene(hours=hours("sun mon 22:00-02:00", dates={MONDAY: ""})), "2026-03-03", ""),
    case("1.2.3 the clinic closed wins over the practitioner", with_dates({MONDAY: ""}, {MONDAY: "14:00-15:00"}), MONDAY, ""),
    case("1.2.3 else the practitioner's wins", with_dates({MONDAY: "09:00-10:00"}, {MONDAY: "14:00-15:00"}), MONDAY, "14:00"),
    case("1.2.3 the practitioner's may close", with_dates({MONDAY: "09:00-10:00"}, {MONDAY: ""}), MONDAY, ""),
    case(
        "1.2.3 else the clinic's, over the practitioner's week",
        with_dates({MONDAY: "14:00-15:00"}, None, "daily 08:00-09:00"),
        MONDAY,
        "14:00",
    ),
    case("1.2.3 else the practitioner's week", with_dates({}, {}, "daily 08:00-09:00"), MONDAY, "08:00"),
    case("1.2.3 a week of theirs that is not valid yet opens nothing", with_dates({}, {}, "daily 08:00-09:00 2026-04-01.."), MONDAY, ""),
    case("1.2.3 else the clinic's week", with_dates({"2026-03-03": ""}, {"2026-03-03": "14:00-15:00"}), MONDAY, "09:00 10:00"),
    case("1.2.4 whole days off, the first", Scene(hours=DAYS_OFF), MONDAY, ""),
    case("1.2.4 the last", Scene(hours=DAYS_OFF), "2026-03-03", ""),
    case("1.2.4 not the next", Scene(hours=DAYS_OFF), "2026-03-04", "09:00 10:00 11:00"),
    case("1.2.4 not the one before", Scene(hours=DAYS_OFF), "2026-03-01", "09:00 10:00 11:00"),
    case("1.2.4 of the practitioner", Scene(roles={"bea": hours(off=((MONDAY, MONDAY),))}), MONDAY, ""),
    case("1.2.4 it takes the tail of the night before", Scene(hours=hours("daily 22:00-02:00", off=((MONDAY, MONDAY),))), MONDAY, ""),
    case(
        "1.2.4 and leaves its own night's",
        Scene(hours=hours("daily 22:00-02:00", off=((MONDAY, MONDAY),))),
        "2026-03-03",
        "00:00 01:00 22:00 23:00",
    ),
    case(
        "1.2.4 it moves no grid",
        Scene(hours=hours("daily 22:00-04:00", off=((MONDAY, MONDAY),)), service=a_service(90)),
        "2026-03-03",
        "01:00 02:30 22:00 23:30",
    ),
    case("1.2.4 a day off of 25 hours", Scene(zone=NEW_YORK, hours=hours("daily 00:00-24:00", off=((REPEAT, REPEAT),))), REPEAT, ""),
    case("1.2.5 windows that touch are one", scene("UTC", "daily 09:00-10:30; daily 10:30-12:00"), MONDAY, "09:00 10:00 11:00"),
    case("1.2.5 windows that overlap are one", scene("UTC", "daily 09:00-11:00; daily 10:15-12:00"), MONDAY, "09:00 10:00 11:00"),
    case("1.2.5 one inside another adds nothing", scene("UTC", "daily 09:00-12:00; daily 10:15-10:30"), MONDAY, "09:00 10:00 11:00"),
    case("1.2.5 across midnight too", scene("UTC", "mon 21:00-24:00; tue 00:00-03:00", 120), "2026-03-03", "01:00"),
    case("1.2.5 tail and morning", scene("UTC", "mon 21:00-01:00; tue 00:30-03:00", 120), "2026-03-03", "01:00"),
]

# ------------------------------------------------------------------------------------------------- 1.3 the grid

GRID = [
    case("1.3.1 a step is the length unless set", scene("UTC", "daily 09:00-12:00", 45), MONDAY, "09:00 09:45 10:30 11:15"),
    case("1.3.1 a smaller step", scene("UTC", "daily 09:00-11:00", 60, step=20), MONDAY, "09:00 09:20 09:40 10:00"),
    case("1.3.1 a larger step", scene("UTC", "daily 09:00-12:00", 15, step=75), MONDAY, "09:00 10:15 11:30"),
    case("1.3.1 the last visit ends at closing", scene("UTC", "daily 09:00-10:00", 30), MONDAY, "09:00 09:30"),
    case("1.3.1 a window too short has none", scene("UTC", "daily 09:00-09:55", 60), MONDAY, ""),
    case("1.3.1 a window of exactly one visit", scene("UTC", "daily 09:00-10:00", 60), MONDAY, "09:00"),
    case("1.3.2 begins anew after lunch", scene("UTC", "daily 09:00-12:00 13:15-15:00", 50), MONDAY, "09:00 09:50 10:40 13:15 14:05"),
    case(
        "1.3.2 does not shift after a booking",
        scene("UTC", "daily 09:00-12:00", people={"bea": (a_claim(f"{MONDAY} 09:00-09:20"),)}),
        MONDAY,
        "10:00 11:00",
    ),
    case("1.3.2 does not shift at midnight", scene("UTC", "daily 22:15-03:00"), MONDAY, "00:15 01:15 22:15 23:15"),
    case("1.3.2 does not shift at a clock change", scene(NEW_YORK, "sun 00:15-05:00", 45), GAP, "00:15 01:00 01:45 03:30 04:15"),
    case("1.3.2 nor with the dates asked for", scene("UTC", "daily 22:00-04:00", 100), "2026-03-03", "01:20 22:00 23:40"),
    case("1.3.3 hours that never close restart at midnight", scene("UTC", "daily 00:00-24:00", 420), MONDAY, "00:00 07:00 14:00 21:00"),
    case(
        "1.3.3 a day opened at 8 keeps its grid over the first midnight",
        scene("UTC", "mon 08:00-24:00; tue wed 00:00-24:00", 420),
        "2026-03-03",
        "05:00 12:00 19:00",
    ),
    case("1.3.3 and restarts at the second", scene("UTC", "mon 08:00-24:00; tue wed 00:00-24:00", 420), "2026-03-04", "00:00 07:00 14:00"),
    case(
        "1.3.3 opened exactly at a midnight restarts at the next",
        scene("UTC", "mon tue 00:00-24:00", 420),
        "2026-03-03",
        "00:00 07:00 14:00",
    ),
    case(
        "1.3.3 closing at a midnight is not open at it",
        scene("UTC", "sun 00:00-24:00; mon 01:00-24:00; tue 00:00-24:00", 420),
        "2026-03-03",
        "05:00 12:00",
    ),
    case("1.3.3 a visit may run past the anchor", scene("UTC", "daily 00:00-24:00", 300, step=420), MONDAY, "00:00 07:00 14:00 21:00"),
    case("1.3.3 restarts true to a day of 23 hours", scene(NEW_YORK, "daily 00:00-24:00", 420), GAP, "00:00 08:00 15:00 22:00"),
    case("1.3.3 and on the day after", scene(NEW_YORK, "daily 00:00-24:00", 420), "2026-03-09", "00:00 07:00 14:00 21:00"),
    case(
        "1.3.3 restarts at a midnight that does not exist", scene(HAVANA, "daily 00:00-24:00", 420), "2026-03-08", "01:00 08:00 15:00 22:00"
    ),
    case("1.3.3 equal ends, daily, never close", scene("UTC", "daily 20:00-20:00", 420), MONDAY, "00:00 07:00 14:00 21:00"),
    case(
        "1.3.3 a window of 24 hours that a gap before midnight lengthens",
        scene(NUUK, "fri 23:30-23:30; sun 00:15-24:00; mon 00:00-24:00", 420),
        "2026-03-30",
        "00:00 07:00 14:00",
    ),
    case("1.3.4 one day alone returns last night's tail", scene("UTC", "sun 22:00-02:00"), MONDAY, "00:00 01:00"),
    case("1.3.4 a start before midnight is that day's, though it ends the next", scene("UTC", "mon 23:30-02:00", 60), MONDAY, "23:30"),
    case("1.3.4 dates are the clinic's, not UTC's", scene("Pacific/Auckland", "mon 08:00-10:00"), MONDAY, "08:00 09:00"),
]


@pytest.mark.parametrize(("scene", "dates", "shown"), OPENING_HOURS + GRID)
def test_times_follow_the_opening_hours_and_the_grid(scene: Scene, dates: str, shown: list[str]) -> None:
    assert scene.times(dates) == shown


def test_1_3_2_and_1_3_3_the_answer_is_the_same_for_every_query() -> None:
    always = scene(NEW_YORK, "mon 08:00-24:00; tue wed thu fri sat 00:00-24:00; sun 00:00-20:35", 55, step=25)
    whole = always.offers("2026-03-05", "2026-03-12")
    by_day = [offer for date in range(5, 13) for offer in always.offers(f"2026-03-{date:02}")]
    assert list(whole) == by_day


def test_1_3_4_and_1_3_5_several_dates_are_sorted_by_instant() -> None:
    shown = scene(NEW_YORK, "daily 00:30-02:30").times("2026-10-31", "2026-11-01", form="%d %H:%M%z")
    assert shown == ["31 00:30-0400", "31 01:30-0400", "01 00:30-0400", "01 01:30-0400", "01 01:30-0500"]


def test_1_3_5_a_slot_carries_its_instants() -> None:
    (offer,) = scene(NEW_YORK, "daily 23:30-00:30").offers(GAP)
    assert (zones.instant(offer.start), zones.instant(offer.end)) == (moment("2026-03-09 03:30"), moment("2026-03-09 04:30"))


# --------------------------------------------------------------------------------------------- 1.4 what blocks


def a_day(*claims: Claim, service: Any = None, **more: Any) -> Scene:
    """Bea open 9 to 12 with these claims, half-hour visits every 5 minutes unless said otherwise."""
    return Scene(people={"bea": claims}, service=service or a_service(30, step=5), **more)


def at(text: str, claim_id: str = "", **more: Any) -> Claim:
    """A claim on that Monday."""
    return a_claim(f"{MONDAY} {text}", claim_id, **more)


@pytest.mark.parametrize("status", AppointmentStatus)
def test_1_4_1_which_visits_block(status: AppointmentStatus) -> None:
    blocking = {"pending", "booked", "arrived", "checked-in", "fulfilled", "noshow"}
    assert (status in BLOCKING) == (status.value in blocking)


@pytest.mark.parametrize(
    ("now", "free"),
    [
        pytest.param("2026-03-02 07:59", False, id="live"),
        pytest.param("2026-03-02 08:09", False, id="a-minute-before"),
        pytest.param("2026-03-02 08:10", True, id="lapsed-at-exactly-its-end"),
        pytest.param("2026-03-02 08:11", True, id="lapsed"),
    ],
)
def test_1_4_1_a_hold_or_offer_blocks_until_exactly_its_end(now: str, free: bool) -> None:
    held = a_day(at("10:00-10:30", until=f"{MONDAY} 08:10", holder="ada"), now=moment(now))
    assert ("10:00" in held.times(MONDAY)) is free


def test_1_4_1_a_hold_still_blocks_in_the_last_second() -> None:
    held = a_day(at("10:00-10:30", until=f"{MONDAY} 08:10", holder="ada"), now=moment(f"{MONDAY} 08:09") + timedelta(seconds=59.9))
    assert "10:00" not in held.times(MONDAY)


def test_1_4_2_bookings_block_as_instants_whatever_clinic_they_are_in() -> None:
    there = a_claim(f"{MONDAY} 09:00-10:00", zone=NEW_YORK)
    here = scene(LONDON, "daily 13:00-16:00", people={"bea": (there,)})
    assert here.times(MONDAY) == ["13:00", "15:00"]


# buffers of the visit asked for, of the claim on 10:00-10:30, the last start before it and the first after
BUFFERS = [
    pytest.param((0, 0), (0, 0), "09:30", "10:30", id="none"),
    pytest.param((0, 15), (0, 0), "09:15", "10:30", id="own-after"),
    pytest.param((15, 0), (0, 0), "09:30", "10:45", id="own-before"),
    pytest.param((0, 0), (15, 0), "09:15", "10:30", id="claim-before"),
    pytest.param((0, 0), (0, 15), "09:30", "10:45", id="claim-after"),
    pytest.param((15, 15), (15, 15), "09:15", "10:45", id="equal-do-not-add-up"),
    pytest.param((10, 10), (20, 5), "09:10", "10:40", id="the-larger-wins-each-side"),
    pytest.param((20, 5), (10, 10), "09:20", "10:50", id="the-larger-wins-the-other-way"),
]


@pytest.mark.parametrize(("own", "claimed", "last_before", "first_after"), BUFFERS)
def test_1_4_3_the_larger_buffer_wins(own: tuple[int, int], claimed: tuple[int, int], last_before: str, first_after: str) -> None:
    taken = at("10:00-10:30", before=claimed[0], after=claimed[1])
    times = a_day(taken, service=a_service(30, step=5, before=own[0], after=own[1])).times(MONDAY)
    assert (max(t for t in times if t < "10:00"), min(t for t in times if t > "10:00")) == (last_before, first_after)


@pytest.mark.parametrize(("own", "claimed", "last_before", "first_after"), BUFFERS)
def test_1_4_4_rooms_follow_the_same_guard_rule(own: tuple[int, int], claimed: tuple[int, int], last_before: str, first_after: str) -> None:
    taken = at("10:00-10:30", before=claimed[0], after=claimed[1])
    service = a_service(30, step=5, before=own[0], after=own[1], room="exam")
    times = a_day(service=service, rooms={"blue": (taken,)}).times(MONDAY)
    assert (max(t for t in times if t < "10:00"), min(t for t in times if t > "10:00")) == (last_before, first_after)


WHAT_BLOCKS = [
    case("1.4.3 buffers may lie outside the hours", a_day(service=a_service(60, before=45, after=45)), MONDAY, "09:00 10:00 11:00"),
    case(
        "1.4.3 a buffer reaches over midnight",
        scene("UTC", "daily 00:00-01:00; daily 23:00-24:00", 30, people={"bea": (a_claim("2026-03-01 23:30-23:55", after=15),)}),
        MONDAY,
        "00:30 23:00 23:30",
    ),
    case(
        "1.4.3 time off has no buffers of its own",
        Scene(hours=hours("daily 22:00-24:00", off=(("2026-03-03", "2026-03-03"),)), service=a_service(30)),
        MONDAY,
        "22:00 22:30 23:00 23:30",
    ),
    case(
        "1.4.3 a visit keeps its own from time off",
        Scene(hours=hours("daily 22:00-24:00", off=(("2026-03-03", "2026-03-03"),)), service=a_service(30, after=10)),
        MONDAY,
        "22:00 22:30 23:00",
    ),
    case(
        "1.4.3 into the next date, still its own",
        Scene(hours=hours("daily 17:00-18:00", off=(("2026-03-03", "2026-03-03"),)), service=a_service(60, after=480)),
        MONDAY,
        "",
    ),
    case(
        "1.4.4 no room of that kind, no visit", a_day(service=a_service(room="exam"), rooms={"lab": ()}, kinds={"lab": "x-ray"}), MONDAY, ""
    ),
    case("1.4.4 no room at all, no visit", a_day(service=a_service(room="exam")), MONDAY, ""),
    case(
        "1.4.4 a room of another kind does not block",
        a_day(service=a_service(room="exam"), rooms={"lab": (at("09:00-12:00"),), "blue": ()}, kinds={"lab": "x-ray"}),
        MONDAY,
        "09:00 10:00 11:00",
    ),
    case(
        "1.4.4 one free of two is enough",
        a_day(service=a_service(room="exam"), rooms={"blue": (at("09:00-11:00"),), "red": (at("10:00-12:00"),)}),
        MONDAY,
        "09:00 11:00",
    ),
    case(
        "1.4.4 without a room needed, rooms do not matter",
        a_day(service=a_service(), rooms={"blue": (at("09:00-12:00"),)}),
        MONDAY,
        "09:00 10:00 11:00",
    ),
    case("1.4.1 time off is busy, not closed: back to the same grid", a_day(at("09:50-10:10"), service=a_service(60)), MONDAY, "11:00"),
    case(
        "1.4.1 a claim seen on two days' sheets counts once",
        a_day(at("10:00-11:00", "a", group="north/visit/"), at("10:00-11:00", "a", group="north/visit/"), service=a_service(capacity=2)),
        MONDAY,
        "09:00 10:00 11:00",
    ),
]


@pytest.mark.parametrize(("scene", "dates", "shown"), WHAT_BLOCKS)
def test_what_blocks(scene: Scene, dates: str, shown: list[str]) -> None:
    assert scene.times(dates) == shown


@pytest.mark.parametrize(
    ("taken", "room"),
    [
        pytest.param({}, "blue", id="the-first-in-the-clinics-order"),
        pytest.param({"blue": "09:30-10:30"}, "red", id="the-next-if-that-is-taken"),
        pytest.param({"blue": "09:30-10:30", "red": "10:30-10:35"}, "amber", id="the-last"),
    ],
)
def test_1_4_4_the_first_free_room_is_taken(taken: dict[str, str], room: str) -> None:
    rooms = {name: (at(taken[name]),) if name in taken else () for name in ("blue", "red", "amber")}
    assert a_day(service=a_service(room="exam"), rooms=rooms).book(f"{MONDAY} 10:00").room == room


# ------------------------------------------------------------------------------------------- 1.4.5 groups

GROUP = "north/visit/"


def places(scene: Scene, start: str, who: str = "bea") -> int:
    """The places shown for a start; 0 if it is not shown."""
    when = zones.minute(moment(f"{MONDAY} {start}", scene.zone))
    openings = [
        opening for offer in scene.offers(MONDAY) if offer.start == when for opening in offer.openings if opening.practitioner == who
    ]
    assert all(opening.places > 0 for opening in openings)
    return sum(opening.places for opening in openings)


@pytest.mark.parametrize(
    ("claims", "start", "left"),
    [
        pytest.param((), "10:00", 3, id="nobody-yet"),
        pytest.param((at("10:00-11:00", "a", group=GROUP),), "10:00", 2, id="one-in"),
        pytest.param((at("10:00-11:00", "a", group=GROUP), at("10:00-11:00", "b", group=GROUP)), "10:00", 1, id="two-in"),
        pytest.param(tuple(at("10:00-11:00", c, group=GROUP) for c in "abc"), "10:00", 0, id="full"),
        pytest.param(tuple(at("10:00-11:00", c, group=GROUP) for c in "abcd"), "10:00", 0, id="over-full"),
        pytest.param((at("10:00-11:00", "a", group=GROUP, until=f"{MONDAY} 08:10", holder="ben"),), "10:00", 2, id="a-hold-counts"),
        pytest.param(
            (at("10:00-11:00", "a", group=GROUP, until=f"{MONDAY} 07:00", holder="ben"),), "10:00", 3, id="a-lapsed-hold-does-not"
        ),
        pytest.param((at("10:00-11:00", "a", group=GROUP),), "10:30", 0, id="another-start-blocks"),
        pytest.param((at("10:00-10:30", "a", group=GROUP),), "10:00", 0, id="another-end-blocks"),
        pytest.param((at("10:00-11:00", "a", group="north/other/"),), "10:00", 0, id="another-service-blocks"),
        pytest.param((at("10:00-11:00", "a", group="south/visit/"),), "10:00", 0, id="another-clinic-blocks"),
        pytest.param((at("10:00-11:00", "a", group="north/visit/blue"),), "10:00", 0, id="another-room-blocks"),
        pytest.param((at("10:00-11:00", "a"),), "10:00", 0, id="a-visit-for-one-blocks"),
        pytest.param((at("10:00-11:00", "a", group=GROUP), at("10:30-11:30", "b")), "10:00", 0, id="a-member-and-an-overlap-block"),
        pytest.param((at("10:00-11:00", "a", group=GROUP, after=30),), "10:00", 2, id="a-members-buffer-does-not-count-inside-the-group"),
        pytest.param((at("10:00-11:00", "a", group=GROUP), at("11:00-11:30", "b", before=30)), "10:00", 0, id="a-neighbours-buffer-does"),
    ],
)
def test_1_4_5_places_in_a_group(claims: tuple[Claim, ...], start: str, left: int) -> None:
    service = a_service(60, step=30, capacity=3, before=15, after=15)
    assert places(a_day(*claims, service=service, now=moment(f"{MONDAY} 08:00")), start) == left


def in_room(practitioner: tuple[Claim, ...], blue: tuple[Claim, ...], red: tuple[Claim, ...] = ()) -> Scene:
    """Bea and Dana, groups of three in the rooms blue and red."""
    people = {"bea": practitioner, "dana": ()}
    return Scene(people=people, rooms={"blue": blue, "red": red}, service=a_service(capacity=3, room="exam"))


def test_1_4_5_a_visit_for_one_has_no_group_that_another_could_join() -> None:
    assert Scene(people={"bea": ()}, service=a_service(capacity=1)).book(f"{MONDAY} 10:00", "bea").group == ""


def test_1_4_5_a_group_goes_on_in_its_own_room() -> None:
    member = at("10:00-11:00", "a", group="north/visit/red")
    assert in_room((member,), (), (member,)).book(f"{MONDAY} 10:00", "bea").room == "red"


def test_1_4_5_a_group_claims_its_room_once() -> None:
    member = at("10:00-11:00", "a", group="north/visit/blue")
    assert places(in_room((member,), (member,)), "10:00") == 2


def test_1_4_5_a_group_of_another_practitioner_blocks_the_room() -> None:
    theirs = at("10:00-11:00", "z", group="north/visit/blue")
    assert in_room((), (theirs,)).book(f"{MONDAY} 10:00", "bea").room == "red"


def test_1_4_5_a_room_double_booked_by_staff_takes_nobody_more() -> None:
    member, other = at("10:00-11:00", "a", group="north/visit/blue"), at("10:30-11:30", "z")
    assert places(in_room((member,), (member, other)), "10:00") == 0


# ---------------------------------------------------------------------------------- 1.4.6 any practitioner


def test_1_4_6_any_practitioner_is_the_union_of_times_each_once() -> None:
    both = Scene(people={"bea": (at("09:00-10:00"),), "dana": (at("10:00-11:00"),)})
    shown = {zones.instant(o.start).hour: [opening.practitioner for opening in o.openings] for o in both.offers(MONDAY)}
    assert shown == {9: ["dana"], 10: ["bea"], 11: ["bea", "dana"]}


@pytest.mark.parametrize(
    ("bea", "dana", "chosen"),
    [
        pytest.param((), (), "bea", id="equal-is-the-clinics-order"),
        pytest.param((at("09:00-09:30"),), (), "dana", id="fewest-booked-minutes"),
        pytest.param((at("09:00-09:30"),), (at("09:00-09:35"),), "bea", id="minutes-not-visits"),
        pytest.param((at("09:00-09:30"),), (at("09:00-09:15", "x"), at("09:15-09:30", "y")), "bea", id="equal-minutes-in-more-visits"),
        pytest.param((a_claim("2026-03-01 09:00-11:00"),), (at("09:00-09:05"),), "bea", id="only-that-date-counts"),
        pytest.param(
            (at("09:00-09:30", until=f"{MONDAY} 09:00", holder="x"),), (at("09:00-09:05"),), "bea", id="holds-are-not-booked-minutes"
        ),
        pytest.param(
            (at("09:00-09:30", "x", group="g"), at("09:00-09:30", "y", group="g")), (at("09:00-09:35"),), "bea", id="a-group-counts-once"
        ),
        pytest.param(
            (at("09:00-09:31"),), (at("09:00-09:30", "x", group="g"), at("09:00-09:30", "y", group="g")), "dana", id="to-the-minute"
        ),
        pytest.param((at("09:30-10:30"),), (at("09:00-09:55"),), "dana", id="one-who-is-taken-is-not-tried"),
    ],
)
def test_1_4_6_who_is_tried_first(bea: tuple[Claim, ...], dana: tuple[Claim, ...], chosen: str) -> None:
    both = Scene(people={"bea": bea, "dana": dana}, now=moment(f"{MONDAY} 08:00"))
    assert both.book(f"{MONDAY} 10:00").practitioner == chosen


@pytest.mark.parametrize(
    ("night", "visit", "chosen"),
    [
        # in New York: 20:00 to 00:10 and 23:30 to 03:00
        pytest.param("2026-03-02 01:00-05:10", "2026-03-02 15:00-15:15", "bea", id="ten-minutes-of-the-night-before"),
        pytest.param("2026-03-03 04:30-08:00", "2026-03-02 15:00-15:35", "bea", id="half-an-hour-before-the-next-midnight"),
        pytest.param("2026-03-03 04:30-08:00", "2026-03-02 15:00-15:25", "dana", id="less-than-that"),
    ],
)
def test_1_4_6_of_a_night_only_the_minutes_of_that_local_date_count(night: str, visit: str, chosen: str) -> None:
    both = scene(NEW_YORK, "daily 09:00-12:00", people={"dana": (a_claim(visit),), "bea": (a_claim(night),)})
    assert both.book(f"{MONDAY} 09:00").practitioner == chosen


def test_1_4_6_a_practitioner_asked_for_is_the_one() -> None:
    both = Scene(people={"bea": (), "dana": (at("09:00-09:30"),)})
    assert both.book(f"{MONDAY} 10:00", "dana").practitioner == "dana"


# -------------------------------------------------------------------------- 1.5 offered, hence bookable

NINE = moment(f"{MONDAY} 09:00")


def soon(lead: int, now: datetime = NINE, horizon: int = 730, zone: str = "UTC", line: str = "daily 09:00-12:00") -> Scene:
    """Visits of an hour each half hour, with a lead time and a horizon."""
    return scene(zone, line, 60, step=30, now=now, limits=limits(lead=lead, horizon=horizon))


SECOND = timedelta(seconds=1)
LEAD_AND_HORIZON = [
    case("1.5.1 lead 0, the start that is now", soon(0), MONDAY, "09:00 09:30 10:00 10:30 11:00"),
    case("1.5.1 lead 0, a second later", soon(0, NINE + SECOND), MONDAY, "09:30 10:00 10:30 11:00"),
    case("1.5.1 exactly at the edge of the lead time", soon(60), MONDAY, "10:00 10:30 11:00"),
    case("1.5.1 a second inside the lead time", soon(60, NINE + SECOND), MONDAY, "10:30 11:00"),
    case("1.5.1 a second before it", soon(60, NINE - SECOND), MONDAY, "10:00 10:30 11:00"),
    case("1.5.1 a microsecond inside", soon(60, NINE + timedelta(microseconds=1)), MONDAY, "10:30 11:00"),
    case("1.5.1 the past", soon(0, moment("2026-03-03 00:00")), MONDAY, ""),
    case("1.5.1 the service's own lead time", Scene(service=a_service(lead=120), now=NINE, limits=limits(lead=0)), MONDAY, "11:00"),
    case("1.5.1 and its none", Scene(service=a_service(lead=0), now=NINE, limits=limits(lead=120)), MONDAY, "09:00 10:00 11:00"),
    case(
        "1.5.1 lead of a day ends an hour later by the wall over a gap",
        soon(1440, moment("2026-03-07 09:30", NEW_YORK), zone=NEW_YORK),
        GAP,
        "10:30 11:00",
    ),
    case(
        "1.5.1 and an hour earlier over a repeat",
        soon(1440, moment("2026-10-31 10:30", NEW_YORK), zone=NEW_YORK),
        REPEAT,
        "09:30 10:00 10:30 11:00",
    ),
    case(
        "1.5.1 lead that ends inside the repeated hour",
        soon(60, moment("2026-11-01 04:30"), zone=NEW_YORK, line="sun 00:30-03:00"),
        REPEAT,
        "01:30 01:00 01:30 02:00",
    ),
    case("1.5.1 horizon 0 is today", soon(0, horizon=0), MONDAY, "09:00 09:30 10:00 10:30 11:00"),
    case("1.5.1 only today", soon(0, horizon=0), "2026-03-03", ""),
    case("1.5.1 the last day of the horizon", soon(0, horizon=3), "2026-03-05", "09:00 09:30 10:00 10:30 11:00"),
    case("1.5.1 the day after", soon(0, horizon=3), "2026-03-06", ""),
    case("1.5.1 long after", soon(0, horizon=3), "2026-05-06", ""),
    case("1.5.1 the service's own horizon", Scene(service=a_service(horizon=1), now=NINE), "2026-03-04", ""),
    case(
        "1.5.1 today is the clinic's: 23:30 in New York is still the day before",
        soon(0, moment("2026-03-02 04:30"), horizon=0, zone=NEW_YORK),
        MONDAY,
        "",
    ),
    case("1.5.1 and 00:30 is not", soon(0, moment("2026-03-02 05:30"), horizon=0, zone=NEW_YORK), MONDAY, "09:00 09:30 10:00 10:30 11:00"),
    case(
        "1.5.1 the horizon counts dates over a gap",
        soon(0, moment("2026-03-07 23:59", NEW_YORK), horizon=1, zone=NEW_YORK),
        GAP,
        "09:00 09:30 10:00 10:30 11:00",
    ),
    case("1.5.1 the horizon is of the start: a visit may end after it", soon(0, horizon=0, line="daily 23:30-01:00"), MONDAY, "23:30"),
    case("1.5.1 tonight's tail is tomorrow's", soon(0, horizon=0, line="daily 23:30-01:00"), "2026-03-03", ""),
    case(
        "1.5.1 horizon to the 29th of February",
        soon(0, moment("2028-02-28 12:00"), horizon=1),
        "2028-02-29",
        "09:00 09:30 10:00 10:30 11:00",
    ),
    case("1.5.1 and not past it", soon(0, moment("2028-02-28 12:00"), horizon=1), "2028-03-01", ""),
]


@pytest.mark.parametrize(("scene", "dates", "shown"), LEAD_AND_HORIZON)
def test_lead_time_is_elapsed_and_the_horizon_counts_dates(scene: Scene, dates: str, shown: list[str]) -> None:
    assert scene.times(dates) == shown


@pytest.mark.parametrize(("scene", "dates", "shown"), WITH_OFFSETS + OPENING_HOURS + GRID + WHAT_BLOCKS + LEAD_AND_HORIZON)
def test_1_5_2_what_is_shown_can_be_booked_and_nothing_else(scene: Scene, dates: str, shown: list[str]) -> None:
    midnight, next_midnight = (zones.wall_minute(day(dates), wall, scene.zone) for wall in (0, 1440))
    offered = {zones.instant(offer.start) for offer in scene.offers(dates)}
    for start in {zones.instant(minute) for minute in range(midnight, next_midnight, 15)} | offered:
        try:
            scene.book(start.isoformat())
        except Problem:
            assert start not in offered
        else:
            assert start in offered
    assert len(offered) == len(shown)


HELD = at("10:00-11:00", until=f"{MONDAY} 08:10", holder="ada")


def test_1_5_2_ones_own_hold_does_not_block_and_anothers_does() -> None:
    held = Scene(people={"bea": (HELD,)}, now=moment(f"{MONDAY} 08:00"))
    assert (held.times(MONDAY, holder="ada"), held.times(MONDAY, holder="ben"), held.times(MONDAY)) == (
        ["09:00", "10:00", "11:00"],
        ["09:00", "11:00"],
        ["09:00", "11:00"],
    )
    assert held.book(f"{MONDAY} 10:00", holder="ada").practitioner == "bea"
    with pytest.raises(rules.SlotTaken):
        held.book(f"{MONDAY} 10:00", holder="ben")


def test_1_5_2_ones_own_hold_of_a_room_does_not_block() -> None:
    held = Scene(people={"bea": (HELD,)}, rooms={"blue": (HELD,)}, service=a_service(room="exam"), now=moment(f"{MONDAY} 08:00"))
    assert held.book(f"{MONDAY} 10:00", holder="ada").room == "blue"


def test_1_5_2_ones_own_booking_does_block() -> None:
    with pytest.raises(rules.SlotTaken):
        Scene(people={"bea": (at("10:00-11:00", holder="ada"),)}).book(f"{MONDAY} 10:00", holder="ada")


TODAY = limits(horizon=0)
REFUSALS = [
    pytest.param(Scene(people={"bea": (at("10:00-11:00"),)}), f"{MONDAY} 10:00", "bea", rules.SlotTaken, 409, id="taken"),
    pytest.param(Scene(service=a_service(room="exam")), f"{MONDAY} 10:00", "bea", rules.SlotTaken, 409, id="no-room"),
    pytest.param(Scene(hours=DAYS_OFF), f"{MONDAY} 10:00", "", rules.SlotTaken, 409, id="a-day-off"),
    pytest.param(
        Scene(people={"bea": (at("09:00-10:00"),)}, now=NINE), f"{MONDAY} 09:00", "", rules.SlotTaken, 409, id="taken-at-the-edge"
    ),
    pytest.param(
        Scene(people={"bea": (at("10:00-11:00"),)}, now=NINE, limits=TODAY), f"{MONDAY} 10:00", "", rules.SlotTaken, 409, id="today"
    ),
    pytest.param(Scene(), f"{MONDAY} 10:30", "", rules.OutsideHours, 422, id="between-two-times"),
    pytest.param(Scene(), f"{MONDAY} 10:00:30", "", rules.OutsideHours, 422, id="seconds"),
    pytest.param(Scene(), f"{MONDAY} 12:00", "", rules.OutsideHours, 422, id="closing-time"),
    pytest.param(Scene(people={"bea": (at("10:00-11:00"),)}), f"{MONDAY} 10:30", "", rules.OutsideHours, 422, id="off-the-grid-and-taken"),
    pytest.param(
        Scene(roles={"bea": hours("tue 09:00-10:00")}, people={"bea": (), "dana": ()}),
        f"{MONDAY} 10:00",
        "bea",
        rules.OutsideHours,
        422,
        id="hours-of-the-one-asked-for",
    ),
    pytest.param(Scene(now=NINE), f"{MONDAY} 08:00", "", rules.TooSoon, 422, id="past"),
    pytest.param(soon(60), f"{MONDAY} 09:30", "", rules.TooSoon, 422, id="inside-the-lead-time"),
    pytest.param(soon(60, NINE + SECOND), f"{MONDAY} 10:00", "", rules.TooSoon, 422, id="a-second-inside-the-lead-time"),
    pytest.param(soon(0, horizon=0), "2026-03-03 09:00", "", rules.TooFar, 422, id="beyond-the-horizon"),
    pytest.param(soon(0, horizon=0), "2026-03-03 04:00", "", rules.TooFar, 422, id="beyond-the-horizon-and-closed"),
]


@pytest.mark.parametrize(("scene", "start", "who", "problem", "status"), REFUSALS)
def test_1_5_2_a_refusal_names_the_fact_and_what_to_do(scene: Scene, start: str, who: str, problem: type[Problem], status: int) -> None:
    with pytest.raises(problem) as refused:
        scene.book(start, who)
    assert (refused.value.status, bool(refused.value.detail)) == (status, True)


def test_1_5_2_too_soon_names_the_earliest_time_and_the_telephone() -> None:
    with pytest.raises(rules.TooSoon) as refused:
        soon(60, NINE + SECOND, zone=LONDON).book(f"{MONDAY} 10:00")
    assert refused.value.detail == "Please choose a time from Monday 2 March 2026, 10:01 on, or call +1 203 555 0142."
    assert refused.value.extra == {"earliest": "2026-03-02T10:01:00+00:00"}


def test_1_5_2_too_far_names_the_last_date() -> None:
    with pytest.raises(rules.TooFar) as refused:
        soon(0, horizon=30).book("2026-06-01 10:00")
    assert (refused.value.detail, refused.value.extra) == (
        "Please choose a date up to 1 April 2026, or come back later.",
        {"latest": "2026-04-01"},
    )


def test_1_4_3_a_booking_keeps_the_buffers_and_places_it_was_made_with() -> None:
    choice = Scene(service=a_service(60, before=5, after=10, capacity=3)).book(f"{MONDAY} 10:00")
    start = zones.minute(moment(f"{MONDAY} 10:00"))
    assert choice.claim("a1") == Claim(start, start + 60, "a1", before=5, after=10, group="north/visit/", places=3)


ACTIVE = [an_appointment("a1"), an_appointment("a2", service="other"), an_appointment("a3")]


@pytest.mark.parametrize(
    ("clinic_cap", "service_cap", "named"),
    [
        pytest.param(None, None, [], id="off-unless-set"),
        pytest.param(4, 3, [], id="one-more-is-allowed"),
        pytest.param(3, None, ["a1", "a2", "a3"], id="the-clinics-cap"),
        pytest.param(2, None, ["a1", "a2", "a3"], id="a-cap-lowered-since"),
        pytest.param(None, 2, ["a1", "a3"], id="the-services-cap"),
        pytest.param(3, 2, ["a1", "a2", "a3"], id="both"),
    ],
)
def test_1_5_3_caps_name_the_appointments(clinic_cap: int | None, service_cap: int | None, named: list[str]) -> None:
    refused: object = []
    try:
        rules.within_caps(limits(cap=clinic_cap), a_service(cap=service_cap), ACTIVE)
    except rules.CapReached as problem:
        refused = problem.extra["appointments"]
    assert refused == named


@pytest.mark.parametrize("status", AppointmentStatus)
def test_1_5_3_pending_and_booked_visits_count_against_a_cap(status: AppointmentStatus) -> None:
    visit = an_appointment(start=f"{MONDAY} 10:00", status=status)
    counts = status in (AppointmentStatus.PENDING, AppointmentStatus.BOOKED)
    assert (rules.active([visit], NINE) == [visit]) is counts


@pytest.mark.parametrize(("now", "counts"), [("09:59", True), ("10:00", True), ("10:01", False)])
def test_1_5_3_only_future_visits_count_against_a_cap(now: str, counts: bool) -> None:
    assert bool(rules.active([an_appointment(start=f"{MONDAY} 10:00")], moment(f"{MONDAY} {now}"))) is counts


@pytest.mark.parametrize(
    ("start", "status", "warned"),
    [
        ("10:30", "booked", True),
        ("09:00", "booked", False),
        ("11:00", "booked", False),
        ("09:55", "pending", True),
        ("10:00", "cancelled", False),
    ],
)
def test_1_5_3_an_overlap_with_the_patients_own_visit_is_a_warning(start: str, status: str, warned: bool) -> None:
    visit = an_appointment(start=f"{MONDAY} {start}", status=AppointmentStatus(status))
    choice = Scene().book(f"{MONDAY} 10:00")
    assert bool(rules.overlapping(choice, [visit])) is warned


# ----------------------------------------------------------------------------------------- 1.8.1 cancelling

TEN = moment(f"{MONDAY} 10:00")


@pytest.mark.parametrize(
    ("window", "before", "late"),
    [
        pytest.param(1440, timedelta(hours=25), False, id="in-time"),
        pytest.param(1440, timedelta(hours=24), False, id="exactly-at-the-cutoff"),
        pytest.param(1440, timedelta(hours=24) - SECOND, True, id="a-second-late"),
        pytest.param(0, timedelta(0), False, id="no-window-at-the-start"),
        pytest.param(60, timedelta(0), True, id="at-the-start"),
    ],
)
def test_1_8_1_a_cancel_after_the_cutoff_is_marked_late(window: int, before: timedelta, late: bool) -> None:
    clinic = a_clinic(allowed=limits(cancel=window))
    cancelled = rules.cancel(clinic, an_appointment(start=f"{MONDAY} 10:00"), "ill", TEN - before)
    told = (cancelled.status, cancelled.late, cancelled.cancelation_reason, cancelled.sequence, cancelled.version)
    assert told == (AppointmentStatus.CANCELLED, late, "ill", 1, 2)


def test_1_8_1_the_cutoff_is_elapsed_time_over_a_clock_change() -> None:
    cutoff = rules.cutoff(a_clinic(NEW_YORK), moment(f"{GAP} 10:00", NEW_YORK))
    assert zones.local(cutoff, NEW_YORK).strftime("%d %H:%M") == "07 09:00"


def test_1_8_1_cancelling_again_changes_nothing() -> None:
    once = rules.cancel(a_clinic(), an_appointment(), "ill", NINE)
    assert rules.cancel(a_clinic(), once, "again", datetime(2027, 1, 1, tzinfo=UTC)) is once


@pytest.mark.parametrize("now", [NINE, TEN])
def test_1_8_1_a_visit_can_be_cancelled_until_its_start(now: datetime) -> None:
    assert rules.can_cancel(an_appointment(start=f"{MONDAY} 10:00"), now) is True


@pytest.mark.parametrize(("status", "now"), [("booked", TEN + SECOND), ("checked-in", NINE), ("fulfilled", NINE), ("noshow", TEN + SECOND)])
def test_1_8_1_a_visit_that_has_begun_is_for_the_clinic_to_change(status: str, now: datetime) -> None:
    with pytest.raises(rules.TooLate) as refused:
        rules.cancel(a_clinic(), an_appointment(start=f"{MONDAY} 10:00", status=AppointmentStatus(status)), "ill", now)
    assert (refused.value.status, "+1 203 555 0142" in refused.value.detail) == (409, True)
