"""Opening hours as instants, time off as claims, and the sheets a claim stands on."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.clinics.records import Hours
from chalicelib.kit import zone
from chalicelib.schedules import rules
from chalicelib.schedules.records import Claim, Sheet, Span
from tests.booking.makers import a_claim, a_service, day, hours, moment

MONDAY = "2026-03-02"


def span(start: str, end: str, name: str = "UTC") -> Span:
    """A span between two wall times."""
    return Span(zone.minute(moment(start, name)), zone.minute(moment(end, name)))


def opened(clinic: Hours, role: Hours | None = None, name: str = "UTC", date: str = MONDAY) -> list[Span]:
    """The joined windows that touch one date."""
    whole_day = Span(zone.wall_minute(day(date), 0, name), zone.wall_minute(day(date), 1440, name))
    return [window for window in rules.open_windows(clinic, role or Hours(), name, day(date), day(date)) if window.meets(whole_day)]


@pytest.mark.parametrize(
    ("clinic", "windows"),
    [
        pytest.param(hours("mon 09:00-12:00 13:00-17:00"), [("09:00", "12:00"), ("13:00", "17:00")], id="apart"),
        pytest.param(hours("mon 09:00-12:00", "mon 12:00-17:00"), [("09:00", "17:00")], id="touching"),
        pytest.param(hours("mon 09:00-14:00", "mon 12:00-17:00"), [("09:00", "17:00")], id="overlapping"),
        pytest.param(hours("mon 13:00-17:00", "mon 09:00-12:00"), [("09:00", "12:00"), ("13:00", "17:00")], id="in-order"),
        pytest.param(hours("tue 09:00-12:00"), [], id="another-day"),
    ],
)
def test_1_2_5_windows_are_joined_and_sorted(clinic: Hours, windows: list[tuple[str, str]]) -> None:
    assert opened(clinic) == [span(f"{MONDAY} {start}", f"{MONDAY} {end}") for start, end in windows]


def test_1_2_5_windows_are_joined_across_midnight() -> None:
    assert opened(hours("sun 22:00-02:00", "mon 02:00-04:00")) == [span("2026-03-01 22:00", "2026-03-02 04:00")]


def test_1_2_1_windows_follow_the_clocks() -> None:
    assert opened(hours("sun 00:30-03:00"), name="America/New_York", date="2026-11-01") == [span("2026-11-01 04:30", "2026-11-01 08:00")]


@pytest.mark.parametrize("line", ["sun 02:00-03:00", "sun 02:30-03:00"])
def test_1_2_1_a_window_that_the_gap_swallows_is_none(line: str) -> None:
    assert opened(hours(line), name="America/New_York", date="2026-03-08") == []


def test_1_2_3_a_role_without_hours_keeps_the_clinics() -> None:
    assert opened(hours("mon 09:00-12:00"), hours(off=(("2026-05-01", "2026-05-02"),))) == [span(f"{MONDAY} 09:00", f"{MONDAY} 12:00")]


@pytest.mark.parametrize("name", ["UTC", "America/New_York", "America/Nuuk"])
def test_1_3_3_windows_are_the_same_for_every_query(name: str) -> None:
    always = hours("daily 00:00-24:00")
    alone, within = opened(always, name=name), rules.open_windows(always, Hours(), name, day("2026-02-01"), day("2026-04-30"))
    midnight_before = zone.wall_minute(day("2026-03-01"), 0, name)
    assert len(within) == len(alone) == 1
    assert within[0].start <= alone[0].start <= midnight_before


@pytest.mark.parametrize(
    ("name", "off", "taken"),
    [
        pytest.param("UTC", (MONDAY, MONDAY), ("2026-03-02 00:00", "2026-03-03 00:00"), id="one-day"),
        pytest.param("UTC", ("2026-02-27", "2026-03-04"), ("2026-02-27 00:00", "2026-03-05 00:00"), id="several"),
        pytest.param("America/New_York", ("2026-03-08", "2026-03-08"), ("2026-03-08 05:00", "2026-03-09 04:00"), id="23-hours"),
        pytest.param("America/New_York", ("2026-11-01", "2026-11-01"), ("2026-11-01 04:00", "2026-11-02 05:00"), id="25-hours"),
        pytest.param("America/Havana", ("2026-03-08", "2026-03-08"), ("2026-03-08 05:00", "2026-03-09 04:00"), id="no-midnight"),
        pytest.param("Asia/Kolkata", ("2028-02-29", "2028-02-29"), ("2028-02-28 18:30", "2028-02-29 18:30"), id="the-29th-of-february"),
    ],
)
def test_1_2_4_time_off_is_whole_local_days(name: str, off: tuple[str, str], taken: tuple[str, str]) -> None:
    (claim,) = rules.time_off(hours(off=(off,)), name, day(off[0]), day(off[0]))
    assert (claim.visit, claim.guard, claim.until) == (span(*taken), span(*taken), 0)


@pytest.mark.parametrize(("off", "counts"), [("2026-03-01", True), ("2026-02-28", False), ("2026-03-03", True), ("2026-03-04", False)])
def test_1_2_4_time_off_counts_as_far_as_any_buffer_reaches(off: str, counts: bool) -> None:
    assert bool(rules.time_off(hours(off=((off, off),)), "UTC", day(MONDAY), day(MONDAY))) is counts


def test_an_agenda_holds_the_claims_and_both_kinds_of_time_off() -> None:
    clinic, role = hours("mon 09:00-12:00", off=((MONDAY, MONDAY),)), hours(off=(("2026-03-03", "2026-03-03"),))
    visit = a_claim(f"{MONDAY} 09:00-10:00")
    agenda = rules.agenda("bea", clinic, role, "UTC", day(MONDAY), day(MONDAY), (visit,))
    days_off = (span(f"{MONDAY} 00:00", "2026-03-03 00:00"), span("2026-03-03 00:00", "2026-03-04 00:00"))
    assert tuple(claim.visit for claim in agenda.claims) == (visit.visit, *days_off)
    assert (agenda.practitioner, agenda.open) == ("bea", rules.open_windows(clinic, role, "UTC", day(MONDAY), day(MONDAY)))


@pytest.mark.parametrize(
    ("claim", "days"),
    [
        pytest.param(a_claim(f"{MONDAY} 09:00-10:00"), [2], id="within-a-day"),
        pytest.param(a_claim(f"{MONDAY} 23:00-23:55", after=5), [2], id="up-to-midnight"),
        pytest.param(a_claim(f"{MONDAY} 23:00-23:55", after=10), [2, 3], id="a-buffer-over-midnight"),
        pytest.param(a_claim(f"{MONDAY} 00:00-01:00"), [2], id="from-midnight"),
        pytest.param(a_claim(f"{MONDAY} 00:00-01:00", before=5), [1, 2], id="a-buffer-before-midnight"),
        pytest.param(a_claim(f"{MONDAY} 12:00-12:30", before=1440, after=1440), [1, 2, 3], id="long-buffers"),
    ],
)
def test_a_claim_stands_on_the_sheet_of_every_utc_day_its_guard_touches(claim: Claim, days: list[int]) -> None:
    assert rules.days_touched(claim.guard) == tuple(date(2026, 3, number) for number in days)


def test_the_days_of_1970_and_before_are_days_too() -> None:
    assert rules.days_touched(Span(-1, 1)) == (date(1969, 12, 31), date(1970, 1, 1))


def test_the_sheets_to_read_reach_as_far_as_the_visits_and_their_buffers() -> None:
    service = a_service(60, before=15, after=30)
    expected = span("2026-03-08 04:45", "2026-03-09 05:30")  # New York's day of 23 hours, 05:00 to 04:00
    assert (rules.reach(service, "America/New_York", day("2026-03-08"), day("2026-03-08")), rules.look_back(service)) == (expected, 15)


A, B = a_claim(f"{MONDAY} 09:00-10:00", "a"), a_claim(f"{MONDAY} 08:00-09:00", "b")
SHEET = Sheet(actor="practitioner/bea", day=day(MONDAY), version=7, claims=(A,))


def test_a_sheet_with_a_claim_keeps_its_version_and_the_order() -> None:
    assert rules.with_claim(SHEET, B) == Sheet(actor="practitioner/bea", day=day(MONDAY), version=7, claims=(B, A))


def test_a_claim_moved_takes_the_place_of_the_old() -> None:
    moved = a_claim(f"{MONDAY} 11:00-12:00", "a")
    assert rules.with_claim(SHEET, moved).claims == (moved,)


@pytest.mark.parametrize(("claim_id", "left"), [("a", ()), ("z", (A,))])
def test_a_sheet_without_a_claim_loses_only_that(claim_id: str, left: tuple[Claim, ...]) -> None:
    sheet = rules.without_claim(SHEET, claim_id)
    assert (sheet.claims, sheet.version) == (left, 7)


@pytest.mark.parametrize(("now", "live"), [("08:09", True), ("08:10", False), ("08:11", False)])
def test_1_4_1_a_hold_is_over_at_exactly_its_end(now: str, live: bool) -> None:
    hold = a_claim(f"{MONDAY} 10:00-11:00", until=f"{MONDAY} 08:10", holder="ada")
    moment_of = zone.minute(moment(f"{MONDAY} {now}"))
    assert (hold.live(moment_of), A.live(moment_of)) == (live, True)
