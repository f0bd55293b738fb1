"""A session's last minutes: a warning in time, one tap to stay, and nothing typed is lost when nobody answers.

The page's clock is moved, and what the clinic says of the time that is left moves with it.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.cast import ADA, CYRUS
from tests.journeys.chrome import DESK, PHONE
from tests.journeys.conftest import NewWindow
from tests.journeys.desk import Authenticator, Desk, a_colleague, employed
from tests.journeys.people import a_newcomer
from tests.journeys.portal import Portal, Window
from tests.local.serving import Run

pytestmark = pytest.mark.browser

SESSION = re.compile(r"/api/(clinics/\w+/)?session\?")


LATER = """
const asked = window.fetch;
window.fetch = async (...request) => {
  const answer = await asked(...request);
  if (!/\\/session\\?/.test(request[0])) return answer;
  const told = await answer.json(), left = told.idleSeconds - await secondsPassed();
  if (!told.signedIn) return Response.json(told);
  return Response.json(left > 0 ? {...told, idleSeconds: left} : {signedIn: false, patient: null});
};
"""


class Time:
    """Passes in a window's pages, and for the session of whoever is signed in there."""

    def __init__(self, window: Window) -> None:
        self._context, self._passed = window.context, 0
        self._context.clock.install()
        self._context.expose_function("secondsPassed", lambda: self._passed)
        self._context.add_init_script(LATER)
        self._context.on("requestfinished", self._stayed)

    def _stayed(self, request: Request) -> None:
        if "session/extend" in request.url:
            self._passed = 0

    def starts_anew(self) -> None:
        """For the session: something was asked for, or somebody has signed in."""
        self._passed = 0

    def passes(self, seconds: int) -> None:
        """That much, at once."""
        self._passed += seconds
        self._context.clock.fast_forward(seconds * 1000)


def warning(page: Page) -> Locator:
    """The question whether somebody is there."""
    return page.get_by_role("dialog", name="Are you still there?")


@pytest.fixture
def ada(new_window: NewWindow, running: Run) -> Portal:
    """Ada, on the page of her visits."""
    portal = Portal(new_window(PHONE), running)
    portal.api.enter(ADA)
    return portal


def test_a_warning_comes_two_minutes_before_the_end_and_one_tap_stays(ada: Portal) -> None:
    time = Time(ada.window)
    ada.open("visits/")
    expect(ada.page.locator("#upcoming li").first).to_be_visible()
    time.passes(17 * 60)
    expect(warning(ada.page)).to_have_count(0)
    time.passes(75)
    expect(warning(ada.page)).to_be_visible()
    expect(ada.button("Stay signed in")).to_be_focused()
    expect(ada.page.locator("#idle-clock")).to_have_text(re.compile(r"^[12]:\d\d$"))
    ada.button("Stay signed in").click()
    expect(warning(ada.page)).to_have_count(0)
    time.passes(17 * 60)
    expect(warning(ada.page)).to_have_count(0)
    expect(ada.page.locator("#upcoming li").first).to_be_visible()


def test_staying_in_one_tab_is_staying_in_all(ada: Portal) -> None:
    time = Time(ada.window)
    tabs = [ada.page, ada.window.context.new_page()]
    for tab in tabs:
        tab.goto(f"{ada.home}visits/")
        expect(tab.locator("#upcoming li").first).to_be_visible()
    time.passes(1095)
    for tab in tabs:
        expect(warning(tab)).to_be_visible()
    tabs[0].get_by_role("button", name="Stay signed in").click()
    for tab in tabs:
        expect(warning(tab)).to_have_count(0)


def test_nobody_is_asked_while_another_tab_is_busy(ada: Portal) -> None:
    time = Time(ada.window)
    ada.open("visits/")
    expect(ada.page.locator("#upcoming li").first).to_be_visible()
    with ada.page.expect_request(SESSION):
        time.passes(1095)
        time.starts_anew()  # the other tab has just asked for something
    expect(warning(ada.page)).to_have_count(0)
    expect(ada.page.locator("#upcoming li").first).to_be_visible()


def test_when_nobody_answers_the_visits_are_gone_from_the_page(ada: Portal) -> None:
    time = Time(ada.window)
    ada.open("visits/")
    expect(ada.page.locator("#upcoming li").first).to_be_visible()
    time.passes(1095)
    expect(warning(ada.page)).to_be_visible()
    ada.api.post("sign-out", {})
    time.passes(125)
    expect(ada.page.locator(".error-summary")).to_contain_text("You were signed out")
    assert "Lindqvist" not in ada.page.content()


def test_a_booking_that_was_half_typed_goes_on_after_signing_in_again(new_window: NewWindow, running: Run) -> None:
    portal, lena = Portal(new_window(PHONE), running), a_newcomer()
    portal.api.sign_in(lena)
    time = Time(portal.window)
    portal.open_details(portal.api.times("visit", "bea")[6])
    portal.introduce(lena)
    portal.page.get_by_label(portal.words.note).fill("I come with my dog.")
    time.passes(1095)
    expect(warning(portal.page)).to_be_visible()
    portal.api.post("sign-out", {})
    time.passes(125)
    expect(portal.page.locator(".error-summary")).to_contain_text("nothing you typed is lost")
    portal.sign_in(lena)
    expect(portal.page.get_by_label("First name")).to_have_value(lena.given)
    portal.api.cancel(portal.book())


@pytest.fixture
def empty(new_window: NewWindow, running: Run) -> Desk:
    """Where nobody has signed in before."""
    return Desk(new_window(DESK), running)


@pytest.fixture
def device(empty: Desk) -> Authenticator:
    """What recognizes its owner there."""
    return Authenticator(empty.window)


@pytest.fixture
def nina(empty: Desk, device: Authenticator, new_window: NewWindow, running: Run) -> Desk:
    """Somebody new who runs the clinic, with a passkey."""
    manager, desk = Desk(new_window(DESK), running), empty
    manager.enter(CYRUS)
    employed(desk, manager, "manager")
    return desk


def test_staff_are_warned_and_their_page_is_covered_until_they_are_back(nina: Desk) -> None:
    time, omar = Time(nina.window), a_colleague("Omar Reyes")
    nina.open("people/")
    nina.button("Invite").click()
    nina.dialog("Invite a colleague").get_by_label("Name").fill(omar.name)
    time.passes(795)
    expect(warning(nina.page)).to_be_visible()
    nina.button("Sign out now").click()
    again = nina.dialog("You were signed out")
    expect(again).to_be_visible()
    nina.page.keyboard.press("Escape")
    nina.page.keyboard.press("Escape")
    expect(again).to_be_visible()
    ground = nina.page.evaluate("getComputedStyle(document.querySelector('#again'), '::backdrop').backgroundColor")
    assert not ground.startswith("rgba"), "what stands behind shines through"
    time.starts_anew()
    again.get_by_role("button", name="Sign in with a passkey").click()
    expect(again).to_have_count(0)
    expect(nina.dialog("Invite a colleague").get_by_label("Name")).to_have_value(omar.name)
    nina.dialog("Invite a colleague").get_by_label("Email address").fill(omar.email)
    nina.page.locator("#inviting input[value=nurse]").check()
    nina.button("Send the invitation").click()
    expect(nina.page.locator("#told")).to_contain_text(omar.email)


def test_signing_in_in_another_tab_uncovers_the_first(nina: Desk, device: Authenticator) -> None:
    time = Time(nina.window)
    nina.open("people/")
    expect(nina.page.locator("#groups li").first).to_be_visible()
    time.passes(795)
    nina.button("Sign out now").click()
    again = nina.dialog("You were signed out")
    time.starts_anew()
    with nina.window.context.expect_page() as coming:
        again.get_by_role("link").click()
    there = Authenticator(Window(nina.window.context, coming.value, nina.window.watch))
    there.hold(device.passkeys()[0])
    coming.value.get_by_role("button", name="Sign in with a passkey").click()
    expect(again).to_have_count(0)
