"""Colours that can be read, and hours that can be read aloud."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec
import pytest

from chalicelib.clinics.records import WEEK, AvailableTime, Hours, Theme, Weekday, Window
from chalicelib.portals.records import OpenDays, Palette
from chalicelib.portals.rules import colours, opening

BRANDS = [
    "#0b6b62",
    "#7a3e9d",
    "#1f4fd8",
    "#f2a03d",
    "#00b5e2",
    "#ffff00",
    "#ffffff",
    "#000000",
    "#ff0000",
    "#39ff14",
    "#808080",
    "#ffd1dc",
]
Mode = Callable[[Theme], Palette]
WEEKDAYS = tuple(WEEK[:5])


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#ffffff", "#000000", 21.0), ("#767676", "#ffffff", 4.54), ("#f2a03d", "#ffffff", 2.13), ("#00b5e2", "#ffffff", 2.41), ("#abcdef", "#abcdef", 1.0)],
)  # fmt: skip
def test_contrast_is_wcags(one: str, other: str, ratio: float) -> None:
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert colours.contrast(other, one) == colours.contrast(one, other)


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize("mode", [colours.light, colours.dark], ids=["day", "night"])
@pytest.mark.parametrize(("token", "grounds", "least"), colours.PAIRS, ids=[pair[0] for pair in colours.PAIRS])
def test_whatever_a_clinic_chooses_can_be_read(brand: str, mode: Mode, token: str, grounds: tuple[str, ...], least: float) -> None:
    palette = msgspec.structs.asdict(mode(Theme(brand=brand)))
    for ground in grounds:
        assert colours.contrast(palette[token], palette[ground]) >= least, (token, palette[token], ground, palette[ground])


def test_a_colour_that_is_dark_enough_stays_as_the_clinic_chose_it() -> None:
    assert colours.light(Theme(brand="#0b6b62")).brand == "#0b6b62"


def test_a_pale_colour_is_darkened_no_further_than_it_must() -> None:
    brand = colours.light(Theme(brand="#f2a03d")).brand
    assert brand != "#f2a03d"
    assert 4.5 <= colours.contrast(brand, "#ffffff") < 5.1


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_mixing_lies_between_its_ends(share: float) -> None:
    mixed = colours.luminance(colours.mix("#000000", share, "#ffffff"))
    assert mixed == pytest.approx((1 - share) ** 3, abs=0.01)


def _rule(days: tuple[Weekday, ...], start: str, end: str, **valid: date) -> AvailableTime:
    return AvailableTime(days_of_week=days, available_start_time=start, available_end_time=end, **valid)


@pytest.mark.parametrize(
    ("rules", "rows"),
    [
        ([], [(0, 6, [])]),
        ([_rule(tuple(WEEK), "09:00", "17:00")], [(0, 6, ["09:00-17:00"])]),
        ([_rule(WEEKDAYS, "09:00", "17:00")], [(0, 4, ["09:00-17:00"]), (5, 6, [])]),
        (
            [_rule(WEEKDAYS, "13:00", "18:00"), _rule(WEEKDAYS, "08:00", "12:00"), _rule((Weekday.SAT,), "09:00", "12:00")],
            [(0, 4, ["08:00-12:00", "13:00-18:00"]), (5, 5, ["09:00-12:00"]), (6, 6, [])],
        ),
        (
            [_rule((Weekday.MON, Weekday.WED), "09:00", "17:00")],
            [(0, 0, ["09:00-17:00"]), (1, 1, []), (2, 2, ["09:00-17:00"]), (3, 6, [])],
        ),
    ],
    ids=["never open", "every day alike", "closed at the weekend", "a lunch break", "days apart"],
)
def test_days_alike_share_a_row(rules: list[AvailableTime], rows: list[tuple[int, int, list[str]]]) -> None:
    found = opening.opening(Hours(available_time=tuple(rules)))
    assert [(row.first, row.last, [f"{window.start}-{window.end}" for window in row.windows]) for row in found] == rows


def test_hours_of_a_season_say_from_when_to_when() -> None:
    summer = _rule((Weekday.SUN,), "10:00", "14:00", valid_from=date(2026, 6, 1), valid_until=date(2026, 8, 31))
    found = opening.opening(Hours(available_time=(_rule(WEEKDAYS, "09:00", "17:00"), summer)))
    assert [(row.first, row.valid_from, row.valid_until) for row in found[:2]] == [(0, None, None), (5, None, None)]
    assert found[2:] == [
        OpenDays(first=6, last=6, windows=(Window(start="10:00", end="14:00"),), valid_from=date(2026, 6, 1), valid_until=date(2026, 8, 31))
    ]
