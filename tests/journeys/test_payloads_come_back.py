"""What comes back from an address or in a refusal stays text: payloads in every part of every page's address, and in what a door says."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Route, expect

from chalicelib.portals.actions.pages import STAFF_PAGES
from tests.cast import ADA, CYRUS
from tests.journeys.chrome import DESK, PHONE
from tests.journeys.conftest import NewWindow
from tests.journeys.desk import Desk
from tests.journeys.payloads import EVERYTHING, PAYLOADS, Pen
from tests.journeys.portal import Portal
from tests.local.serving import Run

pytestmark = pytest.mark.browser

PAGES = ("", "book/", "book/time/", "book/details/", "book/done/", "visits/", "visit/", "account/", "problem/", "nothing/")
NAMES = ("service", "practitioner", "from", "day", "start", "lang", "next", "p", "a", "c", "h", "patient")
# The first is typed at every change, all of them in the deep run.
TYPED = [pytest.param(each, marks=[pytest.mark.deep] if number else []) for number, each in enumerate(PAYLOADS)]
WRONG = {"type": "unheard-of", "title": EVERYTHING, "detail": EVERYTHING, "status": 422, "errors": [{"field": "", "detail": EVERYTHING}]}


FULL = "&".join(f"{name}={quote(EVERYTHING)}" for name in NAMES)
SENSIBLE = FULL.replace(f"service={quote(EVERYTHING)}", "service=visit")
# Of an address: every name that a page reads, given payloads where the rest makes sense. In the deep run, also without sense, and bare.
ENDINGS = [
    pytest.param([f"?{SENSIBLE}#{FULL}"], id="sensible"),
    pytest.param([f"?{FULL}#{FULL}", *(f"?{quote(each)}#{each}" for each in PAYLOADS)], id="senseless", marks=pytest.mark.deep),
]


def look_at_each(pen: Pen, address: str, endings: list[str]) -> None:
    """The page under each ending, loaded anew."""
    pen.window.watch.expect(400, 401, 404, 422)
    for ending in endings:
        pen.window.page.goto("about:blank")
        pen.window.page.goto(address + ending)
        pen.look()


@pytest.mark.parametrize("endings", ENDINGS)
@pytest.mark.parametrize("path", PAGES)
def test_nothing_in_a_patients_address_runs(new_window: NewWindow, running: Run, path: str, endings: list[str]) -> None:
    portal = Portal(new_window(PHONE), running)
    pen = Pen(portal.window, running)
    portal.api.enter(ADA)
    look_at_each(pen, portal.home + path, endings)
    assert pen.looks == len(endings)


@pytest.mark.parametrize("endings", ENDINGS)
@pytest.mark.parametrize("path", [path for path in STAFF_PAGES if not path.endswith(".html")])
def test_nothing_in_a_staff_address_runs(new_window: NewWindow, running: Run, path: str, endings: list[str]) -> None:
    desk = Desk(new_window(DESK), running)
    pen = Pen(desk.window, running)
    desk.enter(CYRUS)
    look_at_each(pen, desk.home + path, endings)
    assert pen.looks == len(endings)


def refuse(route: Route) -> None:
    """As no door of ours does: in the words of whoever asked."""
    route.fulfill(status=422, json=WRONG, content_type="application/problem+json")


@pytest.mark.parametrize("payload", TYPED)
def test_what_a_patients_form_refuses_and_what_it_is_told_is_text(new_window: NewWindow, running: Run, payload: str) -> None:
    portal = Portal(new_window(PHONE), running)
    pen = Pen(portal.window, running)
    portal.window.watch.expect(422)
    portal.open("visits/")
    portal.page.get_by_label(portal.words.email).fill(payload)
    portal.button(portal.words.send_code).click()
    expect(portal.page.locator(".error-summary")).to_be_visible()
    pen.look()
    portal.page.route("**/sign-in/start?*", refuse)
    portal.page.get_by_label(portal.words.email).fill("lena@example.com")
    portal.button(portal.words.send_code).click()
    expect(portal.page.locator(".error-summary")).to_contain_text(EVERYTHING)
    pen.look()
    portal.api.enter(ADA)
    portal.open("account/")
    portal.page.get_by_label("Code from the desk").fill(payload)
    portal.button("Link my account").click()
    expect(portal.page.locator(".error-summary")).to_be_visible()
    pen.look()


@pytest.mark.parametrize("payload", TYPED)
def test_what_the_desks_form_refuses_and_what_it_is_told_is_text(new_window: NewWindow, running: Run, payload: str) -> None:
    desk = Desk(new_window(DESK), running)
    pen = Pen(desk.window, running)
    desk.window.watch.expect(422)
    desk.enter(CYRUS)
    desk.open("patients/")
    desk.button("Add a patient").click()
    dialog = desk.dialog("Add a patient")
    fill(dialog, {"First name": payload, "Last name": payload, "Date of birth": "1961-02-03", "Telephone": payload})
    with desk.page.expect_response("**/patient-records?*") as told:
        dialog.get_by_role("button", name="Add them").click()
    assert told.value.status == 422
    expect(dialog.locator(".error-summary li")).to_have_text(["Enter a telephone number"])
    expect(dialog.get_by_label("Telephone")).to_have_value(payload[:40])  # what the field holds at most
    pen.look()
    desk.page.route("**/patient-records?*", refuse)
    dialog.get_by_role("button", name="Add them").click()
    expect(dialog.locator(".error-summary")).to_contain_text(EVERYTHING)
    pen.look()
    desk.page.route("**/audit-events?*", refuse)
    desk.open("audit/")
    expect(desk.page.locator("#failure")).to_contain_text(EVERYTHING)
    pen.look()


def fill(dialog: Any, words: dict[str, str]) -> None:
    """Fields by their labels."""
    for label, text in words.items():
        dialog.get_by_label(label).fill(text)
