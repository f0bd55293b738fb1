"""What a mailed link leaves behind in a browser, and what the tabs of one session tell each other: only those of the same clinic."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.cast import RHEA
from tests.journeys import looking
from tests.journeys.chrome import PHONE
from tests.journeys.conftest import NewWindow
from tests.journeys.desk import Authenticator, Desk, a_colleague, employed
from tests.journeys.people import Api, a_newcomer
from tests.journeys.portal import Portal
from tests.journeys.test_idle import Time, warning
from tests.local.serving import Run

pytestmark = pytest.mark.browser

HANDLE = re.compile(r"[0-9a-f]{64}")
KEPT = "() => [location.href, JSON.stringify(history.state), ...Object.values(sessionStorage), ...Object.values(localStorage), document.cookie]"


def left_behind(page: Page) -> list[str]:
    """Handles in the address, in the pages that Back leads to, and in what the page keeps on the device.

    What a browser itself writes down of an address that it was told to open is out of any page's reach: a handle works once.
    """
    history: dict[str, Any] = page.context.new_cdp_session(page).send("Page.getNavigationHistory")
    kept = page.evaluate(KEPT) + [entry["url"] for entry in history["entries"]]
    return [text for text in kept if HANDLE.search(text)]


def test_a_handle_would_be_seen_where_it_is_left(desk: Desk) -> None:
    desk.page.goto(f"{desk.home}sign-in/#h={'0f' * 32}")
    desk.open("recovery/")
    assert len(left_behind(desk.page)) >= 1


def test_an_invitations_link_leaves_no_handle_behind_and_goes_on_from_the_mail(desk: Desk, manager: Desk) -> None:
    nina = a_colleague()
    manager.invite(nina, "reception")
    link = desk.mailed_link(nina.email)
    desk.page.goto(link)
    expect(desk.page.locator("#who")).to_contain_text("Harbour Family Clinic")
    assert desk.page.url == f"{desk.home}invitation/"
    assert left_behind(desk.page) == []
    desk.page.reload()
    expect(desk.heading("Open the link in your mail again")).to_be_visible()
    expect(desk.page.locator("#anew")).to_be_focused()
    assert looking.axe(desk.page) + looking.too_wide(desk.page) == []
    desk.open("sign-in/")
    desk.page.go_back()
    expect(desk.heading("Open the link in your mail again")).to_be_visible()
    desk.page.goto(link)
    desk.button("Accept the invitation").click()
    expect(desk.heading("Set up how you sign in")).to_be_visible()
    assert left_behind(desk.page) == []


def test_an_address_without_a_link_says_so(desk: Desk) -> None:
    desk.open("invitation/")
    expect(desk.heading("This link no longer works")).to_be_visible()


def test_a_recoverys_link_leaves_no_handle_behind_and_goes_on_from_the_mail(desk: Desk, manager: Desk) -> None:
    Authenticator(desk.window)
    nina = employed(desk, manager, "reception")
    desk.sign_out()
    desk.open("recovery/")
    desk.page.get_by_label("Email address").fill(nina.email)
    desk.button("Ask to get back in").click()
    link = desk.mailed_link(nina.email, "recovery")
    desk.page.goto("about:blank")
    desk.page.goto(link)
    expect(desk.heading("Is it you?")).to_be_visible()
    assert desk.page.url == f"{desk.home}recovery/"
    assert left_behind(desk.page) == []
    desk.page.reload()
    expect(desk.heading("Open the link in your mail again")).to_be_focused()
    assert looking.axe(desk.page) + looking.too_wide(desk.page) == []
    desk.page.goto(link)
    expect(desk.heading("Is it you?")).to_be_visible()
    assert left_behind(desk.page) == []
    desk.page.reload()
    desk.page.locator("#anew").get_by_role("button").click()
    expect(desk.page.get_by_label("Email address")).to_be_focused()
    desk.page.reload()
    expect(desk.page.get_by_label("Email address")).to_be_visible()


@pytest.fixture
def patient(new_window: NewWindow, running: Run) -> Portal:
    """Lena, who is a patient of two clinics, signed in to both."""
    portal = Portal(new_window(PHONE), running)
    portal.api.sign_in(a_newcomer())
    Api(portal.window.context, running, "en-GB", "south").sign_in(a_newcomer("en-GB"))
    return portal


def tabs_of(portal: Portal, *paths: str) -> list[Page]:
    """A tab for each, in the one browser; somebody is signed in on all of them."""
    tabs = [portal.window.context.new_page() for _ in paths]
    for tab, path in zip(tabs, paths, strict=True):
        tab.goto(portal.run.address + path)
        expect(tab.locator("#sign-out")).to_be_visible()
    return tabs


def test_staying_at_one_clinic_says_nothing_of_another(patient: Portal) -> None:
    time = Time(patient.window)
    north, neighbour, south = tabs_of(patient, "/north/en/visits/", "/north/en/account/", "/south/en/visits/")
    time.passes(1095)
    for tab in (north, neighbour, south):
        expect(warning(tab)).to_be_visible()
    north.get_by_role("button", name="Stay signed in").click()
    for tab in (north, neighbour):
        expect(warning(tab)).to_have_count(0)
    expect(warning(south)).to_be_visible()


def test_signing_out_of_one_clinic_is_signing_out_of_all_its_tabs_and_of_no_other_clinic(patient: Portal) -> None:
    north, neighbour, south = tabs_of(patient, "/north/en/visits/", "/north/en/account/", "/south/en/visits/")
    north.locator("#sign-out").click()
    for tab in (north, neighbour):
        expect(tab.locator("#email-form")).to_be_visible()
        expect(tab.locator("#sign-out")).to_be_hidden()
    expect(neighbour.locator(".error-summary")).to_contain_text("You were signed out")
    assert "@example.com" not in neighbour.locator("#whose").inner_text()
    expect(south.locator("#sign-out")).to_be_visible()
    south.reload()
    expect(south.locator("#sign-out")).to_be_visible()


def test_who_signs_out_at_the_desk_leaves_no_tab_open_behind_them(desk: Desk) -> None:
    desk.enter(RHEA)
    other = desk.window.context.new_page()
    other.goto(f"{desk.home}patients/")
    other.get_by_label("Name of the patient").fill("carter")
    desk.sign_out()
    expect(other.get_by_role("dialog", name="You were signed out")).to_be_visible()
    expect(other.get_by_label("Name of the patient")).to_have_value("carter")
