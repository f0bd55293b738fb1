"""What people write stays text: script payloads in every field that can be written, on every page and in every mail that shows them.

`__ran` says on the console that it was called, and the window's watch takes that, a report of the content policy, or a request
for what a payload names as a fault. The last test shows that it would. Which fields there are, tests/journeys/test_payload_census.py asks.
"""

from __future__ import annotations

import csv
import io
import json
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from scripts.local.environment import ROOT
from tests.cast import Person
from tests.intake.answering import whole_phq_9
from tests.journeys.cards import papers_of, photograph
from tests.journeys.chrome import PHONE
from tests.journeys.conftest import NewWindow
from tests.journeys.desk import Desk
from tests.journeys.papers import a_sender
from tests.journeys.payloads import EVERYTHING, PAYLOADS, ROUNDS, WRITTEN, Pen, an_address
from tests.journeys.people import a_newcomer
from tests.journeys.portal import Portal
from tests.journeys.test_a_patient_sends_a_card import THERE
from tests.local.serving import Run

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("payload", ROUNDS)
def test_what_a_patient_writes_runs_nowhere(new_window: NewWindow, running: Run, manager: Desk, payload: str, record_property: Any) -> None:
    portal, lena = Portal(new_window(PHONE), running), replace(a_newcomer(), email=an_address("lena"))
    pen, mark = Pen(portal.window, running), secrets.token_hex(3)
    portal.open("visits/")
    portal.sign_in(lena)
    pen.look()
    said = {"given": payload, "family": f"{mark} {payload}", "birthDate": "1991-05-04", "telephone": "+1 203 555 0177"}
    pen.post("/clinics/north/patients", said)
    start = portal.api.times("visit", ahead=9)[3]["start"]
    visit = pen.post("/clinics/north/appointments", {"service": "visit", "start": start, "note": EVERYTHING})
    for path in (f"book/done/#{visit['id']}", f"visit/#{visit['id']}", "visits/", "account/"):
        portal.open(path)
        pen.look()
    expect(portal.page.locator("#whose")).to_contain_text(payload)
    portal.open(f"visit/#{visit['id']}")
    expect(portal.page.locator("#note")).to_contain_text(EVERYTHING)
    pen.post(f"/clinics/north/appointments/{visit['id']}/cancel", {"reason": EVERYTHING})
    portal.page.reload()
    expect(portal.page.locator("#told")).to_contain_text(EVERYTHING)
    pen.look()
    portal.open_details(portal.api.times("visit", "bea", ahead=12)[2])
    expect(portal.page.locator("#who")).to_contain_text(payload)
    pen.look()
    their_mails_are_text(pen, lena, payload)
    theirs = Pen(manager.window, running)
    the_desk_sees_text(theirs, manager, mark, payload)
    assert pen.taken == WRITTEN["a patient"]
    record_property("pages", pen.looks + theirs.looks)


def their_mails_are_text(pen: Pen, person: Person, payload: str) -> None:
    """The code, the visit, its end."""
    pen.run.mail_to(person.email, after=max(mail["number"] for mail in pen.run.outbox(person.email)) - 1)
    mails = pen.run.outbox(person.email)
    assert any(payload in mail["text"] for mail in mails)
    pen.read(mails)


def the_desk_sees_text(pen: Pen, desk: Desk, name: str, payload: str) -> None:
    """Finds the patient by name, opens the record, and who looked at it."""
    desk.open("patients/")
    desk.page.get_by_label("Name of the patient").fill(name)
    desk.button("Find").click()
    expect(desk.page.locator("#found li")).to_have_count(1)
    pen.look()
    desk.page.locator("#found a").click()
    expect(desk.page.locator("#one-name")).to_contain_text(payload)
    pen.look()
    desk.page.get_by_role("link", name="Who looked at it").click()
    expect(desk.page.locator("#events tr").first).to_be_visible()
    pen.look()
    for path in ("", "people/", "devices/"):
        desk.open(path)
        pen.look()


@pytest.mark.parametrize("payload", ROUNDS)
def test_what_a_manager_writes_runs_nowhere(manager: Desk, payload: str, tmp_path: Path, record_property: Any) -> None:
    pen, mark = Pen(manager.window, manager.run), secrets.token_hex(3)
    email, name = an_address("omar"), f"{payload} {mark}"
    member = pen.post("/clinics/north/staff", {"name": name, "email": email, "roles": ["nurse"]})
    record = {"given": payload, "family": f"{mark} {payload}", "birthDate": "1960-01-02", "telephone": "+1 203 555 0166"}
    patient = pen.post("/clinics/north/patient-records", {**record, "email": an_address("edda")})
    the_desk_sees_text(pen, manager, mark, payload)
    manager.open(f"patients/#p={patient['id']}")
    manager.button("Show a link code").click()
    expect(manager.dialog("Link code")).to_contain_text(payload)
    pen.look()
    manager.open("patients/")
    manager.page.get_by_label("Name of the patient").fill(payload)
    manager.button("Find").click()
    pen.look()
    manager.open("people/")
    expect(manager.page.get_by_role("main")).to_contain_text(name)
    manager.page.get_by_label("Find by name or address").fill(payload)
    pen.look()
    a_person_is_text(pen, manager, member["account"], name)
    the_trail_is_text(pen, manager, name, payload, tmp_path)
    manager.page.goto(manager.mailed_link(email))
    pen.look()
    pen.read(manager.run.outbox(email))
    assert pen.taken == WRITTEN["a manager"]
    record_property("pages", pen.looks)


def a_person_is_text(pen: Pen, desk: Desk, account: str, name: str) -> None:
    """Their own page, the question before the end of their access, and the news of it."""
    desk.open(f"person/#a={account}")
    expect(desk.heading(" ".join(name.split()))).to_be_visible()
    pen.look()
    desk.button("Send a new link").click()
    expect(desk.page.locator("#told")).to_contain_text("__ran")
    desk.button("End their access").click()
    pen.look()
    desk.button("Yes, end it").click()
    expect(desk.page.locator("#told")).to_contain_text("no longer has access")
    pen.look()


def the_trail_is_text(pen: Pen, desk: Desk, name: str, payload: str, folder: Path) -> None:
    """Searched by a name, and exported for a reason."""
    desk.open("audit/")
    desk.page.locator("#who option").filter(has_text=name[:12]).first.wait_for(state="attached")
    desk.page.get_by_label("Person").select_option(name)
    desk.button("Search").click()
    pen.look()
    desk.button("Export").click()
    dialog, day = desk.dialog("Export the audit trail"), desk.page.evaluate("new Date(Date.now() - 864e5).toISOString().slice(0, 10)")
    dialog.get_by_label("From day").fill(day)
    dialog.get_by_label("To day").fill(desk.page.evaluate("new Date().toISOString().slice(0, 10)"))
    dialog.get_by_label("Why do you need it?").fill(f"{payload} and more")
    with desk.page.expect_download() as coming:
        dialog.get_by_role("button", name="Export").click()
    coming.value.save_as(folder / "trail.csv")
    lines = list(csv.reader(io.StringIO((folder / "trail.csv").read_text(encoding="utf-8"), newline="")))
    assert [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert {len(line) for line in lines} == {8}
    pen.look()


@pytest.mark.parametrize("payload", ROUNDS)
def test_what_is_said_of_a_document_runs_nowhere(new_window: NewWindow, running: Run, manager: Desk, payload: str) -> None:
    papers = papers_of(Portal(new_window(PHONE), running))
    sends, page = Pen(papers.portal.window, running), papers.portal.page
    papers.open()
    papers.choose("insurance-front", {**photograph(), "name": f"{payload}.jpg"})
    papers.says("insurance-front", THERE)
    sends.look()
    assert sends.taken == WRITTEN["who sends a card"]
    (sent,) = papers.told("insurance-front")["documents"]
    looks, visit, document = (
        Pen(manager.window, running),
        f"/clinics/north/appointments/{papers.visit}",
        f"/clinics/north/documents/{sent['id']}",
    )
    looks.post(f"{visit}/documents/export", {"reason": f"{payload} and more"})
    looks.post(f"{document}/hold", {"held": True, "reason": f"{payload} and more"})
    looks.post(f"{visit}/insurance", {"status": "problem", "note": payload})
    looks.post(f"{document}/return", {"note": payload})
    for path in (f"documents/visit/#{papers.visit}", "documents/", "audit/"):
        manager.open(path)
        looks.look()
    assert looks.taken == WRITTEN["who looks at it"]
    page.reload()
    expect(papers.card("insurance-front")).to_contain_text(payload)
    for path in (f"documents/#{papers.visit}", f"visit/#{papers.visit}", "visits/", "account/"):
        papers.portal.open(path)
        sends.look()


@pytest.mark.parametrize("payload", ROUNDS)
def test_what_is_said_of_an_answer_runs_nowhere(new_window: NewWindow, running: Run, manager: Desk, payload: str) -> None:
    lena = a_sender(new_window(PHONE).context, running)
    begun = lena.api.post(f"appointments/{lena.visit}/responses", {"questionnaire": "phq-9", "language": "en-US"})
    sent = {"items": whole_phq_9(), "seen": [], "language": "en-US", "signatures": []}
    told = lena.api.post(f"responses/{begun['id']}/submit", sent, If_Match=f'"{begun["version"]}"')
    reads, form = Pen(manager.window, running), f"/clinics/north/responses/{begun['id']}"
    reads.post(f"{form}/return", {"path": "phq-9-items/phq-9-2", "note": payload}, If_Match=f'"{told["version"]}"')
    reads.post(f"{form}/export", {"format": "csv", "reason": f"{payload} and more"})
    for path in (f"visit-forms/#r={begun['id']}", "documents/#patient", "audit/"):
        manager.open(path)
        reads.look()
    assert reads.taken == WRITTEN["who reads a form"]
    manager.open(f"visit-forms/#r={begun['id']}")
    expect(manager.page.locator("#answers")).to_contain_text(payload)


@pytest.mark.parametrize("payload", ROUNDS)
def test_what_a_patient_signs_runs_nowhere(new_window: NewWindow, running: Run, manager: Desk, payload: str) -> None:
    window = new_window(PHONE)
    lena, signs, portal = a_sender(window.context, running), Pen(window, running), Portal(window, running)
    begun = lena.api.post(f"appointments/{lena.visit}/responses", {"questionnaire": "consent-to-treat", "language": "en-US"})
    form = f"/clinics/north/responses/{begun['id']}"
    portal.open("visits/")
    signed = [{"path": "sign/signature", "kind": "typed", "name": payload}]
    sent = {"items": signed_consent(payload), "seen": [], "language": "en-US", "signatures": signed}
    told = signs.post(f"{form}/submit", sent, If_Match=f'"{begun["version"]}"')
    signs.post(f"{form}/amend", {**sent, "withdrawn": [], "kept": [], "reason": payload}, If_Match=f'"{told["version"]}"')
    assert signs.taken >= WRITTEN["who signs a form"]
    portal.open(f"form/consent-to-treat/1/?visit={lena.visit}")
    signs.look()
    reads = Pen(manager.window, running)
    manager.open(f"visit-forms/#r={begun['id']}")
    expect(manager.page.locator("#signed")).to_contain_text(payload)
    reads.look()


def signed_consent(name: str) -> list[dict[str, Any]]:
    """The consent to care, agreed to and signed with a name."""
    case = json.loads((ROOT / "tests/intake/cases/consent-to-treat.json").read_text("utf-8"))["valid"][0]["item"]
    return [*(each for each in case if each["linkId"] != "sign"), *(_signed(each, name) for each in case if each["linkId"] == "sign")]


def _signed(page: dict[str, Any], name: str) -> dict[str, Any]:
    return page | {"item": [each | {"answer": [{"valueString": name}]} if each["linkId"] == "signature" else each for each in page["item"]]}


def test_a_payload_that_ran_would_be_seen(new_window: NewWindow, running: Run) -> None:
    """Beside our own pages there is no policy: there they run. On ours the policy says that it stopped one."""
    window = new_window(PHONE)
    pen = Pen(window, running)
    for number, payload in enumerate(PAYLOADS, 1):
        if number in (3, 5, 6):  # these run in a script, an expression or a link only
            continue
        window.page.goto("about:blank")
        window.page.set_content(f'<p title="{payload}">' if payload.startswith('"') else payload)
        window.page.wait_for_function("document.readyState === 'complete'")
        window.page.wait_for_timeout(200)
        assert any(f"payload {number} ran" in fault for fault in window.watch.faults), payload
        with pytest.raises(AssertionError):
            pen.look()
    window.watch.faults.clear()
    portal = Portal(window, running)
    portal.open("")
    window.page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://mallory.example/x.png'}))")
    window.page.wait_for_timeout(200)
    assert any("CSP report" in fault for fault in window.watch.faults)
    window.watch.faults.clear()
