"""Rhea looks at what patients send: accepts one side, returns the other, has the insurance verified, and takes all of it out."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.cast import BEA, CYRUS, MALLORY, RHEA
from tests.journeys import looking
from tests.journeys.chrome import DESK, PHONE
from tests.journeys.conftest import AT_A_DESK, ON_A_PHONE, SIZES, NewWindow
from tests.journeys.desk import Desk
from tests.journeys.papers import EICAR, Sender, a_sender, card, letter
from tests.local.serving import Run

pytestmark = pytest.mark.browser

RELABEL = """document => fetch(`/api/clinics/north/documents/${document}/relabel`, {method: "POST",
  headers: {"Content-Type": "application/json", "X-Portal": "1"}, body: JSON.stringify({kind: "referral", page: 2})}).then(answer => answer.status)"""

HELD = "document => fetch(`/api/clinics/north/documents/${document}`).then(answer => answer.json()).then(told => told.held)"


@pytest.fixture
def lena(new_window: NewWindow, running: Run) -> Sender:
    """A patient with a visit who has sent nothing yet."""
    return a_sender(new_window(PHONE).context, running)


@pytest.fixture(params=AT_A_DESK)
def rhea(request: pytest.FixtureRequest, new_window: NewWindow, running: Run) -> Desk:
    """At the front desk, and with her phone."""
    desk = Desk(new_window(request.param), running)
    desk.enter(RHEA)
    return desk


@pytest.fixture(params=SIZES)
def rhea_anywhere(request: pytest.FixtureRequest, new_window: NewWindow, running: Run) -> Desk:
    """The same, at both sizes every time."""
    desk = Desk(new_window(request.param), running)
    desk.enter(RHEA)
    return desk


@pytest.fixture(params=ON_A_PHONE)
def cyrus(request: pytest.FixtureRequest, new_window: NewWindow, running: Run) -> Desk:
    """The manager, on his phone."""
    desk = Desk(new_window(request.param), running)
    desk.enter(CYRUS)
    return desk


def look_at(desk: Desk, sender: Sender) -> None:
    """The page of a visit's documents, with its first picture."""
    desk.open(f"documents/visit/#{sender.visit}")
    expect(desk.heading(sender.person.name)).to_be_visible()
    expect(picture(desk)).to_be_visible()


def picture(desk: Desk) -> Locator:
    """The page that is looked at."""
    return desk.page.locator("#picture")


def title(desk: Desk) -> Locator:
    """Which file is looked at."""
    return desk.page.locator("#file-title")


def told(desk: Desk) -> Locator:
    """What is said above the picture."""
    return desk.page.locator("#told")


def test_one_side_is_accepted_the_other_returned_and_the_next_opens_by_itself(rhea_anywhere: Desk, lena: Sender) -> None:
    rhea = rhea_anywhere
    lena.card()
    look_at(rhea, lena)
    expect(rhea.page.locator("#head p")).to_contain_text("Born May 4, 1991")
    expect(title(rhea)).to_have_text("Insurance card, front")
    assert looking.axe(rhea.page) == []
    rhea.button("Accept").click()
    expect(title(rhea)).to_have_text("Insurance card, back")
    expect(title(rhea)).to_be_focused()
    expect(told(rhea)).to_have_text("Accepted. Next: Insurance card, back")
    expect(picture(rhea)).to_be_visible()
    rhea.button("Return").click()
    dialog = rhea.dialog("Return")
    assert looking.axe(rhea.page) == []
    dialog.get_by_role("button", name="Return", exact=True).click()
    expect(dialog.locator(".error-summary li")).to_have_text(["Say why, in ten letters or more"])
    dialog.get_by_role("button", name="It is the wrong side").click()
    expect(dialog.get_by_label("Why?")).to_have_value("It is the wrong side.")
    dialog.get_by_role("button", name="Return", exact=True).click()
    expect(told(rhea)).to_have_text("Returned. Everything is looked at.")
    assert lena.standings() == {"insurance-front": "accepted", "insurance-back": "returned"}
    assert looking.axe(rhea.page) == []
    assert looking.too_wide(rhea.page) + looking.clipped(rhea.page) == []


def test_the_insurance_is_verified_or_has_a_problem_in_words(rhea: Desk, lena: Sender) -> None:
    lena.card()
    look_at(rhea, lena)
    card_ = rhea.page.get_by_role("region", name="Insurance", exact=True)
    expect(card_).to_contain_text("To look up")
    rhea.button("There is a problem").click()
    expect(card_.locator(".error-summary li")).to_have_text(["Say what the problem is"])
    card_.get_by_label("What the insurer says").fill("Not covered since June.")
    rhea.button("There is a problem").click()
    expect(card_).to_contain_text("Not covered since June. · Rhea Okoro")
    rhea.button("Verified").click()
    expect(card_.locator(".tag")).to_have_text("Verified")
    expect(card_.get_by_role("heading", name="Insurance")).to_be_focused()


def test_what_somebody_else_changed_meanwhile_is_told_and_nothing_typed_is_lost(rhea: Desk, lena: Sender) -> None:
    front, back = lena.card()
    look_at(rhea, lena)
    rhea.window.watch.expect(409, 412)
    note = rhea.page.get_by_label("What the insurer says")
    note.fill("They call back tomorrow.")
    lena.api.post(f"documents/{back}/withdraw", {})
    rhea.button("Verified").click()
    expect(rhea.page.locator("#insurance-form .error-summary")).to_contain_text("Somebody has changed it")
    expect(note).to_have_value("They call back tomorrow.")
    expect(rhea.page.locator("#kinds")).to_contain_text("Taken back")
    lena.api.post(f"documents/{front}/withdraw", {})
    rhea.button("Return").click()
    dialog = rhea.dialog("Return")
    dialog.get_by_label("Why?").fill("The number cannot be read.")
    dialog.get_by_role("button", name="Return", exact=True).click()
    expect(dialog.locator(".error-summary")).to_contain_text("That page is not there to be looked at")
    expect(dialog.get_by_label("Why?")).to_have_value("The number cannot be read.")
    dialog.get_by_role("button", name="Cancel").click()
    expect(rhea.page.locator("#no-picture")).to_have_text("The patient took it back.")


def test_all_documents_leave_as_one_zip_for_a_reason_and_a_fresh_proof(rhea: Desk, lena: Sender, tmp_path: Path) -> None:
    front, _ = lena.card()
    lena.send(letter(lena.person), "referral", "application/pdf")
    again = lena.send(card(lena.person, "front"), "photo-id")
    look_at(rhea, lena)
    assert rhea.page.evaluate(RELABEL, again) == 200, "page 2 of the referral"
    rhea.button("Download all").click()
    dialog = rhea.dialog("Download all")
    dialog.get_by_label("Why?").fill("The patient moves to another clinic.")
    with rhea.page.expect_download() as coming:
        dialog.get_by_role("button", name="Download all").click()
    coming.value.save_as(tmp_path / "all.zip")
    assert coming.value.suggested_filename == f"documents-{lena.visit}.zip"
    with zipfile.ZipFile(io.BytesIO((tmp_path / "all.zip").read_bytes())) as packed:
        assert packed.testzip() is None
        names = ["insurance-front-1.jpg", "insurance-back-1.jpg", "referral-1.pdf", "referral-2.jpg", "references.json"]
        assert packed.namelist() == names
        assert packed.read("insurance-front-1.jpg").startswith(b"\xff\xd8\xff")
        assert packed.read("referral-1.pdf").startswith(b"%PDF-")
        references = json.loads(packed.read("references.json"))
    assert [each["resourceType"] for each in references] == ["DocumentReference"] * 4
    assert [references[0]["id"], references[3]["id"]] == [front, again]
    expect(dialog).to_be_hidden()


def test_taking_them_out_asks_for_a_fresh_proof_first_and_keeps_the_reason(rhea: Desk, lena: Sender) -> None:
    lena.card()
    look_at(rhea, lena)
    step_up = {"publicKey": {"challenge": "AAAA", "allowCredentials": []}, "totp": True}
    rhea.page.route("**/api/step-up/start?*", lambda route: route.fulfill(json=step_up))
    rhea.want_proof_once(f"clinics/north/appointments/{lena.visit}/documents/export")
    rhea.button("Download all").click()
    dialog = rhea.dialog("Download all")
    dialog.get_by_label("Why?").fill("The patient moves to another clinic.")
    dialog.get_by_role("button", name="Download all").click()
    expect(rhea.dialog("Confirm that it is you")).to_be_visible()
    rhea.button("Not now").click()
    expect(dialog.locator(".error-summary")).to_contain_text("Nothing was changed")
    expect(dialog.get_by_label("Why?")).to_have_value("The patient moves to another clinic.")


def test_a_page_is_zoomed_turned_and_left_by_keyboard_alone(rhea: Desk, lena: Sender) -> None:
    lena.card()
    look_at(rhea, lena)
    keys, stage = rhea.page.keyboard, rhea.page.locator("#stage")
    stage.focus()
    whole = picture(rhea).bounding_box()
    assert whole
    keys.press("+")
    expect(picture(rhea)).not_to_have_attribute("width", str(round(whole["width"])))
    larger = picture(rhea).bounding_box()
    assert larger
    assert larger["width"] == pytest.approx(whole["width"] * 1.5, abs=3)
    keys.press("0")
    keys.press("r")
    turned = picture(rhea).bounding_box()
    assert turned
    assert turned["height"] > turned["width"]
    assert looking.too_wide(rhea.page) == []
    rhea.button("Accept").focus()
    keys.press("Enter")
    expect(title(rhea)).to_have_text("Insurance card, back")
    rhea.button("Return").focus()
    keys.press("Enter")
    expect(rhea.dialog("Return").get_by_role("button", name="A corner is cut off")).to_be_focused()
    keys.press("Space")
    expect(rhea.dialog("Return").get_by_label("Why?")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    expect(told(rhea)).to_contain_text("Everything is looked at")
    expect(title(rhea)).to_be_focused()


def test_the_queues_lead_to_what_waits_and_back(rhea: Desk, lena: Sender) -> None:
    rhea.open("documents/#patient")
    expect(rhea.page.locator("#visits li").first).to_be_visible()
    lena.card()
    rhea.page.locator("#queues label", has_text="To look at").click()
    row = rhea.page.locator("#visits li", has=rhea.page.locator(f"a[href$='{lena.visit}']"))
    expect(row).to_contain_text("Insurance card, front: To look at")
    row.get_by_role("link").click()
    expect(picture(rhea)).to_be_visible()
    for _ in range(2):
        rhea.button("Accept").click()
        expect(told(rhea)).to_contain_text("Accepted.")
        if rhea.button("Accept").is_visible():
            expect(title(rhea)).to_have_text("Insurance card, back")
    expect(told(rhea)).to_contain_text("Everything is looked at")
    rhea.page.get_by_role("main").get_by_role("link", name="Before the visit").click()
    expect(rhea.page.locator("#content")).to_be_visible()
    expect(rhea.page.get_by_role("radio", name="To look at")).to_be_checked()
    expect(row).to_have_count(0)
    rhea.page.locator("#queues label", has_text="Insurance").click()
    expect(row).to_contain_text("Insurance: To look up")
    assert looking.axe(rhea.page) == []


def test_a_letter_is_read_page_by_page_and_filed_as_what_it_is(rhea: Desk, lena: Sender) -> None:
    lena.send(letter(lena.person), "insurance-back", "application/pdf")
    look_at(rhea, lena)
    expect(rhea.page.locator("#tools")).to_contain_text("1 / 2")
    rhea.button("Next page").click()
    expect(rhea.page.locator("#tools")).to_contain_text("2 / 2")
    expect(picture(rhea)).to_have_attribute("aria-label", re.compile("Page 2$"))
    expect(rhea.button("Next page")).to_be_disabled()
    rhea.button("It is something else").click()
    dialog = rhea.dialog("It is something else")
    dialog.get_by_label("Document").select_option("Referral or letter")
    dialog.get_by_label("Page").select_option("1")
    dialog.get_by_role("button", name="It is something else").click()
    expect(title(rhea)).to_have_text("Referral or letter, page 1")
    assert lena.standings()["insurance-back"] == "missing"


def test_what_was_infected_or_refused_is_told_and_opened_by_nobody(rhea: Desk, lena: Sender) -> None:
    lena.send(EICAR)
    rhea.open(f"documents/visit/#{lena.visit}")
    expect(rhea.page.locator("#no-picture")).to_be_visible()
    expect(rhea.page.locator("#viewer")).to_contain_text("Not taken in")
    expect(picture(rhea)).to_be_hidden()
    expect(rhea.button("Accept")).to_be_hidden()
    assert looking.axe(rhea.page) == []


def test_a_manager_holds_a_file_for_a_reason(cyrus: Desk, lena: Sender) -> None:
    document, _ = lena.card()
    look_at(cyrus, lena)
    cyrus.button("Keep it beyond its time").click()
    dialog = cyrus.dialog("Keep it beyond its time")
    dialog.get_by_label("Why?").fill("A court has asked that it be kept.")
    dialog.get_by_role("button", name="Keep it beyond its time").click()
    expect(cyrus.button("Keep it no longer")).to_be_visible()
    assert cyrus.page.evaluate(HELD, document) is True
    assert lena.api.get(f"documents/{document}")["held"] is False, "the clinic's business"
    cyrus.open("audit/")
    expect(cyrus.page.locator("#events")).to_contain_text("Held or freed a document")


def test_a_picture_that_does_not_come_is_asked_for_again(rhea: Desk, lena: Sender) -> None:
    lena.card()
    rhea.window.watch.expect("net::ERR_FAILED")
    broken = [True]

    def lost(route: Route) -> None:
        route.abort() if broken[0] else route.continue_()

    rhea.page.route("http://files.localhost:*/**", lost)
    rhea.open(f"documents/visit/#{lena.visit}")
    expect(rhea.heading("This did not load")).to_be_visible()
    broken[0] = False
    rhea.button("Try again").click()
    expect(picture(rhea)).to_be_visible()
    rhea.window.watch.faults[:] = [fault for fault in rhea.window.watch.faults if "ERR_FAILED" not in fault]


def test_a_visit_of_another_clinic_is_nowhere_and_a_nurse_has_no_queues(new_window: NewWindow, lena: Sender) -> None:
    mallory, bea = Desk(new_window(DESK), lena.api.run), Desk(new_window(DESK), lena.api.run)
    mallory.enter(MALLORY)
    mallory.window.watch.expect(404)
    mallory.open(f"documents/visit/#{lena.visit}")
    expect(mallory.heading("No such visit for you")).to_be_visible()
    bea.enter(BEA)
    expect(bea.page.get_by_role("navigation", name="Main").get_by_role("link", name="Before the visit")).to_be_hidden()
    bea.open("documents/")
    expect(bea.heading("This page is not yours to see")).to_be_visible()
