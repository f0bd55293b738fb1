"""Where addresses lead: languages, choices that cannot be, and pages that are not there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.cast import ADA
from tests.journeys.conftest import NewWindow
from tests.journeys.portal import Portal
from tests.local.serving import Run

pytestmark = pytest.mark.browser


def change_language(page: Page, name: str) -> None:
    """By the link in the page's head."""
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()


def test_the_other_language_keeps_the_page_and_the_choice(portal: Portal) -> None:
    portal.open()
    portal.choose_service()
    chosen = portal.choose_time()
    address = portal.page.url
    change_language(portal.page, "Español")
    expect(portal.page).to_have_url(address.replace("/en/", "/es/"))
    expect(portal.page.locator("#when [data-text=day]")).to_contain_text("noviembre" if "Nov" in chosen.label else " de ")
    change_language(portal.page, "English")
    expect(portal.page).to_have_url(address)
    expect(portal.page.locator("#when [data-text=time]")).to_contain_text(chosen.clock)


def test_the_other_language_keeps_the_visit(portal: Portal) -> None:
    portal.api.enter(ADA)
    portal.open(f"visit/#{portal.api.get('appointments')['upcoming'][0]['id']}")
    expect(portal.page.locator("#visit")).to_be_visible()
    address = portal.page.url
    change_language(portal.page, "Español")
    expect(portal.page).to_have_url(address.replace("/en/", "/es/"))
    expect(portal.button("Cancelar esta cita")).to_be_visible()


@pytest.mark.parametrize(("wish", "tag"), [("es-MX", "es-US"), ("en-GB", "en-US"), ("fr-FR", "en-US")])
def test_a_clinics_bare_address_speaks_the_readers_language(new_window: NewWindow, running: Run, wish: str, tag: str) -> None:
    page = new_window(locale=wish).page
    page.goto(f"{running.address}/north/")
    expect(page.locator("html")).to_have_attribute("lang", tag)


def test_the_brands_page_leads_to_every_clinic(phone: Portal) -> None:
    for clinic, link in (
        ("Harbour Family Clinic", "Español – Harbour Family Clinic"),
        ("Prairie Rose Medical Centre", "Book a visit – Prairie Rose Medical Centre"),
        ("Southbank Health", "Book a visit – Southbank Health"),
    ):
        phone.page.goto(phone.run.address)
        phone.link(link).click()
        expect(phone.page.get_by_role("heading", level=1, name=clinic)).to_be_visible()


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/north/en/nothing/", "Page not found"),
        ("/north/es/nada", "Página no encontrada"),
        ("/nowhere/", "Page not found"),
        ("/prairie/es/", "Page not found"),
    ],
)
def test_a_page_that_is_not_there_says_so_and_leads_back(phone: Portal, path: str, heading: str) -> None:
    phone.window.watch.expect(404)
    answer = phone.page.goto(phone.run.address + path)
    assert answer
    assert answer.status == 404
    expect(phone.page.get_by_role("heading", name=heading)).to_be_visible()
    phone.page.get_by_role("main").get_by_role("link").first.click()
    expect(phone.page.get_by_role("heading", level=1)).not_to_have_text(heading)


def test_the_problem_page_leads_back_and_names_a_number_to_call(portal: Portal) -> None:
    portal.open("problem/")
    expect(portal.page.get_by_role("main")).to_contain_text("+1 203 555 0142")
    portal.link("To the front page").click()
    expect(portal.page).to_have_url(portal.home)


@pytest.mark.parametrize("path", ["book/time/", "book/time/?service=nothing", "book/details/", "book/details/?service=visit"])
def test_an_address_without_a_choice_leads_to_the_choice(phone: Portal, path: str) -> None:
    phone.open(path)
    expect(phone.page).to_have_url(f"{phone.home}book/")


@pytest.mark.parametrize(
    "query",
    [
        "start=2020-01-07T14:00:00Z&day=2020-01-07",
        "start=2020-01-07T14:00:00Z",
        "start=never&day=never",
        "start=2099-01-07T14:00:00Z&practitioner=nobody",
    ],
)
def test_a_time_that_cannot_be_is_said_before_anything_is_typed_and_leads_to_those_that_can(phone: Portal, query: str) -> None:
    phone.window.watch.expect(422)
    phone.api.enter(ADA)
    phone.open(f"book/details/?service=visit&{query}")
    expect(phone.page.locator("#gone")).to_be_focused()
    expect(phone.page.locator("#gone")).to_contain_text("This time is no longer free")
    phone.link("Choose another time").click()
    expect(phone.page.locator("#times input").first).to_be_attached()


@pytest.mark.parametrize("address", ["visit/", "visit/#nothing", "book/done/#nothing"])
def test_a_visit_that_is_not_there_says_so(phone: Portal, address: str) -> None:
    phone.window.watch.expect(404)
    phone.api.enter(ADA)
    phone.open(address)
    expect(phone.page.locator("#missing")).to_be_focused()
