"""A patient's portal in a browser window: what a person does on its pages, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.cast import Person
from tests.journeys.people import Api
from tests.journeys.watching import Watch
from tests.journeys.words import WORDS
from tests.local.serving import Run

TAG = {"en": "en-US", "es": "es-US"}


@dataclass
class Window:
    """A window of a browser that nobody has used before."""

    context: BrowserContext
    page: Page
    watch: Watch


@dataclass(frozen=True)
class Chosen:
    """A time as the page showed it: `start` is its instant, `label` what the bar at the bottom said."""

    start: str
    label: str
    clock: str


class Portal:
    """The North's portal, in one language, in one window."""

    def __init__(self, window: Window, run: Run, language: str = "en") -> None:
        self.window, self.page, self.run = window, window.page, run
        self.language, self.words = language, WORDS[language]
        self.home = f"{run.address}/north/{language}/"
        self.api = Api(window.context, run, TAG[language])

    def open(self, path: str = "") -> None:
        """A page of the clinic in this language."""
        self.page.goto(self.home + path)

    def link(self, name: str) -> Locator:
        """A link on the page itself, not of its frame."""
        return self.page.get_by_role("main").get_by_role("link", name=name, exact=True)

    def button(self, name: str) -> Locator:
        """A button by its name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def choose_service(self, practitioner: str = "Dr Bea Lindqvist") -> None:
        """From the front page to the times of a doctor visit with somebody."""
        self.link(self.words.book_a_visit).click()
        self.link(f"{practitioner}, {self.words.service}").click()
        expect(self.page.locator("#times input").first).to_be_attached()

    def choose_time(self, number: int = 0) -> Chosen:
        """The time of that place in the first open day of next week; goes on to the details."""
        week = self.page.locator("#week-label")
        before = week.text_content() or ""
        self.button(self.words.next_week).click()
        expect(week).not_to_have_text(before)
        slot = self.page.locator("#times label.slot").nth(number)
        slot.click()
        start = slot.locator("input").input_value()
        label = self.page.locator("#picked strong").text_content() or ""
        clock = " ".join(slot.inner_text().split())
        self.button(self.words.continue_).click()
        expect(self.page.locator("#when [data-text=time]")).to_contain_text(clock)
        return Chosen(start, label, clock)

    def open_details(self, slot: dict[str, Any], service: str = "visit", practitioner: str = "bea") -> None:
        """The details page of a time, as the page of times leads to it."""
        query = f"service={service}&practitioner={practitioner}&from={slot['date']}&day={slot['date']}&start={slot['start']}"
        self.open(f"book/details/?{query}")
        expect(self.page.locator("#when [data-text=time]")).to_contain_text(" ".join(slot["time"].split()))

    def ask_for_code(self, person: Person) -> str:
        """Types the address; returns the code that the mail brings."""
        last = max((message["number"] for message in self.run.outbox(person.email)), default=0)
        self.page.get_by_label(self.words.email).fill(person.email)
        self.button(self.words.send_code).click()
        expect(self.page.get_by_label(self.words.code)).to_be_visible()
        return self.run.code_to(person.email, after=last)

    def give_code(self, code: str) -> None:
        """Types the code."""
        self.page.get_by_label(self.words.code).fill(code)
        self.button(self.words.continue_).click()

    def sign_in(self, person: Person) -> None:
        """Both steps."""
        self.give_code(self.ask_for_code(person))
        expect(self.page.locator("#code-form")).to_be_hidden()

    def introduce(self, person: Person) -> None:
        """Name and date of birth, once."""
        born = dict(zip(self.words.birth, (person.birth_date.day, person.birth_date.month, person.birth_date.year), strict=True))
        self.page.get_by_label(self.words.given, exact=True).fill(person.given)
        self.page.get_by_label(self.words.family, exact=True).fill(person.family)
        for part, number in born.items():
            self.page.get_by_label(part, exact=True).fill(str(number))

    def book(self) -> str:
        """Sends the form; the id of the visit that the confirmation shows."""
        self.button(self.words.book).click()
        return self.booked()

    def booked(self) -> str:
        """The id of the visit on the confirmation."""
        expect(self.page.get_by_role("heading", name=self.words.booked, exact=True)).to_be_visible()
        expect(self.page.locator("#visit")).to_be_visible()
        return self.page.url.split("#")[1]

    def download_calendar(self, folder: Path) -> bytes:
        """What "add to calendar" gives."""
        with self.page.expect_download() as coming:
            self.link(self.words.calendar).click()
        path = folder / coming.value.suggested_filename
        coming.value.save_as(path)
        return path.read_bytes()

    def cancel(self, reason: str) -> None:
        """On the visit's page, with a reason."""
        self.button(self.words.cancel).click()
        self.page.get_by_label(self.words.why).fill(reason)
        self.button(self.words.yes_cancel).click()
        expect(self.page.get_by_role("heading", name=self.words.cancelled, exact=True)).to_be_visible()
