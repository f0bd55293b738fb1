"""Two devices answer one form: nobody sends what they have not seen, and no side's answers are lost on the way."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page as Window
from playwright.sync_api import Route, expect

from tests.portals.filling import Clinic, opened
from tests.portals.test_answers_in_the_page import LEFT, Made, faults, go_on, made, page

__all__ = ["made", "page"]
pytestmark = pytest.mark.browser

PAIN, WHERE = (
    {"linkId": "where", "type": "string", "text": "Where does it hurt?"},
    {"linkId": "name", "type": "string", "text": "Your name"},
)
ITEMS = [
    {"linkId": "pain", "type": "boolean", "text": "Are you in pain?", "item": [PAIN]},
    WHERE,
    {"linkId": "free", "type": "string", "text": "What else?"},
]


def said(link_id: str, text: str) -> dict[str, Any]:
    """An answer in words."""
    return {"linkId": link_id, "answer": [{"valueString": text}]}


def pain(where: str) -> dict[str, Any]:
    """Yes, and where."""
    return {"linkId": "pain", "answer": [{"valueBoolean": True, "item": [said("where", where)]}]}


def filled(page: Window, made: Made) -> Clinic:
    """At the end of the form, everything saved."""
    clinic = made(ITEMS)
    opened(page, clinic)
    page.locator("[data-q=pain] > .option").first.click()
    page.locator("[data-q=where] input").fill("My back")
    go_on(page)
    page.locator("[data-q=name] input").fill("Lena")
    go_on(page)
    page.locator("[data-q=free] input").fill("No")
    go_on(page)
    expect(page.locator("#check")).to_be_visible()
    expect(page.locator("#saved")).to_have_text("Saved")
    return clinic


def verbs(clinic: Clinic) -> list[str]:
    """What was asked of the clinic."""
    return [verb for verb, _ in clinic.sent]


def test_what_another_device_has_answered_is_looked_through_before_it_is_sent(page: Window, made: Made) -> None:
    clinic = filled(page, made)
    clinic.elsewhere(pain("My back"), said("name", "Lena"), said("free", "Nuts make me ill"))
    go_on(page)
    expect(page.locator("#news")).to_be_focused()
    expect(page.locator("#checked")).to_contain_text("Nuts make me ill")
    assert (clinic.status, verbs(clinic)[-1]) == ("in-progress", "save")
    assert faults(page) == []
    go_on(page)
    expect(page.locator("#finished")).to_be_visible()
    assert clinic.sent[-1][1]["items"] == [pain("My back"), said("name", "Lena"), said("free", "Nuts make me ill")]


def test_what_is_too_much_with_another_devices_answers_offers_to_load_those(page: Window, made: Made) -> None:
    clinic = filled(page, made)
    page.locator("#checked a").nth(2).click()
    page.locator("[data-q=free] input").fill("Too much")
    clinic.elsewhere(pain("My neck"), said("name", "Lena"), said("free", "No"))
    clinic.refusals = [(412, {"type": "changed", "title": "It changed."})] * 2
    go_on(page)
    offer = page.locator(".error-summary a")
    expect(offer).to_contain_text("Choose this to load what was saved there")
    assert (verbs(clinic)[-2:], clinic.sent[-1][1]["known"][0]) == (["save", "save"], pain("My back"))
    assert faults(page) == []
    offer.click()
    expect(page.locator("#form[data-whole]")).to_be_visible()
    expect(page.locator("[data-q=where] input")).to_have_value("My neck")
    expect(page.locator("[data-q=free] input")).to_have_value("No")


def test_a_save_that_is_put_together_while_send_is_pressed_sends_nothing(page: Window, made: Made) -> None:
    clinic = filled(page, made)
    page.locator("#checked a").nth(2).click()
    page.locator("[data-q=free] input").fill("No, thanks")
    clinic.elsewhere(pain("My back"), said("name", "Lena Okoye"), said("free", "No"))
    page.evaluate("document.querySelector('#next').click()")
    page.evaluate("document.querySelector('#next').click()")
    expect(page.locator("#checked")).to_contain_text("Lena Okoye")
    expect(page.locator("#checked")).to_contain_text("No, thanks")
    expect(page.locator("#news")).to_be_visible()
    assert clinic.status == "in-progress"


def test_between_two_answers_is_chosen_before_anything_goes_on(page: Window, made: Made) -> None:
    clinic = filled(page, made)
    page.locator("#checked a").nth(0).click()
    page.locator("[data-q=where] input").fill("My knee")
    clinic.elsewhere(pain("My head"), said("name", "Lena"), said("free", "No"))
    go_on(page)
    conflicts = page.locator("#conflicts")
    expect(conflicts.locator("li")).to_have_count(1)
    expect(conflicts.locator("[data-take=mine]")).to_have_text("On this page: My knee")
    expect(conflicts.locator("[data-take=theirs]")).to_have_text("Saved elsewhere: My head")
    go_on(page)
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_contain_text("Choose first which answer is right")
    assert (clinic.status, faults(page)) == ("in-progress", [])
    with page.expect_response("**/save?*"):
        conflicts.locator("[data-take=theirs]").click()
    expect(conflicts).to_be_hidden()
    expect(page.locator(".error-summary")).to_have_count(0)
    expect(page.locator("#checked")).to_contain_text("My head")
    assert clinic.kept[0] == pain("My head")


def test_a_choice_is_still_offered_when_something_was_typed_while_it_came(page: Window, made: Made) -> None:
    clinic = filled(page, made)
    page.locator("#checked a").nth(1).click()
    page.locator("[data-q=name] input").fill("Lena O.")
    clinic.elsewhere(pain("My back"), said("name", "Lena Okoye"), said("free", "No"))

    def slowly(route: Route) -> None:
        if "known" in (route.request.post_data or ""):
            page.evaluate("document.querySelector('[data-q=free] input').value = 'Typed meanwhile'")
        clinic.answer(route)

    page.route("**/save?*", slowly, times=2)
    go_on(page)
    expect(page.locator("#conflicts li")).to_have_count(1)
    expect(page.locator("#conflicts [data-take=theirs]")).to_have_text("Saved elsewhere: Lena Okoye")
    expect(page.locator("#saved")).to_have_text("Saved")
    assert clinic.kept == [pain("My back"), said("name", "Lena O."), said("free", "Typed meanwhile")]


def test_what_is_typed_last_is_put_together_with_another_device_when_the_page_is_left(page: Window, made: Made) -> None:
    clinic = filled(page, made)
    page.locator("#checked a").nth(2).click()
    page.locator("[data-q=free] input").fill("Typed last")
    clinic.elsewhere(pain("My back"), said("name", "Lena Okoye"), said("free", "No"))
    with page.expect_response("**/save?*"):
        page.evaluate(LEFT)
    assert clinic.kept == [pain("My back"), said("name", "Lena Okoye"), said("free", "Typed last")]
    expect(page.locator("[data-q=name] input")).to_have_value("Lena Okoye")
    go_on(page)
    expect(page.locator("#news")).to_be_visible()


KEPT = "() => import(document.querySelector('link[rel=modulepreload][href*=filling]').href.replace('filling', 'drafts')).then(({step}) => step('readonly', store => store.count()))"


def signed_out(route: Route) -> None:
    """Nobody is signed in."""
    route.fulfill(status=401, json={"type": "signed-out", "status": 401})


def test_a_draft_kept_on_a_phone_is_its_patients_alone_and_holds_half_a_date(page: Window, made: Made) -> None:
    clinic = made([{"linkId": "born", "type": "date", "text": "Born?"}, *ITEMS])
    opened(page, clinic)
    expect(page.locator("#keep")).to_be_enabled()
    page.evaluate("document.querySelector('#offline').hidden = false")
    page.locator("#keep").check()
    page.locator("[data-q=born] [data-part=year]").fill("1991")
    page.evaluate(LEFT)
    page.wait_for_function(f"async () => await ({KEPT})() === 1")

    page.route("**/api/**", lambda route: route.abort())  # the clinic does not answer: its patient goes on
    page.reload()
    expect(page.locator("[data-q=born] [data-part=year]")).to_have_value("1991")
    page.unroute("**/api/**")

    page.route("**/responses?*", signed_out)
    page.reload()
    expect(page.locator("#sign-in")).to_be_visible()
    page.unroute("**/responses?*")
    page.route("**/api/**", lambda route: route.abort())  # signed out, and no answer: nobody sees it
    page.reload()
    expect(page.locator("#failure")).to_be_visible()
    assert page.locator("[data-q=born] [data-part=year]").input_value() == ""
    page.unroute("**/api/**")

    for patient, year, drafts in (("ada", "1991", 1), ("ben", "", 0)):
        page.route("**/responses?*", signed_out)
        page.reload()
        page.locator("#email").fill("somebody@example.com")
        page.locator("#email-form button.button").click()
        page.unroute("**/responses?*")
        clinic.patient = patient
        page.locator("#code").fill("1234 5678")
        page.locator("#code-form button.button").first.click()
        expect(page.locator("#form[data-whole]")).to_be_visible()
        page.wait_for_function(f"async () => await ({KEPT})() === {drafts}")
        expect(page.locator("[data-q=born] [data-part=year]")).to_have_value(year)
