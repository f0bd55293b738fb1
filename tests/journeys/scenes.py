"""Every page in every state that matters, each reachable in one step: for the checks of all pages and for the pictures."""

from __future__ import annotations

import base64
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Route, StorageState, expect

from tests.cast import ADA, BEA, BEN, CYRUS, GALE, RHEA, Person
from tests.journeys.cards import card
from tests.journeys.people import FRESH, Api, a_newcomer, tap
from tests.journeys.portal import Portal
from tests.local.serving import Run

Who = Literal["nobody", "ada", "ben", "newcomer", "bea", "cyrus", "gale", "rhea"]
STAFF = {person.id: person for person in (BEA, CYRUS, GALE, RHEA)}
BOTH: tuple[str, ...] = ("en", "es")
ENGLISH = ("en",)


@dataclass(frozen=True)
class Scene:
    """`show` goes there and waits until all of it is drawn.

    `provokes` are the statuses and failures that belong to it, `sizes` those of its pictures.
    """

    name: str
    about: str
    show: Callable[[Portal], None]
    who: Who = "nobody"
    languages: tuple[str, ...] = BOTH
    provokes: tuple[int | str, ...] = ()
    sizes: tuple[str, ...] = ("phone", "tablet", "desk")


class Stage:
    """A running product with its people: Ada and Ben have cancelled a visit, the newcomer has signed in and no more."""

    def __init__(self, browser: Browser, run: Run, newcomer: Person | None = None) -> None:
        self.run = run
        self._browser = browser
        self._newcomer = newcomer or a_newcomer()
        self._states: dict[Who, tuple[float, StorageState]] = {}

    def state(self, who: Who) -> StorageState:
        """The cookies of somebody who is signed in, anew where that may have lapsed since."""
        since, state = self._states.get(who, (0.0, None))
        if state is None or time.monotonic() - since > FRESH:
            context = self._browser.new_context()
            self._sign_in(who, context, first=state is None)
            state = context.storage_state()
            self._states[who] = time.monotonic(), state
            context.close()
        return state

    def _sign_in(self, who: Who, context: BrowserContext, *, first: bool) -> None:
        api = Api(context, self.run)
        if who == "newcomer":
            api.sign_in(self._newcomer)
        if who in STAFF:
            tap(context.new_page(), self.run, STAFF[who])
        if who in ("ada", "ben"):
            api.enter(ADA if who == "ada" else BEN)
        if who in ("ada", "ben") and first:
            visit = api.book("nurse", api.times("nurse", ahead=10)[6]["start"])
            api.post(f"appointments/{visit['id']}/cancel", {"reason": "My trip was moved."})


def page_of(path: str, ready: str = "h1") -> Callable[[Portal], None]:
    """A page of the clinic that is ready as soon as something on it is visible."""

    def show(portal: Portal) -> None:
        portal.open(path)
        expect(portal.page.locator(ready).first).to_be_visible()

    return show


def elsewhere(path: str, ready: str = "h1", staff: bool = False) -> Callable[[Portal], None]:
    """A page outside the clinic and its languages."""

    def show(portal: Portal) -> None:
        portal.page.goto((portal.run.staff_address if staff else portal.run.address) + path)
        expect(portal.page.locator(ready).first).to_be_visible()

    return show


def times(portal: Portal, query: str = "service=visit") -> None:
    """The times of the fullest day of next week, one of them chosen."""
    free = portal.api.times(query.removeprefix("service="))
    day = Counter(slot["date"] for slot in free).most_common(1)[0][0]
    portal.open(f"book/time/?{query}&from={free[0]['date']}&day={day}")
    portal.page.locator("#times label.slot").nth(4).click()
    expect(portal.page.locator("#times input:checked")).to_be_attached()


def no_times(portal: Portal) -> None:
    """A week that the clinic has closed: its real answer, with all times taken out."""
    later = portal.api.times("visit", "bea", ahead=7)[0]

    def emptied(route: Route) -> None:
        answer: dict[str, Any] = route.fetch().json()
        days = [{**day, "count": 0, "slots": []} for day in answer["days"]]
        route.fulfill(json={**answer, "days": days, "next": {"date": later["date"], "label": later["day"]}})

    portal.page.route("**/slots?*", emptied)
    portal.open("book/time/?service=visit&practitioner=bea")
    expect(portal.page.locator(".empty h3")).to_be_visible()


def waiting(portal: Portal) -> None:
    """The times, before the answer has come."""
    portal.page.add_init_script("window.fetch = () => new Promise(() => {})")
    portal.open("book/time/?service=visit")
    expect(portal.page.locator("#times .skeleton").first).to_be_visible()


def failed(portal: Portal) -> None:
    """The times, with no answer at all."""
    portal.page.route("**/slots?*", lambda route: route.abort("connectionrefused"))
    portal.open("book/time/?service=visit")
    expect(portal.page.locator("#failure")).to_be_visible()


def details(portal: Portal) -> None:
    """The details of a time with Dr Lindqvist."""
    portal.open_details(portal.api.times("visit", "bea")[3])
    expect(portal.page.locator("#book, #email-form").locator("visible=true")).to_be_visible()


def code(portal: Portal) -> None:
    """The second step of signing in; the clinic's answer is made up, so that no mail goes."""
    portal.page.route("**/sign-in/start?*", lambda route: route.fulfill(status=202, json={"sent": True, "minutes": 10}))
    details(portal)
    portal.page.get_by_label(portal.words.email).fill("ada.moreno@example.com")
    portal.button(portal.words.send_code).click()
    expect(portal.page.locator("#code")).to_be_visible()


def wrong(portal: Portal) -> None:
    """A form that was sent empty."""
    details(portal)
    portal.button(portal.words.book).click()
    expect(portal.page.locator(".error-summary")).to_be_visible()


def gone(portal: Portal) -> None:
    """A time that is no longer free: Ada has it herself."""
    visit = upcoming(portal)
    portal.open(f"book/details/?service={visit['service']['id']}&practitioner=bea&day={visit['local'][:10]}&start={visit['start']}")
    expect(portal.page.locator("#gone")).to_be_visible()


def upcoming(portal: Portal) -> dict[str, Any]:
    """Ada's next visit."""
    visits: list[dict[str, Any]] = portal.api.get("appointments")["upcoming"]
    return visits[0]


def done(portal: Portal) -> None:
    """The confirmation of Ada's next visit."""
    portal.open(f"book/done/#{upcoming(portal)['id']}")
    expect(portal.page.locator("#beside")).to_be_visible()
    expect(portal.page.locator("[data-text=mailed]")).to_contain_text("@")


def visit(portal: Portal) -> None:
    """Ada's next visit."""
    portal.open(f"visit/#{upcoming(portal)['id']}")
    expect(portal.page.locator("#beside")).to_be_visible()


def documents(portal: Portal) -> None:
    """What Ada's next visit needs, before anything was sent: the real answer, without its files."""
    _told_of_documents(portal, {})


def forms(portal: Portal) -> None:
    """What Ada's next visit asks of forms, at every stage: the real answer, with other standings."""
    stages: list[dict[str, Any]] = [
        {"standing": "returned", "returned": 2},
        {"standing": "started", "done": 4, "started": "2026-11-20T10:00:00Z"},
    ]
    stages += [{"standing": "not-opened"}, {"standing": "needs-review", "changed": "2026-11-21T10:00:00Z"}]

    def told(route: Route) -> None:
        answer: dict[str, Any] = route.fetch().json()
        answer["forms"] = [{**form, **stages[number % len(stages)]} for number, form in enumerate(answer["forms"] * 2)]
        route.fulfill(json=answer)

    portal.page.route("**/appointments/*/responses?*", told)
    portal.open(f"forms/?visit={upcoming(portal)['id']}")
    expect(portal.page.locator("#list li").nth(3)).to_be_visible()


def documents_later(portal: Portal) -> None:
    """The same, later: one side sent back, the other accepted, a file refused, two pages there and a third being checked."""
    label = portal.api.get(f"appointments/{upcoming(portal)['id']}/documents?lang={portal.api.tag}")["label"]
    there = {"state": "released", "readable": True, "pages": 1, "sentLabel": label}
    notes = {"en": "The corner with the member number is cut off.", "es": "Falta la esquina con el número de afiliado."}
    link = {"document": "d", "url": f"data:image/jpeg;base64,{base64.b64encode(card('front', 600, 400)).decode()}"}
    link |= {"contentType": "image/jpeg", "name": "page.jpg", "until": "2026-12-01T00:00:00Z"}
    portal.page.route("**/documents/*/open?*", lambda route: route.fulfill(json=link))
    checking: dict[str, Any] = {"state": "scanning", "page": 3}
    portal.page.route("**/documents/c?*", lambda route: route.fulfill(json=_file("c", "referral", checking)))
    _told_of_documents(
        portal,
        {
            "insurance-front": ("returned", [there | {"review": "returned", "reviewNote": notes[portal.language]}]),
            "insurance-back": ("accepted", [there | {"review": "accepted", "replaceable": False}]),
            "photo-id": ("refused", [{"state": "refused", "reason": "locked"}]),
            "referral": ("checking", [there, there | {"page": 2}, checking]),
        },
    )
    expect(portal.page.locator(".sheet-picture img:visible")).to_have_count(4)


def _told_of_documents(portal: Portal, changed: dict[str, tuple[str, list[dict[str, Any]]]]) -> None:
    """The page of a visit's documents, told other files than there are."""

    def told(route: Route) -> None:
        if route.request.method == "POST":
            return route.fallback()
        answer: dict[str, Any] = route.fetch().json()
        for kind in answer["kinds"]:
            standing, files = changed.get(kind["id"], ("missing", []))
            names = [f"{kind['id']}{number}" if each.get("state") != "scanning" else "c" for number, each in enumerate(files)]
            kind |= {"standing": standing, "documents": [_file(name, kind["id"], each) for name, each in zip(names, files, strict=True)]}
        return route.fulfill(json=answer)

    portal.page.route("**/appointments/*/documents?*", told)
    portal.open(f"documents/#{upcoming(portal)['id']}")
    expect(portal.page.locator("#needed .kind").first).to_be_visible()


def _file(name: str, kind: str, changed: dict[str, Any]) -> dict[str, Any]:
    about = {"id": name, "appointment": "", "kind": kind, "page": 1, "name": "IMG_1.jpg", "state": "awaiting", "reason": None}
    about |= {"stuck": False, "readable": False, "pages": 0, "contentType": "", "size": 1, "sent": None, "sentLabel": "", "review": "none"}
    return about | {"reviewNote": "", "replaces": "", "replaceable": True, "withdrawn": False, "held": False, "version": 1} | changed


def documents_waiting(portal: Portal) -> None:
    """A photograph that waits for the network."""
    portal.page.route(
        "**/appointments/*/documents?*", lambda route: route.abort("failed") if route.request.method == "POST" else route.fallback()
    )
    documents(portal)
    portal.page.locator("#camera").evaluate("input => { input.onclick = event => event.preventDefault(); }")
    portal.page.locator("[data-kind=insurance-front] [data-way=camera]").dispatch_event("click")
    portal.page.locator("#camera").set_input_files({"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": card("front", 1500, 1000)})
    expect(portal.page.locator(".sheet [data-act=again]:visible")).to_be_visible()


def cancelling(portal: Portal) -> None:
    """The question whether to cancel it."""
    visit(portal)
    portal.button(portal.words.cancel).click()
    expect(portal.page.locator("dialog[open]")).to_be_visible()


def cancelled(portal: Portal) -> None:
    """The visit that she has cancelled."""
    portal.open(f"visit/#{portal.api.get('appointments')['past'][0]['id']}")
    expect(portal.page.locator("#told")).to_be_visible()


def idle(portal: Portal) -> None:
    """The account, when nobody has touched it for long: the clinic's real answer, with little time left in it."""

    def late(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), "idleSeconds": 119})

    portal.page.route("**/north/session?*", late)
    page_of("account/", "#sessions li")(portal)
    expect(portal.page.locator("#idle")).to_be_visible()  # the page looks at its clock every five seconds


SCENES = (
    Scene("brand", "The brand's page: choose a clinic", elsewhere("/"), languages=ENGLISH),
    Scene("languages", "A clinic's bare address where nothing chooses the language", elsewhere("/north/index.html"), languages=ENGLISH),
    Scene("home", "A clinic's front page", page_of("")),
    Scene("services", "Booking 1: what for, and with whom", page_of("book/")),
    Scene("times", "Booking 2: a day and a time", times),
    Scene("group", "A group session shows its places", lambda portal: times(portal, "service=flu")),
    Scene("no-times", "A week with nothing free leads on", no_times),
    Scene("waiting", "While the answer is on its way", waiting),
    Scene("failed", "When no answer comes", failed, provokes=("net::ERR_CONNECTION_REFUSED",)),
    Scene("email", "Booking 3, signed out: the email address", details),
    Scene("code", "Then the mailed code", code),
    Scene("introduce", "Then, once, who one is", details, who="newcomer"),
    Scene("wrong", "What is missing is said at its place", wrong, who="newcomer"),
    Scene("details", "Booking 3, signed in", details, who="ada"),
    Scene("gone", "A time that somebody else has taken", gone, who="ada"),
    Scene("done", "The confirmation", done, who="ada"),
    Scene("visits", "My visits", page_of("visits/", "#upcoming li"), who="ada"),
    Scene("visits-none", "My visits, with none to come", page_of("visits/", "#none"), who="newcomer"),
    Scene("visits-sign-in", "My visits, signed out", page_of("visits/", "#email-form")),
    Scene("visit", "A visit", visit, who="ada"),
    Scene("forms", "What a visit asks of forms, and how far each has come", forms, who="ada", sizes=()),
    Scene("documents", "What a visit needs of documents", documents, who="ada", sizes=("phone", "desk")),
    Scene("documents-later", "Sent, accepted, sent back, refused, being checked", documents_later, who="ada", sizes=("phone", "desk")),
    Scene(
        "documents-waiting",
        "A photograph that waits for the network",
        documents_waiting,
        who="ada",
        provokes=("net::ERR_FAILED",),
        sizes=("phone",),
    ),
    Scene("cancelling", "Cancelling it, with a reason", cancelling, who="ada"),
    Scene("cancelled", "A visit that is cancelled", cancelled, who="ada"),
    Scene("missing", "A visit that is not there, or not one's own", page_of("visit/#nothing", "#missing"), who="ada", provokes=(404,)),
    Scene("account", "My account: who looked, where I am signed in", page_of("account/", "#sessions li"), who="ada"),
    Scene("idle", "Two minutes before a session ends", idle, who="ada"),
    Scene("not-found", "A page that is not there", page_of("nothing/"), provokes=(404,)),
    Scene("problem", "Something went wrong", page_of("problem/")),
    Scene("prairie", "Another clinic, another colour: Winnipeg", elsewhere("/prairie/en/"), languages=ENGLISH),
    Scene("south", "And London", elsewhere("/south/en/"), languages=ENGLISH),
    Scene("nowhere", "An address that no clinic has", elsewhere("/nowhere/"), languages=ENGLISH, provokes=(404,)),
)


def letter(number: int, people: dict[str, Person]) -> Callable[[Portal], None]:
    """A mail as mail programs show it: of somebody for each language, the newest being number 0."""

    def show(portal: Portal) -> None:
        mails = portal.run.outbox(people[portal.language].email)
        portal.page.goto(f"{portal.run.address}/local/outbox/{mails[number]['number']}/html")

    return show


def message(portal: Portal) -> None:
    """A mail on the page of the outbox."""
    mail = portal.run.outbox(BEN.email)[1]
    portal.page.goto(f"{portal.run.address}/local/outbox/{mail['number']}")
    expect(portal.page.frame_locator("iframe").get_by_role("link").first).to_be_visible()


def code_letter(portal: Portal) -> None:
    """The mail with a code, asked for in the language of the page."""
    address = f"ruth.{portal.language}@example.com"
    if not portal.run.outbox(address):
        portal.api.post(f"sign-in/start?lang={portal.api.tag}", {"email": address})
    mail = portal.run.mail_to(address)
    portal.page.goto(f"{portal.run.address}/local/outbox/{mail['number']}/html")


READERS = {"en": BEN, "es": ADA}
LETTERS = (
    Scene("mail-code", "The mail with the code", code_letter),
    Scene("mail-booked", "The mail that a visit is booked", letter(1, READERS), who="ben"),
    Scene("mail-cancelled", "The mail that it is cancelled", letter(0, READERS), who="ben"),
)
LOCAL = (
    Scene("local", "The local run: portals, and one-tap sign-in", elsewhere("/local/"), languages=ENGLISH),
    Scene("outbox", "The local outbox", elsewhere("/local/outbox/"), languages=ENGLISH),
    Scene("message", "A mail in the local outbox", message, who="ben", languages=ENGLISH),
)
