"""What a weak network, a lapsed form and a session that ends do to a card on its way: it arrives once, by itself or with one tap."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.documents import samples
from tests.journeys.cards import a_file, papers_of, photograph
from tests.journeys.portal import Portal
from tests.journeys.test_a_patient_sends_a_card import STORE, THERE
from tests.journeys.test_by_keyboard import Keyboard

pytestmark = pytest.mark.browser

ASK = "**/appointments/*/documents?*"


def test_a_form_that_lapsed_is_asked_for_anew(phone: Portal) -> None:
    papers, posts = papers_of(phone), list[str]()
    phone.window.watch.expect(403)

    def lapsed(route: Route) -> None:
        posts.append(route.request.method)
        if len(posts) == 1:
            route.fulfill(status=403, body="<Error><Code>AccessDenied</Code></Error>", headers={"Access-Control-Allow-Origin": "*"})
        else:
            route.continue_()

    papers.open()
    phone.page.route(STORE, lambda route: lapsed(route) if route.request.method == "POST" else route.continue_())
    papers.choose("insurance-front", photograph())
    papers.says("insurance-front", THERE)
    assert len(posts) == 2
    assert len(papers.told("insurance-front")["documents"]) == 1


def test_a_way_whose_answer_was_lost_is_taken_over(phone: Portal) -> None:
    papers, asked = papers_of(phone), list[str]()
    phone.window.watch.expect("net::ERR_FAILED")

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not asked:
            asked.append("once")
            route.fetch()
            route.abort("failed")
        else:
            route.continue_()

    papers.open()
    phone.page.route(ASK, lose)
    papers.choose("insurance-front", photograph())
    papers.says("insurance-front", THERE)
    assert len(papers.told("insurance-front")["documents"]) == 1


def test_who_waits_can_try_again_at_once_or_let_it_be(phone: Portal) -> None:
    papers = papers_of(phone)
    phone.window.watch.expect("net::ERR_FAILED", 429)
    papers.open()
    told = {"type": "slow-down", "title": "Please slow down.", "status": 429, "retryAfter": 50}
    phone.page.route(ASK, lambda route: route.fulfill(status=429, json=told) if route.request.method == "POST" else route.continue_())
    papers.choose("insurance-front", photograph())
    papers.says("insurance-front", "Please wait 50 seconds")
    phone.page.unroute(ASK)
    papers.card("insurance-front").get_by_role("button", name="Try again").click()
    papers.says("insurance-front", THERE)
    phone.page.route(STORE, lambda route: route.abort("failed"))
    papers.choose("insurance-back", photograph("back"))
    papers.says("insurance-back", "No connection")
    papers.card("insurance-back").get_by_role("button", name="Remove").click()
    expect(papers.card("insurance-back").locator(".sheet")).to_have_count(0)
    expect(papers.way("insurance-back")).to_be_visible()
    phone.page.unroute(STORE)
    papers.choose("insurance-back", photograph("back"))
    papers.says("insurance-back", THERE)


def test_what_is_removed_while_its_way_is_asked_for_is_never_sent(phone: Portal) -> None:
    papers, held = papers_of(phone), list[Route]()
    papers.open()
    phone.page.route(ASK, lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    papers.choose("insurance-front", photograph())
    papers.says("insurance-front", "Sending,")
    papers.card("insurance-front").get_by_role("button", name="Remove").click()
    with phone.page.expect_response("**/withdraw?*"):
        held[0].continue_()
    phone.page.unroute(ASK)
    assert papers.told("insurance-front")["documents"] == []
    assert [address for address in phone.window.watch.asked if "files.localhost" in address] == []
    papers.choose("insurance-front", photograph())
    papers.says("insurance-front", THERE)


def test_a_refusal_that_passes_is_tried_again_with_one_tap(phone: Portal) -> None:
    papers = papers_of(phone)
    phone.window.watch.expect(409)
    told = {"type": "too-many-files", "title": "There are already as many pages as we can take.", "status": 409}
    papers.open()
    phone.page.route(ASK, lambda route: route.fulfill(status=409, json=told) if route.request.method == "POST" else route.continue_())
    papers.choose("insurance-front", photograph())
    papers.says("insurance-front", "as many pages as we can take")
    phone.page.unroute(ASK)
    papers.card("insurance-front").get_by_role("button", name="Try again").click()
    papers.says("insurance-front", THERE)


@pytest.mark.deep
def test_who_chooses_more_pages_than_there_is_room_for_is_told(phone: Portal) -> None:
    papers = papers_of(phone)
    papers.open()
    page = samples.jpeg()
    papers.choose("referral", *(a_file(f"{number}.jpg", page, "image/jpeg") for number in range(12)), way="file")
    papers.says("referral", "There are as many pages as we can take.")
    expect(papers.card("referral").locator(".sheet.is-there")).to_have_count(10, timeout=90_000)
    expect(papers.card("referral").locator(".sheet")).to_have_count(11)
    assert [each["page"] for each in papers.told("referral")["documents"]] == list(range(1, 11))


def test_a_session_that_ends_midway_is_signed_in_to_right_here_and_the_card_goes_on(phone: Portal) -> None:
    papers = papers_of(phone, anew=True)
    phone.window.watch.expect(401)
    papers.open()
    session = phone.window.context.storage_state()
    phone.api.post("sign-out", {})
    phone.window.context.set_storage_state(session)  # the browser still has what the clinic no longer honours
    papers.choose("insurance-front", photograph())
    expect(phone.page.locator(".error-summary")).to_contain_text("signed out")
    expect(papers.card("insurance-front")).to_be_hidden()
    phone.sign_in(papers.patient)
    papers.says("insurance-front", THERE)


def test_a_card_is_sent_and_changed_without_a_pointer(portal: Portal) -> None:
    papers, page, keys = papers_of(portal), portal.page, Keyboard(portal.page)
    page.on("filechooser", lambda opened: opened.set_files(photograph()))  # early: a key is faster than a listener
    papers.open()
    keys.follow(papers.way("insurance-front"))
    expect(papers.card("insurance-front").locator(".sheet")).to_be_focused()
    papers.says("insurance-front", THERE)
    change = papers.card("insurance-front").get_by_role("button", name="Change")
    keys.follow(change)
    expect(change).to_have_attribute("aria-expanded", "true")
    expect(change).to_be_focused()
    keys.follow(papers.card("insurance-front").get_by_role("button", name="Take it back"))
    keys.press("Escape")
    expect(papers.card("insurance-front").get_by_role("button", name="Take it back")).to_be_focused()
    assert papers.told("insurance-front")["standing"] == "sent"


def test_a_visit_that_is_cancelled_takes_nothing_more(phone: Portal) -> None:
    papers = papers_of(phone)
    phone.window.watch.expect(409)
    papers.open()
    phone.api.cancel(papers.visit)
    papers.choose("insurance-front", photograph())
    papers.says("insurance-front", "Nothing more can be sent for this visit")
    phone.page.reload()
    expect(phone.page.locator("#closed")).to_be_visible()
    expect(phone.page.locator("[data-way]:visible")).to_have_count(0)


def test_a_strangers_visit_is_not_there(phone: Portal) -> None:
    phone.api.sign_in(papers_of(phone, anew=True).patient)
    phone.window.watch.expect(404)
    phone.open("documents/#nothing")
    expect(phone.page.get_by_role("heading", name="We could not find this visit")).to_be_visible()
