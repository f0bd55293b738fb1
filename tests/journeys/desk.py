"""The staff's portal in a browser window, and the authenticator of that browser: what people who work here do, step by step."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass
from typing import Any

import pyotp
from playwright.sync_api import CDPSession, Locator, Route, expect

from tests.cast import Person
from tests.journeys.people import tap
from tests.journeys.portal import Window
from tests.local.serving import Run

PLATFORM = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
STALE = {"type": "step-up-needed", "title": "Please confirm that it is you.", "status": 403}
HANDLE = re.compile(r"http://staff\.localhost:\d+/(?:invitation|recovery)/#[^\s\"<>]+")


class Authenticator:
    """The fingerprint reader of a window's device, which knows its owner."""

    def __init__(self, window: Window) -> None:
        self._cdp: CDPSession = window.context.new_cdp_session(window.page)
        self._cdp.send("WebAuthn.enable")
        self._id = self._added()

    def _added(self) -> str:
        return str(self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": PLATFORM})["authenticatorId"])

    def become_another(self) -> None:
        """Another device, which holds nothing yet."""
        self._cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self._id})
        self._id = self._added()

    def passkeys(self) -> list[dict[str, Any]]:
        """What it holds."""
        return list(self._cdp.send("WebAuthn.getCredentials", {"authenticatorId": self._id})["credentials"])

    def hold(self, passkey: dict[str, Any]) -> None:
        """A passkey that was made elsewhere."""
        self._cdp.send("WebAuthn.addCredential", {"authenticatorId": self._id, "credential": passkey})

    def know_its_owner(self, *, known: bool) -> None:
        """Whether the finger that touches it is the right one."""
        self._cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": known})


@dataclass(frozen=True)
class Colleague:
    """Somebody new, with an address that nobody has used before."""

    name: str
    email: str


def a_colleague(name: str = "Nina Falk") -> Colleague:
    """Nina, of a family of her own."""
    mark = secrets.token_hex(4)
    return Colleague(f"{name}-{mark.capitalize()}", f"{name.split()[0].lower()}.{mark}@harbourfamily.example")


class Desk:
    """The staff's portal in one window."""

    def __init__(self, window: Window, run: Run) -> None:
        self.window, self.page, self.run = window, window.page, run
        self.home = f"{run.staff_address}/"

    def open(self, path: str = "") -> None:
        """A page of the staff's host."""
        self.page.goto(self.home + path)

    def enter(self, person: Person) -> None:
        """As one of the cast, with one tap on /local/."""
        tap(self.page, self.run, person)
        expect(self.page.locator("#content")).to_be_visible()

    def button(self, name: str) -> Locator:
        """A button by its name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def dialog(self, name: str) -> Locator:
        """An open dialog by its title."""
        return self.page.get_by_role("dialog", name=name)

    def heading(self, name: str) -> Locator:
        """A heading by what it says."""
        return self.page.get_by_role("heading", name=name, exact=True)

    def mailed_link(self, address: str, room: str = "invitation") -> str:
        """The newest link of an invitation, or of a recovery, that was mailed to somebody; waits for it."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            for message in self.run.outbox(address):
                found = HANDLE.search(message["text"])
                if found and f"/{room}/" in found.group():
                    return found.group()
            time.sleep(0.1)
        raise AssertionError(f"no link was mailed to {address}")

    def invite(self, colleague: Colleague, *roles: str) -> None:
        """From the page of people; the dialog is left open where a proof is wanted first."""
        self.open("people/")
        self.button("Invite").click()
        dialog = self.dialog("Invite a colleague")
        dialog.get_by_label("Name").fill(colleague.name)
        dialog.get_by_label("Email address").fill(colleague.email)
        for role in roles:
            dialog.locator(f"input[value={role}]").check()
        dialog.get_by_role("button", name="Send the invitation").click()

    def want_proof_once(self, path: str) -> None:
        """The next thing sent to a path is told that the last proof is too old, as it would be after five minutes."""
        told: list[str] = []

        def refuse(route: Route) -> None:
            if route.request.method == "GET" or told:
                return route.fallback()
            told.append(route.request.url)
            return route.fulfill(status=403, json=STALE, content_type="application/problem+json")

        self.window.watch.expect(403)
        self.page.route(f"**/api/{path}*", refuse)

    def accept(self, colleague: Colleague) -> None:
        """Opens the mailed invitation and takes it; ends on the page that sets up the first factor."""
        self.page.goto(self.mailed_link(colleague.email))
        self.button("Accept the invitation").click()
        expect(self.heading("Set up how you sign in")).to_be_visible()

    def create_passkey(self) -> None:
        """The first one; ends on the first page."""
        self.button("Create a passkey").click()
        self.is_in()

    def set_up_app(self) -> pyotp.TOTP:
        """An authenticator app as the first factor; what the app would know. Ends on the first page."""
        self.button("Set up the app").click()
        expect(self.page.locator("#qr svg path")).to_have_attribute("d", re.compile("^M"))
        app = pyotp.TOTP((self.page.locator("#secret").text_content() or "").replace(" ", ""))
        self.page.get_by_label("Code that the app shows now").fill(app.now())
        self.button("Confirm").click()
        self.is_in()
        return app

    def is_in(self) -> None:
        """Somebody is signed in, and all of the first page is there."""
        expect(self.heading("Today")).to_be_visible()
        expect(self.page.locator("#content")).to_be_visible()

    def sign_out(self) -> None:
        """By the menu under one's initials."""
        self.page.locator("#me").click()
        self.button("Sign out").click()
        expect(self.heading("Sign in")).to_be_visible()

    def sign_in(self) -> None:
        """One tap."""
        self.open("sign-in/")
        self.button("Sign in with a passkey").click()

    def want_code(self, address: str) -> None:
        """The second way: types the address. Whose address that is, the page does not say."""
        self.open("sign-in/")
        self.button("Use a code and your authenticator app").click()
        self.page.get_by_label("Email address").fill(address)
        self.button("Send me a code").click()
        expect(self.page.locator("#sent")).to_contain_text(address)

    def ask_for_code(self, address: str) -> str:
        """The code that is mailed to somebody who has an app."""
        last = max((message["number"] for message in self.run.outbox(address)), default=0)
        self.want_code(address)
        return self.run.code_to(address, after=last)

    def give_codes(self, code: str, totp: str) -> None:
        """Both codes at once."""
        self.page.get_by_label("8-digit code from the mail").fill(code)
        self.page.get_by_label("Code of your authenticator app").fill(totp)
        self.page.locator("#codes-form").get_by_role("button", name="Sign in").click()

    def name(self) -> Locator:
        """Whom the frame of the page names."""
        return self.page.locator("#hello")


def employed(desk: Desk, manager: Desk, *roles: str) -> Colleague:
    """Somebody new who has been invited by a manager, and has signed in at their own desk with a passkey."""
    colleague = a_colleague()
    manager.invite(colleague, *roles)
    expect(manager.page.locator("#told")).to_contain_text(colleague.email)
    desk.accept(colleague)
    desk.create_passkey()
    return colleague
