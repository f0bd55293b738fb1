"""The rules against a slow model of them, over random clinics in zones with every kind of clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.booking.records import Choice, Offer
from chalicelib.clinics.records import AvailableTime, DatedHours, HealthcareService, Hours, NotAvailable, Weekday, Window
from chalicelib.kit import zone as zones
from chalicelib.kit.problem import Problem
from chalicelib.schedules.records import Claim
from tests.booking.makers import Scene, a_service, limits
from tests.booking.model import Answer, Model, units

pytestmark = pytest.mark.thorough

# Zones, and the dates on which something happens to their clocks.
PLACES = [
    ("UTC", "2026-03-02"),
    ("UTC", "2028-02-29"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("Europe/London", "2026-10-25"),
    ("America/Winnipeg", "2026-11-01"),
    ("Africa/Casablanca", "2026-09-20"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Antarctica/Troll", "2026-03-29"),
    ("Antarctica/Troll", "2026-10-25"),
    ("America/Havana", "2026-03-08"),
    ("America/Havana", "2027-11-07"),
    ("Africa/Cairo", "2026-04-24"),
    ("Africa/Cairo", "2026-10-29"),
    ("America/Nuuk", "2026-03-28"),
    ("Pacific/Chatham", "2026-09-27"),
    ("America/St_Johns", "2026-11-01"),
    ("Asia/Kolkata", "2028-02-29"),
]
TELLING_WALLS = [
    "00:00",
    "00:30",
    "01:00",
    "01:30",
    "02:00",
    "02:15",
    "02:30",
    "03:00",
    "08:00",
    "12:00",
    "20:35",
    "23:00",
    "23:30",
    "23:55",
]

wall_times = st.sampled_from(TELLING_WALLS) | st.integers(0, 287).map(lambda unit: f"{unit // 12:02}:{unit % 12 * 5:02}")
end_times = wall_times | st.just("24:00")
usual = st.sampled_from([("08:00", "18:00"), ("00:00", "24:00"), ("22:15", "04:00"), ("00:30", "20:00")])
windows = (usual | st.tuples(wall_times, end_times)).map(lambda ends: Window(start=ends[0], end=ends[1]))
some_days = st.just(tuple(Weekday)) | st.lists(st.sampled_from(Weekday), min_size=4, unique=True).map(tuple)
buffers = st.sampled_from([0, 0, 5, 10, 15, 45])


def near(around: date) -> st.SearchStrategy[date]:
    """Dates close to the one of interest."""
    return st.integers(-3, 4).map(lambda days: around + timedelta(days=days))


def weekly_rule(draw: st.DrawFn, dates: st.SearchStrategy[date]) -> AvailableTime:
    """A weekly rule, most often valid always."""
    window = draw(windows)
    ends = st.sampled_from([False, False, False, True]).flatmap(lambda limited: dates if limited else st.none())
    return AvailableTime(
        days_of_week=draw(some_days),
        available_start_time=window.start,
        available_end_time=window.end,
        valid_from=draw(ends),
        valid_until=draw(ends),
    )


@st.composite
def random_hours(draw: st.DrawFn, around: date, least: int, most: int) -> Hours:
    """`least` to `most` weekly rules with exceptions and days off close to a date."""
    dates = near(around)
    rules = [weekly_rule(draw, dates) for _ in range(draw(st.integers(least, most)))]
    exceptions = draw(st.just({}) | st.dictionaries(dates, st.just([]) | st.lists(windows, min_size=1, max_size=2), min_size=1, max_size=2))
    off = draw(st.sampled_from([0, 0, 1]).flatmap(lambda size: st.lists(dates, min_size=size, max_size=size)))
    longer = timedelta(days=draw(st.sampled_from([0, 0, 2])))
    return Hours(
        available_time=tuple(rules),
        exceptions=tuple(DatedHours(date=day, description="", windows=tuple(spans)) for day, spans in exceptions.items()),
        not_available=tuple(NotAvailable(description="", start=first, end=first + longer) for first in off),
    )


@st.composite
def services(draw: st.DrawFn) -> HealthcareService:
    """A service of any length, step, buffers, capacity and need of a room."""
    lengths = st.sampled_from([20, 30, 45, 60, 90, 240]) | st.integers(1, 96).map(lambda unit: unit * 5)
    return a_service(
        draw(lengths),
        step=draw(st.none() | lengths.filter(lambda step: step >= 15)),
        before=draw(buffers),
        after=draw(buffers),
        capacity=draw(st.sampled_from([1, 2, 3])),
        room=draw(st.sampled_from([None, "exam", "exam"])),
        lead=draw(st.sampled_from([None, 0, 65])),
        horizon=draw(st.sampled_from([None, None, None, 5])),
    )


@st.composite
def claims(draw: st.DrawFn, around: date, name: str, now: datetime) -> tuple[Claim, ...]:
    """Bookings and holds of all kinds, some off the grid of five minutes as if imported."""
    base = zones.minute(datetime.combine(around, datetime.min.time(), UTC))
    found = []
    for number in range(draw(st.sampled_from([0, 2, 4, 8]))):
        start = base + 5 * draw(st.integers(-200, 500)) + draw(st.sampled_from([0, 0, 0, 2]))
        until = draw(st.sampled_from([0, 0, zones.minute(now), zones.minute(now) + 1, zones.minute(now) + 600]))
        length = draw(st.sampled_from([5, 28, 30, 60, 480]))
        holder = draw(st.sampled_from(["ada", "ben"])) if until else ""
        found.append(Claim(start, start + length, f"{name}{number}", draw(buffers), draw(buffers), "", 1, until, holder))
    return tuple(found)


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Scene, date]:
    """A clinic with one or two practitioners and two rooms, and the date around which to look."""
    zone, when = draw(st.sampled_from(PLACES))
    around = date.fromisoformat(when)
    early = zones.midnight(around, zone) - timedelta(days=4)
    elapsed = draw(st.just(0) | st.integers(4 * 288, 5 * 288).map(lambda unit: unit * 5))
    now = early + timedelta(minutes=elapsed, seconds=draw(st.sampled_from([0, 0, 1, 59])))
    people = ["bea", "dana"][: draw(st.integers(1, 2))]
    scene = Scene(
        zone=zone,
        hours=draw(random_hours(around, 1, 3)),
        service=draw(services()),
        people={who: draw(claims(around, who, now)) for who in people},
        roles={who: draw(st.just(Hours()) | st.just(Hours()) | random_hours(around, 0, 2)) for who in people},
        rooms={room: draw(claims(around, room, now)) for room in ("blue", "red")},
        kinds={room: draw(st.sampled_from(["exam", "exam", "lab"])) for room in ("blue", "red")},
        limits=limits(lead=draw(st.sampled_from([0, 0, 65, 1440])), horizon=draw(st.sampled_from([60, 60, 4, 1]))),
        now=now,
    )
    return scene, around


queries = st.tuples(st.integers(-1, 1), st.integers(0, 1)) | st.tuples(st.integers(-3, 3), st.integers(0, 3))
picks = st.lists(st.sampled_from([0, 0, 0, 1, 2, 7]), max_size=5)
who_asks = st.sampled_from(["", "", "bea", "dana"])
holders = st.sampled_from(["", "ada"])


def dates_of(around: date, query: tuple[int, int]) -> tuple[date, date]:
    """The first and last date of a query."""
    first = around + timedelta(days=query[0])
    return first, first + timedelta(days=query[1])


def ask(scene: Scene, dates: tuple[date, date], practitioner: str = "", holder: str = "") -> tuple[Offer, ...]:
    """What the rules show."""
    return scene.offers(dates[0].isoformat(), dates[1].isoformat(), practitioner, holder)


def plain(shown: tuple[Offer, ...]) -> list[Answer]:
    """Offers in the model's words."""
    return [(o.start, tuple((opening.practitioner, opening.places, opening.room) for opening in o.openings)) for o in shown]


def taken(scene: Scene, choice: Choice, claim_id: str) -> Scene:
    """The scene once this choice is booked."""
    claim = choice.claim(claim_id)
    people = scene.people | {choice.practitioner: (*scene.people[choice.practitioner], claim)}
    rooms = scene.rooms | ({choice.room: (*scene.rooms[choice.room], claim)} if choice.room else {})
    return replace(scene, people=people, rooms=rooms)


def book_some(scene: Scene, dates: tuple[date, date], picked: list[int]) -> tuple[Scene, list[Choice]]:
    """The scene after several bookings of what is offered, each pick wrapped to the offers there are."""
    choices = []
    for number, pick in enumerate(picked):
        shown = ask(scene, dates)
        if shown:
            choice = scene.book(zones.instant(shown[pick % len(shown)].start).isoformat())
            scene = taken(scene, choice, f"new{number}")
            choices.append(choice)
    return scene, choices


@given(scenes(), queries, who_asks, holders, picks)
def test_the_rules_show_what_the_model_shows(
    found: tuple[Scene, date], query: tuple[int, int], who: str, holder: str, picked: list[int]
) -> None:
    scene, around = found
    dates = dates_of(around, query)
    scene, _ = book_some(scene, dates, picked)
    assert plain(ask(scene, dates, who, holder)) == Model(scene, around).offers(*dates, who, holder)


@given(scenes(), st.integers(-2, 3), who_asks, holders, picks)
def test_shown_is_bookable_and_nothing_else_is(found: tuple[Scene, date], days: int, who: str, holder: str, picked: list[int]) -> None:
    scene, around = found
    day = around + timedelta(days=days)
    scene, _ = book_some(scene, (day, day), picked)
    model = Model(scene, around)
    shown = {answer[0]: answer for answer in model.offers(day, day, who, holder)}
    begins, ends = (zones.wall_minute(day, wall, scene.zone) for wall in (0, 1440))
    for start in {*range(begins, ends, 65), *(minute + 1 for minute in list(shown)[:2]), *list(shown)[:12]}:
        try:
            choice = scene.book(zones.instant(start).isoformat(), who, holder)
        except Problem:
            assert start not in shown
        else:
            assert (choice.practitioner, choice.room) == model.chosen(shown[start])


def are_mates(one: Claim, other: Claim, seen_by: dict[str, str]) -> bool:
    """Whether two claims share one group: practitioner, service, room, start and end."""
    return one.group == other.group != "" and one.visit == other.visit and seen_by[one.id] == seen_by[other.id]


@given(scenes(), queries, st.lists(st.sampled_from([0, 0, 1, 5, 30]), min_size=2, max_size=8))
def test_what_is_booked_never_conflicts(found: tuple[Scene, date], query: tuple[int, int], picked: list[int]) -> None:
    scene, around = found
    after, choices = book_some(scene, dates_of(around, query), picked)
    seen_by = {claim.id: who for who, claimed in after.people.items() for claim in claimed}
    for claimed in (*after.people.values(), *after.rooms.values()):
        live = [claim for claim in claimed if claim.live(zones.minute(scene.now))]
        for one, other in combinations(live, 2):
            if (one.id.startswith("new") or other.id.startswith("new")) and not are_mates(one, other, seen_by):
                assert not units(one.start, one.end) & units(other.start - other.before, other.end + other.after)
                assert not units(other.start, other.end) & units(one.start - one.before, one.end + one.after)
    groups = [(choice.practitioner, choice.room, choice.start) for choice in choices]
    assert all(groups.count(group) <= scene.service.capacity for group in groups)


@given(scenes(), queries, queries)
def test_answers_do_not_depend_on_the_dates_asked_for(found: tuple[Scene, date], one: tuple[int, int], other: tuple[int, int]) -> None:
    scene, around = found
    (a, b), (c, d) = dates_of(around, one), dates_of(around, other)
    whole = plain(ask(scene, (min(a, c), max(b, d))))
    for first, last in ((a, b), (c, d)):
        begins, ends = zones.wall_minute(first, 0, scene.zone), zones.wall_minute(last, 1440, scene.zone)
        assert plain(ask(scene, (first, last))) == [answer for answer in whole if begins <= answer[0] < ends]
