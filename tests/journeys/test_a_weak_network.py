"""The portal while the clinic's system is slow, or does not answer at all."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.cast import ADA
from tests.journeys.conftest import NewWindow
from tests.journeys.portal import Portal
from tests.local.serving import Run

pytestmark = pytest.mark.browser

API = "**/api/**"
SLOW = 3_000  # milliseconds
SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""
PAGES = {
    "times": ("book/time/?service=visit", "#times input"),
    "details": ("book/details/?{choice}", "#book"),
    "visits": ("visits/", "#upcoming li"),
    "visit": ("visit/#{visit}", "#visit"),
    "done": ("book/done/#{visit}", "#visit"),
    "documents": ("documents/#{visit}", "#needed li"),
}


def address_of(portal: Portal, path: str) -> str:
    """With a free time and a visit of Ada's in its blanks."""
    slot = portal.api.times("visit")[0]
    choice = f"service=visit&day={slot['date']}&start={slot['start']}"
    return portal.home + path.format(choice=choice, visit=portal.api.get("appointments")["upcoming"][0]["id"])


class Gate:
    """Holds requests back until it is opened."""

    def __init__(self) -> None:
        self.held: list[Route] = []
        self.is_open = False

    def pass_(self, route: Route) -> None:
        """A request arrives."""
        route.continue_() if self.is_open else self.held.append(route)

    def open(self) -> None:
        """Let all through, those that wait and those that come."""
        self.is_open = True
        for route in self.held:
            route.continue_()


def test_a_slow_clinic_shows_the_shape_of_what_comes_and_nothing_jumps(portal: Portal) -> None:
    gate = Gate()
    portal.api.enter(ADA)
    portal.window.context.add_init_script(SHIFTS)
    portal.window.context.route(API, gate.pass_)
    pages = {name: portal.window.context.new_page() for name in PAGES}
    for name, page in pages.items():
        page.goto(address_of(portal, PAGES[name][0]))
        expect(page.locator(".skeleton:visible").first).to_be_visible()
    portal.page.wait_for_timeout(SLOW)  # the slowness itself
    gate.open()
    for name, page in pages.items():
        expect(page.locator(PAGES[name][1]).first).to_be_attached()
        expect(page.locator(".skeleton:visible")).to_have_count(0)
    shifts = {name: shift_of(page) for name, page in pages.items()}
    assert {name: shift for name, shift in shifts.items() if shift > 0.1} == {}


def shift_of(page: Page) -> float:
    """How much the page has jumped by itself (Cumulative Layout Shift), once all has been painted."""
    page.bring_to_front()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return float(page.evaluate("window.shifted"))


@pytest.mark.parametrize(("path", "shown"), PAGES.values(), ids=PAGES)
def test_a_clinic_that_does_not_answer_is_said_and_trying_again_works(phone: Portal, path: str, shown: str) -> None:
    phone.api.enter(ADA)
    address = address_of(phone, path)
    phone.window.watch.expect("net::ERR_CONNECTION_REFUSED")
    phone.page.route(API, lambda route: route.abort("connectionrefused"))
    phone.page.goto(address)
    expect(phone.page.locator("#failure")).to_contain_text("We could not reach the clinic")
    expect(phone.page.locator("#failure")).to_be_focused()
    phone.button("Try again").click()
    expect(phone.page.locator("#failure")).to_be_visible()
    phone.page.unroute(API)
    phone.button("Try again").click()
    expect(phone.page.locator(shown).first).to_be_attached()
    expect(phone.page.locator("#failure")).to_be_hidden()


def test_an_answer_that_breaks_off_on_the_way_is_none_and_trying_again_works(phone: Portal) -> None:
    phone.page.route("**/slots?*", lambda route: route.fulfill(body='{"days": [{"date": "2026', content_type="application/json"))
    phone.open("book/time/?service=visit")
    expect(phone.page.locator("#failure")).to_contain_text("We could not reach the clinic")
    phone.page.unroute("**/slots?*")
    phone.button("Try again").click()
    expect(phone.page.locator("#times label.slot").first).to_be_attached()


def test_what_cannot_act_yet_cannot_be_tapped_so_that_no_tap_is_lost(new_window: NewWindow, running: Run) -> None:
    page, gate = new_window().page, Gate()
    page.route("**/sign_in*.js", gate.pass_)
    page.goto(f"{running.staff_address}/sign-in/", wait_until="commit")
    for name in ("Sign in with a passkey", "Use a code and your authenticator app"):
        expect(page.get_by_role("button", name=name)).to_be_disabled()
    gate.open()
    for name in ("Sign in with a passkey", "Use a code and your authenticator app"):
        expect(page.get_by_role("button", name=name)).to_be_enabled()


def test_what_needs_no_answer_works_while_the_clinic_does_not_answer(portal: Portal) -> None:
    portal.page.route(API, lambda route: route.abort("connectionrefused"))
    portal.open()
    portal.link("Book a visit").click()
    expect(portal.page.get_by_role("heading", name="What do you need?")).to_be_visible()
    expect(portal.link("Dana Whitcombe, Flu vaccination")).to_be_visible()


@pytest.mark.parametrize("path", ["book/time/?service=visit", "book/details/", "visits/", "visit/", "documents/"])
def test_a_browser_without_scripts_is_told_whom_to_call(new_window: NewWindow, running: Run, path: str) -> None:
    portal = Portal(new_window(java_script_enabled=False), running)
    portal.window.watch.expect("csp")  # modules are not fetched either
    portal.open(path)
    assert "+1 203 555 0142" in portal.page.get_by_role("main").inner_text()
