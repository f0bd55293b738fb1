"""What people write stays text: script payloads in every field that can be written, on every page and in every mail that shows them.

`__ran` says on the console that it was called, and the window's watch takes that, a report of the content policy, or a request
for what a payload names as a fault. The last test shows that it would.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.cast import BEA, CYRUS, Person
from tests.journeys.chrome import DESK, PHONE
from tests.journeys.conftest import NewWindow
from tests.journeys.desk import Desk
from tests.journeys.people import a_newcomer
from tests.journeys.portal import Portal, Window
from tests.local.serving import Run

pytestmark = pytest.mark.browser

PAYLOADS = (
    "<img src=x onerror=__ran(1)>",
    '"><svg onload=__ran(2)>',
    "'-__ran(3)-'<b>",
    "<script>__ran(4)</script>",
    "${__ran(5)}{{7*7}}",
    "javascript:__ran(6)",
    '<iframe srcdoc="<script>parent.__ran(7)</script>">',
    '<a href="javascript:__ran(8)" autofocus onfocus=__ran(9)>',
)
EVERYTHING = " ".join(PAYLOADS)
# The first round runs at every change, all of them in the deep run.
ROUNDS = [
    pytest.param(PAYLOADS[at : at + 2], id=f"{at + 1} and {at + 2}", marks=[pytest.mark.deep] if at else [])
    for at in range(0, len(PAYLOADS), 2)
]
RAN = "window.__ran = number => console.error(`payload ${number} ran`)"


def armed(window: Window) -> Window:
    """A window that tells when a payload runs."""
    window.context.add_init_script(RAN)
    return window


def settled(page: Any) -> None:
    """All of it drawn, and time for what should not run to run."""
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("payloads", ROUNDS)
def test_what_a_patient_writes_runs_nowhere(new_window: NewWindow, running: Run, payloads: tuple[str, str]) -> None:
    portal = Portal(armed(new_window(PHONE)), running)
    lena = a_newcomer()
    portal.api.sign_in(lena)
    said = {"given": payloads[0], "family": payloads[1], "birthDate": "1991-05-04", "telephone": "+1 203 555 0177"}
    portal.api.post("patients", said)
    slot = portal.api.times("visit", ahead=9)[3]
    wanted = {"service": "visit", "start": slot["start"], "note": EVERYTHING[:500]}
    visit = portal.api.post("appointments", wanted, Idempotency_Key=secrets.token_hex(8))
    for path in (f"book/done/#{visit['id']}", f"visit/#{visit['id']}", "visits/", "account/"):
        portal.open(path)
        settled(portal.page)
    expect(portal.page.locator("body")).not_to_contain_text("payload")
    portal.api.post(f"appointments/{visit['id']}/cancel", {"reason": EVERYTHING[:500]})
    portal.open(f"visit/#{visit['id']}")
    settled(portal.page)
    expect(portal.page.locator("#told")).to_be_visible()
    portal.open_details(portal.api.times("visit", "bea", ahead=12)[2])
    settled(portal.page)
    mails_are_text(portal, lena, payloads[0])
    managers_see_text(armed(new_window(DESK)), running, payloads[0])


def mails_are_text(portal: Portal, person: Person, name: str) -> None:
    """Every mail to somebody, as it is drawn and as the outbox shows it."""
    portal.run.mail_to(person.email, after=2)
    mails = portal.run.outbox(person.email)
    assert any(name in mail["text"] for mail in mails)
    for mail in mails:
        for page in ("", "/html"):
            portal.page.goto(f"{portal.run.address}/local/outbox/{mail['number']}{page}")
            settled(portal.page)


def managers_see_text(window: Window, running: Run, name: str) -> None:
    """The desk finds the patient by name, opens the record, and searches the trail."""
    desk = Desk(window, running)
    desk.enter(CYRUS)
    found = post(desk, "/clinics/north/patients/search", {"name": name[:20]})["patients"]
    assert any(name in patient["name"] for patient in found)
    for path in ("", "patients/", "audit/", "people/", "devices/"):
        desk.open(path)
        settled(desk.page)


SEND = """async ([path, body, key]) => {
  const headers = {"Content-Type": "application/json", "X-Portal": "1", "Idempotency-Key": key};
  const answer = await fetch(`/api${path}`, {method: "POST", headers, body: JSON.stringify(body)});
  return [answer.status, await answer.json()];
}"""


def post(desk: Desk, path: str, body: dict[str, Any]) -> Any:
    """As a page of the staff's host does."""
    status, told = desk.page.evaluate(SEND, [path, body, secrets.token_hex(8)])
    assert status < 300, (status, told)
    return told


@pytest.mark.parametrize("payloads", ROUNDS)
def test_what_staff_write_runs_nowhere(new_window: NewWindow, running: Run, payloads: tuple[str, str]) -> None:
    bea = Desk(armed(new_window(PHONE)), running)
    bea.enter(BEA)
    post(bea, "/clinics/north/emergency-access", {"reason": EVERYTHING[:500]})
    bea.open()
    settled(bea.page)
    desk = Desk(armed(new_window(DESK)), running)
    desk.enter(CYRUS)
    email = f"nina.{secrets.token_hex(4)}@harbourfamily.example"
    member = post(desk, "/clinics/north/staff", {"name": " ".join(payloads), "email": email, "roles": ["nurse"]})
    mark = secrets.token_hex(3)
    record = {"given": f"{payloads[0]}", "family": f"{mark} {payloads[1]}", "birthDate": "1960-01-02", "telephone": "+1 203 555 0166"}
    patient = post(desk, "/clinics/north/patient-records", record)
    post(desk, f"/clinics/north/patients/{patient['id']}/link-code", {})
    for path in ("people/", f"person/#a={member['account']}", "", "devices/", "audit/"):
        desk.open(path)
        settled(desk.page)
    found_by_name(desk, mark, payloads[1])
    desk.page.goto(desk.mailed_link(email))
    settled(desk.page)
    cyrus = desk.run.mail_to(CYRUS.email)
    for mail in [cyrus, *desk.run.outbox(email)]:
        for page in ("", "/html"):
            desk.page.goto(f"{desk.run.address}/local/outbox/{mail['number']}{page}")
            settled(desk.page)


def found_by_name(desk: Desk, mark: str, name: str) -> None:
    """The page of patients shows a name as it was typed, and a search for a payload is a search."""
    desk.open("patients/")
    field = desk.page.get_by_role("searchbox").or_(desk.page.get_by_label(re.compile("name", re.IGNORECASE))).first
    field.fill(mark)
    field.press("Enter")
    expect(desk.page.get_by_role("main")).to_contain_text(" ".join(name.split()))
    field.fill(name)
    field.press("Enter")
    settled(desk.page)


def test_a_payload_that_ran_would_be_seen(new_window: NewWindow, running: Run) -> None:
    """Beside our own pages there is no policy: there one of them runs. On ours the policy says that it stopped one."""
    window = armed(new_window(PHONE))
    window.page.goto("about:blank")
    window.page.set_content(PAYLOADS[1][2:])
    window.page.wait_for_timeout(200)
    assert any("payload 2 ran" in fault for fault in window.watch.faults)
    window.watch.faults.clear()
    portal = Portal(window, running)
    portal.open("")
    window.page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://mallory.example/x.png'}))")
    window.page.wait_for_timeout(200)
    assert any("CSP report" in fault for fault in window.watch.faults)
    window.watch.faults.clear()
