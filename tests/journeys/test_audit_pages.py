"""The audit trail as a manager reads it: what was done shows up, is found again, and leaves as a file with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.cast import BEA, CYRUS, RHEA
from tests.journeys.chrome import DESK, PHONE
from tests.journeys.conftest import AT_A_DESK, NewWindow
from tests.journeys.desk import Desk
from tests.local.serving import Run

pytestmark = pytest.mark.browser


@pytest.fixture(params=AT_A_DESK)
def manager(request: pytest.FixtureRequest, new_window: NewWindow, running: Run) -> Desk:
    """Cyrus, on his phone and at his desk."""
    desk = Desk(new_window(request.param), running)
    desk.enter(CYRUS)
    return desk


@pytest.fixture
def rhea(new_window: NewWindow, running: Run) -> Desk:
    """At the front desk; she has just looked at Ada."""
    desk = Desk(new_window(DESK), running)
    desk.enter(RHEA)
    desk.open("patients/")
    desk.page.get_by_label("Name of the patient").fill("more")
    desk.button("Find").click()
    desk.page.get_by_role("link", name="Ada Moreno").click()
    expect(desk.heading("Ada Moreno")).to_be_visible()
    return desk


def test_who_looked_at_a_patient_is_found_by_person_and_action(manager: Desk, rhea: Desk) -> None:
    manager.open("audit/")
    expect(manager.page.locator("#events tr").first).to_be_visible()
    expect(manager.page.locator("#who option")).not_to_have_count(1)
    manager.page.get_by_label("Person").select_option(RHEA.name)
    manager.page.get_by_label("Action").select_option("Looked at a patient")
    manager.button("Search").click()
    expect(manager.heading("What was found")).to_be_focused()
    expect(manager.page.locator("#events tr").first).to_contain_text(RHEA.name)
    assert set(manager.page.locator("#events tr td:nth-of-type(2)").all_inner_texts()) == {"Looked at a patient"}


def test_the_search_itself_is_written_down(manager: Desk) -> None:
    manager.open("audit/")
    expect(manager.page.locator("#events tr").first).to_be_visible()
    manager.page.reload()
    expect(manager.page.locator("#events")).to_contain_text("Searched the audit trail")


def test_days_when_nothing_was_done_are_empty(manager: Desk) -> None:
    manager.open("audit/")
    expect(manager.page.locator("#events tr").first).to_be_visible()
    manager.page.locator("#from").fill("2026-01-05")
    manager.page.locator("#to").fill("2026-01-06")
    manager.button("Search").click()
    expect(manager.heading("Nothing was found")).to_be_visible()


def test_what_concerns_one_patient_is_one_tap_away(manager: Desk, rhea: Desk) -> None:
    patient = rhea.page.url.split("#p=")[1]
    manager.open(f"patients/#p={patient}")
    manager.page.get_by_role("link", name="Who looked at it").click()
    expect(manager.page.locator("#of-patient")).to_be_visible()
    expect(manager.page.locator("#events tr").first).to_be_visible()
    before = manager.page.locator("#events tr").count()
    manager.button("Show all again").click()
    expect(manager.page.locator("#of-patient")).to_be_hidden()
    expect(manager.page.locator("#events")).to_contain_text("Searched the audit trail")
    assert before


def test_an_export_wants_a_reason_and_comes_as_a_file(manager: Desk, rhea: Desk, tmp_path: Path) -> None:
    manager.open("audit/")
    day = manager.page.evaluate("new Date().toISOString().slice(0, 10)")
    manager.button("Export").click()
    dialog = manager.dialog("Export the audit trail")
    dialog.get_by_label("From day").fill(day)
    dialog.get_by_label("To day").fill(day)
    dialog.get_by_role("button", name="Export").click()
    expect(dialog.locator(".error-summary")).to_contain_text("Say why")
    dialog.get_by_label("Why do you need it?").fill("Yearly review of who looked at what.")
    with manager.page.expect_download() as coming:
        dialog.get_by_role("button", name="Export").click()
    coming.value.save_as(tmp_path / "trail.csv")
    assert coming.value.suggested_filename == f"audit-{day}-{day}.csv"
    assert (tmp_path / "trail.csv").read_text(encoding="utf-8").startswith('"at","action","who"')
    expect(manager.page.locator("#live")).to_contain_text("The file has been saved")


def test_emergency_access_is_on_every_page_while_it_lasts_and_in_the_trail(new_window: NewWindow, manager: Desk) -> None:
    bea = Desk(new_window(PHONE), manager.run)
    bea.enter(BEA)
    bea.page.get_by_role("link", name="Emergency access").click()
    dialog = bea.dialog("Emergency access")
    dialog.get_by_label("What is happening?").fill("too short")
    dialog.get_by_role("button", name="Open access for an hour").click()
    expect(dialog.locator(".error-summary")).to_contain_text("ten letters")
    dialog.get_by_label("What is happening?").fill("A patient fainted in the hall; allergies are needed.")
    dialog.get_by_role("button", name="Open access for an hour").click()
    expect(bea.page.locator("#emergency")).to_contain_text("Emergency access for 60 more minutes")
    bea.page.get_by_label("Name of the patient").fill("carter")
    bea.button("Find").click()
    bea.page.get_by_role("link", name="Ben Carter").click()
    expect(bea.heading("Ben Carter")).to_be_visible()
    bea.open("devices/")
    expect(bea.page.locator("#emergency")).to_be_visible()
    manager.open("audit/")
    expect(manager.page.locator("#events")).to_contain_text("Opened emergency access")
