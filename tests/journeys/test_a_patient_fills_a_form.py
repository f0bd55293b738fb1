"""A patient fills in what the clinic asks before a visit: on a phone, through a lost network, from device to device, signed and sent."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from scripts.local.environment import ROOT
from tests.journeys.cards import photograph
from tests.journeys.chrome import DESK, PHONE
from tests.journeys.conftest import NewWindow
from tests.journeys.desk import Desk
from tests.journeys.filling import WORDS, Filling, answer_consent, begin, sign
from tests.journeys.portal import Portal
from tests.journeys.test_by_keyboard import Keyboard
from tests.journeys.test_every_page import (
    axe_by_day_and_by_night,
    moving_for_who_wants_it_still,
    over_the_edge,
    sideways_when_narrow,
    small_controls,
    unmarked_in_the_systems_own_colours,
)
from tests.journeys.test_first_load import MOST_BYTES, Scales, weighed
from tests.local.serving import Run

pytestmark = pytest.mark.browser

OFFLINE = ("net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED")
# English on a phone and Spanish at a desk; the other way round in the deep run.
WAYS = [
    pytest.param((PHONE, "en"), id="phone-en"),
    pytest.param((DESK, "es"), id="desk-es"),
    pytest.param((PHONE, "es"), id="phone-es", marks=pytest.mark.deep),
    pytest.param((DESK, "en"), id="desk-en", marks=pytest.mark.deep),
]


# The main ways are gone both ways at every change; of the others the second follows in the deep run.
ONE_WAY = [WAYS[0], *(pytest.param(*way.values, id=way.id, marks=pytest.mark.deep) for way in WAYS[1:])]
BOTH_WAYS = pytest.mark.parametrize("portal", WAYS, indirect=True)


@pytest.fixture(params=ONE_WAY)
def portal(request: pytest.FixtureRequest, new_window: NewWindow, running: Run) -> Portal:
    """The North's portal in one language, in a window of one size."""
    size, language = request.param
    return Portal(new_window(size), running, language)


@BOTH_WAYS
def test_a_form_is_begun_on_a_phone_loses_the_network_and_is_finished_and_signed_on_another_device(
    portal: Portal, new_window: NewWindow, running: Run
) -> None:
    portal.window.watch.expect(*OFFLINE)
    filling = begin(portal, "consent-to-treat")
    portal.open(f"forms/?visit={filling.visit}")
    expect(portal.page.locator("#list li")).to_have_count(4)
    portal.page.locator("#list a[href*='consent-to-treat']").click()
    filling.ready()
    answer_consent(filling, 0, 2)
    filling.saved()
    portal.window.context.set_offline(True)
    answer_consent(filling, 2, 4)
    filling.on("payment")
    expect(portal.page.locator("#offline")).to_be_visible()
    assert filling.faults() == []
    portal.window.context.set_offline(False)
    filling.saved()
    expect(portal.page.locator("#offline")).to_be_hidden()
    assert filling.told()["seen"] == ["care", "exposure", "telehealth", "learners"]

    elsewhere = Portal(new_window(PHONE), running, portal.language)
    elsewhere.window.watch.expect(401)
    other = Filling(elsewhere, filling.visit, filling.questionnaire, filling.person)
    other.open()
    elsewhere.sign_in(filling.person)
    answer_consent(other, 4)
    expect(elsewhere.page.locator("#check")).to_be_visible()
    expect(elsewhere.page.locator("#checked .checked")).to_have_count(5)
    assert other.faults() == []
    other.go_on()
    sign(other)
    expect(elsewhere.page.get_by_role("heading", name=other.words["thanks"])).to_be_visible()
    assert other.faults() == []
    told = other.told()
    assert (told["status"], told["edition"], told["evidence"][0]["name"]) == ("completed", 1, f"{other.person.given} {other.person.family}")
    elsewhere.open(f"forms/?visit={filling.visit}")
    expect(elsewhere.page.locator("#how-many")).to_contain_text("1")


def test_what_is_wrong_is_said_above_the_page_and_beside_each_question_in_the_same_words(portal: Portal) -> None:
    filling, page = begin(portal, "consent-to-treat"), portal.page
    filling.go_on()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("heading")).to_have_text(filling.words["problem"])
    words = summary.locator("a").text_content()
    expect(filling.question("agree-care").locator(".field-error")).to_have_text(words or "nothing")
    assert filling.faults() == []
    summary.locator("a").click()
    expect(filling.question("agree-care").locator("input")).to_be_focused()
    filling.choose("agree-care")
    expect(filling.question("agree-care").locator(".field-error")).to_have_count(0)
    filling.go_on()
    filling.on("exposure")


@BOTH_WAYS
def test_thoughts_of_suicide_show_whom_to_call_at_once_and_reach_staff_before_the_form_is_sent(portal: Portal) -> None:
    filling = begin(portal, "phq-9", "annual")
    box = portal.page.locator(".crisis")
    expect(box).to_be_hidden()
    portal.window.context.set_offline(True)
    portal.window.watch.expect(*OFFLINE)
    filling.choose("phq-9-9", 1)
    expect(box).to_be_visible()
    expect(box.locator("a[href='tel:988']")).to_be_visible()
    assert filling.faults() == []
    portal.window.context.set_offline(False)
    for number in range(1, 9):
        filling.choose(f"phq-9-{number}", 0)
    filling.go_on()
    filling.on("phq-9-impact")
    filling.saved()
    told = filling.told()
    assert (told["status"], [each["code"] for each in told["flags"]]) == ("in-progress", ["suicidal-thoughts"])
    portal.page.reload()
    filling.ready()
    portal.page.locator("#prev").click()
    expect(box).to_be_visible()
    filling.choose("phq-9-9", 0)
    expect(box).to_be_hidden()


def test_a_form_is_filled_in_without_a_pointer(portal: Portal) -> None:
    filling = begin(portal, "consent-to-treat")
    keys, page, words = Keyboard(portal.page), portal.page, WORDS[portal.language]
    keys.tab_to(filling.question("agree-care").locator("input"))
    keys.press("Space")
    keys.follow(portal.button(words["go_on"]))
    for id_, question, presses in (
        ("exposure", "agree-exposure", 0),
        ("telehealth", "agree-telehealth", 1),
        ("learners", "agree-learners", 2),
    ):
        expect(filling.on(id_).locator("h2")).to_be_focused()
        keys.tab_to(filling.question(question).locator("input").first)
        keys.press("Space")
        for _ in range(presses):
            keys.press("ArrowDown")
        keys.follow(portal.button(words["go_on"]))
    expect(filling.on("payment").locator("h2")).to_be_focused()
    keys.tab_to(filling.question("agree-payment").locator("input"))
    keys.press("Space")
    keys.press("Enter")
    expect(page.locator("#check h2")).to_be_focused()
    keys.follow(portal.button(words["go_on"]))
    expect(filling.on("sign").locator("h2")).to_be_focused()
    keys.tab_to(filling.question("signer").locator("input").first)
    keys.press("Space")
    keys.type(filling.question("signature").locator("input"), "Lena Okoye")
    keys.press("Enter")
    expect(page.get_by_role("heading", name=words["thanks"])).to_be_visible()
    told = {each["linkId"]: each for each in filling.told()["items"]}
    assert told["telehealth"]["item"][0]["answer"] == [{"valueBoolean": False}]


def test_two_devices_are_put_together_and_the_patient_chooses_between_two_answers(
    phone: Portal, new_window: NewWindow, running: Run
) -> None:
    filling = begin(phone, "consent-to-treat")
    other = Filling(Portal(new_window(DESK), running), filling.visit, filling.questionnaire, filling.person)
    other.page.context.add_cookies(phone.page.context.cookies())  # type: ignore[arg-type]  # what comes out may go in
    other.open()
    answer_consent(filling, 0, 4)
    filling.saved()
    other.portal.window.watch.expect(412)
    other.choose("agree-care")
    other.portal.page.evaluate("history.pushState(null, '', '#learners'); dispatchEvent(new PopStateEvent('popstate'))")
    other.on("learners")
    other.choose("agree-learners", 0)
    other.go_on()
    conflicts = other.page.locator("#conflicts")
    expect(conflicts).to_be_visible()
    expect(conflicts.locator("li")).to_have_count(1)
    assert other.faults() == []
    conflicts.locator("[data-take=theirs]").click()
    expect(conflicts).to_be_hidden()
    other.saved()
    told = {each["linkId"]: each["item"][0]["answer"] for each in other.told()["items"]}
    assert (told["learners"], told["telehealth"]) == (filling.told()["items"][3]["item"][0]["answer"], [{"valueBoolean": False}])
    assert told["learners"][0]["valueCoding"]["code"] != "yes"


def test_what_another_device_has_answered_is_seen_before_it_is_signed(phone: Portal, new_window: NewWindow, running: Run) -> None:
    filling, page = begin(phone, "consent-to-treat"), phone.page
    answer_consent(filling, 0, 5)
    filling.go_on()
    filling.on("sign")
    filling.choose("signer")
    filling.write("signature", f"{filling.person.given} {filling.person.family}")
    filling.saved()
    told = filling.told()
    elsewhere = [each for each in told["items"] if each["linkId"] != "learners"]
    body = {"items": elsewhere, "seen": told["seen"], "page": "", "language": "en-US"}
    phone.api.post(f"responses/{told['id']}/save", body, If_Match=f'"{told["version"]}"')
    phone.window.watch.expect(412)
    filling.go_on("sign")
    expect(page.locator("#news")).to_be_focused()
    expect(page.locator("#checked")).to_contain_text("No answer")
    assert filling.told()["status"] == "in-progress"
    assert filling.faults() == []
    page.locator("#checked a").nth(3).click()
    filling.choose("agree-learners", 0)
    filling.go_on()
    filling.go_on()
    filling.go_on("sign")
    expect(page.get_by_role("heading", name=filling.words["thanks"])).to_be_visible()


# What stands in the fields of a form, seen or not.
STANDS = """() => [...document.querySelectorAll('#form input, #form textarea, #form select:not(.is-unit)')]
  .filter(each => each.checked || each.selectedIndex > 0 || (each.matches('.input:not(select)') && each.value)).map(each => each.outerHTML)"""


def test_nothing_of_a_form_is_left_for_whoever_goes_back_after_signing_out(phone: Portal) -> None:
    filling, page = begin(phone, "new-patient"), phone.page
    page.locator("#offer-no").click()
    filling.write("given", "Magdalena")
    filling.choose("sex", 0)
    phone.window.watch.expect(401, "net::ERR_ABORTED")
    tab = phone.window.context.new_page()  # the same form once more, in a tab that nobody looks at
    tab.goto(page.url)
    expect(tab.locator("#form[data-whole]")).to_be_visible()
    tab.locator("#offer-no").click()
    tab.locator("[data-q=given] input").fill("Magdalena")
    assert page.evaluate(STANDS) != []
    page.bring_to_front()
    phone.open("visits/")
    page.wait_for_load_state("networkidle")
    page.locator("#sign-out").click()
    expect(page.locator("#email-form")).to_be_visible()
    page.go_back()
    for each in (page, tab):
        expect(each.locator("#email-form")).to_be_visible()
        each.wait_for_load_state("networkidle")
        assert each.evaluate(STANDS) == []


def test_a_form_that_did_not_load_says_so_and_loads_when_it_is_asked_to(phone: Portal) -> None:
    filling = begin(phone, "consent-to-treat")
    phone.window.watch.expect("net::ERR_FAILED", 503)
    for answer in (lambda route: route.abort(), lambda route: route.fulfill(status=503, json={"type": "down", "status": 503})):
        phone.page.route("**/api/**/responses*", answer)
        phone.page.reload()
        expect(phone.page.locator("#failure")).to_be_visible()
        assert filling.faults() == []
        phone.page.unroute("**/api/**/responses*")
        phone.page.locator("#retry").click()
        filling.on("care")


def test_what_was_typed_stays_while_one_signs_in_again(phone: Portal) -> None:
    filling = begin(phone, "consent-to-treat")
    phone.window.watch.expect(401)
    phone.window.context.clear_cookies()
    filling.choose("agree-care")
    filling.go_on()
    expect(phone.page.locator("#email-form")).to_be_visible()
    expect(phone.page.locator("#form")).to_be_hidden()
    phone.sign_in(filling.person)
    filling.on("exposure")
    filling.saved()
    assert filling.told()["seen"] == ["care"]
    phone.page.locator("#prev").click()
    expect(filling.question("agree-care").locator("input")).to_be_checked()


def test_a_form_of_nobody_s_visit_is_not_there(phone: Portal) -> None:
    begin(phone, "consent-to-treat")
    phone.window.watch.expect(404)
    phone.open("form/consent-to-treat/1/?visit=nothing")
    expect(phone.page.locator("#missing")).to_be_focused()
    phone.open("form/consent-to-treat/1/")
    expect(phone.page.locator("#missing")).to_be_focused()


KEPT = "async () => (await indexedDB.databases()).map(({name}) => name)"
DRAFTS = """() => new Promise(done => {
  const way = indexedDB.open('answers');
  way.onsuccess = () => {
    const asked = way.result.transaction('drafts').objectStore('drafts').count();
    asked.onsuccess = () => { way.result.close(); done(asked.result); };
  };
})"""


def test_what_was_kept_on_the_phone_goes_on_and_is_gone_after_signing_out(phone: Portal) -> None:
    filling, context = begin(phone, "consent-to-treat"), phone.window.context
    phone.window.watch.expect(*OFFLINE, 401, 412)  # what the closed page still had on its way may come first
    answer_consent(filling, 0, 2)
    filling.saved()
    context.set_offline(True)
    answer_consent(filling, 2, 3)
    assert phone.page.evaluate(DRAFTS.replace("transaction('drafts')", "transaction(way.result.objectStoreNames)")) == 0
    phone.page.locator("#keep").check()
    filling.choose("agree-learners", 1)
    phone.page.wait_for_timeout(600)
    assert phone.page.evaluate(DRAFTS) == 1
    phone.page.close(run_before_unload=False)
    context.set_offline(False)
    phone.window.page = phone.page = context.new_page()
    phone.page.route("**/api/**", lambda route: route.abort())  # the pages are there, the clinic does not answer
    filling.open()
    filling.on("learners")
    expect(filling.question("agree-learners").locator("input").nth(1)).to_be_checked()
    filling.go_on()
    expect(phone.page.locator("#offline")).to_be_visible()
    phone.page.unroute("**/api/**")
    phone.page.locator("#try-now").click()
    filling.saved()
    assert filling.told()["seen"] == ["care", "exposure", "telehealth", "learners"]
    phone.open("visits/")
    phone.page.locator("#sign-out").click()
    expect(phone.page.locator("#email-form")).to_be_visible()
    assert phone.page.evaluate(KEPT) == []


def test_a_repeated_group_grows_and_shrinks_and_the_focus_goes_with_it(portal: Portal) -> None:
    filling, page = begin(portal, "new-patient"), portal.page
    portal.open(f"form/new-patient/1/?visit={filling.visit}#medicines")
    page.reload()
    filling.ready()
    filling.on("medicines")
    filling.choose("takes-medicines", 0)
    rows = page.locator('[data-q="medicine"] .row')
    expect(rows).to_have_count(1)
    filling.write("medicine-name", "Metformin")
    page.locator('[data-q="medicine"] > [data-add]').click()
    expect(rows).to_have_count(2)
    expect(filling.question("medicine-name", 1).locator("input")).to_be_focused()
    assert filling.faults() == []
    filling.go_on()
    expect(page.locator(".error-summary a")).to_have_count(3)
    rows.nth(1).locator("[data-remove]").click()
    expect(filling.question("medicine-name", 0).locator("input")).to_be_focused()
    filling.question("medicine-often").locator("select").select_option(index=1)
    filling.go_on()
    filling.on("allergies")
    filling.saved()
    (told,) = (each for each in filling.told()["items"] if each["linkId"] == "medicines")
    assert [each["linkId"] for each in told["item"]] == ["takes-medicines", "medicine"]


def test_what_the_clinic_knows_already_is_confirmed_and_not_typed_again(portal: Portal) -> None:
    filling, page = begin(portal, "new-patient"), portal.page
    offer = page.locator("#offer")
    expect(offer).to_be_visible()
    expect(offer.locator("dd").first).to_have_text(filling.person.given)
    assert filling.faults() == []
    assert filling.told()["items"] == []
    page.locator("#offer-yes").click()
    expect(filling.on("about-you").locator("h2")).to_be_focused()  # what was never told is still asked for
    expect(filling.question("family").locator("input")).to_have_value(filling.person.family)
    filling.choose("sex", 0)
    filling.choose("identity")
    filling.go_on()
    expect(offer.locator("dd").last).to_have_text(re.compile("English|Ingl.s|Español|Spanish"))
    page.locator("#offer-no").click()
    filling.on("language-page")
    filling.saved()


def test_a_card_is_photographed_within_a_form_and_is_not_asked_for_twice(portal: Portal) -> None:
    filling, page = begin(portal, "new-patient"), portal.page
    portal.open(f"form/new-patient/1/?visit={filling.visit}#insurance")
    page.reload()
    filling.ready()
    filling.on("insurance")
    filling.choose("coverage", 0)
    front = filling.question("card-front")
    with page.expect_file_chooser() as chooser:
        front.locator("[data-way=file]").click()
    chooser.value.set_files(photograph("front"))
    expect(front.locator(".file strong")).to_have_text(re.compile("Sent|Enviad"))
    assert filling.faults() == []
    page.reload()
    filling.ready()
    portal.open(f"documents/#{filling.visit}")
    expect(page.locator("[data-kind=insurance-front] .sheet")).to_have_count(1)


@BOTH_WAYS
def test_one_question_is_sent_back_done_again_alone_and_accepted(portal: Portal, manager: Desk) -> None:
    filling, page = begin(portal, "consent-to-treat"), portal.page
    answer_consent(filling, 0, 5)
    filling.go_on()
    sign(filling)
    expect(page.get_by_role("heading", name=filling.words["thanks"])).to_be_visible()
    response = filling.told()["id"]
    manager.open(f"visit-forms/#r={response}")
    manager.page.locator("#answers li", has_text="May a student be in the room").get_by_role("button").click()
    manager.page.get_by_label("What is wrong with it?").fill("Please tell us about students once more.")
    manager.button("Ask the patient").click()
    expect(manager.dialog("Ask again")).to_be_hidden()

    portal.open(f"forms/?visit={filling.visit}")
    portal.page.locator("#list a[href*='consent-to-treat']").click()
    filling.ready()
    filling.on("learners")
    expect(page.locator("#how-far")).to_contain_text("2")  # the question, and signing what it changes
    expect(page.locator(".note")).to_contain_text("Please tell us about students once more.")
    assert filling.faults() == []
    filling.go_on()  # neither changed nor said to be right
    expect(filling.question("agree-learners").locator(".field-error")).to_be_visible()
    filling.choose("agree-learners", 2)
    filling.go_on()
    filling.on("sign")
    name = filling.question("signature").locator("input").first
    expect(name).to_have_value("")  # what is changed is signed anew
    name.fill(f"{filling.person.given} {filling.person.family}")
    portal.button(filling.words["again"]).click()
    expect(page.get_by_role("heading", name=filling.words["changed"])).to_be_visible()
    told = filling.told()
    assert (told["status"], told["edition"], told["returned"], len(told["evidence"])) == ("amended", 2, [], 2)

    manager.page.reload()
    manager.button("Accept").click()
    expect(manager.button("Accept")).to_be_hidden()
    assert {each["questionnaire"]: each["standing"] for each in filling.listed()}["consent-to-treat"] == "complete"


def test_the_words_of_an_open_choice_choose_it_and_ask_for_words_of_ones_own(phone: Portal) -> None:
    filling, page = begin(phone, "new-patient"), phone.page
    page.locator("#offer-yes").click()
    pronouns = filling.question("pronouns")
    pronouns.get_by_text("Other", exact=True).click()
    expect(pronouns.get_by_label("Please say what")).to_be_focused()
    filling.choose("sex", 1)
    filling.choose("identity")
    filling.go_on()
    expect(page.locator(".error-summary a")).to_have_text(["Your pronouns: please say what"])
    assert filling.faults() == []
    pronouns.get_by_role("button", name="Clear my answer").click()
    expect(pronouns.get_by_label("Please say what")).to_be_hidden()
    filling.write("called", "Len")
    page.locator("[data-language]").first.click()  # what was typed goes along
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^es"))
    filling.ready()
    expect(filling.question("called").locator("input")).to_have_value("Len")


def test_a_page_waits_until_the_card_is_at_hand_and_the_form_until_the_page_is_finished(phone: Portal) -> None:
    filling, page = begin(phone, "new-patient"), phone.page
    phone.open(f"form/new-patient/1/?visit={filling.visit}#insurance")
    page.reload()
    filling.ready()
    filling.choose("coverage", 0)
    filling.choose("holder", 1)
    filling.date("holder-birth-date", 1990, 99, 3)
    filling.go_on()
    later = page.get_by_role("button", name="Finish this page later")
    expect(page.locator(".error-summary")).to_be_visible()
    expect(later).to_be_hidden()  # something is wrong, not only missing
    filling.date("holder-birth-date", 1990, 9, 3)
    filling.go_on()
    assert filling.faults() == []
    later.click()
    filling.on("visit")
    page.evaluate("location.hash = 'check'")
    page.reload()
    filling.ready()
    card = page.locator(".checked", has=page.get_by_role("heading", name="Insurance", exact=True))
    expect(card.locator(".tag")).to_have_text("Not finished")
    expect(page.locator("#checked h4", has_text="Pregnancy")).to_have_count(0)
    filling.go_on()
    page.locator(".error-summary a", has_text="Insurance").click()
    filling.on("insurance")
    expect(filling.question("insurer").locator(".field-error")).to_be_visible()
    filling.date("holder-birth-date", 1990, 99, 3)
    page.go_back()
    expect(card).to_contain_text("99 / 3 / 1990")
    expect(card.locator(".tag")).to_be_visible()


def test_a_clinic_in_london_tells_nobody_to_call_911(new_window: NewWindow, running: Run) -> None:
    page = new_window(PHONE).page
    for questionnaire in ("new-patient", "phq-9"):
        for rest in ("", "rest/") if questionnaire == "new-patient" else ("",):
            answer = page.request.get(f"{running.address}/south/en/form/{questionnaire}/1/{rest}")
            assert answer.ok
            assert re.findall(r"\b911\b|\b988\b|Medicare|06511", answer.text()) == []


def test_a_copy_is_taken_along_and_a_consent_taken_back(portal: Portal) -> None:
    filling, page = begin(portal, "consent-to-treat"), portal.page
    answer_consent(filling, 0, 5)
    filling.go_on()
    sign(filling)
    expect(page.locator("#consents li strong")).to_have_text([page.locator(".form-title").text_content() or ""])
    expect(page.locator("#whole")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#whole")).to_be_visible()
    with page.expect_download() as coming:
        page.locator("#copy").click()
    assert coming.value.suggested_filename.endswith(".pdf")
    page.locator("#consents button").click()
    expect(page.locator("#taking-back")).to_be_visible()
    assert filling.faults() == []
    page.locator("#taking-back-why").fill("I changed my mind.")
    page.locator("#taking-back-yes").click()
    expect(page.locator("#consents")).to_be_hidden()
    page.locator("#finished summary").click()
    for number in (0, 4):  # both that it covered
        expect(page.locator("#whole dd").nth(number)).to_have_text("No")
    told = filling.told()
    (evidence,) = told["evidence"]
    assert evidence["withdrawn"]
    assert answers_of(told, "agree-care", "agree-payment") == [False, False]

    for again in (False, True):  # it stays a No, and is not asked for again
        if again:
            page.reload()
            expect(page.locator("#finished")).to_be_visible()
        page.locator("#amend").click()
        for number in (0, 4):
            expect(page.locator("#checked dd").nth(number)).to_have_text("No")
        page.locator("#why").fill("Once more.")
        filling.go_on()
        filling.on("sign")
        expect(filling.question("signature").locator("input").first).to_have_value("")
        filling.go_on("sign")
        expect(page.get_by_role("heading", name=filling.words["changed"])).to_be_visible()
        told = filling.told()
        assert (told["edition"], len(told["evidence"])) == (3 + again, 1)
        assert answers_of(told, "agree-care", "agree-payment") == [False, False]


def answers_of(told: Any, *link_ids: str) -> list[Any]:
    """What questions of whatever page are answered with, each with a yes or a no."""
    below = [each for page in told["items"] for each in page.get("item", [page])]
    return [each["answer"][0]["valueBoolean"] for link_id in link_ids for each in below if each["linkId"] == link_id]


def test_a_form_of_a_cancelled_visit_says_so_and_keeps_what_was_typed(portal: Portal) -> None:
    filling, page = begin(portal, "consent-to-treat"), portal.page
    portal.window.watch.expect(409)
    answer_consent(filling, 0, 1)
    filling.saved()
    portal.api.post(f"appointments/{filling.visit}/cancel", {})
    answer_consent(filling, 1, 2)
    notice = page.locator("#visit-cancelled")
    expect(notice).to_be_focused()
    expect(notice.locator("a[href^='tel:'], a[href$='/book/']")).to_have_count(2)
    assert filling.faults() == []
    answer_consent(filling, 2, 3)  # said once, and what was typed can be read
    expect(page.locator("#saved")).not_to_have_text(filling.words["saved"])
    page.locator("#prev").click()
    expect(filling.question("agree-telehealth").locator("input").nth(1)).to_be_checked()
    expect(notice).to_be_visible()


OURS = sorted(path.stem for path in (ROOT / "portal_templates/intake/questionnaires").glob("*.json"))
ALL_AT_ONCE = """() => {
  for (const several of document.querySelectorAll('.several')) several.querySelector(':scope > [data-add]').click();
  for (const hidden of document.querySelectorAll('[data-page], [data-page] [hidden]')) if (!hidden.matches('svg, template')) hidden.hidden = false;
}"""


def test_every_page_of_every_form_can_be_used_by_everybody(new_window: NewWindow, running: Run) -> None:
    """All pages of a form at once, with all that some answer may bring to light: in one language on a phone, in the other at a desk."""
    phone, desk = Portal(new_window(PHONE), running), Portal(new_window(DESK), running, "es")
    filling = begin(phone, OURS[0])
    desk.window.context.add_cookies(phone.window.context.cookies())  # type: ignore[arg-type]  # what comes out may go in
    found = dict[tuple[str, str], list[Any]]()
    for number, questionnaire in enumerate(OURS):
        shown = Filling((phone, desk)[number % 2], filling.visit, questionnaire, filling.person)
        shown.open()
        shown.page.evaluate(ALL_AT_ONCE)
        looks = [axe_by_day_and_by_night, small_controls, over_the_edge, sideways_when_narrow]
        looks += [unmarked_in_the_systems_own_colours, moving_for_who_wants_it_still] * (questionnaire == "new-patient")
        found |= {(questionnaire, look.__name__): faults for look in looks if (faults := look(shown.portal))}
    assert found == {}


LATER = "**/intake/flow.js"


WEIGHED = [pytest.param(each, marks=[] if each in ("new-patient", "annual-update", "gad-7") else pytest.mark.deep) for each in OURS]


@pytest.mark.parametrize("questionnaire", WEIGHED)
def test_a_form_is_light_and_what_follows_its_first_page_is_light_too(new_window: NewWindow, running: Run, questionnaire: str) -> None:
    portal = Portal(new_window(PHONE), running, "es")
    filling = begin(portal, questionnaire, anew=False, opened=False)
    portal.page.route(LATER, lambda route: route.abort())
    portal.window.watch.expect("net::ERR_FAILED")
    scales = Scales(portal.window)
    portal.open(f"form/{questionnaire}/1/?visit={filling.visit}")
    expect(portal.page.locator("#form")).to_be_visible()
    weight = weighed(portal.page, scales)
    assert weight.is_light, weight
    first = weight.bytes
    portal.page.unroute(LATER)
    filling.ready()
    portal.page.wait_for_load_state("networkidle")
    assert sum(scales.wire) - first <= MOST_BYTES, (first, sum(scales.wire))
