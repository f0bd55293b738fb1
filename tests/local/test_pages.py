"""The pages under /local/: strict, readable, and the way in for the cast."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from scripts.local import demo
from scripts.local.outbox import Outbox
from scripts.local.pages import Desk
from scripts.local.wire import Request
from tests import callers
from tests.cast import ADA, EVERYBODY, GALE, MALLORY
from tests.local.test_outbox import ICS, NOW, a_mail

ORIGINS = ("http://localhost:8000", "http://staff.localhost:8000")
PORTAL = clinics.read_portal()


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    """An empty outbox."""
    return Outbox(tmp_path)


@pytest.fixture
def desk(cloud: None, outbox: Outbox) -> Desk:
    """The pages, with the clinics of app.json stored."""
    callers.given_the_clinics()
    return Desk(PORTAL.brand, PORTAL.clinics, ORIGINS, outbox, demo.Cast(PORTAL.clinics))


def a_sign_in(who: str, origin: str = ORIGINS[0]) -> Request:
    """Somebody taps a name on the page."""
    headers = {"origin": origin, "content-type": "application/x-www-form-urlencoded"}
    return Request("POST", "/local/sign-in", headers=headers, body=f"who={who}".encode())


def page(desk: Desk, path: str, query: str = "") -> str:
    """The text of a page that is there."""
    answer = desk.answer(Request("GET", path, query))
    assert answer.status == 200
    return answer.body.decode()


def test_the_first_page_leads_to_every_portal_in_every_language(desk: Desk) -> None:
    shown = page(desk, "/local/")
    for clinic in PORTAL.clinics:
        for tag in clinic.languages:
            assert f'href="http://localhost:8000/{clinic.id}/{tag.split("-")[0]}/"' in shown


def test_the_first_page_offers_each_of_the_cast_at_their_own_host(desk: Desk) -> None:
    shown = page(desk, "/local/")
    for person in EVERYBODY:
        assert f'aria-label="Sign in as {person.name}"' in shown
    assert shown.count(f'action="{ORIGINS[0]}/local/sign-in"') == 2
    assert shown.count(f'action="{ORIGINS[1]}/local/sign-in"') == 7


@pytest.mark.parametrize("path", ["/local/", "/local/outbox/", "/local/outbox/1"])
def test_pages_run_nothing_inline(desk: Desk, outbox: Outbox, path: str) -> None:
    outbox.keep_mail(a_mail(), NOW)
    policy = desk.answer(Request("GET", path)).header("content-security-policy")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    shown = page(desk, path)
    assert "<style" not in shown
    assert " style=" not in shown
    assert "<script>" not in shown


def cookie_of(desk: Desk, request: Request) -> dict[str, str]:
    """The cookie that a sign-in sets."""
    answer = desk.answer(request)
    assert answer.status == 303
    name, _, value = answer.header("set-cookie").split(";")[0].partition("=")
    return {name: value}


def test_ada_is_signed_in_with_one_tap_as_herself_each_time(desk: Desk) -> None:
    answers = [callers.Caller(cookies=cookie_of(desk, a_sign_in("ada"))).get("/clinics/north/session") for _ in range(2)]
    first, second = map(callers.body_of, answers)
    assert first["patient"]["name"] == ADA.name
    assert first["patient"]["id"] == second["patient"]["id"]
    assert desk.answer(a_sign_in("ada")).header("location") == "/north/es/"


@pytest.mark.parametrize(("person", "clinic"), [(GALE, "north"), (MALLORY, "south")])
def test_staff_get_a_staff_session(desk: Desk, person: Any, clinic: str) -> None:
    cookies = cookie_of(desk, a_sign_in(person.id, ORIGINS[1]))
    said = callers.body_of(callers.Caller(person.audience, cookies).get("/session"))
    assert (said["signedIn"], said["name"], said["role"], said["clinic"]["id"]) == (True, person.name, person.role, clinic)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:9999"])
def test_another_site_cannot_sign_anybody_in(desk: Desk, origin: str) -> None:
    answer = desk.answer(a_sign_in("ada", origin))
    assert (answer.status, answer.header("set-cookie")) == (403, "")


def test_nobody_else_is_signed_in(desk: Desk) -> None:
    assert desk.answer(a_sign_in("eve")).status == 404


def test_an_app_json_without_their_clinic_does_not_offer_them() -> None:
    only_south: list[Clinic] = [clinic for clinic in PORTAL.clinics if clinic.id == "south"]
    assert [person.id for person in demo.Cast(only_south).people] == ["mallory"]


def test_the_outbox_shows_the_newest_first(desk: Desk, outbox: Outbox) -> None:
    assert "Nothing has been sent yet" in page(desk, "/local/outbox/")
    outbox.keep_mail(a_mail(subject="Older & wiser"), NOW)
    outbox.keep_sms("+1 203 555 0119", "Your visit is tomorrow.", NOW)
    shown = page(desk, "/local/outbox/")
    assert shown.index("Your visit is tomorrow.") < shown.index("Older &amp; wiser")


def test_a_message_shows_its_code_its_parts_and_its_calendar(desk: Desk, outbox: Outbox) -> None:
    outbox.keep_mail(a_mail("Your code is\n63620286\n", ics=ICS), NOW)
    shown = page(desk, "/local/outbox/1")
    assert '<span class="code is-big" id="code">63620286</span>' in shown
    assert "BEGIN:VCALENDAR" in shown
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"' in shown


def test_a_mail_is_framed_under_rules_of_its_own(desk: Desk, outbox: Outbox) -> None:
    outbox.keep_mail(a_mail(), NOW)
    answer = desk.answer(Request("GET", "/local/outbox/1/html"))
    assert answer.header("content-security-policy").startswith(
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
    assert b"<p>Su cita" in answer.body


def test_a_calendar_can_be_taken_away(desk: Desk, outbox: Outbox) -> None:
    outbox.keep_mail(a_mail(ics=ICS), NOW)
    answer = desk.answer(Request("GET", "/local/outbox/1/visit.ics"))
    assert answer.header("content-disposition") == 'attachment; filename="visit.ics"'
    assert answer.body.startswith(b"BEGIN:VCALENDAR")


def test_tests_read_the_outbox_as_json(desk: Desk, outbox: Outbox) -> None:
    outbox.keep_mail(a_mail("Your code is\n63620286\n"), NOW)
    (message,) = json.loads(page(desk, "/local/outbox.json"))["messages"]
    assert {name: message[name] for name in ("to", "subject", "code", "ics", "sent")} == {
        "to": "ada@example.com",
        "subject": "Su cita",
        "code": "63620286",
        "ics": "",
        "sent": "2026-11-24T15:40:09.120000+00:00",
    }
    outbox.keep_sms("+1 203 555 0119", "Your visit is tomorrow.", NOW)
    told = {
        query: [message["number"] for message in json.loads(page(desk, "/local/outbox.json", query))["messages"]]
        for query in ("", "to=", "to=ada%40example.com", "to=nobody%40example.com")
    }
    assert told == {"": [2, 1], "to=": [2, 1], "to=ada%40example.com": [1], "to=nobody%40example.com": []}


@pytest.mark.parametrize(
    "path",
    [
        "/local/nothing",
        "/local/outbox/9",
        "/local/outbox/x",
        pytest.param("/local/outbox/" + "9" * 5000, id="5000 digits"),
        "/local/outbox/1/visit.ics",
        "/local/../app.json",
    ],
)
def test_what_is_not_there_is_said_so(desk: Desk, outbox: Outbox, path: str) -> None:
    outbox.keep_mail(a_mail(), NOW)
    assert desk.answer(Request("GET", path)).status == 404


def test_the_pages_change_nothing_but_who_is_signed_in(desk: Desk) -> None:
    assert desk.answer(Request("POST", "/local/outbox/")).status == 405
    assert desk.answer(Request("HEAD", "/local/")).status == 200
