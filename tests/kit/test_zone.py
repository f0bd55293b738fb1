"""Wall time to instant and back, on every kind of edge the zones of 2026 to 2028 have."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

import pytest

from chalicelib.kit import zone

NEW_YORK = "America/New_York"
GAP, REPEAT = date(2026, 3, 8), date(2026, 11, 1)  # New York's days


def offset(instant: datetime, name: str) -> timedelta:
    """How far the wall clocks of a zone are from UTC at an instant."""
    found = zone.local(instant, name).utcoffset()
    assert found is not None
    return found


def test_the_pinned_package_is_what_zoneinfo_reads() -> None:
    assert (zone.VERSION, zoneinfo.TZPATH) == ("2026f", ())


@pytest.mark.parametrize(
    ("name", "day", "hours"),
    [
        # What copies of 2025 and early 2026 get wrong by an hour.
        pytest.param("America/Vancouver", date(2026, 12, 1), -7, id="vancouver-stays-on-7"),
        pytest.param("America/Edmonton", date(2026, 12, 1), -6, id="edmonton-stays-on-6"),
        pytest.param("America/Winnipeg", date(2026, 11, 2), -5, id="winnipeg-stays-on-5"),
        pytest.param("Africa/Casablanca", date(2026, 9, 19), 1, id="casablanca-before"),
        pytest.param("Africa/Casablanca", date(2026, 9, 21), 0, id="casablanca-from-20-september"),
        pytest.param("America/Havana", date(2026, 12, 1), -4, id="havana-no-autumn-change-in-2026"),
    ],
)
def test_the_zone_changes_of_2026_are_known(name: str, day: date, hours: int) -> None:
    assert offset(zone.to_instant(day, time(12), name), name) == timedelta(hours=hours)


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_1_1_7_every_offset_is_a_multiple_of_15_minutes(year: int) -> None:
    odd = {
        name
        for name in zoneinfo.available_timezones()
        for month in range(1, 13)
        if offset(datetime(year, month, 15, tzinfo=UTC), name) % timedelta(minutes=15)
    }
    assert odd == set()


@pytest.mark.parametrize(
    ("name", "day", "wall", "utc"),
    [
        pytest.param(NEW_YORK, GAP, "01:30", "2026-03-08 06:30", id="before-a-gap"),
        pytest.param(NEW_YORK, GAP, "02:00", "2026-03-08 07:00", id="where-a-gap-begins"),
        pytest.param(NEW_YORK, GAP, "02:30", "2026-03-08 07:30", id="in-a-gap-the-offset-before"),
        pytest.param(NEW_YORK, GAP, "03:00", "2026-03-08 07:00", id="where-a-gap-ends"),
        pytest.param(NEW_YORK, REPEAT, "01:30", "2026-11-01 05:30", id="twice-the-first"),
        pytest.param(NEW_YORK, REPEAT, "02:00", "2026-11-01 07:00", id="after-the-repeat"),
        pytest.param("Australia/Lord_Howe", date(2026, 10, 4), "02:15", "2026-10-03 15:45", id="a-gap-of-half-an-hour"),
        pytest.param("Australia/Lord_Howe", date(2026, 4, 5), "01:45", "2026-04-04 14:45", id="a-repeat-of-half-an-hour"),
        pytest.param("Antarctica/Troll", date(2026, 3, 29), "02:30", "2026-03-29 02:30", id="a-gap-of-two-hours"),
        pytest.param("Pacific/Chatham", date(2026, 9, 27), "03:00", "2026-09-26 14:15", id="an-offset-of-45-minutes"),
        pytest.param("America/St_Johns", date(2026, 1, 1), "00:00", "2026-01-01 03:30", id="an-offset-of-30-minutes"),
        pytest.param("Asia/Kolkata", date(2028, 2, 29), "00:00", "2028-02-28 18:30", id="the-29th-of-february"),
        pytest.param("America/Havana", date(2026, 3, 8), "00:00", "2026-03-08 05:00", id="a-midnight-that-does-not-exist"),
        pytest.param("America/Havana", date(2027, 11, 7), "00:00", "2027-11-07 04:00", id="a-midnight-that-occurs-twice"),
        pytest.param("Africa/Cairo", date(2026, 10, 30), "00:00", "2026-10-29 22:00", id="midnight-after-a-repeated-hour"),
        pytest.param("America/Nuuk", date(2026, 3, 29), "00:00", "2026-03-29 01:00", id="midnight-right-after-a-gap"),
    ],
)
def test_1_1_2_wall_time_to_instant(name: str, day: date, wall: str, utc: str) -> None:
    assert zone.to_instant(day, time.fromisoformat(wall), name) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "day", "hours"),
    [
        pytest.param(NEW_YORK, date(2026, 3, 2), 24, id="an-ordinary-day"),
        pytest.param(NEW_YORK, GAP, 23, id="spring"),
        pytest.param(NEW_YORK, REPEAT, 25, id="autumn"),
        pytest.param("Australia/Lord_Howe", date(2026, 10, 4), 23.5, id="lord-howe-spring"),
        pytest.param("Australia/Lord_Howe", date(2026, 4, 5), 24.5, id="lord-howe-autumn"),
        pytest.param("Antarctica/Troll", date(2026, 3, 29), 22, id="troll-spring"),
        pytest.param("America/Havana", date(2026, 3, 8), 23, id="no-midnight"),
        pytest.param("Africa/Cairo", date(2026, 10, 29), 25, id="the-last-hour-twice"),
        pytest.param("America/Winnipeg", REPEAT, 24, id="winnipeg-no-longer-changes"),
        pytest.param("America/Vancouver", REPEAT, 24, id="vancouver-no-longer-changes"),
    ],
)
def test_1_1_4_a_local_day_lasts_from_midnight_to_midnight(name: str, day: date, hours: float) -> None:
    length = zone.midnight(day + timedelta(days=1), name) - zone.midnight(day, name)
    assert length == timedelta(hours=hours)


@pytest.mark.parametrize("minutes", [-60, 0, 570, 1440, 1500, 2880])
def test_minutes_of_the_wall_run_on_into_the_days_after(minutes: int) -> None:
    wall = datetime(2026, 3, 7) + timedelta(minutes=minutes)  # noqa: DTZ001 - a wall time
    assert zone.wall_minute(date(2026, 3, 7), minutes, NEW_YORK) == zone.minute(zone.to_instant(wall.date(), wall.time(), NEW_YORK))


@pytest.mark.parametrize(("seconds", "down", "up"), [(0, 600, 600), (0.000001, 600, 601), (59.9, 600, 601), (60, 601, 601)])
def test_minutes_are_rounded_down_or_up_as_asked(seconds: float, down: int, up: int) -> None:
    moment = datetime(1970, 1, 1, 10, tzinfo=UTC) + timedelta(seconds=seconds)
    assert (zone.minute(moment), zone.minute_up(moment)) == (down, up)


def test_a_minute_and_its_instant_are_the_same() -> None:
    assert zone.minute(zone.instant(29_000_000)) == 29_000_000


# ------------------------------------------------------------------------ 1.1.6 a wall time that a person typed

FIVE, FOUR = timedelta(hours=-5), timedelta(hours=-4)


@pytest.mark.parametrize(
    ("day", "wall", "offset", "utc"),
    [
        pytest.param(date(2026, 3, 2), "10:00", None, "15:00", id="once"),
        pytest.param(date(2026, 3, 2), "10:00", FIVE, "15:00", id="once-with-its-offset"),
        pytest.param(REPEAT, "01:30", FOUR, "05:30", id="twice-the-first"),
        pytest.param(REPEAT, "01:30", FIVE, "06:30", id="twice-the-second"),
        pytest.param(REPEAT, "02:00", None, "07:00", id="right-after-the-repeat"),
        pytest.param(REPEAT, "00:55", None, "04:55", id="right-before-the-repeat"),
        pytest.param(GAP, "03:00", None, "07:00", id="right-after-the-gap"),
        pytest.param(GAP, "01:55", None, "06:55", id="right-before-the-gap"),
    ],
)
def test_1_1_6_a_typed_time_is_taken_as_it_stands(day: date, wall: str, offset: timedelta | None, utc: str) -> None:
    assert zone.typed(day, time.fromisoformat(wall), NEW_YORK, offset) == datetime.fromisoformat(f"{day} {utc}").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "day", "wall", "offset", "nearest"),
    [
        pytest.param(NEW_YORK, GAP, "02:00", None, ["2026-03-08T01:55-05:00", "2026-03-08T03:00-04:00"], id="where-a-gap-begins"),
        pytest.param(NEW_YORK, GAP, "02:30", None, ["2026-03-08T01:55-05:00", "2026-03-08T03:00-04:00"], id="in-a-gap"),
        pytest.param(NEW_YORK, GAP, "02:55", FIVE, ["2026-03-08T01:55-05:00", "2026-03-08T03:00-04:00"], id="in-a-gap-whatever-the-offset"),
        pytest.param(NEW_YORK, GAP, "03:30", FIVE, ["2026-03-08T03:30-04:00"], id="not-with-that-offset"),
        pytest.param(
            NEW_YORK, REPEAT, "01:30", timedelta(0), ["2026-11-01T01:30-04:00", "2026-11-01T01:30-05:00"], id="with-neither-offset"
        ),
        pytest.param(
            "America/Havana", GAP, "00:00", None, ["2026-03-07T23:55-05:00", "2026-03-08T01:00-04:00"], id="a-midnight-that-does-not-exist"
        ),
        pytest.param(
            "Antarctica/Troll",
            date(2026, 3, 29),
            "02:59",
            None,
            ["2026-03-29T00:55+00:00", "2026-03-29T03:00+02:00"],
            id="a-gap-of-two-hours",
        ),
        pytest.param(
            "Australia/Lord_Howe",
            date(2026, 10, 4),
            "02:10",
            None,
            ["2026-10-04T01:55+10:30", "2026-10-04T02:30+11:00"],
            id="of-half-an-hour",
        ),
    ],
)
def test_1_1_6_one_that_does_not_exist_is_refused_naming_the_nearest(
    name: str, day: date, wall: str, offset: timedelta | None, nearest: list[str]
) -> None:
    with pytest.raises(zone.TimeDoesNotExist) as refused:
        zone.typed(day, time.fromisoformat(wall), name, offset)
    assert (refused.value.extra, nearest[0] in refused.value.detail) == ({"nearest": nearest}, True)


@pytest.mark.parametrize(
    ("name", "day", "wall", "choices"),
    [
        pytest.param(NEW_YORK, REPEAT, "01:00", ["2026-11-01T01:00-04:00", "2026-11-01T01:00-05:00"], id="new-york"),
        pytest.param("Africa/Cairo", date(2026, 10, 29), "23:30", ["2026-10-29T23:30+03:00", "2026-10-29T23:30+02:00"], id="cairo"),
        pytest.param(
            "Australia/Lord_Howe", date(2026, 4, 5), "01:30", ["2026-04-05T01:30+11:00", "2026-04-05T01:30+10:30"], id="lord-howe"
        ),
    ],
)
def test_1_1_6_one_that_occurs_twice_is_refused_asking_which(name: str, day: date, wall: str, choices: list[str]) -> None:
    with pytest.raises(zone.TimeOccursTwice) as refused:
        zone.typed(day, time.fromisoformat(wall), name)
    assert (refused.value.extra, choices[1] in refused.value.detail) == ({"choices": choices}, True)


@pytest.mark.parametrize(
    ("utc", "said"), [("2026-03-02 15:05", "Monday 2 March 2026, 10:05"), ("2028-02-29 05:00", "Tuesday 29 February 2028, 00:00")]
)
def test_a_moment_is_spoken_in_the_zones_time(utc: str, said: str) -> None:
    assert zone.spoken(datetime.fromisoformat(utc).replace(tzinfo=UTC), NEW_YORK) == said
