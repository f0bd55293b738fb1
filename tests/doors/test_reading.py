"""How a request is read: strictly, and told in words a person can act on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import pytest
from msgspec import Meta, Struct

from chalicelib.clinics import actions as clinics
from chalicelib.doors import reading
from chalicelib.identity.records import Audience
from chalicelib.kit.problem import Changed, LookAgain, Problem, TooLarge, Unreadable

NORTH = clinics.read_portal().clinics[0]
OURS = {"x-portal": "1", "content-type": "application/json", "origin": "http://localhost:8000"}


class Wish(Struct, forbid_unknown_fields=True):
    """A shape with every kind of field."""

    name: Annotated[str, Meta(min_length=1, max_length=5)]
    at: Annotated[datetime, Meta(tz=True)]
    day: date | None = None
    many: Annotated[int, Meta(ge=1, le=3)] = 1


GOOD = b'{"name": "Ada", "at": "2026-11-24T10:40:00-05:00"}'


def test_a_good_body_is_read() -> None:
    wish = reading.body(GOOD, Wish)
    assert (wish.name, wish.at.isoformat(), wish.many) == ("Ada", "2026-11-24T10:40:00-05:00", 1)


FAULTS = [
    (b'{"name": "", "at": "2026-11-24T10:40:00Z"}', {"name": "Fill this in."}),
    (b'{"name": "Adelaide", "at": "2026-11-24T10:40:00Z"}', {"name": "Use at most 5 characters."}),
    (b'{"name": "Ada", "at": "2026-11-24T10:40:00"}', {"at": "Give the time with its offset, like 2026-11-24T10:40:00-05:00."}),
    (b'{"name": "Ada", "at": "soon"}', {"at": "Give the time like 2026-11-24T10:40:00-05:00."}),
    (b'{"name": "Ada", "at": "2026-11-24T10:40:00Z", "day": "2026-02-30"}', {"day": "Give the date like 2026-11-24."}),
    (b'{"at": "2026-11-24T10:40:00Z"}', {"name": "This is missing."}),
    (b'{"name": "Ada", "at": "2026-11-24T10:40:00Z", "nick": 1}', {"nick": "There is no such field."}),
    (
        b'{"name": 7, "at": 5, "many": 9}',
        {"name": "Expected str, got int.", "at": "Expected datetime, got int.", "many": "Expected int <= 3."},
    ),
    (b'{"name": "Ada", "at": "2026-11-24T10:40:00Z", "many": "2"}', {"many": "Expected int, got str."}),
]


@pytest.mark.parametrize(("body", "told"), FAULTS)
def test_every_wrong_field_is_named(body: bytes, told: dict[str, str]) -> None:
    with pytest.raises(LookAgain) as stopped:
        reading.body(body, Wish)
    errors = stopped.value.extra["errors"]
    assert isinstance(errors, list)
    assert {error["field"]: error["detail"] for error in errors if isinstance(error, dict)} == told


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b"[" * 60_000, b'{"a":' * 3_000])
def test_what_is_no_json_object_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        reading.body(body, Wish)


def test_a_body_may_be_as_large_as_the_limit_and_no_larger() -> None:
    padded = GOOD + b" " * (reading.LARGEST_BODY - len(GOOD))
    assert reading.body(padded, Wish).name == "Ada"
    with pytest.raises(TooLarge):
        reading.body(padded + b" ", Wish)


def test_a_query_reads_numbers_and_dates_from_text_and_leaves_the_language_out() -> None:
    wish = reading.query({"name": "Ada", "at": "2026-11-24T10:40:00Z", "day": "2026-11-24", "many": "2", "lang": "es-US"}, Wish)
    assert (wish.day, wish.many) == (date(2026, 11, 24), 2)


def test_a_door_without_a_query_takes_none() -> None:
    assert reading.query({"lang": "es"}, None) is None
    with pytest.raises(LookAgain):
        reading.query({"page": "2"}, None)


def refusal(headers: dict[str, str]) -> str:
    """The slug of what stops a change from a page that sends these headers; nothing where it may go on."""
    try:
        reading.check_origin(headers, Audience.PATIENT)
    except Problem as problem:
        return problem.slug()
    return ""


def test_a_page_of_ours_may_change_things() -> None:
    without = {name: text for name, text in OURS.items() if name != "origin"}
    assert refusal(OURS) == refusal(without | {"sec-fetch-site": "same-origin"}) == ""


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"])
def test_json_may_say_how_it_is_written(kind: str) -> None:
    assert refusal(OURS | {"content-type": kind}) == ""


@pytest.mark.parametrize(
    "change",
    [
        {"x-portal": "2"},
        {"x-portal": ""},
        {"content-type": "text/plain"},
        {"content-type": "multipart/form-data"},
        {"content-type": ""},
        {"origin": "null"},
        {"origin": "http://localhost:8001"},
        {"origin": "https://localhost:8000"},
        {"origin": "http://staff.localhost:8000"},
        {"origin": "http://localhost:8000.evil.example"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
    ],
)
def test_nobody_else_may(change: dict[str, str]) -> None:
    assert refusal(OURS | change) == ("unreadable" if "content-type" in change else "cross-site")


@pytest.mark.parametrize("site", [None, "cross-site", "same-site", "none"])
def test_without_an_origin_the_browser_must_say_same_origin(site: str | None) -> None:
    headers = {name: text for name, text in OURS.items() if name != "origin"} | ({"sec-fetch-site": site} if site else {})
    assert refusal(headers) == "cross-site"


def test_cookies_are_read_and_the_first_of_a_name_counts() -> None:
    assert reading.cookies("a=1; b=2==; a=3;  c") == {"a": "1", "b": "2==", "c": ""}


@pytest.mark.parametrize(
    ("query", "header", "tag"),
    [
        ({"lang": "es-US"}, "", "es-US"),
        ({"lang": "es"}, "en-US", "es-US"),
        ({"lang": "fr"}, "es;q=0.9", "es-US"),
        ({}, "de, es-MX;q=0.8, en;q=0.5", "es-US"),
        ({}, "de", "en-US"),
        ({}, "", "en-US"),
    ],
)
def test_the_readers_language_is_one_the_clinic_has(query: dict[str, str], header: str, tag: str) -> None:
    assert reading.language(query, {"accept-language": header}, NORTH) == tag


@pytest.mark.parametrize("key", ["", "short", "with space in it", "x" * 65, "ümlaut-in-the-key", "a" * 8 + "\n"])
def test_an_odd_key_is_refused(key: str) -> None:
    with pytest.raises(Unreadable):
        reading.once_key({"idempotency-key": key})


VERSIONS: list[tuple[str, int | None]] = [
    ("", None),
    ("*", None),
    ("3", 3),
    ('"3"', 3),
    ('W/"3"', 3),
    (' "12" ', 12),
    ("0", 0),
    ("999999999", 999_999_999),
]


@pytest.mark.parametrize(("if_match", "named"), VERSIONS)
def test_the_version_that_somebody_has_seen_is_read(if_match: str, named: int | None) -> None:
    assert reading.version(if_match) == named


@pytest.mark.parametrize("if_match", ["x", "3X", '"3"X', "-1", "1234567890", '"3", "4"', "**", "W/", '""', "3.0"])
def test_a_version_that_is_none_of_ours_has_changed(if_match: str) -> None:
    with pytest.raises(Changed, match="Look at it again"):
        reading.version(if_match)


def test_a_fingerprint_tells_requests_apart() -> None:
    assert reading.fingerprint(b"a", b"b") != reading.fingerprint(b"ab", b"") != reading.fingerprint(b"a", b"b", b"")
