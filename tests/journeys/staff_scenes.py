"""The staff's pages in every state that matters, for the checks of all pages and for the pictures.

Where a state needs a factor, a stale proof or a manager's word, the clinic's answer is made up.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Route, expect

from chalicelib.accounts.rules import authenticators
from tests.journeys.desk import Colleague, Desk
from tests.journeys.scenes import ENGLISH, Scene, Who

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OMAR = Colleague("Omar Reyes", "omar.reyes@harbourfamily.example")
LINK = "#c=north&h=an-example"
Show = Callable[[Desk], None]


def _ago(**long: int) -> str:
    return (datetime.now(UTC) - timedelta(**long)).isoformat().replace("+00:00", "Z")


def _answer(desk: Desk, path: str, body: dict[str, Any], status: int = 200) -> None:
    """What the API says below a path from now on."""
    desk.page.route(f"**/api/{path}?*", lambda route: route.fulfill(status=status, json=body))


def _page(path: str, ready: str = "#content") -> Show:
    def show(desk: Desk) -> None:
        desk.open(path)
        expect(desk.page.locator(ready).first).to_be_visible()

    return show


def _tapped(path: str, button: str, ready: str) -> Show:
    """A page on which a button was pressed."""

    def show(desk: Desk) -> None:
        _page(path)(desk)
        desk.button(button).click()
        expect(desk.page.locator(ready).first).to_be_visible()

    return show


def codes(desk: Desk) -> None:
    """The second way to sign in; no mail goes."""
    _answer(desk, "staff/sign-in/start", {"sent": True, "minutes": 10}, 202)
    desk.open("sign-in/")
    desk.button("Use a code and your authenticator app").click()
    desk.page.get_by_label("Email address").fill("rhea.okoro@harbourfamily.example")
    desk.button("Send me a code").click()
    expect(desk.page.locator("#totp")).to_be_visible()


def approval(desk: Desk) -> None:
    """Waiting for a manager's word."""
    waiting = {"type": "waiting-for-approval", "title": "A manager has not confirmed it yet.", "status": 409}
    _answer(desk, "staff/recovery/finish", waiting, 409)
    desk.open(f"recovery/{LINK}")
    desk.button("Yes, it is me").click()
    expect(desk.heading("A manager must confirm")).to_be_visible()


def set_up(desk: Desk) -> None:
    """The first factor of somebody who has accepted an invitation."""
    clinic = {"id": "north", "name": "Harbour Family Clinic"}
    _answer(desk, "session", {"signedIn": True, "enrolling": True, "name": OMAR.name, "clinic": clinic})
    desk.open("set-up/")
    expect(desk.page.locator("#ways")).to_be_visible()


def set_up_app(desk: Desk) -> None:
    """The picture for the app."""
    uri = authenticators.uri(SECRET, OMAR.email, "Harbour Health")
    _answer(desk, "totp/start", {"secret": SECRET, "uri": uri, "qr": authenticators.picture(uri)})
    set_up(desk)
    desk.button("Set up the app").click()
    expect(desk.page.locator("#qr svg")).to_be_visible()


def devices(desk: Desk) -> None:
    """Two passkeys and the session that looks."""
    passkeys = [
        {"id": "one", "label": "Work phone", "made": _ago(days=40), "lastUsed": _ago(hours=3)},
        {"id": "two", "label": "Front desk computer", "made": _ago(days=2), "lastUsed": None},
    ]
    _answer(desk, "factors", {"passkeys": passkeys, "totp": True})
    _page("devices/", "#passkeys li")(desk)


def today(desk: Desk) -> None:
    """A manager's first page, with somebody who waits to get back in."""

    def waiting(route: Route) -> None:
        member = {"account": "dana", "name": "Dana Whitcombe", "email": "", "roles": ["nurse"], "status": "active", "version": 1}
        recovery = {"at": _ago(minutes=25), "approved": False}
        route.fulfill(json={"staff": [{**member, "practitioner": "", "since": _ago(days=9), "recovery": recovery}]})

    desk.page.route("**/north/staff?*", waiting)
    _page("", "#recovery-list li")(desk)


def step_up(desk: Desk) -> None:
    """The question for a fresh proof, in the middle of an invitation."""
    _answer(desk, "step-up/start", {"publicKey": {"challenge": "AAAA", "allowCredentials": []}, "totp": True})
    desk.want_proof_once("clinics/north/staff")
    desk.invite(OMAR, "nurse")
    expect(desk.dialog("Confirm that it is you")).to_be_visible()


def covered(desk: Desk) -> None:
    """A page whose session has ended."""
    _page("people/", "#groups li")(desk)
    desk.page.evaluate("document.dispatchEvent(new CustomEvent('signed-out'))")
    expect(desk.dialog("You were signed out")).to_be_visible()


def found(desk: Desk) -> None:
    """Patients of a name."""
    _page("patients/")(desk)
    desk.page.get_by_label("Name of the patient").fill("ca")
    desk.button("Find").click()
    expect(desk.page.locator("#found li").first).to_be_visible()


def patient(desk: Desk) -> None:
    """One of them."""
    found(desk)
    desk.page.locator("#found a").first.click()
    expect(desk.page.locator("#one-name")).to_be_visible()


def link_code(desk: Desk) -> None:
    """A code to read out; a made-up one for a made-up patient."""
    told = {
        "id": "example",
        "name": "Edda Lang",
        "birthDate": "1951-06-02",
        "email": "",
        "telephone": "+1 203 555 0160",
        "language": "en-US",
    }
    _answer(desk, "clinics/north/patients/example", {**told, "hasAccount": False})
    _answer(desk, "clinics/north/patients/example/link-code", {"code": "K7QD-3M0P", "minutes": 15})
    _page("patients/#p=example", "#one-name")(desk)
    desk.button("Show a link code").click()
    expect(desk.dialog("Link code")).to_be_visible()


def audit(desk: Desk) -> None:
    """Which visits were booked so far."""
    _page("audit/", "#events tr")(desk)
    expect(desk.page.locator("#who option")).not_to_have_count(1)
    desk.page.get_by_label("Action").select_option("Booked a visit")
    desk.button("Search").click()
    expect(desk.heading("What was found")).to_be_focused()


def across(desk: Desk) -> None:
    """Everybody of two clinics."""
    _page("people/", "#groups section:nth-of-type(2)")(desk)


def documents(desk: Desk, queue: str = "review") -> None:
    """A queue of visits."""
    _page(f"documents/#{queue}", "#visits li")(desk)


def visit_documents(desk: Desk, name: str = "Rosa Delgado", place: int = 0) -> None:
    """The documents of somebody's first visit in the queue of what is to be looked at, or of a later one."""
    documents(desk)
    desk.page.locator("#visits li", has=desk.page.get_by_role("link", name=name)).nth(place).get_by_role("link").click()
    expect(desk.heading(name)).to_be_visible()
    expect(desk.page.locator("#picture, #no-picture").locator("visible=true")).to_be_visible()
    expect(desk.page.locator(".thumb .icon:visible")).to_have_count(desk.page.locator(".thumb", has_text="Not taken in").count())


def returning(desk: Desk) -> None:
    """A reason for the patient."""
    visit_documents(desk)
    desk.button("Return").click()
    desk.button("Glare hides part of it").click()


def infected(desk: Desk) -> None:
    """What was not let in."""
    visit_documents(desk, place=-1)


def visit_forms(desk: Desk) -> None:
    """Ada's first form that is to be looked at."""
    documents(desk)
    desk.page.locator("#visits li", has_text="Ada Moreno").locator("a[href*='visit-forms']").first.click()
    expect(desk.page.locator("#answers section").first).to_be_visible()


def asking_again(desk: Desk) -> None:
    """A reason for the patient."""
    visit_forms(desk)
    desk.page.locator("#answers button:visible").first.click()
    desk.dialog("Ask again").get_by_label("What is wrong with it?").fill("Please say how much of it you take.")


def nothing_to_do(desk: Desk) -> None:
    """An empty queue."""
    _answer(desk, "clinics/north/completeness", {"visits": [], "next": ""})
    _page("documents/", "#none-review")(desk)


FORM: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "url": "https://clinic.example/Questionnaire/asthma",
    "title": "Asthma",
    "status": "active",
    "code": [{"code": "asthma"}],
    "item": [
        {"linkId": "has", "type": "boolean", "text": "Do you have asthma?", "required": True},
        {
            "linkId": "often",
            "type": "choice",
            "text": "How often does it trouble you?",
            "answerOption": [{"valueCoding": {"code": code, "display": code.title()}} for code in ("never", "monthly", "daily")],
        },
    ],
}


def import_report(desk: Desk) -> None:
    """What was said of a file, some of it refused."""
    lines = [
        ("since", "enableWhenExpression", "refused", "An expression decides here whether it is asked; say it with conditions."),
        ("", "code", "ignored", "Codes of forms are not kept."),
        ("has", "enableBehavior", "works", "It is not said whether all conditions must hold: any of them will do."),
    ]
    told = [dict(zip(("place", "feature", "verdict", "why"), line, strict=True), linkId=line[0]) for line in lines]
    _answer(desk, "clinics/north/questionnaires/import", {"id": "", "level": "L5", "lines": told})
    _tapped("forms/", "Import", "#importing")(desk)
    file: Any = {"name": "asthma.json", "mimeType": "application/json", "buffer": json.dumps(FORM).encode()}
    desk.page.locator("#file").set_input_files(file)
    desk.dialog("Import a form").get_by_role("button", name="Import").click()
    expect(desk.page.locator("#report")).to_be_visible()


def form_draft(desk: Desk) -> None:
    """A draft that is being edited, one question open; the clinic's answer is made up, so that no test changes it."""
    draft = {"title": {"en": "Asthma"}, "changed": _ago(hours=2), "label": "today", "name": "Cyrus Vance", "change": 3}
    listed = {"id": "asthma", "title": {"en": "Asthma"}, "version": 1, "status": "active", "level": "L1", "published": _ago(days=9)}
    _answer(desk, "clinics/north/questionnaires", {"forms": [{**listed, "label": "Nov 13", "name": "Cyrus Vance", "draft": draft}]})
    line = {"place": "", "linkId": "", "feature": "code", "verdict": "ignored", "why": "Codes of forms are not kept."}
    held = {"id": "asthma", "version": "draft", "status": "draft", "title": {"en": "Asthma"}, "level": "L1", "change": 3}
    _answer(desk, "clinics/north/questionnaires/asthma", {**held, "lines": [line], "document": FORM})
    _page("forms/edit/?id=asthma", "#items li")(desk)
    for each in ("Do you have asthma?", "How often does it trouble you?"):
        desk.page.locator("summary", has_text=each).click()


def form_tried(desk: Desk) -> None:
    """Answers that could not be handed in."""
    decided = [{"path": "has", "enabled": True, "value": None, "complaints": ["required"]}]
    decided += [{"path": "often", "enabled": True, "value": None, "complaints": []}]
    options = [{"value": f"|{code}", "text": {"en": code.title()}} for code in ("never", "monthly", "daily")]
    items = [
        {"linkId": "has", "type": "boolean", "text": {"en": "Do you have asthma?"}, "required": True},
        {"linkId": "often", "type": "choice", "text": {"en": "How often does it trouble you?"}, "options": options, "repeats": True},
    ]
    told = {"decisions": decided, "refused": [], "scores": [], "flags": [], "form": {"id": "asthma", "items": items}}
    _answer(desk, "clinics/north/questionnaires/asthma/preview", told)
    form_draft(desk)
    desk.button("Try it").click()
    desk.button("Check the answers").click()
    expect(desk.page.locator("#outcome")).to_be_visible()


def publishing(desk: Desk) -> None:
    """Asking whether it is meant."""
    form_draft(desk)
    desk.button("Publish").click()
    expect(desk.dialog("Publish this form?")).to_be_visible()


def _scene(name: str, about: str, show: Show, who: Who = "nobody", *provokes: int | str) -> Scene:
    return Scene(f"staff-{name}", about, lambda portal: show(Desk(portal.window, portal.run)), who, ENGLISH, provokes, ("phone", "desk"))


STAFF_SCENES = (
    _scene("sign-in", "Staff sign in with one tap", _page("sign-in/", "#passkey-form")),
    _scene("codes", "Or with a mailed code and their authenticator app", codes),
    _scene("invitation", "An invitation", _page(f"invitation/{LINK}", "#accept")),
    _scene("set-up", "The first way to sign in", set_up),
    _scene("set-up-app", "An authenticator app, as a picture and as text", set_up_app),
    _scene("recovery", "Lost the passkey and the phone", _page("recovery/", "#email-form")),
    _scene("approval", "A manager who knows them must confirm", approval, "nobody", 409),
    _scene("today", "Today, for a manager", today, "cyrus"),
    _scene("today-nurse", "Today, for who cares for patients", _page(""), "bea"),
    _scene("menu", "Who is signed in", _tapped("devices/", "You", "#mine"), "cyrus"),
    _scene("people", "People, found by name and state", _page("people/", "#groups li"), "cyrus"),
    _scene("across", "A manager of several clinics sees them all", across, "gale"),
    _scene("invite", "Inviting somebody, with roles", _tapped("people/", "Invite", "#inviting"), "cyrus"),
    _scene("step-up", "A fresh proof in the middle of it; nothing typed is lost", step_up, "cyrus", 403),
    _scene("person", "A person: roles, a new link, the end of their access", _page("person/#a=rhea"), "cyrus"),
    _scene("devices", "Passkeys, authenticator and sessions", devices, "cyrus"),
    _scene("covered", "A session that ended: the page is covered until they are back", covered, "cyrus"),
    _scene("audit", "The audit trail", audit, "cyrus"),
    _scene("export", "Exporting it, with a reason", _tapped("audit/", "Export", "#exporting"), "cyrus"),
    _scene("patients", "Patients at the desk", found, "rhea"),
    _scene("patient", "One patient", patient, "rhea"),
    _scene("add", "Adding a patient", _tapped("patients/", "Add a patient", "#adding"), "rhea"),
    _scene("link-code", "A code that links their account, large", link_code, "rhea"),
    _scene("own-patients", "Who cares for patients sees their own", _page("patients/", "#closed"), "bea"),
    _scene("emergency", "Emergency access, with a reason", _tapped("patients/", "Emergency access", "#emergency-dialog"), "bea"),
    _scene("documents", "Forms and documents to look at, the next visit first", documents, "rhea"),
    replace(_scene("documents-missing", "What patients have still to do", lambda desk: documents(desk, "patient"), "cyrus"), sizes=()),
    _scene("documents-none", "Nothing waits", nothing_to_do, "rhea"),
    _scene("document", "A card, beside all else of the visit", visit_documents, "cyrus"),
    _scene("document-return", "Returned with a reason that the patient reads", returning, "rhea"),
    _scene("document-infected", "A file with a virus, opened by nobody", infected, "rhea"),
    *(
        replace(_scene(name, about, show, "cyrus"), sizes=())
        for name, about, show in (
            ("forms", "The clinic's forms", _page("forms/", "#forms li")),
            ("form-import", "What reading a file said, item by item", import_report),
            ("form", "A form as patients get it", _page("forms/edit/?id=audit-c", "#items li")),
            ("form-draft", "A draft: words in each language, what is required, the answers", form_draft),
            ("form-tried", "Trying it", form_tried),
            ("form-publish", "Publishing it", publishing),
            ("form-missing", "No such form", _page("forms/edit/?id=nothing", "#missing")),
        )
    ),
    _scene("visit-form", "A form that was handed in, to read and accept", visit_forms, "rhea"),
    replace(_scene("visit-form-again", "One question asked again, with a reason that the patient reads", asking_again, "cyrus"), sizes=()),
    _scene("not-yours", "A page that one's role does not include", _page("audit/", ".empty h2"), "rhea"),
)


def invitation_letter(desk: Desk) -> None:
    """The mail that invites somebody."""
    if not desk.run.outbox(OMAR.email):
        desk.invite(OMAR, "nurse")
        expect(desk.page.locator("#told")).to_be_visible()
    mail = desk.run.mail_to(OMAR.email)
    desk.page.goto(f"{desk.run.address}/local/outbox/{mail['number']}/html")


STAFF_LETTERS = (_scene("letter", "The mail that invites somebody to work here", invitation_letter, "cyrus"),)
