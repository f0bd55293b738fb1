"""Who runs a clinic: finding people, changing what they may do, ending their access, letting them back in, across clinics."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.cast import CYRUS, GALE, RHEA
from tests.journeys.chrome import DESK, PHONE
from tests.journeys.conftest import ON_A_PHONE, NewWindow
from tests.journeys.desk import Authenticator, Desk, a_colleague, employed
from tests.local.serving import Run

pytestmark = pytest.mark.browser


@pytest.fixture(params=ON_A_PHONE)
def manager(request: pytest.FixtureRequest, new_window: NewWindow, running: Run) -> Desk:
    """Cyrus, on his phone and at his desk."""
    desk = Desk(new_window(request.param), running)
    desk.enter(CYRUS)
    return desk


@pytest.fixture
def nina(new_window: NewWindow, running: Run) -> Desk:
    """Where somebody new will sign in."""
    desk = Desk(new_window(PHONE), running)
    Authenticator(desk.window)
    return desk


def test_people_are_found_by_a_part_of_their_name_and_by_where_they_stand(manager: Desk) -> None:
    omar = a_colleague("Omar Reyes")
    manager.invite(omar, "nurse")
    expect(manager.page.locator("#told")).to_contain_text(omar.name)
    manager.page.get_by_label("Find by name or address").fill(omar.email[:12].upper())
    expect(manager.page.locator("#groups li")).to_have_count(1)
    expect(manager.page.locator("#groups li")).to_contain_text("Invited")
    manager.page.locator("label", has_text="Works here").click()
    expect(manager.heading("Nobody like that")).to_be_visible()


def test_what_is_missing_in_an_invitation_is_said_at_its_place(manager: Desk) -> None:
    manager.open("people/")
    manager.button("Invite").click()
    dialog = manager.dialog("Invite a colleague")
    dialog.get_by_role("button", name="Send the invitation").click()
    expect(dialog.locator(".error-summary li")).to_have_text(["Enter their name", "Enter their email address"])
    dialog.get_by_label("Name").fill("Omar Reyes")
    dialog.get_by_label("Email address").fill(a_colleague("Omar Reyes").email)
    dialog.get_by_role("button", name="Send the invitation").click()
    expect(dialog.locator(".error-summary li")).to_have_text(["Choose at least one role"])
    dialog.locator(".error-summary a").click()
    expect(dialog.locator("input[value=reception]")).to_be_focused()


def test_somebody_is_invited_by_keyboard_alone(manager: Desk) -> None:
    omar, keys = a_colleague("Omar Reyes"), manager.page.keyboard
    manager.open("people/")
    manager.button("Invite").focus()
    keys.press("Enter")
    dialog = manager.dialog("Invite a colleague")
    expect(dialog.get_by_label("Name")).to_be_focused()
    keys.press("Escape")
    expect(manager.button("Invite")).to_be_focused()
    keys.press("Enter")
    keys.type(omar.name)
    keys.press("Tab")
    keys.type(omar.email)
    keys.press("Tab")
    keys.press("Space")
    expect(dialog.locator("input[value=reception]")).to_be_checked()
    keys.press("Enter")
    expect(manager.page.locator("#told")).to_contain_text(omar.email)
    expect(manager.page.locator("#told")).to_be_focused()


def test_a_change_of_roles_counts_at_their_next_tap(manager: Desk, nina: Desk) -> None:
    colleague = employed(nina, manager, "reception")
    manager.open("people/")
    manager.page.get_by_role("link", name=colleague.name, exact=True).click()
    expect(manager.heading(colleague.name)).to_be_visible()
    expect(manager.page.locator("input[value=reception]")).to_be_checked()
    manager.page.locator("input[value=reception]").uncheck()
    manager.page.locator("input[value=reporter]").check()
    manager.button("Save the roles").click()
    expect(manager.page.locator("#told")).to_contain_text("Saved")
    nina.open()
    expect(nina.name()).to_contain_text("Reporter")
    expect(nina.page.get_by_role("link", name="Patients")).to_have_count(0)
    nina.open("patients/")
    expect(nina.heading("This page is not yours to see")).to_be_visible()


def test_who_no_longer_works_here_is_out_at_once(manager: Desk, nina: Desk) -> None:
    colleague = employed(nina, manager, "reception")
    manager.open("people/")
    manager.page.get_by_role("link", name=colleague.name, exact=True).click()
    manager.button("End their access").click()
    manager.button("Yes, end it").click()
    expect(manager.page.locator("#told")).to_contain_text("no longer has access")
    expect(manager.button("End their access")).to_be_hidden()
    nina.window.watch.expect(401, 422)
    nina.open("devices/")
    expect(nina.heading("Sign in")).to_be_visible()
    nina.button("Sign in with a passkey").click()
    expect(nina.page.locator(".error-summary")).to_be_visible()


def test_nobody_changes_their_own_roles(manager: Desk) -> None:
    manager.open("person/#a=cyrus")
    expect(manager.heading(CYRUS.name)).to_be_visible()
    expect(manager.page.locator("#self")).to_be_visible()
    expect(manager.button("Save the roles")).to_be_hidden()
    expect(manager.page.locator("input[value=reporter]")).to_be_disabled()


def test_a_person_of_no_clinic_of_ours_is_not_there(manager: Desk) -> None:
    manager.open("person/#a=mallory")
    expect(manager.heading("Nobody of this clinic")).to_be_visible()


def test_a_manager_lets_somebody_back_in_on_their_page(manager: Desk, nina: Desk) -> None:
    colleague = employed(nina, manager, "reception")
    nina.sign_out()
    nina.open("recovery/")
    nina.page.get_by_label("Email address").fill(colleague.email)
    nina.button("Ask to get back in").click()
    expect(nina.heading("Look in your mail")).to_be_visible()
    nina.page.goto(nina.mailed_link(colleague.email, "recovery"))
    nina.window.watch.expect(409)
    nina.button("Yes, it is me").click()
    expect(nina.heading("A manager must confirm")).to_be_visible()
    manager.open("people/")
    row = manager.page.locator("#groups li").filter(has_text="Wants back in").filter(has_text=colleague.name)
    row.get_by_role("link").click()
    manager.button("It is them").click()
    expect(manager.page.locator("#told")).to_contain_text("can get back in now")
    expect(manager.button("It is them")).to_be_hidden()
    nina.button("Look now").click()
    expect(nina.heading("Set up how you sign in")).to_be_visible()


def test_a_manager_of_several_clinics_sees_them_all_and_changes_from_one_to_the_other(new_window: NewWindow, running: Run) -> None:
    gale = Desk(new_window(DESK), running)
    gale.enter(GALE)
    gale.open("people/")
    expect(gale.page.locator("#groups h2")).to_have_text(["Harbour Family Clinic", "Prairie Rose Medical Centre"])
    prairie = gale.page.locator("#groups section").nth(1)
    prairie.get_by_role("link", name=GALE.name).click()
    expect(gale.page.locator("#elsewhere")).to_contain_text("Prairie Rose Medical Centre")
    gale.button("Change to that clinic").click()
    expect(gale.page.locator("#where")).to_contain_text("Prairie Rose")
    gale.page.locator("#where").click()
    gale.page.locator("#clinics").get_by_role("button", name="Harbour Family Clinic").click()
    expect(gale.name()).to_contain_text("Harbour Family Clinic")


def test_who_does_not_run_the_clinic_sees_no_people(new_window: NewWindow, running: Run) -> None:
    rhea = Desk(new_window(PHONE), running)
    rhea.enter(RHEA)
    expect(rhea.page.get_by_role("link", name="People")).to_have_count(0)
    rhea.open("people/")
    expect(rhea.heading("This page is not yours to see")).to_be_visible()
    expect(rhea.heading("This page is not yours to see")).to_be_focused()
