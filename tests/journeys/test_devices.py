"""One's passkeys, one's authenticator app, and where one is signed in."""

from __future__ import annotations

import time

import pyotp
import pytest
from playwright.sync_api import expect

from tests.journeys.chrome import PHONE
from tests.journeys.conftest import ON_A_PHONE, NewWindow
from tests.journeys.desk import Authenticator, Desk, employed
from tests.local.serving import Run

pytestmark = pytest.mark.browser


@pytest.fixture(params=ON_A_PHONE)
def empty(request: pytest.FixtureRequest, new_window: NewWindow, running: Run) -> Desk:
    """Where nobody has signed in before."""
    return Desk(new_window(request.param), running)


@pytest.fixture
def device(empty: Desk) -> Authenticator:
    """What recognizes its owner there."""
    return Authenticator(empty.window)


@pytest.fixture
def desk(empty: Desk, device: Authenticator, manager: Desk) -> Desk:
    """Somebody new, signed in with their one passkey."""
    employed(empty, manager, "reception")
    empty.open("devices/")
    expect(empty.page.locator("#passkeys li")).to_have_count(1)
    return empty


def test_the_only_way_to_sign_in_cannot_be_taken_away(desk: Desk) -> None:
    desk.window.watch.expect(409)
    desk.page.locator("#passkeys button").click()
    desk.button("Yes, remove it").click()
    expect(desk.dialog("Remove this?").locator(".error-summary")).to_contain_text("your only way to sign in")
    desk.button("No, keep it").click()
    expect(desk.page.locator("#passkeys li")).to_have_count(1)


def test_an_authenticator_app_is_added_and_then_proves_who_one_is(desk: Desk) -> None:
    desk.button("Set up the app").click()
    expect(desk.page.locator("#qr svg path")).to_be_attached()
    app = pyotp.TOTP((desk.page.locator("#secret").text_content() or "").replace(" ", ""))
    desk.window.watch.expect(422)
    desk.page.get_by_label("Code that the app shows now").fill(f"{(int(app.now()) + 1) % 1_000_000:06d}")
    desk.button("Confirm").click()
    expect(desk.page.locator("#totp-error")).to_contain_text("That code is not right")
    desk.page.get_by_label("Code that the app shows now").fill(app.now())
    desk.button("Confirm").click()
    expect(desk.page.locator("#totp-state")).to_have_text("On")
    desk.want_proof_once("passkeys/*/remove")
    desk.page.locator("#passkeys button").click()
    desk.button("Yes, remove it").click()
    question = desk.dialog("Confirm that it is you")
    question.get_by_label("Code of your authenticator app").fill(
        app.at(int(time.time()) + 30)
    )  # the newest of those that count: the one before is used
    question.get_by_role("button", name="Confirm", exact=True).click()
    expect(desk.page.locator("#no-passkeys")).to_be_visible()
    desk.open()
    expect(desk.page.locator("#second")).to_be_visible()


def test_a_device_holds_one_passkey_of_a_person(desk: Desk) -> None:
    desk.button("Add a passkey").click()
    desk.page.get_by_label("A name for it").fill("Work phone")
    desk.button("Create the passkey").click()
    expect(desk.dialog("Add a passkey").locator(".error-summary")).to_contain_text("holds a passkey of yours already")
    expect(desk.page.get_by_label("A name for it")).to_have_value("Work phone")


def test_a_second_device_gets_a_passkey_with_a_name(desk: Desk, device: Authenticator) -> None:
    device.become_another()
    desk.button("Add a passkey").click()
    desk.page.get_by_label("A name for it").fill("Work phone")
    desk.button("Create the passkey").click()
    expect(desk.page.locator("#passkeys li")).to_have_count(2)
    expect(desk.page.locator("#passkeys")).to_contain_text("Work phone")
    expect(desk.page.locator("#told")).to_be_focused()


def test_a_session_that_is_ended_elsewhere_is_over_there(desk: Desk, device: Authenticator, new_window: NewWindow) -> None:
    other = Desk(new_window(PHONE), desk.run)
    Authenticator(other.window).hold(device.passkeys()[0])
    other.sign_in()
    other.is_in()
    desk.page.reload()
    expect(desk.page.locator("#sessions li")).to_have_count(2)
    expect(desk.page.locator("#sessions .tag").locator("visible=true")).to_have_count(1)
    desk.page.locator("#sessions").get_by_role("button", name="End").click()
    expect(desk.page.locator("#sessions li")).to_have_count(1)
    other.open("devices/")
    expect(other.heading("Sign in")).to_be_visible()


def test_all_other_sessions_end_at_once(desk: Desk, device: Authenticator, new_window: NewWindow) -> None:
    others = [Desk(new_window(PHONE), desk.run) for _ in range(2)]
    passkey = device.passkeys()[0]
    for number, other in enumerate(others):
        Authenticator(other.window).hold({**passkey, "signCount": passkey["signCount"] + 10 * number})
        other.sign_in()
        other.is_in()
    desk.page.reload()
    desk.button("Sign out everywhere else").click()
    expect(desk.page.locator("#sessions li")).to_have_count(1)
    expect(desk.button("Sign out everywhere else")).to_be_hidden()
    for other in others:
        other.open()
        expect(other.heading("Sign in")).to_be_visible()
