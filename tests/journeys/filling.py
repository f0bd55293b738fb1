"""Filling in the forms of a visit, as a patient does it on the page; and what of it the clinic has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.cast import Person
from tests.journeys import looking
from tests.journeys.people import somebody_settled
from tests.journeys.portal import Portal

WORDS = {
    "en": {
        "go_on": "Continue",
        "send": "Send my answers",
        "sign": "Sign and send",
        "problem": "There is a problem",
        "thanks": "Thank you. The clinic has your answers.",
        "saved": "Saved",
        "again": "Send again",
        "changed": "Thank you. Your change is with the clinic.",
    },
    "es": {
        "go_on": "Continuar",
        "send": "Enviar mis respuestas",
        "sign": "Firmar y enviar",
        "problem": "Hay un problema",
        "thanks": "Gracias. La clínica tiene sus respuestas.",
        "saved": "Guardado",
        "again": "Enviar de nuevo",
        "changed": "Gracias. La clínica tiene su cambio.",
    },
}


@dataclass
class Filling:
    """One form of one visit, open in a window."""

    portal: Portal
    visit: str
    questionnaire: str
    person: Person

    @property
    def page(self) -> Page:
        """Where it is filled in."""
        return self.portal.page

    @property
    def words(self) -> dict[str, str]:
        """What the buttons say."""
        return WORDS[self.portal.language]

    def open(self) -> None:
        """The page of the form, as the list of forms leads to it, with all that comes later."""
        self.portal.open(f"form/{self.questionnaire}/1/?visit={self.visit}")
        self.ready()

    def ready(self) -> None:
        """All modules and parts are there."""
        expect(self.page.locator("#form:visible, #sign-in:visible, #finished:visible")).to_be_visible()
        expect(self.page.locator("#form[data-whole]")).to_be_attached()

    def on(self, id_: str) -> Locator:
        """The page of that id, in sight."""
        section = self.page.locator(f'[data-page="{id_}"]')
        expect(section).to_be_visible()
        return section

    def question(self, link_id: str, row: int = 0) -> Locator:
        """A question; of the repetition of that number, where it is there several times."""
        return self.page.locator(f'[data-q="{link_id}"]').nth(row)

    def choose(self, link_id: str, number: int = 0, row: int = 0) -> None:
        """One of its options."""
        self.question(link_id, row).locator(":scope > .option").nth(number).click()

    def write(self, link_id: str, words: str, row: int = 0) -> None:
        """Into its first field."""
        self.question(link_id, row).locator("input, textarea").first.fill(words)

    def date(self, link_id: str, year: int, month: int, day: int) -> None:
        """Into its three fields."""
        for part, number in {"year": year, "month": month, "day": day}.items():
            self.question(link_id).locator(f"[data-part={part}]").fill(str(number))

    def go_on(self, button: str = "go_on") -> None:
        """The button at the end of the page."""
        self.portal.button(self.words[button]).click()

    def saved(self) -> None:
        """All of it is with the clinic."""
        expect(self.page.locator("#saved")).to_have_text(self.words["saved"])

    def told(self) -> Any:
        """The answers, as the clinic has them."""
        (found,) = (each for each in self.listed() if each["questionnaire"] == self.questionnaire)
        return self.portal.api.get(f"responses/{found['response']}")

    def listed(self) -> list[dict[str, Any]]:
        """The forms of the visit."""
        return list(self.portal.api.get(f"appointments/{self.visit}/responses")["forms"])

    def faults(self) -> list[str]:
        """What nobody should have to put up with, in this state of the page."""
        page = self.page
        return looking.axe(page) + looking.too_small(page) + looking.too_wide(page) + looking.clipped(page)


def begin(portal: Portal, questionnaire: str, service: str = "visit", *, anew: bool = True, opened: bool = True) -> Filling:
    """A newcomer's visit that needs a form; signed in, at the first page if it shall be opened."""
    person = somebody_settled(portal.api, anew=anew)
    practitioner = "" if service in ("nurse", "flu") else "bea"
    visit = portal.api.book(service, portal.api.times(service, practitioner)[0]["start"], practitioner)
    filling = Filling(portal, visit["id"], questionnaire, person)
    if opened:
        filling.open()
    return filling


def answer_consent(filling: Filling, first: int = 0, last: int = 6) -> None:
    """The pages of the consent to care, from one to another; the last signs with a typed name."""
    steps = [("care", "agree-care", 0), ("exposure", "agree-exposure", 0), ("telehealth", "agree-telehealth", 1)]
    steps += [("learners", "agree-learners", 1), ("payment", "agree-payment", 0)]
    for id_, question, number in steps[first:last]:
        filling.on(id_)
        filling.choose(question, number)
        filling.go_on()


def sign(filling: Filling) -> None:
    """The last page of it."""
    filling.on("sign")
    filling.choose("signer")
    filling.write("signature", f"{filling.person.given} {filling.person.family}")
    filling.go_on("sign")
