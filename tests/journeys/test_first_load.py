"""What a page costs somebody who has never been here, and what it is without its font: measured from real answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from chalicelib.portals.actions.pages import STAFF_PAGES
from tests.cast import ADA
from tests.journeys import looking
from tests.journeys.chrome import PHONE
from tests.journeys.conftest import NewWindow
from tests.journeys.desk import Desk
from tests.journeys.portal import Portal, Window
from tests.journeys.scenes import Stage
from tests.local.serving import Run

pytestmark = pytest.mark.browser

MOST_BYTES, MOST_REQUESTS = 60_000, 10
# Most bytes of a kind; a form fetches the rules it decides by.
KINDS = {"Document": 6_000, "Stylesheet": 8_000, "Script": 10_000, "Font": 20_000, "Other": 3_000, "XHR": 6_000}
FIRST = {"Document", "Stylesheet", "Font"}  # what comes with every first load
BEFORE_SIGNING_IN = {"sign-in/", "invitation/", "recovery/"}
PATHS = [
    "/",
    "/north/{language}/",
    "/north/{language}/book/",
    "/north/{language}/book/time/?service=visit",
    "/north/{language}/book/details/?service=visit&day={day}&start={start}",
    "/north/{language}/book/done/#{visit}",
    "/north/{language}/visits/",
    "/north/{language}/visit/#{visit}",
    "/north/{language}/documents/#{visit}",
    "/north/{language}/forms/?visit={visit}",
    "/north/{language}/account/",
    "/north/{language}/problem/",
    "/north/{language}/nothing/",
]


class Scales:
    """Weighs what a page gets, as the browser's network layer counts it; the API's answers, manifest and icon aside."""

    def __init__(self, window: Window) -> None:
        self._begun: dict[str, tuple[str, int]] = {}
        self.wire: list[int] = []  # bytes of each answer, headers and all; none for what the browser had kept
        self.bodies: Counter[str] = Counter()  # bytes of each kind, compressed, without headers
        session = window.context.new_cdp_session(window.page)
        session.on("Network.responseReceived", self._began)
        session.on("Network.loadingFinished", self._ended)
        session.send("Network.enable")

    def _began(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        scheme, _, path, *_ = urlsplit(answer["url"])
        if scheme != "data" and not (path.startswith("/api/") or path.endswith((".webmanifest", "/icon.svg"))):
            self._begun[event["requestId"]] = event["type"], int(answer["encodedDataLength"])

    def _ended(self, event: dict[str, Any]) -> None:
        kind, head = self._begun.get(event["requestId"], ("", 0))
        if kind:
            self.wire.append(int(event["encodedDataLength"]))
            self.bodies[kind] += max(0, self.wire[-1] - head)


@pytest.mark.parametrize("path", PATHS)
def test_a_first_load_is_light(new_window: NewWindow, running: Run, path: str) -> None:
    portal = Portal(new_window(PHONE), running, "es")  # the longer of the two languages
    portal.window.watch.expect(404)
    scales = Scales(portal.window)
    portal.page.goto(address_of(portal, path))
    weight = weighed(portal.page, scales)
    assert weight.is_light, weight
    assert (weight.fonts, weight.kinds >= FIRST) == (1, True), weight


@pytest.mark.parametrize("path", [path for path in STAFF_PAGES if not path.endswith(".html") and path != "set-up/"])
def test_a_first_load_of_the_staffs_pages_is_light(new_window: NewWindow, running: Run, stage: Stage, path: str) -> None:
    state = None if path in BEFORE_SIGNING_IN else stage.state("cyrus")
    desk = Desk(new_window(PHONE, storage_state=state), running)
    scales = Scales(desk.window)
    desk.open(path)
    weight = weighed(desk.page, scales)
    assert weight.is_light, weight
    assert (weight.fonts, weight.kinds >= FIRST) == (1, True), weight


@dataclass(frozen=True)
class Weight:
    """What a first load came to: its own fonts, kinds of file, requests, and bytes on the wire; `heavy` kinds and empty answers are faults."""

    fonts: int
    kinds: frozenset[str]
    requests: int
    bytes: int
    heavy: dict[str, int]
    empty: int

    @property
    def is_light(self) -> bool:
        """Few requests and few bytes, none of them from what the browser had kept."""
        return self.requests <= MOST_REQUESTS and self.bytes <= MOST_BYTES and not self.heavy and not self.empty


def weighed(page: Page, scales: Scales) -> Weight:
    """Once all of it is there."""
    expect(page.locator(".skeleton:visible")).to_have_count(0)
    fonts = fonts_that_came(page)  # waits for them
    heavy = {kind: bytes_ for kind, bytes_ in scales.bodies.items() if bytes_ > KINDS[kind]}
    return Weight(fonts, frozenset(+scales.bodies), len(scales.wire), sum(scales.wire), heavy, scales.wire.count(0))


def address_of(portal: Portal, path: str) -> str:
    """With a free time and a visit of Ada's in its blanks."""
    portal.api.enter(ADA)
    slot, visit = portal.api.times("visit")[0], portal.api.get("appointments")["upcoming"][0]
    return portal.run.address + path.format(language=portal.language, day=slot["date"], start=slot["start"], visit=visit["id"])


def test_a_second_page_brings_little_that_is_new(new_window: NewWindow, running: Run) -> None:
    portal = Portal(new_window(PHONE), running)
    portal.open("book/")
    scales = Scales(portal.window)
    portal.page.goto(portal.home + "book/time/?service=visit")
    expect(portal.page.locator("#times input").first).to_be_attached()
    assert set(+scales.bodies) == {"Document", "Script"}, scales.bodies


@pytest.mark.parametrize("path", PATHS[:4])
def test_a_page_reads_as_well_without_its_font(new_window: NewWindow, running: Run, path: str) -> None:
    portal = Portal(new_window(PHONE), running)
    portal.window.watch.expect("net::ERR_FAILED")
    portal.page.route("**/*.woff2", lambda route: route.abort())
    portal.page.goto(address_of(portal, path))
    expect(portal.page.locator(".skeleton:visible")).to_have_count(0)
    assert fonts_that_came(portal.page) == 0
    expect(portal.page.get_by_role("heading", level=1)).to_be_visible()
    portal.page.set_viewport_size({"width": 320, "height": 640})
    assert looking.too_wide(portal.page) + looking.clipped(portal.page) == []


def fonts_that_came(page: Page) -> int:
    """How many of the page's own fonts are there."""
    return int(page.evaluate("document.fonts.ready.then(fonts => [...fonts].filter(font => font.status === 'loaded').length)"))
