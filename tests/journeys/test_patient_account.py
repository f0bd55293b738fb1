"""What is a patient's own besides visits: who looked, where they are signed in, and the code that links them to the clinic's record."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.cast import ADA, BEN, RHEA
from tests.journeys.chrome import DESK
from tests.journeys.conftest import NewWindow
from tests.journeys.desk import Desk
from tests.journeys.people import Api, a_newcomer
from tests.journeys.portal import Portal
from tests.local.serving import Run

pytestmark = pytest.mark.browser


@pytest.fixture
def rhea(new_window: NewWindow, running: Run) -> Desk:
    """At the front desk."""
    desk = Desk(new_window(DESK), running)
    desk.enter(RHEA)
    return desk


def test_a_patient_reads_who_looked_at_their_record(portal: Portal, rhea: Desk) -> None:
    rhea.open("patients/")
    rhea.page.get_by_label("Name of the patient").fill("carter")
    rhea.button("Find").click()
    rhea.page.get_by_role("link", name="Ben Carter").click()
    expect(rhea.heading("Ben Carter")).to_be_visible()
    portal.api.enter(BEN)
    portal.open("visits/")
    portal.link("My account and who looked at it").click()
    expect(portal.page.locator("#whose")).to_have_text("Signed in as Ben Carter")
    expect(portal.page.locator("#log li").filter(has_text=RHEA.name).first).to_contain_text("Reception")


def test_the_account_speaks_spanish(new_window: NewWindow, running: Run) -> None:
    portal = Portal(new_window(), running, "es")
    portal.api.enter(ADA)
    portal.open("account/")
    expect(portal.page.get_by_role("heading", name="Quién vio mis datos")).to_be_visible()
    expect(portal.page.locator("#sessions")).to_contain_text("Este")


def test_signed_out_the_account_is_signed_in_to_right_here(portal: Portal) -> None:
    portal.open("account/")
    portal.sign_in(a_newcomer())
    expect(portal.page.get_by_role("heading", name="Who looked at my record")).to_be_visible()
    expect(portal.page.locator("#log-none")).to_be_visible()


def test_a_session_on_another_device_is_ended_from_here(portal: Portal, new_window: NewWindow) -> None:
    lena = a_newcomer()
    elsewhere = Api(new_window().context, portal.run)
    elsewhere.sign_in(lena)
    portal.api.sign_in(lena)
    portal.open("account/")
    expect(portal.page.locator("#sessions li")).to_have_count(2)
    portal.page.locator("#sessions").get_by_role("button", name="End").click()
    expect(portal.page.locator("#sessions li")).to_have_count(1)
    expect(portal.page.locator("#told")).to_be_focused()
    assert elsewhere.get("session")["signedIn"] is False
    assert portal.api.get("session")["signedIn"] is True


def test_the_desks_code_links_an_account_to_what_the_clinic_already_had(portal: Portal, rhea: Desk) -> None:
    lena = a_newcomer()
    rhea.open("patients/")
    rhea.button("Add a patient").click()
    dialog = rhea.dialog("Add a patient")
    dialog.get_by_label("First name").fill(lena.given)
    dialog.get_by_label("Last name").fill(lena.family)
    dialog.get_by_label("Date of birth").fill(lena.birth_date.isoformat())
    dialog.get_by_label("Telephone").fill(lena.telephone)
    dialog.get_by_role("button", name="Add them").click()
    expect(rhea.heading(lena.name)).to_be_visible()
    rhea.button("Show a link code").click()
    expect(rhea.dialog("Link code")).to_be_visible()
    code = rhea.page.locator("#code").inner_text()
    rhea.button("Done").click()
    portal.api.sign_in(lena)
    portal.open("account/")
    portal.window.watch.expect(422)
    portal.page.get_by_label("Code from the desk").fill("AAAA-AAAA")
    portal.button("Link my account").click()
    expect(portal.page.locator("#link-error")).to_contain_text("That code is not right")
    portal.page.get_by_label("Code from the desk").fill(f" {code.lower()} ")
    portal.button("Link my account").click()
    expect(portal.page.locator("#told")).to_contain_text("Your account is linked")
    expect(portal.page.locator("#whose")).to_have_text(f"Signed in as {lena.name}")
    rhea.page.reload()
    expect(rhea.page.locator("[data-text=account]")).to_have_text("Signs in online")
    expect(rhea.button("Show a link code")).to_be_hidden()


@pytest.mark.parametrize(("path", "late"), [("visits/", "**/appointments?*"), ("account/", "**/access-log?*")])
def test_what_comes_after_somebody_has_signed_out_is_shown_to_nobody(phone: Portal, path: str, late: str) -> None:
    phone.window.watch.expect(401)
    phone.api.enter(ADA)
    held: list[Route] = []
    phone.open(path)
    expect(phone.page.locator("#sign-out")).to_be_visible()
    phone.page.route(late, lambda route: held.append(route))
    with phone.page.expect_request(late):
        phone.page.reload()
    phone.page.evaluate("document.querySelector('#sign-out').hidden = false")  # the account shows it once all is there
    phone.page.wait_for_timeout(200)
    answer = held[0].fetch()
    phone.page.locator("#sign-out").click()
    expect(phone.page.locator("#email-form")).to_be_visible()
    held[0].fulfill(response=answer)
    phone.page.wait_for_timeout(300)
    expect(phone.page.locator("#email-form")).to_be_visible()
    assert phone.page.locator("#upcoming li, #log li").count() == 0
