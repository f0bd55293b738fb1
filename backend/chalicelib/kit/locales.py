"""The names and patterns that labels are made of (see kit.text, which is what others use).

Babel is too heavy for a request, so the few we show stand here; a test holds them equal to Babel's CLDR
for every day of a year. Patterns and their CLDR skeletons: `day_long` is the full date (yMMMMEEEEd), `day`
the same without its year, `short_day` MMMEd. Ours on purpose: "a. m." with a space as the Spanish academy
writes it, the ranges, which always space a dash between two months, and the names of zones.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace


class Locale(Struct, frozen=True, kw_only=True):
    """Names and patterns of one language tag. Weeks begin on Monday, as date.weekday() counts."""

    days: tuple[str, ...]
    short_days: tuple[str, ...]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    day: str
    day_long: str
    short_day: str
    date: str
    in_month: str
    over_months: str
    halves: tuple[str, str] | None = None  # before and after noon; none: a 24-hour clock
    zone: str = "{} time"


EN_US = Locale(
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    short_days=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=(
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
    short_months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    day="{weekday}, {month} {day}",
    day_long="{weekday}, {month} {day}, {year}",
    short_day="{short_weekday}, {short_month} {day}",
    date="{month} {day}",
    in_month="{month} {day}–{last_day}",
    over_months="{short_month} {day} – {last_month} {last_day}",
    halves=("AM", "PM"),
)
EN_GB = replace(
    EN_US,
    short_months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"),
    day="{weekday}, {day} {month}",
    day_long="{weekday}, {day} {month} {year}",
    short_day="{short_weekday} {day} {short_month}",
    date="{day} {month}",
    in_month="{day}–{last_day} {month}",
    over_months="{day} {short_month} – {last_day} {last_month}",
    halves=None,
)
ES_US = Locale(
    days=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    short_days=("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
    months=(
        *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio"),
        *("agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    short_months=("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"),
    day="{weekday}, {day} de {month}",
    day_long="{weekday}, {day} de {month} de {year}",
    short_day="{short_weekday}, {day} de {short_month}",
    date="{day} de {month}",
    in_month="{day}–{last_day} de {month}",
    over_months="{day} de {short_month} – {last_day} de {last_month}",
    halves=("a. m.", "p. m."),
    zone="hora de {}",
)

LOCALES: dict[str, Locale] = {
    "en-US": EN_US,
    "en-CA": replace(EN_US, halves=("a.m.", "p.m.")),
    "en-GB": EN_GB,
    "es-US": ES_US,
}

# What people call the zones, and the abbreviations that belong to that name: the data may give others
# (Winnipeg has been "EST" since it stopped changing its clocks), which would only confuse.
ZONES: dict[str, tuple[Mapping[str, str], tuple[str, ...], tuple[str, ...]]] = {
    "Atlantic": ({"en": "Atlantic time", "es": "hora del Atlántico"}, ("AST", "ADT"), ("America/Halifax",)),
    "Eastern": ({"en": "Eastern time", "es": "hora del Este"}, ("EST", "EDT"), ("America/New_York", "America/Detroit", "America/Toronto")),
    "Central": ({"en": "Central time", "es": "hora del Centro"}, ("CST", "CDT"), ("America/Chicago", "America/Winnipeg")),
    "Mountain": (
        {"en": "Mountain time", "es": "hora de la Montaña"},
        ("MST", "MDT"),
        ("America/Denver", "America/Boise", "America/Phoenix", "America/Edmonton"),
    ),
    "Pacific": ({"en": "Pacific time", "es": "hora del Pacífico"}, ("PST", "PDT"), ("America/Los_Angeles", "America/Vancouver")),
    "UK": ({"en": "UK time", "es": "hora del Reino Unido"}, ("GMT", "BST"), ("Europe/London",)),
}
NAMED = {place: (names, abbreviations) for names, abbreviations, places in ZONES.values() for place in places}
