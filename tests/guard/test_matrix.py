"""Everybody at every door, for everything: the answers are the table's, and a refusal tells and changes nothing.

What is expected stands in expectations.py. A door, a worker or a verb that the table does not know fails here.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest

from scripts.local.api import event_of
from scripts.local.wire import Request
from tests.callers import ORIGINS, api, as_nobody, body_of
from tests.guard import judging
from tests.guard.asking import ABSENT, Desk, audiences, body_for, doors, everything, given, origin_for, path_of
from tests.guard.expectations import BY_NAME, ROWS, WORKERS, Case, Row
from tests.guard.kinds import HOME, LIKE, Kind

pytestmark = pytest.mark.thorough

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND")
CHANGES = [row for row in ROWS if doors()[row.name][0] != "GET"]
# Each leaves out, or spoils, one of the three things that a page of ours sends with a change; the other two are right.
CROSS_SITE: dict[str, dict[str, str]] = {
    "no header of ours": {"x_portal": ABSENT},
    "another header of ours": {"x_portal": "true"},
    "no content type": {"content_type": ABSENT},
    "a form": {"content_type": "application/x-www-form-urlencoded"},
    "a form of files": {"content_type": "multipart/form-data; boundary=x"},
    "plain text": {"content_type": "text/plain"},
    "text that ends in json": {"content_type": "text/plain; application/json"},
    "another site": {"origin": "https://evil.example"},
    "no site": {"origin": "null"},
    "a site that begins like ours": {"origin": "http://localhost:8000.evil.example"},
    "our host, another port": {"origin": "http://localhost:8001"},
    "another site that says it is ours": {"origin": "https://evil.example", "sec_fetch_site": "same-origin"},
    "no origin": {"origin": ABSENT},
    "no origin, from another site": {"origin": ABSENT, "sec_fetch_site": "cross-site"},
    "no origin, from our other host": {"origin": ABSENT, "sec_fetch_site": "same-site"},
    "no origin, from the address bar": {"origin": ABSENT, "sec_fetch_site": "none"},
}


def name_of(row: Row) -> str:
    return row.name


def test_every_route_every_document_and_every_worker_has_its_row() -> None:
    from app import app

    document = body_of(as_nobody().get("/openapi.json"))
    told = {about["operationId"] for methods in document["paths"].values() for about in methods.values()}
    camel = {name.split("_")[0] + "".join(word.capitalize() for word in name.split("_")[1:]): name for name in BY_NAME}
    assert len(BY_NAME) == len(ROWS)
    assert set(doors()) == set(BY_NAME)
    assert {camel[name] for name in told} == set(BY_NAME) - {"get_openapi"}
    assert {each.name for each in chain[Any](app.event_sources, app.pure_lambda_functions)} == WORKERS
    assert app.websocket_handlers == {}
    assert app.builtin_auth_handlers == []


def test_the_table_asks_at_least_fourteen_kinds_of_caller_for_four_kinds_of_thing() -> None:
    assert len(Kind) >= 14
    assert {kind for row in ROWS for kind in row.may} | set(LIKE) | {Kind(kind) for kind in list(Kind)[:10]} == set(Kind)


def test_a_row_says_what_its_door_says_of_step_up_and_enrolling() -> None:
    """The table is a second opinion; where it differs from the door, one of them is wrong."""
    from app import app
    from chalicelib.doors.records import Who
    from chalicelib.doors.routes import operations

    for each in operations(app):
        row = BY_NAME[each.name]
        assert (row.anyone, row.step_up, row.enrolling) == (each.who is Who.ANYONE, each.step_up, each.enrolling), each.name


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_everybody_is_told_what_the_table_says_and_nothing_more(row: Row, desk: Desk, record_property: Any) -> None:
    record_property("requests", len(list(everything(desk, row.name))))
    assert judging.of_row(desk, row) == []


def paths() -> dict[str, set[str]]:
    """The methods of each path."""
    found: dict[str, set[str]] = {}
    for method, path in doors().values():
        found.setdefault(path, set()).add(method)
    return found


@pytest.mark.parametrize("kind", [Kind.NOBODY, Kind.ADA, Kind.CYRUS])
def test_every_other_verb_is_refused_and_changes_nothing(kind: Kind, desk: Desk) -> None:
    for path, methods in paths().items():
        row = next(row for row in ROWS if doors()[row.name][1] == path)
        here = path_of(row, desk.world, "north", next(iter(desk.world.things.get(row.thing, {"": ""}))))
        for verb in set(VERBS) - methods:
            told = desk.send(kind, verb, here, body_for(row, desk.world), {"north"}, x_http_method_override=min(methods))
            assert told.answer.status in {404, 405}, (verb, path)
            assert (told.served.keys, told.changed) == ([], set()), (verb, path)


def test_the_app_itself_refuses_other_verbs_too(desk: Desk) -> None:
    """What the gateway let through by mistake would be refused by the app."""
    for path, methods in paths().items():
        for verb in set(VERBS) - methods:
            event = event_of(Request(verb, f"/api{path}"), f"/api{path}", {"clinic": "north"}, ())
            assert api()._call(event).status == 405, (verb, path)


def test_a_get_with_an_override_is_a_get(desk: Desk) -> None:
    for row in ROWS:
        method, path = doors()[row.name]
        if method == "GET" and "POST" in paths()[path]:
            caller = desk.world.caller(Kind.ADA)
            here = path_of(row, desk.world, "north", next(iter(desk.world.things.get(row.thing, {"": ""}))))
            answer = caller.ask("GET", here, b"{}", {"x-http-method-override": "POST", "x-method": "POST"})
            assert answer.status in {200, 403}, row.name


def who_may(row: Row) -> Kind:
    """Somebody whose request would pass."""
    return next((kind for kind, whose in row.may.items() if whose or not row.thing), Kind.NOBODY)


def passing(row: Row) -> Case:
    """A request that would pass."""
    kind = who_may(row)
    place = HOME[kind] if "{clinic}" in doors()[row.name][1] else ""
    return Case(row, kind, place, next(iter(row.may.get(kind, ())), ""))


def spoilt_for(row: Row) -> dict[str, dict[str, str]]:
    """All of those, and the other host of ours where the door lies on one."""
    other = next(origin for audience, origin in ORIGINS.items() if audience is not audiences()[row.name])
    return CROSS_SITE | ({"our other host": {"origin": other}} if audiences()[row.name] else {})


@pytest.mark.parametrize("row", CHANGES, ids=name_of)
def test_each_of_three_checks_alone_refuses_a_change_from_elsewhere(row: Row, desk: Desk) -> None:
    case = passing(row)
    for why, headers in spoilt_for(row).items():
        told = desk.ask(case, **headers)
        assert told.answer.status in {400, 403}, why
        assert (told.served.keys, told.changed) == ([], set()), why
        assert list(judging.headers(told.answer)) == [], why


@pytest.mark.parametrize("row", CHANGES, ids=name_of)
def test_a_page_of_ours_needs_no_origin_header_where_the_browser_vouches_for_it(row: Row, desk: Desk) -> None:
    case = passing(row)
    assert desk.ask(case, origin=ABSENT, sec_fetch_site="same-origin").answer.status == desk.ask(case).answer.status


@pytest.mark.parametrize("row", CHANGES, ids=name_of)
def test_a_body_that_is_none_is_refused_and_changes_nothing(row: Row, desk: Desk) -> None:
    case = passing(row)
    method = doors()[row.name][0]
    here = path_of(row, desk.world, case.place, case.whose)
    for raw in (b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 60_000, b'{"x":' * 9_000, b" " * (64 * 1024 + 1), b'{"strange": 1}'):
        told = desk.send(case.kind, method, here, raw, given(case), **origin_for(row))
        assert told.answer.status in {400, 413, 422}, raw[:20]
        assert told.left == set(), raw[:20]
        assert list(judging.headers(told.answer)) == [], raw[:20]


def test_what_is_not_there_has_the_headers_too(desk: Desk) -> None:
    for path in ("/nothing", "/clinics/north/nothing", "/clinics/north/appointments/a/b/c", "/clinics/..%2f..%2f/", "/clinics/%00"):
        for method in VERBS:
            told = desk.send(Kind.ADA, method, path, {}, {"north"})
            assert told.answer.status in {404, 405}, path
            assert list(judging.headers(told.answer)) == [], path


@pytest.mark.parametrize(
    "odd", ["NORTH", "north%23", "north%2f", "no rth", "%20north", "north%00", "north\u00e9", "x" * 65, "C%23north", ".", "%2e%2e"]
)
def test_a_clinic_in_any_other_spelling_is_not_found_or_not_signed_in(odd: str, desk: Desk) -> None:
    for kind in (Kind.ADA, Kind.CYRUS):
        for row in ROWS:
            path = doors()[row.name][1]
            if "{clinic}" in path and not row.anyone:
                here = path.replace("{clinic}", odd).replace(f"{{{row.thing}}}", "nothing")
                told = desk.send(kind, doors()[row.name][0], here, body_for(row, desk.world), {"north"})
                assert told.answer.status in {401, 403, 404, 405}, (kind, row.name)
                assert told.left == set()
