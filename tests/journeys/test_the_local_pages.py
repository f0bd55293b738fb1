"""The pages under /local/, as whoever tries Anteroom out uses them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import looking
from tests.journeys.conftest import ON_A_PHONE, NewWindow
from tests.journeys.portal import Window
from tests.local.serving import Run

pytestmark = pytest.mark.browser


@pytest.fixture(params=ON_A_PHONE)
def window(request: pytest.FixtureRequest, new_window: NewWindow) -> Window:
    """A window that may read and write the clipboard."""
    return new_window(request.param, permissions=["clipboard-read", "clipboard-write"])


@pytest.fixture
def page(window: Window) -> Page:
    """Its page."""
    return window.page


def clean(page: Page) -> None:
    """Axe finds nothing, and nothing hangs over the edge."""
    assert looking.axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_one_tap_leads_gale_to_the_staff_s_host_and_ada_to_her_clinic(page: Page, running: Run) -> None:
    page.goto(f"{running.address}/local/")
    clean(page)
    page.get_by_role("button", name="Sign in as Gale Winters").click()
    expect(page).to_have_url(f"{running.staff_address}/")
    expect(page.locator("#hello")).to_contain_text("Gale Winters")
    page.goto(f"{running.staff_address}/local/")
    page.get_by_role("button", name="Sign in as Ada Moreno").click()
    expect(page).to_have_url(f"{running.address}/north/es/")


def test_a_code_appears_in_the_open_outbox_and_can_be_copied(page: Page, running: Run) -> None:
    page.goto(f"{running.address}/local/outbox/")
    address = f"window-{page.viewport_size['width'] if page.viewport_size else 0}@patients.example"
    headers = {"X-Portal": "1", "Origin": running.address}
    page.request.post(f"{running.address}/api/clinics/north/sign-in/start", data={"email": address}, headers=headers)
    page.get_by_role("link", name=address).first.click()
    clean(page)
    page.get_by_role("button", name="Copy the code").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == running.code_to(address)


def test_a_link_in_a_framed_mail_leads_out_of_the_frame(window: Window, running: Run) -> None:
    page = window.page
    window.watch.expect(401)  # the visit wants its patient to sign in
    mail = running.mail_to("ada.moreno@example.com")
    page.goto(f"{running.address}/local/outbox/{mail['number']}")
    clean(page)
    page.frame_locator("iframe").get_by_role("link").first.click()
    expect(page).to_have_url(f"{running.address}/north/es/visit/#{mail['html'].split('/visit/#')[1].split(chr(34))[0]}")


def test_a_calendar_can_be_downloaded(page: Page, running: Run) -> None:
    mail = running.mail_to("ada.moreno@example.com")
    page.goto(f"{running.address}/local/outbox/{mail['number']}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download visit.ics").click()
    assert download.value.suggested_filename == "visit.ics"
