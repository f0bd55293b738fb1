"""Labels are CLDR's where we mean CLDR's, and every message is whole in every language."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from string import Template

import pytest
from babel import dates

from chalicelib.kit import settings, text, zone
from chalicelib.kit.locales import LOCALES

YEAR = [datetime(2028, 1, 1, 0, 7, tzinfo=UTC) + timedelta(days=day, minutes=41 * day) for day in range(366)]
MESSAGES = sorted(settings.messages().glob("*/messages/*/*.txt"))


def as_cldr(shown: str) -> str:
    """Babel's text with the narrow spaces and the Spanish "a.m." as we write them."""
    return shown.replace("\u202f", " ").replace("\u2009", " ")


def spanish(tag: str, shown: str) -> str:
    return shown.replace("a.m.", "a. m.").replace("p.m.", "p. m.") if tag.startswith("es") else shown


@pytest.mark.parametrize("tag", LOCALES)
def test_labels_are_those_of_cldr_on_every_day_of_a_year(tag: str) -> None:
    babel = tag.replace("-", "_")
    for local in YEAR:
        full = as_cldr(dates.format_date(local, "full", locale=babel))
        short = as_cldr(dates.format_skeleton("MMMEd", local, locale=babel))
        clock = spanish(tag, as_cldr(dates.format_time(local, "short", locale=babel)))
        assert text.day_long(local, tag) == full
        assert full.startswith(text.day_label(local, tag))
        assert full.removeprefix(text.day_label(local, tag)) in (f", {local.year}", f" de {local.year}", f" {local.year}")
        assert text.time_label(local, tag) == clock
        assert text.short_label(local, tag) == f"{short}, {clock}"
        assert text.weekday(local, tag) == dates.format_date(local, "EEE", locale=babel)


@pytest.mark.parametrize("hour", range(6, 24))
def test_parts_of_the_day_are_those_of_cldr(hour: int) -> None:
    local = datetime(2026, 11, 24, hour, 30)  # noqa: DTZ001 - a wall time
    assert dates.get_period_id(local, locale="en_US") == f"{text.part_of_day(local)}1"


@pytest.mark.parametrize("hour", range(6))
def test_the_small_hours_are_night(hour: int) -> None:
    assert text.part_of_day(datetime(2026, 11, 24, hour, 30)) == "night"  # noqa: DTZ001 - a wall time


SHOWN = datetime(2026, 11, 24, 15, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "day", "short", "clock"),
    [
        ("en-US", "Tuesday, November 24", "Tue, Nov 24, 10:40 AM", "10:40 AM"),
        ("en-CA", "Tuesday, November 24", "Tue, Nov 24, 10:40 a.m.", "10:40 a.m."),
        ("en-GB", "Tuesday, 24 November", "Tue 24 Nov, 10:40", "10:40"),
        ("es-US", "martes, 24 de noviembre", "mar, 24 de nov, 10:40 a. m.", "10:40 a. m."),
        ("es-MX", "martes, 24 de noviembre", "mar, 24 de nov, 10:40 a. m.", "10:40 a. m."),
        ("en", "Tuesday, November 24", "Tue, Nov 24, 10:40 AM", "10:40 AM"),
        ("fr-CA", "Tuesday, November 24", "Tue, Nov 24, 10:40 AM", "10:40 AM"),
        ("EN-gb", "Tuesday, 24 November", "Tue 24 Nov, 10:40", "10:40"),
    ],
)
def test_an_unknown_tag_falls_back_to_its_language_and_that_to_english(tag: str, day: str, short: str, clock: str) -> None:
    local = zone.local(SHOWN, "America/New_York")
    assert (text.day_label(local, tag), text.short_label(local, tag), text.time_label(local, tag)) == (day, short, clock)


@pytest.mark.parametrize(
    ("first", "last", "tag", "label"),
    [
        ((2026, 11, 23), (2026, 11, 29), "en-US", "November 23–29"),
        ((2026, 11, 30), (2026, 12, 6), "en-US", "Nov 30 – Dec 6"),
        ((2026, 12, 28), (2027, 1, 3), "en-US", "Dec 28 – Jan 3"),
        ((2026, 11, 24), (2026, 11, 24), "en-US", "November 24"),
        ((2026, 11, 23), (2026, 11, 29), "en-GB", "23–29 November"),
        ((2026, 11, 30), (2026, 12, 6), "en-GB", "30 Nov – 6 Dec"),
        ((2026, 11, 23), (2026, 11, 29), "es-US", "23–29 de noviembre"),
        ((2026, 11, 30), (2026, 12, 6), "es-US", "30 de nov – 6 de dic"),
        ((2026, 11, 30), (2027, 11, 6), "en-CA", "Nov 30 – Nov 6"),
    ],
)
def test_a_range_names_its_month_once(first: tuple[int, int, int], last: tuple[int, int, int], tag: str, label: str) -> None:
    assert text.range_label(date(*first), date(*last), tag) == label


@pytest.mark.parametrize(
    ("place", "month", "tag", "label"),
    [
        ("America/New_York", 11, "en-US", "Eastern time (EST, UTC−5)"),
        ("America/New_York", 7, "en-US", "Eastern time (EDT, UTC−4)"),
        ("America/New_York", 11, "es-US", "hora del Este (EST, UTC−5)"),
        ("America/Winnipeg", 7, "en-CA", "Central time (CDT, UTC−5)"),
        ("America/Winnipeg", 11, "en-CA", "Central time (UTC−5)"),
        ("Europe/London", 11, "en-GB", "UK time (GMT, UTC+0)"),
        ("Europe/London", 7, "en-GB", "UK time (BST, UTC+1)"),
        ("Asia/Kolkata", 11, "en-US", "Kolkata time (UTC+5:30)"),
        ("America/St_Johns", 11, "es-US", "hora de St Johns (UTC−3:30)"),
    ],
)
def test_a_zone_is_named_as_people_name_it(place: str, month: int, tag: str, label: str) -> None:
    assert text.zone_label(zone.local(SHOWN.replace(month=month), place), tag) == label


def test_utc_itself_has_a_label() -> None:
    assert text.zone_label(SHOWN, "en-US") == "UTC time (UTC+0)"


@pytest.mark.parametrize(("hour", "named"), [(5, "EDT"), (6, "EST")])
def test_two_equal_wall_times_of_one_night_are_told_apart(hour: int, named: str) -> None:
    local = zone.local(datetime(2026, 11, 1, hour, 30, tzinfo=UTC), "America/New_York")
    assert (text.time_label(local, "en-US"), text.offset_name(local)) == ("1:30 AM", named)


def test_where_no_abbreviation_is_common_the_offset_tells_them_apart() -> None:
    assert text.offset_name(zone.local(SHOWN, "Asia/Kathmandu")) == "UTC+5:45"


@pytest.mark.parametrize(
    ("given", "tag", "shown"),
    [
        ({"en": "Visit", "es": "Consulta"}, "es-US", "Consulta"),
        ({"en": "Visit", "es-US": "Cita", "es": "Consulta"}, "es-US", "Cita"),
        ({"en": "Visit"}, "fr-CA", "Visit"),
        ({"fr": "Visite"}, "es-US", "Visite"),
    ],
)
def test_words_are_in_the_readers_language_where_they_can_be(given: dict[str, str], tag: str, shown: str) -> None:
    assert text.words(given, tag) == shown


def test_messages_exist() -> None:
    assert MESSAGES


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: "/".join(path.parts[-4:]))
def test_every_message_is_there_in_both_languages_with_equal_placeholders(path: Path) -> None:
    english, spanish_ = (path.parents[1] / language / path.name for language in ("en", "es"))
    wanted, given = (Template(file.read_text(encoding="utf-8")) for file in (english, spanish_))
    assert wanted.is_valid()
    assert given.is_valid()
    assert set(wanted.get_identifiers()) == set(given.get_identifiers())
    assert ("{code}" in wanted.template) == ("{code}" in given.template)


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: "/".join(path.parts[-4:]))
def test_every_message_has_a_subject_that_tells_nothing_personal(path: Path) -> None:
    subject = path.read_text(encoding="utf-8").splitlines()[0]
    assert subject.startswith("Subject: ")
    assert set(Template(subject).get_identifiers()) <= {"clinic"}
    assert "{code}" not in subject


@pytest.fixture
def a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue with one message in two languages."""
    for language, greeting in (("en", "Hello"), ("es", "Hola")):
        folder = tmp_path / "tea" / "messages" / language
        folder.mkdir(parents=True)
        (folder / "asked.txt").write_text(f"Subject: {greeting}\nButton: Open\n\n{greeting} $name.\n\nWhen: $time\n", encoding="utf-8")
    monkeypatch.setattr(settings, "messages", lambda: tmp_path)
    text._template.cache_clear()


@pytest.mark.parametrize(("tag", "greeting"), [("en-GB", "Hello"), ("es-US", "Hola"), ("fr-CA", "Hello")])
@pytest.mark.usefixtures("a_message")
def test_a_message_is_worded_in_the_readers_language(tag: str, greeting: str) -> None:
    worded = text.message("tea", "asked", tag, name="Ada", time="10:40")
    assert worded == text.Worded(greeting, f"{greeting} Ada.\n\nWhen: 10:40", "Open")


@pytest.mark.parametrize("values", [{"name": "Ada"}, {"name": "Ada", "time": "10:40", "room": "1"}, {}])
@pytest.mark.usefixtures("a_message")
def test_a_missing_or_unused_value_is_a_mistake_that_shows(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="placeholders"):
        text.message("tea", "asked", "en-US", **values)


@pytest.mark.usefixtures("a_message")
def test_an_answer_cannot_change_the_shape_of_a_message() -> None:
    worded = text.message("tea", "asked", "en-US", name="A\n\nSubject: won\r\n$time", time="10:40")
    assert worded.text == "Hello A Subject: won $time.\n\nWhen: 10:40"
