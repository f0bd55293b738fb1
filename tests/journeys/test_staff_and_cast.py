"""One tap on /local/ opens a real session: for staff on their own host, for patients on theirs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.cast import ADA, BEA, BEN, CYRUS, GALE, Person
from tests.journeys.conftest import NewWindow
from tests.journeys.people import tap
from tests.journeys.portal import Portal
from tests.local.serving import Run

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("person", "role", "clinic"),
    [(CYRUS, "Manager", "Harbour Family Clinic"), (BEA, "Practitioner", "Harbour Family Clinic"), (GALE, "Manager of several clinics", "")],
    ids=["Cyrus", "Bea", "Gale"],
)
def test_the_staffs_page_names_who_is_signed_in(new_window: NewWindow, running: Run, person: Person, role: str, clinic: str) -> None:
    portal = Portal(new_window(), running)
    tap(portal.page, portal.run, person)
    expect(portal.page).to_have_url(f"{portal.run.staff_address}/")
    hello = portal.page.locator("#hello")
    expect(hello).to_contain_text(person.name)
    expect(hello).to_contain_text(role)
    expect(hello).to_contain_text(clinic)
    expect(portal.page.locator("#where")).to_contain_text(clinic)


def test_nobody_is_signed_in_at_the_staffs_host_by_signing_in_as_a_patient(portal: Portal) -> None:
    tap(portal.page, portal.run, ADA)
    portal.page.goto(f"{portal.run.staff_address}/")
    expect(portal.page).to_have_url(f"{portal.run.staff_address}/sign-in/#next=%2F")
    expect(portal.page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()


def test_ada_finds_her_visits_and_what_she_leaves_behind_is_nothing(portal: Portal) -> None:
    tap(portal.page, portal.run, ADA)
    expect(portal.page).to_have_url(f"{portal.run.address}/north/es/")
    portal.link("Mis citas").click()
    expect(portal.page.locator("#whose")).to_have_text("Sesión iniciada como Ada Moreno")
    expect(portal.page.locator("#upcoming li")).to_have_count(2)
    portal.button("Cerrar sesión").click()
    expect(portal.page.get_by_role("heading", name="Inicie sesión para ver sus citas")).to_be_visible()
    assert "Lindqvist" not in portal.page.content()
    assert portal.page.evaluate("sessionStorage.length + localStorage.length") == 0
    portal.page.reload()
    expect(portal.page.get_by_role("heading", name="Inicie sesión para ver sus citas")).to_be_visible()


def test_what_is_adas_ben_does_not_see(portal: Portal) -> None:
    tap(portal.page, portal.run, ADA)
    visit = portal.api.get("appointments")["upcoming"][0]["id"]
    tap(portal.page, portal.run, BEN)
    portal.window.watch.expect(404)
    portal.open(f"visit/#{visit}")
    expect(portal.page.get_by_role("heading", name="We could not find this visit")).to_be_visible()
    expect(portal.page.locator("#visit")).to_be_hidden()
