"""A patient sends what a visit needs: photographs and files, seen on their way, told what became of each, and taken again where it must be."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Route, expect

from tests.cast import RHEA
from tests.documents import samples
from tests.journeys import looking
from tests.journeys.cards import Papers, a_file, card, papers_of, photograph
from tests.journeys.chrome import DESK, PHONE
from tests.journeys.conftest import AT_BOTH_SIZES, NewWindow
from tests.journeys.desk import Desk
from tests.journeys.portal import Portal
from tests.local.serving import Run

pytestmark = pytest.mark.browser

THERE = "The clinic will look at it."
STORE = "http://files.localhost:*/**"
POST = """async ([path, body]) => (await fetch(path, {
  method: "POST", body: JSON.stringify(body), headers: {"Content-Type": "application/json", "X-Portal": "1"},
})).status"""


def faults_of(papers: Papers) -> list[str]:
    """What nobody should have to put up with, in this state of the page."""
    page = papers.portal.page
    return looking.axe(page) + looking.too_small(page) + looking.too_wide(page) + looking.clipped(page)


@AT_BOTH_SIZES
def test_both_sides_of_a_card_are_photographed_sent_and_there(portal: Portal) -> None:
    papers = papers_of(portal, anew=True)
    portal.open(f"visit/#{papers.visit}")
    expect(portal.page.locator("#wanted")).to_contain_text("3 documents are still needed.")
    portal.link("Documents").click()
    expect(portal.page.get_by_role("heading", name="0 of 3 sent")).to_be_visible()
    assert faults_of(papers) == []
    for side in ("front", "back"):
        papers.choose(f"insurance-{side}", photograph(side))
        papers.says(f"insurance-{side}", THERE)
    expect(portal.page.get_by_role("heading", name="2 of 3 sent")).to_be_visible()
    expect(portal.page.locator(".sheet-picture img:visible")).to_have_count(2)
    assert faults_of(papers) == []
    portal.page.reload()
    expect(portal.page.locator(".sheet-picture img:visible")).to_have_count(2)
    portal.open("visits/")
    expect(portal.page.locator("#upcoming li")).to_contain_text("1 document is still needed.")
    portal.open(f"book/done/#{papers.visit}")
    expect(portal.page.locator("#wanted")).to_contain_text("2 of 3 sent")


def test_a_photograph_is_made_smaller_on_the_phone_and_a_small_one_is_left_as_it_is(phone: Portal) -> None:
    papers = papers_of(phone)
    papers.open()
    papers.choose("insurance-front", photograph())
    papers.says("insurance-front", THERE)
    assert papers.told("insurance-front")["documents"][0]["size"] < len(card("front")) / 2
    small = samples.jpeg()
    papers.choose("insurance-back", a_file("small.jpg", small, "image/jpeg"))
    papers.says("insurance-back", THERE)
    assert papers.told("insurance-back")["documents"][0]["size"] == len(small)


def test_what_is_on_its_way_is_told_and_a_network_that_is_lost_is_waited_for(portal: Portal) -> None:
    papers, page, held = papers_of(portal), portal.page, list[Route]()
    portal.window.watch.expect("net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED")
    papers.open()
    page.route(STORE, lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    papers.choose("insurance-front", photograph())
    papers.says("insurance-front", "Sending,")
    papers.says("insurance-front", "Please keep this page open.")
    expect(papers.card("insurance-front").get_by_role("progressbar")).to_be_visible()
    expect(papers.card("insurance-front").locator(".sheet")).to_be_focused()
    assert faults_of(papers) == []
    portal.window.context.set_offline(True)
    for route in held:
        route.abort("internetdisconnected")
    papers.says("insurance-front", "No connection")
    assert faults_of(papers) == []
    page.unroute(STORE)
    portal.window.context.set_offline(False)
    papers.says("insurance-front", THERE)
    assert [each["state"] for each in papers.told("insurance-front")["documents"]] == ["released"]


def test_leaving_while_something_is_on_its_way_asks_first(phone: Portal) -> None:
    papers, asked = papers_of(phone), list[str]()

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    papers.open()
    phone.page.on("dialog", leave)
    phone.page.route(STORE, lambda _: None)
    papers.choose("insurance-front", photograph())
    papers.says("insurance-front", "Sending,")
    phone.page.reload()
    assert asked == ["beforeunload"]
    papers.says("insurance-front", "It did not arrive")
    phone.page.unroute(STORE)
    papers.choose("insurance-front", photograph())
    papers.says("insurance-front", THERE)
    phone.page.reload()
    papers.says("insurance-front", THERE)
    assert asked == ["beforeunload"]


@AT_BOTH_SIZES
def test_one_photograph_is_sent_back_and_taken_again_without_starting_over(portal: Portal, new_window: NewWindow, running: Run) -> None:
    papers = papers_of(portal)
    papers.open()
    for side in ("front", "back"):
        papers.choose(f"insurance-{side}", photograph(side))
        papers.says(f"insurance-{side}", THERE)
    rhea = Desk(new_window(DESK), running)
    rhea.enter(RHEA)
    front, back = (papers.told(f"insurance-{side}")["documents"][0]["id"] for side in ("front", "back"))
    note = {"note": "The corner with the member number is cut off."}
    assert rhea.page.evaluate(POST, [f"/api/clinics/north/documents/{front}/return", note]) == 200
    assert rhea.page.evaluate(POST, [f"/api/clinics/north/documents/{back}/accept", {}]) == 200
    portal.page.reload()
    papers.says("insurance-front", note["note"])
    papers.says("insurance-back", "Nothing more to do.")
    assert faults_of(papers) == []
    papers.choose("insurance-front", photograph())
    papers.says("insurance-front", THERE)
    assert [each["replaces"] for each in papers.told("insurance-front")["documents"]] == [front]
    assert papers.told("insurance-back")["standing"] == "accepted"


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        pytest.param(samples.locked_pdf, "application/pdf", "The PDF has a password.", id="locked"),
        pytest.param(
            lambda: samples.pdf_with_file(samples.EICAR), "application/pdf", "The virus check found something harmful", id="infected"
        ),
        pytest.param(
            lambda: samples.HTML, "image/jpeg", "It is neither a photo nor a PDF.", id="a page of the web", marks=pytest.mark.deep
        ),
        pytest.param(lambda: b"%PDF-" + bytes(10_000_000), "application/pdf", "It is too large.", id="too large", marks=pytest.mark.deep),
        pytest.param(lambda: b"hello", "text/plain", "It is neither a photo nor a PDF.", id="a text", marks=pytest.mark.deep),
    ],
)
def test_a_file_that_cannot_be_taken_says_why_and_another_one_can_be_sent(phone: Portal, content: object, kind: str, words: str) -> None:
    assert callable(content)
    papers = papers_of(phone)
    phone.window.watch.expect(422)
    papers.open()
    papers.choose("photo-id", a_file("mine.pdf", content(), kind), way="file")
    papers.says("photo-id", words)
    assert faults_of(papers) == []
    papers.choose("photo-id", photograph())
    papers.says("photo-id", THERE)
    expect(papers.card("photo-id").locator(".sheet")).to_have_count(1)


def test_pages_stand_in_their_order_are_looked_at_and_one_is_taken_back(portal: Portal) -> None:
    papers, page = papers_of(portal), portal.page
    papers.open()
    letter = samples.printed(samples.a_pdf(3))
    papers.choose("referral", a_file("letter.pdf", letter), a_file("next.jpg", card("back"), "image/jpeg"), way="file")
    sheets = papers.card("referral").locator(".sheet.is-there")
    expect(sheets).to_have_count(2)
    assert [(each["page"], each["contentType"]) for each in papers.told("referral")["documents"]] == [
        (1, "application/pdf"),
        (2, "image/jpeg"),
    ]
    sheets.first.get_by_role("button", name="Look at: Referral or letter, page 1").click()
    expect(page.get_by_role("dialog", name="Referral or letter, page 1").get_by_role("img")).to_have_count(3)
    page.wait_for_function("() => [...document.querySelectorAll('#viewer img')].every(image => image.naturalWidth > 100)")
    assert faults_of(papers) == []
    page.keyboard.press("Escape")
    sheets.first.get_by_role("button", name="Change").click()
    sheets.first.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("dialog", name="Take it back?")).to_be_visible()
    assert faults_of(papers) == []
    portal.button("Yes, take it back").click()
    expect(sheets).to_have_count(1)
    expect(papers.card("referral").get_by_role("heading")).to_be_focused()
    papers.choose("referral", photograph())
    expect(sheets).to_have_count(2)
    assert [each["page"] for each in papers.told("referral")["documents"]] == [1, 2]


def test_the_page_speaks_spanish(new_window: NewWindow, running: Run) -> None:
    portal = Portal(new_window(PHONE), running, "es")
    papers = papers_of(portal)
    papers.open()
    expect(portal.page.get_by_role("heading", name="0 de 3 enviados")).to_be_visible()
    papers.choose("insurance-front", photograph())
    papers.says("insurance-front", "La clínica lo mirará.")
    papers.choose("photo-id", a_file("dni.pdf", samples.locked_pdf()), way="file")
    papers.says("photo-id", "El PDF tiene contraseña.")
    assert faults_of(papers) == []
    portal.page.set_viewport_size({"width": 320, "height": 640})
    assert faults_of(papers) == []
