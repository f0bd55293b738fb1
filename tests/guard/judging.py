"""What is wrong with an answer, judged by what is written down here and not by the code's own constants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scripts.local.wire import Answer
from tests.callers import body_of
from tests.guard.asking import Desk, Told, doors, everything
from tests.guard.expectations import Case, Row, expected, expected_type

# Every answer's headers, whatever it says.
HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
}
FORBIDDEN = ("access-control-", "server", "x-powered-by", "location", "age", "expires", "last-modified")
TYPES = ("application/json", "application/problem+json", "text/calendar", "text/csv")
COOKIE = re.compile(r"__Host-(session|session-[a-z0-9-]+|chal|chal-[a-z0-9-]+|known|known-[a-z0-9-]+|ceremony)=[A-Za-z0-9._-]*")


def headers(answer: Answer) -> Iterator[str]:
    """What is wrong with the headers of an answer."""
    told = {name.lower(): text for name, text in answer.headers}
    for name, text in HEADERS.items():
        if told.get(name) != text:
            yield f"{name}: {told.get(name)}"
    yield from (f"{name} is there" for name in told if name.startswith(FORBIDDEN))
    if told.get("content-type", "").split(";")[0] not in TYPES:
        yield f"content-type: {told.get('content-type')}"
    yield from cookies(answer)


def cookies(answer: Answer) -> Iterator[str]:
    """What is wrong with the cookies that an answer sets."""
    for name, text in answer.headers:
        if name.lower() == "set-cookie":
            cookie, *attributes = [part.strip() for part in text.split(";")]
            said = dict(part.lower().partition("=")[::2] for part in attributes)
            right = (
                said.keys() == {"path", "max-age", "secure", "httponly", "samesite"}
                and said["samesite"] == "strict"
                and said["path"] == "/"
            )
            if not right or not COOKIE.fullmatch(cookie):
                yield f"set-cookie: {text}"


def faults(case: Case, told: Told) -> Iterator[str]:
    """What is wrong with the answer to a case: status, keys, what it left behind, headers."""
    if told.answer.status != expected(case):
        yield f"{case}: {told.answer.status}, expected {expected(case)}"
    if (kind := expected_type(case)) and body_of(told.answer).get("type") != kind:
        yield f"{case}: another problem than {kind}"
    if told.served.foreign:
        yield f"{case}: foreign {told.served.foreign}"
    if strange := [key for key in told.left if not _may_stay(case, told, key)]:
        yield f"{case}: left {strange}"
    yield from (f"{case}: {fault}" for fault in headers(told.answer))


def _may_stay(case: Case, told: Told, key: tuple[str, str, str]) -> bool:
    """Whether a row that changed is one that may: a change that was allowed, or what is written of a reading or a try."""
    table, pk, _ = key
    if told.answer.status < 400:
        reading = table == "audit" or (table == "identity" and "#SESSIONS#" in pk)
        return reading or doors()[case.row.name][0] != "GET"
    return case.row.counts and (table == "audit" or "#CHALLENGE#" in pk)


def told_apart(row: Row, told: Iterable[tuple[Case, Told]]) -> Iterator[str]:
    """Where a refusal tells a foreign thing from a missing one, or a foreign clinic from a missing one."""
    seen: dict[tuple[str, str, int], tuple[Case, Told]] = {}
    for case, each in told:
        if each.answer.status in {401, 404} and not row.anyone:
            group = (case.kind, "here" if case.place in ("", "north") else "elsewhere", each.answer.status)
            first, other = seen.setdefault(group, (case, each))
            if other.whole != each.whole:
                yield f"{case} is told apart from {first}"


def of_row(desk: Desk, row: Row) -> list[str]:
    """All that is wrong at one door."""
    told = [(case, desk.ask(case)) for case in everything(desk, row.name)]
    found = [fault for case, each in told for fault in faults(case, each)]
    return found + list(told_apart(row, told))
