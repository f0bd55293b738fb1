"""How people who work here come in: invited by mail, with a passkey, with an authenticator app, and back after losing both."""

from __future__ import annotations

import base64
import time

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import expect

from tests.journeys.chrome import PHONE
from tests.journeys.conftest import NewWindow
from tests.journeys.desk import Authenticator, Desk, a_colleague, employed

pytestmark = pytest.mark.browser


def test_who_is_invited_sets_up_a_passkey_and_signs_in_with_one_tap_from_then_on(desk: Desk, manager: Desk) -> None:
    device = Authenticator(desk.window)
    nina = employed(desk, manager, "reception")
    expect(desk.name()).to_have_text(f"{nina.name} · Reception · Harbour Family Clinic")
    assert len(device.passkeys()) == 1
    desk.sign_out()
    desk.sign_in()
    desk.is_in()
    expect(desk.name()).to_contain_text(nina.name)
    assert desk.page.get_by_role("link", name="Patients", exact=True).is_visible()
    assert not desk.page.get_by_role("link", name="Audit").is_visible()


def test_an_invitation_works_once_and_says_so(desk: Desk, manager: Desk) -> None:
    Authenticator(desk.window)
    nina = a_colleague()
    manager.invite(nina, "nurse")
    link = desk.mailed_link(nina.email)
    desk.accept(nina)
    assert "h=" not in desk.page.url
    desk.window.watch.expect(404, 409, 410, 422)
    desk.page.goto(link)
    desk.button("Accept the invitation").click()
    expect(desk.heading("This link no longer works")).to_be_visible()


def test_who_is_invited_gets_nowhere_before_a_factor_is_set_up(desk: Desk, manager: Desk) -> None:
    nina = a_colleague()
    manager.invite(nina, "reception")
    desk.accept(nina)
    desk.open("patients/")
    expect(desk.heading("Set up how you sign in")).to_be_visible()


def test_a_device_that_does_not_know_its_owner_opens_nothing(desk: Desk, manager: Desk) -> None:
    device = Authenticator(desk.window)
    employed(desk, manager, "reception")
    desk.sign_out()
    device.know_its_owner(known=False)
    desk.sign_in()
    expect(desk.page.locator(".error-summary")).to_contain_text("No passkey was used")
    device.know_its_owner(known=True)
    desk.button("Sign in with a passkey").click()
    desk.is_in()


def test_a_passkey_that_the_clinic_does_not_know_is_refused(desk: Desk) -> None:
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    Authenticator(desk.window).hold(
        {
            "credentialId": base64.b64encode(b"a stranger's key").decode(),
            "isResidentCredential": True,
            "rpId": "staff.localhost",
            "privateKey": base64.b64encode(key).decode(),
            "userHandle": base64.b64encode(b"a stranger").decode(),
            "signCount": 1,
        }
    )
    desk.window.watch.expect(422)
    desk.sign_in()
    expect(desk.page.locator(".error-summary")).to_contain_text("That passkey does not open this")
    expect(desk.page.locator(".error-summary")).to_be_focused()


def test_an_authenticator_app_opens_together_with_a_mailed_code_and_only_so(desk: Desk, manager: Desk) -> None:
    nina = a_colleague()
    manager.invite(nina, "practitioner")
    desk.accept(nina)
    app = desk.set_up_app()
    desk.sign_out()
    code = desk.ask_for_code(nina.email)
    desk.window.watch.expect(422)
    desk.give_codes(code, f"{(int(app.now()) + 1) % 1_000_000:06d}")
    expect(desk.page.locator("#code-error")).to_contain_text("Check both codes")
    desk.give_codes(code, app.at(int(time.time()) + 30))  # the newest of those that count: the one before set the app up
    desk.is_in()
    expect(desk.name()).to_contain_text(nina.name)


def test_who_lost_everything_comes_back_once_a_manager_who_knows_them_says_so(new_window: NewWindow, desk: Desk, manager: Desk) -> None:
    lost = Desk(new_window(PHONE), desk.run)
    Authenticator(lost.window)
    nina = employed(lost, manager, "reception")
    device = Authenticator(desk.window)
    desk.open("sign-in/")
    desk.page.get_by_role("link", name="Lost your passkey or your phone?").click()
    desk.page.get_by_label("Email address").fill(nina.email)
    desk.button("Ask to get back in").click()
    expect(desk.heading("Look in your mail")).to_be_visible()
    desk.page.goto(desk.mailed_link(nina.email, "recovery"))
    desk.window.watch.expect(409)
    desk.button("Yes, it is me").click()
    expect(desk.heading("A manager must confirm")).to_be_visible()
    manager.open()
    manager.page.locator("#recovery-list li").filter(has_text=nina.name).get_by_role("button").click()
    expect(manager.page.locator("#live")).to_contain_text("can get back in now")
    desk.button("Look now").click()
    expect(desk.heading("Set up how you sign in")).to_be_visible()
    desk.create_passkey()
    assert len(device.passkeys()) == 1
    lost.window.watch.expect(401, 422)
    lost.open()
    expect(lost.heading("Sign in")).to_be_visible()
    lost.button("Sign in with a passkey").click()
    expect(lost.page.locator(".error-summary")).to_contain_text("That passkey does not open this")


def test_a_page_that_was_asked_for_is_there_after_signing_in(desk: Desk, manager: Desk) -> None:
    Authenticator(desk.window)
    employed(desk, manager, "reception")
    desk.sign_out()
    desk.open("patients/")
    desk.button("Sign in with a passkey").click()
    expect(desk.heading("Patients")).to_be_visible()
    desk.sign_out()
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "/.//elsewhere.example/x", "javascript:alert(1)", "//["):
        desk.page.goto("about:blank")
        desk.page.goto(f"{desk.home}sign-in/#next={elsewhere}")
        desk.button("Sign in with a passkey").click()
        desk.is_in()
        assert desk.page.url.startswith(desk.home)
        desk.sign_out()


def test_inviting_wants_a_fresh_proof_and_what_was_typed_is_not_lost(desk: Desk, manager: Desk) -> None:
    device = Authenticator(desk.window)
    employed(desk, manager, "manager")
    omar = a_colleague("Omar Reyes")
    desk.want_proof_once("clinics/north/staff")
    desk.invite(omar, "nurse")
    question = desk.dialog("Confirm that it is you")
    expect(question.get_by_role("button", name="Use a passkey")).to_be_focused()
    device.know_its_owner(known=False)
    question.get_by_role("button", name="Use a passkey").click()
    expect(question.locator(".error-summary")).to_contain_text("No passkey was used")
    question.get_by_role("button", name="Not now").click()
    dialog = desk.dialog("Invite a colleague")
    expect(dialog.locator(".error-summary")).to_contain_text("it was not confirmed")
    expect(dialog.get_by_label("Name")).to_have_value(omar.name)
    expect(dialog.get_by_role("checkbox", name="Nurse")).to_be_checked()
    device.know_its_owner(known=True)
    desk.want_proof_once("clinics/north/staff")
    dialog.get_by_role("button", name="Send the invitation").click()
    question.get_by_role("button", name="Use a passkey").click()
    expect(desk.page.locator("#told")).to_contain_text(omar.email)
    assert desk.mailed_link(omar.email)
