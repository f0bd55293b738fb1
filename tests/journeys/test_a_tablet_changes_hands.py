"""The clinic's tablet: the desk's code opens it for one visit, its patient fills in a form, hands it back, and nothing is left on it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.cast import RHEA
from tests.journeys import looking
from tests.journeys.chrome import DESK, PHONE
from tests.journeys.conftest import NewWindow
from tests.journeys.desk import Desk
from tests.journeys.filling import Filling, answer_consent
from tests.journeys.papers import a_sender
from tests.journeys.portal import Portal, Window
from tests.journeys.scenes import Stage
from tests.local.serving import Run

pytestmark = pytest.mark.browser

LEFT = (
    """async () => [...Object.keys(sessionStorage), ...Object.keys(localStorage), ...(await indexedDB.databases()).map(({name}) => name)]"""
)


# Drafts as intake/keeping.js keeps them, each with the visit it is for, and a mark of the tab.
KEEP = """visits => new Promise(done => {
  sessionStorage.setItem('overlap', 'yes');
  const way = indexedDB.open('answers', 1);
  way.onupgradeneeded = () => way.result.createObjectStore('drafts');
  way.onsuccess = () => {
    const doing = way.result.transaction('drafts', 'readwrite');
    for (const visit of visits) doing.objectStore('drafts').put({view: {appointment: visit}}, `${visit} consent-to-treat`);
    doing.oncomplete = () => { way.result.close(); done(); };
  };
})"""
KEPT = """() => new Promise(done => {
  const way = indexedDB.open('answers');
  way.onsuccess = () => {
    const asked = way.result.transaction('drafts').objectStore('drafts').getAllKeys();
    asked.onsuccess = () => { way.result.close(); done([...asked.result, ...Object.keys(sessionStorage)]); };
  };
})"""
GIVE = """async path => {
  const headers = {'X-Portal': '1', 'Content-Type': 'application/json'};
  return (await (await fetch(path, {method: 'POST', headers, body: '{}'})).json()).code;
}"""
FINISH = "Finish and hand back"


def a_code(desk: Window, run: Run, visit: str) -> str:
    """From the desk, for a visit."""
    if not desk.page.url.startswith(run.staff_address):
        desk.page.goto(f"{run.staff_address}/")
    return str(desk.page.evaluate(GIVE, f"/api/clinics/north/appointments/{visit}/kiosk"))


def begin(tablet: Portal, code: str) -> None:
    """Types the code; the forms of the visit are there."""
    if not tablet.page.url.partition("#")[0].endswith("/kiosk/"):
        tablet.open("kiosk/")
    tablet.page.get_by_label("Code from the desk").fill(code)
    tablet.button("Begin").click()
    expect(tablet.page.locator("#list li").first).to_be_visible()


def another_tab(tablet: Portal) -> Portal:
    """A tab that somebody has opened by hand on the same tablet."""
    window = Window(tablet.window.context, tablet.window.context.new_page(), tablet.window.watch)
    return Portal(window, tablet.run, tablet.language)


def is_empty(tablet: Portal) -> None:
    """It waits for the next patient, and nothing of the last one is in it."""
    expect(tablet.page.get_by_text("The tablet is empty again.")).to_be_visible()
    assert tablet.page.evaluate(LEFT) == []
    assert tablet.page.locator(":checked, #form, #list li").count() == 0


@pytest.mark.deep
def test_a_second_tab_of_the_tablet_is_held_and_emptied_with_the_first(new_window: NewWindow, running: Run, stage: Stage) -> None:
    sender = a_sender(new_window(PHONE).context, running)
    desk = new_window(PHONE, storage_state=stage.state("rhea"))
    tablet = Portal(new_window(DESK), running, "en")
    begin(tablet, a_code(desk, running, sender.visit))
    second, lists = another_tab(tablet), another_tab(tablet)
    lists.open(f"forms/?visit={sender.visit}")
    expect(lists.button(FINISH)).to_be_visible()
    filling = Filling(second, sender.visit, "consent-to-treat", sender.person)
    filling.open()
    expect(second.button(FINISH)).to_be_visible()
    expect(second.page.get_by_role("link", name="My visits")).to_have_count(0)
    answer_consent(filling, 0, 2)
    filling.saved()
    hidden = second.page.locator("label:has(#keep), #copy, #print")
    assert hidden.evaluate_all("found => found.map(({hidden}) => hidden)") == [True, True, True]
    assert second.page.locator("a[href^=tel], a[href^=mailto], [autocomplete]:not([autocomplete=off])").count() == 0

    tablet.window.watch.expect(401)
    tablet.button(FINISH).click()
    for tab in (tablet, second, lists):
        is_empty(tab)

    begin(tablet, a_code(desk, running, sender.visit))  # the others, which have come here late, leave the next patient alone
    second.page.reload()
    tablet.page.reload()
    expect(tablet.page.locator("#list li").first).to_be_visible()
    a_code(desk, running, sender.visit)  # and this is how the desk takes it back
    tablet.page.locator("#list a[href*='consent-to-treat']").click()
    is_empty(tablet)


@pytest.mark.deep
def test_a_link_to_the_tablets_page_takes_nothing_away(new_window: NewWindow, running: Run, stage: Stage) -> None:
    sender = a_sender(new_window(PHONE).context, running)
    tablet = Portal(new_window(PHONE), running, "en")
    elsewhere, here = "visit-elsewhere consent-to-treat", f"{sender.visit} consent-to-treat"
    tablet.open()
    tablet.page.evaluate(KEEP, ["visit-elsewhere", sender.visit])
    for path in ("kiosk/", "kiosk/#handed-back"):
        tablet.open(path)
        tablet.page.wait_for_load_state("networkidle")
        assert sorted(tablet.page.evaluate(KEPT)) == sorted([elsewhere, here, "overlap"])
    begin(tablet, a_code(new_window(PHONE, storage_state=stage.state("rhea")), running, sender.visit))
    tablet.open("kiosk/")
    tablet.page.wait_for_load_state("networkidle")
    assert tablet.page.evaluate(KEPT) == [elsewhere]
    assert tablet.api.get("session")["signedIn"] is False


def test_the_desk_hands_over_the_tablet_and_gets_it_back_empty(new_window: NewWindow, running: Run) -> None:
    sender = a_sender(new_window(PHONE).context, running)
    desk = Desk(new_window(PHONE), running)
    desk.enter(RHEA)
    desk.open(f"visit-forms/#v={sender.visit}")
    desk.page.get_by_role("button", name="Hand over the tablet").click()
    told = desk.page.locator("#tablet")
    expect(told).to_be_focused()
    code, address = told.locator("[data-text=code]").text_content() or "", re.search(r"https?://\S+/kiosk/", told.inner_text())
    assert address
    assert looking.axe(desk.page) + looking.too_wide(desk.page) + looking.clipped(desk.page) == []

    tablet = Portal(new_window(DESK), running, "en")
    tablet.open("kiosk/")
    tablet.page.get_by_label("Code from the desk").fill(code.lower())
    tablet.button("Begin").click()
    expect(tablet.page.get_by_role("heading", name="Forms for your visit")).to_be_visible()
    expect(tablet.page.locator("#list li").first).to_be_visible()
    assert looking.axe(tablet.page) + looking.too_wide(tablet.page) == []
    expect(tablet.page.get_by_role("link", name="My visits")).to_have_count(0)
    filling = Filling(tablet, sender.visit, "consent-to-treat", sender.person)
    tablet.page.locator("#list a[href*='consent-to-treat']").click()
    filling.ready()
    answer_consent(filling, 0, 2)
    filling.saved()

    tablet.window.watch.expect(401)
    tablet.button("Finish and hand back").click()
    expect(tablet.page.get_by_text("The tablet is empty again.")).to_be_visible()
    assert tablet.page.evaluate(LEFT) == []
    assert looking.axe(tablet.page) + looking.too_wide(tablet.page) + looking.clipped(tablet.page) == []
    tablet.page.go_back()
    expect(tablet.page.locator("#sign-in")).to_be_visible()
    assert tablet.page.locator("#form :checked").count() == 0
    tablet.open(f"forms/?visit={sender.visit}")
    expect(tablet.page.locator("#sign-in")).to_be_visible()
    assert sender.api.get(f"appointments/{sender.visit}/responses")["forms"]


def test_a_code_that_does_not_work_is_said_at_its_field(new_window: NewWindow, running: Run) -> None:
    tablet = Portal(new_window(PHONE), running, "es")
    tablet.window.watch.expect(422)
    tablet.open("kiosk/")
    tablet.button("Empezar").click()
    expect(tablet.page.locator(".error-summary")).to_be_focused()
    tablet.page.locator("#code").fill("K7M2-9PQR")
    tablet.button("Empezar").click()
    expect(tablet.page.locator("[data-field=code] .field-error")).to_be_visible()
    expect(tablet.page.locator("#code")).to_have_value("K7M2-9PQR")
    assert looking.axe(tablet.page) + looking.too_wide(tablet.page) + looking.clipped(tablet.page) == []
