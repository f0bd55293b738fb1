"""Somebody new whose name, address, browser and passkey are script payloads: on no page and in no mail does anything of it run."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.cast import ADA, CYRUS
from tests.journeys.chrome import PHONE
from tests.journeys.conftest import NewWindow
from tests.journeys.desk import Authenticator, Colleague, Desk
from tests.journeys.payloads import EVERYTHING, ROUNDS, WRITTEN, Pen, an_address
from tests.journeys.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.deep]


@pytest.mark.parametrize("payload", ROUNDS)
def test_what_somebody_new_is_called_and_writes_runs_nowhere(
    new_window: NewWindow, manager: Desk, payload: str, record_property: Any
) -> None:
    nina = Colleague(f"={payload} {secrets.token_hex(3)}", an_address("nina"))
    desk = Desk(new_window(PHONE, user_agent=f"Firefox/ Windows {EVERYTHING}"), manager.run)
    device = Authenticator(desk.window)
    pen, theirs = Pen(desk.window, desk.run), Pen(manager.window, manager.run)
    manager.invite(nina, "reception", "nurse")
    expect(manager.page.locator("#told")).to_contain_text(nina.name)
    theirs.look()
    desk.accept(nina)
    expect(desk.page.locator("#hello")).to_contain_text(nina.name)
    pen.look()
    desk.create_passkey()
    expect(desk.name()).to_contain_text(nina.name)
    desk.page.locator("#me").click()
    pen.look()
    a_passkey_is_called(pen, desk, device, payload)
    they_look_at_patients(pen, desk, new_window, nina)
    they_come_back(pen, desk, manager, theirs, nina)
    mailed = [mail for mail in desk.run.outbox(CYRUS.email) if nina.name in mail["text"]]
    assert len(mailed) >= 2, "emergency access, and the wish to come back"
    pen.read(mailed + desk.run.outbox(nina.email))
    assert pen.taken == WRITTEN["somebody new"]
    record_property("pages", pen.looks + theirs.looks)


def a_passkey_is_called(pen: Pen, desk: Desk, device: Authenticator, label: str) -> None:
    """By a payload, on the page of passkeys and sessions, and in the question before it is removed."""
    device.become_another()
    desk.open("devices/")
    desk.button("Add a passkey").click()
    desk.page.get_by_label("A name for it").fill(label)
    desk.button("Create the passkey").click()
    expect(desk.page.locator("#passkeys")).to_contain_text(label)
    expect(desk.page.locator("#sessions")).to_contain_text("Firefox, Windows")
    pen.look()
    desk.page.locator("#passkeys li").filter(has_text="__ran").locator("button").click()
    expect(desk.dialog("Remove this?")).to_contain_text(label)
    pen.look()
    desk.button("Yes, remove it").click()
    expect(desk.page.locator("#told")).to_contain_text("Removed")


def they_look_at_patients(pen: Pen, desk: Desk, new_window: NewWindow, nina: Colleague) -> None:
    """In an emergency, for a reason; Ada reads who looked."""
    desk.open("patients/")
    pen.post("/clinics/north/emergency-access", {"reason": EVERYTHING})
    desk.page.reload()
    desk.page.get_by_label("Name of the patient").fill("more")
    desk.button("Find").click()
    desk.page.get_by_role("link", name="Ada Moreno").click()
    expect(desk.heading("Ada Moreno")).to_be_visible()
    pen.look()
    portal = Portal(new_window(PHONE), desk.run, "es")
    ada = Pen(portal.window, desk.run)
    portal.api.enter(ADA)
    portal.open("account/")
    expect(portal.page.locator("#log")).to_contain_text(nina.name)
    ada.look()


def they_come_back(pen: Pen, desk: Desk, manager: Desk, theirs: Pen, nina: Colleague) -> None:
    """Signed out, with their address at both ways in; who runs the clinic reads the name wherever it waits."""
    desk.sign_out()
    desk.want_code(nina.email)
    pen.look()
    desk.open("recovery/")
    desk.page.get_by_label("Email address").fill(nina.email)
    desk.button("Ask to get back in").click()
    desk.page.goto(desk.mailed_link(nina.email, "recovery"))
    desk.window.watch.expect(409)
    desk.button("Yes, it is me").click()
    expect(desk.heading("A manager must confirm")).to_be_visible()
    pen.look()
    manager.open("audit/")
    expect(manager.page.locator("#events")).to_contain_text(nina.name)
    theirs.look()
    manager.open()
    row = manager.page.locator("#recovery-list li").filter(has_text=nina.name)
    expect(row).to_be_visible()
    theirs.look()
    row.get_by_role("button").click()
    expect(manager.page.locator("#live")).to_contain_text(nina.name)
    theirs.look()
