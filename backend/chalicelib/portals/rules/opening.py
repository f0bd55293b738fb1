"""Opening hours as a few rows that can be read aloud, and the numbers every clinic must show."""

from __future__ import annotations

from itertools import groupby

from chalicelib.clinics.records import WEEK, AvailableTime, Hours, Window
from chalicelib.portals.records import OpenDays


def _windows(rules: list[AvailableTime], day: int) -> tuple[Window, ...]:
    """The windows of one weekday, earliest first."""
    found = {(rule.available_start_time, rule.available_end_time) for rule in rules if WEEK[day] in rule.days_of_week}
    return tuple(Window(start=start, end=end) for start, end in sorted(found))


def _rows(rules: list[AvailableTime], *, closed: bool) -> list[OpenDays]:
    """Neighbouring days with equal windows in one row; closed days only where asked for."""
    rows = []
    for windows, run in groupby(range(7), lambda day: _windows(rules, day)):
        days = list(run)
        if windows or closed:
            valid = rules[0] if rules else None
            rows.append(
                OpenDays(
                    first=days[0],
                    last=days[-1],
                    windows=windows,
                    valid_from=valid.valid_from if valid else None,
                    valid_until=valid.valid_until if valid else None,
                )
            )
    return rows


def opening(hours: Hours) -> list[OpenDays]:
    """The week's rows (closed days too), then those of rules that hold only for a time."""
    always = [rule for rule in hours.available_time if rule.valid_from is None and rule.valid_until is None]
    rows = _rows(always, closed=True)
    for rule in hours.available_time:
        if rule not in always:
            rows += _rows([rule], closed=False)
    return rows
