"""Labels and letters in the reader's language.

All times given here are aware *local* datetimes (kit.zone.local); tags are BCP 47. An unknown tag
falls back to its language, and that to en-US. Spaces are plain ones, where CLDR puts narrow ones that
mail readers and SMS cannot show. Names and patterns stand in kit.locales.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.kit import settings
from chalicelib.kit.locales import LOCALES, NAMED, Locale


@lru_cache(maxsize=64)
def locale(tag: str) -> Locale:
    """The names and patterns for a tag."""
    wanted = tag.lower()
    exact = [name for name in LOCALES if name.lower() == wanted]
    kin = [name for name in LOCALES if _language(name) == _language(wanted)]
    return LOCALES[(exact + kin + ["en-US"])[0]]


def _language(tag: str) -> str:
    return tag.split("-")[0].split("_")[0].lower()


def words(text: Mapping[str, str], tag: str) -> str:
    """A text that is there in several languages, in the reader's; else in English, else in its first."""
    for wish in (tag, _language(tag), "en"):
        if wish in text:
            return text[wish]
    return next(iter(text.values()), "")


def _shown(pattern: str, day: date, tag: str, last: date | None = None) -> str:
    names = locale(tag)
    last = last or day
    return pattern.format(
        weekday=names.days[day.weekday()],
        short_weekday=names.short_days[day.weekday()],
        month=names.months[day.month - 1],
        short_month=names.short_months[day.month - 1],
        day=day.day,
        year=day.year,
        last_day=last.day,
        last_month=names.short_months[last.month - 1],
    )


def day_label(local: date, tag: str) -> str:
    """`Tuesday, November 24`."""
    return _shown(locale(tag).day, local, tag)


def day_long(local: date, tag: str) -> str:
    """`Tuesday, November 24, 2026`."""
    return _shown(locale(tag).day_long, local, tag)


def date_long(local: date, tag: str) -> str:
    """`November 24, 2026`: of days that have no weekday for their reader, such as birthdays."""
    return _shown(locale(tag).day_long.replace("{weekday}, ", ""), local, tag)


def time_label(local: datetime, tag: str) -> str:
    """`10:40 AM`, `10:40`, `10:40 a. m.`."""
    halves = locale(tag).halves
    if halves is None:
        return f"{local:%H:%M}"
    return f"{local.hour % 12 or 12}:{local:%M} {halves[local.hour >= 12]}"


def short_label(local: datetime, tag: str) -> str:
    """`Tue, Nov 24, 10:40 AM`."""
    return f"{_shown(locale(tag).short_day, local, tag)}, {time_label(local, tag)}"


def weekday(local: date, tag: str) -> str:
    """`Tue`."""
    return locale(tag).short_days[local.weekday()]


def range_label(first: date, last: date, tag: str) -> str:
    """`November 23–29`, `Nov 30 – Dec 6`; one day alone is `November 23`. Both dates are included."""
    names = locale(tag)
    same_month = (first.year, first.month) == (last.year, last.month)
    pattern = names.date if first == last else names.in_month if same_month else names.over_months
    return _shown(pattern, first, tag, last)


def part_of_day(local: datetime) -> str:
    """The part of the day: morning (6-12), afternoon (12-18), evening (18-21) or night, as CLDR divides the day for English."""
    parts = ((6, "night"), (12, "morning"), (18, "afternoon"), (21, "evening"), (24, "night"))
    return next(part for until, part in parts if local.hour < until)


def zone_name(zone: str, tag: str) -> str:
    """What people call an IANA zone: `Eastern time`; one we have no name for is its city's: `Kolkata time`."""
    if zone in NAMED:
        return words(NAMED[zone][0], tag)
    return locale(tag).zone.format(zone.rsplit("/", 1)[-1].replace("_", " "))


def zone_label(local: datetime, tag: str) -> str:
    """`Eastern time (EST, UTC−5)`."""
    short, offset = _abbreviation(local), _offset(local)
    return f"{zone_name(_zone(local), tag)} ({', '.join(filter(None, (short, offset)))})"


def offset_name(local: datetime) -> str:
    """What tells two equal wall times apart: `EDT`, or `UTC−4` where the zone has no common abbreviation."""
    return _abbreviation(local) or _offset(local)


def _zone(local: datetime) -> str:
    return local.tzinfo.key if isinstance(local.tzinfo, ZoneInfo) else "UTC"


def _abbreviation(local: datetime) -> str:
    _, known = NAMED.get(_zone(local), ({}, ()))
    name = local.tzname() or ""
    return name if name in known else ""


def _offset(local: datetime) -> str:
    minutes = (local.utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


class Worded(Struct, frozen=True):
    """A message in the reader's language; `link_label` is empty where it has no button."""

    subject: str
    text: str
    link_label: str = ""


def message(feature: str, name: str, tag: str, /, **values: str) -> Worded:
    """The message `<feature>/messages/<language>/<name>.txt` with its `$placeholders` filled.

    Its first line is `Subject: ...`, the second may be `Button: ...`, then a blank line and the text.
    ValueError for a value that is missing or has no placeholder: both are mistakes of ours. Every value
    is made one line, so that nobody's answer can change the shape of a message.
    """
    template = _template(feature, name, _language(tag))
    wanted = set(template.get_identifiers())
    if wanted != set(values):
        raise ValueError(f"{feature}/{name}: placeholders {sorted(wanted)}, values {sorted(values)}")
    head, _, text = template.substitute({key: " ".join(value.split()) for key, value in values.items()}).partition("\n\n")
    lines = dict(line.split(": ", 1) for line in head.splitlines())
    return Worded(lines["Subject"], text.strip(), lines.get("Button", ""))


@lru_cache(maxsize=256)
def _template(feature: str, name: str, language: str) -> Template:
    folder: Path = settings.messages() / feature / "messages"
    spoken = language if (folder / language).is_dir() else "en"
    return Template((folder / spoken / f"{name}.txt").read_text(encoding="utf-8"))
