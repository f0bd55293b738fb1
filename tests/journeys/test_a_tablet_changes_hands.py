"""The clinic's tablet: the desk's code opens it for one visit, its patient fills in a form, hands it back, and nothing is left on it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.cast import RHEA
from tests.journeys import looking
from tests.journeys.chrome import DESK, PHONE
from tests.journeys.conftest import NewWindow
from tests.journeys.desk import Desk
from tests.journeys.filling import Filling, answer_consent
from tests.journeys.papers import a_sender
from tests.journeys.portal import Portal
from tests.local.serving import Run

pytestmark = pytest.mark.browser

LEFT = (
    """async () => [...Object.keys(sessionStorage), ...Object.keys(localStorage), ...(await indexedDB.databases()).map(({name}) => name)]"""
)


def test_the_desk_hands_over_the_tablet_and_gets_it_back_empty(new_window: NewWindow, running: Run) -> None:
    sender = a_sender(new_window(PHONE).context, running)
    desk = Desk(new_window(PHONE), running)
    desk.enter(RHEA)
    desk.open(f"visit-forms/#v={sender.visit}")
    desk.page.get_by_role("button", name="Hand over the tablet").click()
    told = desk.page.locator("#tablet")
    expect(told).to_be_focused()
    code, address = told.locator("[data-text=code]").text_content() or "", re.search(r"https?://\S+/kiosk/", told.inner_text())
    assert address
    assert looking.axe(desk.page) + looking.too_wide(desk.page) + looking.clipped(desk.page) == []

    tablet = Portal(new_window(DESK), running, "en")
    tablet.open("kiosk/")
    tablet.page.get_by_label("Code from the desk").fill(code.lower())
    tablet.button("Begin").click()
    expect(tablet.page.get_by_role("heading", name="Forms for your visit")).to_be_visible()
    expect(tablet.page.locator("#list li").first).to_be_visible()
    assert looking.axe(tablet.page) + looking.too_wide(tablet.page) == []
    expect(tablet.page.get_by_role("link", name="My visits")).to_have_count(0)
    filling = Filling(tablet, sender.visit, "consent-to-treat", sender.person)
    tablet.page.locator("#list a[href*='consent-to-treat']").click()
    filling.ready()
    answer_consent(filling, 0, 2)
    filling.saved()

    tablet.window.watch.expect(401)
    tablet.button("Finish and hand back").click()
    expect(tablet.page.get_by_text("The tablet is empty again.")).to_be_visible()
    assert tablet.page.evaluate(LEFT) == []
    assert looking.axe(tablet.page) + looking.too_wide(tablet.page) + looking.clipped(tablet.page) == []
    tablet.page.go_back()
    expect(tablet.page.locator("#sign-in")).to_be_visible()
    assert tablet.page.locator("#form :checked").count() == 0
    tablet.open(f"forms/?visit={sender.visit}")
    expect(tablet.page.locator("#sign-in")).to_be_visible()
    assert sender.api.get(f"appointments/{sender.visit}/responses")["forms"]


def test_a_code_that_does_not_work_is_said_at_its_field(new_window: NewWindow, running: Run) -> None:
    tablet = Portal(new_window(PHONE), running, "es")
    tablet.window.watch.expect(422)
    tablet.open("kiosk/")
    tablet.button("Empezar").click()
    expect(tablet.page.locator(".error-summary")).to_be_focused()
    tablet.page.locator("#code").fill("K7M2-9PQR")
    tablet.button("Empezar").click()
    expect(tablet.page.locator("[data-field=code] .field-error")).to_be_visible()
    expect(tablet.page.locator("#code")).to_have_value("K7M2-9PQR")
    assert looking.axe(tablet.page) + looking.too_wide(tablet.page) + looking.clipped(tablet.page) == []
