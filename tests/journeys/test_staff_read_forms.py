"""Rhea reads what a patient filled in: what cannot wait comes first, one question is asked again, and the rest is accepted."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.cast import BEA, CYRUS, RHEA
from tests.intake.answering import coded, phq_9, whole_phq_9
from tests.journeys import looking
from tests.journeys.chrome import DESK, PHONE
from tests.journeys.conftest import AT_A_DESK, ON_A_PHONE, SIZES, NewWindow
from tests.journeys.desk import Desk
from tests.journeys.papers import Sender, a_sender, card
from tests.local.serving import Run

pytestmark = pytest.mark.browser

NOTE = "Please look at the second question again."


@dataclass
class Filler:
    """Somebody with a visit who fills in a form, and the way to the API as them."""

    sender: Sender
    response: str
    version: int = 1

    @property
    def name(self) -> str:
        """Theirs."""
        return self.sender.person.name

    def save(self, items: list[dict[str, Any]]) -> None:
        """A draft, kept."""
        self._send("save", {"items": items, "seen": [], "page": "", "language": "en-US"})

    def submit(self, items: list[dict[str, Any]]) -> None:
        """Handed in."""
        self._send("submit", {"items": items, "seen": [], "language": "en-US", "signatures": []})

    def amend(self, items: list[dict[str, Any]], *kept: str) -> None:
        """Handed in again, with what stays as it is."""
        wanted = {"items": items, "seen": [], "language": "en-US", "signatures": [], "withdrawn": [], "kept": list(kept), "reason": ""}
        self._send("amend", wanted)

    def look(self) -> dict[str, Any]:
        """How it stands."""
        found: dict[str, Any] = self.sender.api.get(f"responses/{self.response}")
        self.version = found["version"]
        return found

    def _send(self, verb: str, body: dict[str, Any]) -> None:
        self.look()
        told = self.sender.api.post(f"responses/{self.response}/{verb}", body, If_Match=f'"{self.version}"')
        self.version = told["version"]


@pytest.fixture
def lena(new_window: NewWindow, running: Run) -> Filler:
    """A patient who has begun PHQ-9."""
    sender = a_sender(new_window(PHONE).context, running)
    begun = sender.api.post(f"appointments/{sender.visit}/responses", {"questionnaire": "phq-9", "language": "en-US"})
    return Filler(sender, str(begun["id"]), int(begun["version"]))


@pytest.fixture(params=SIZES)
def rhea(request: pytest.FixtureRequest, new_window: NewWindow, running: Run) -> Desk:
    """At the front desk, and with her phone."""
    desk = Desk(new_window(request.param), running)
    desk.enter(RHEA)
    return desk


def row(desk: Desk, filler: Filler) -> Locator:
    """A patient's visit in the list: its way to what is to be read."""
    return desk.page.locator(f"#visits a[href$='{filler.sender.visit}']")


def picture(desk: Desk, name: str) -> None:
    """For whoever wants to look: into the folder that LOOK_AT names."""
    if os.environ.get("LOOK_AT"):
        size = desk.page.viewport_size
        assert size
        desk.page.screenshot(path=Path(os.environ["LOOK_AT"]) / f"{name}-{size['width']}.png", full_page=True)


def is_whole(desk: Desk) -> None:
    """Nothing is wrong with the page as it stands."""
    assert looking.axe(desk.page) == []
    assert looking.too_wide(desk.page) + looking.clipped(desk.page) == []
    assert looking.too_small(desk.page) == []


def answer(desk: Desk, words: str) -> Locator:
    """A question with its answer."""
    return desk.page.locator("#answers li", has_text=words)


def test_what_cannot_wait_comes_first_one_question_is_asked_again_and_then_all_of_it_is_accepted(rhea: Desk, lena: Filler) -> None:
    lena.save(phq_9("several", last="several"))
    rhea.open("documents/")
    expect(rhea.page.locator("#urgent")).to_contain_text("answers that cannot wait")
    is_whole(rhea)
    picture(rhea, "list")
    rhea.page.get_by_role("link", name="Look now").click()
    expect(rhea.page.locator("#urgent")).to_be_hidden()
    expect(rhea.page.get_by_role("radio", name="Cannot wait")).to_be_checked()
    picture(rhea, "urgent")
    row(rhea, lena).click()

    expect(rhea.heading(lena.name)).to_be_visible()
    flags = rhea.page.locator("#flags")
    expect(flags).to_contain_text("Thoughts of death or of hurting themselves")
    expect(flags).to_contain_text("The patient")
    expect(flags.locator("a[href^='tel:+']")).to_have_text(lena.sender.person.telephone)
    expect(rhea.button("Accept")).to_be_hidden()
    expect(rhea.button("Ask again")).to_have_count(0)
    is_whole(rhea)
    picture(rhea, "draft")
    rhea.button("I have seen it and act on it").click()
    expect(rhea.page.locator("#told")).to_have_text("Written down.")
    expect(flags).to_contain_text(f"by {RHEA.name}")

    lena.submit(whole_phq_9())
    rhea.open(f"visit-forms/#r={lena.response}")  # another address of the page, which loads itself anew
    expect(rhea.page.locator("#standing")).to_have_text("To look at")
    expect(rhea.page.locator("#scores")).to_contain_text("PHQ-9: 8 of 27, mild")
    second = answer(rhea, "2. Feeling down")
    expect(second).to_contain_text("Several days")
    picture(rhea, "handed-in")
    second.get_by_role("button").click()
    place = second.bounding_box()
    dialog = rhea.dialog("Ask again")
    assert looking.axe(rhea.page) == []
    rhea.button("Ask the patient").click()
    expect(dialog.locator(".error-summary li")).to_have_text(["Say what is wrong with it"])
    dialog.get_by_label("What is wrong with it?").fill(NOTE)
    picture(rhea, "asking")
    rhea.button("Ask the patient").click()
    expect(rhea.page.locator("#live")).to_have_text("The patient is asked for it again.")
    expect(answer(rhea, "2. Feeling down")).to_contain_text(f"Asked again: {NOTE}")
    expect(second.get_by_role("button")).to_be_focused()
    stays = second.bounding_box()
    assert place
    assert stays
    assert abs(stays["y"] - place["y"]) < 60  # what is focused is never under the tabs
    rhea.button("Accept").click()
    expect(rhea.dialog("The patient is still asked again")).to_be_visible()
    assert looking.axe(rhea.page) == []
    picture(rhea, "accepting")
    rhea.button("Wait for the patient").click()
    expect(rhea.page.locator("#standing")).to_have_text("Asked again")
    assert [(each["path"], each["note"]) for each in lena.look()["returned"]] == [("phq-9-items/phq-9-2", NOTE)]

    changed = whole_phq_9()
    changed[0]["item"][1]["answer"][0]["valueCoding"]["code"] = "not-at-all"
    lena.amend(changed)
    rhea.page.reload()
    expect(rhea.page.locator("#scores")).to_contain_text("PHQ-9: 7 of 27, mild")
    expect(rhea.page.locator("#amended li")).to_contain_text("2. Feeling down")
    expect(answer(rhea, "2. Feeling down")).to_contain_text("Changed. Before: Several days")
    is_whole(rhea)
    picture(rhea, "amended")
    rhea.button("Accept").click()
    expect(rhea.page.locator("#told")).to_have_text("Accepted.")
    expect(rhea.page.locator("#standing")).to_have_text("Complete")
    expect(rhea.heading("How you have felt (PHQ-9)")).to_be_focused()
    is_whole(rhea)
    picture(rhea, "accepted")
    assert lena.look()["standing"] == "complete"


def text(link_id: str, said: str) -> dict[str, Any]:
    """A question answered in words."""
    return {"linkId": link_id, "answer": [{"valueString": said}]}


@pytest.mark.parametrize("size", ON_A_PHONE)
def test_what_matters_stands_first_a_photo_leads_to_where_it_is_looked_at_and_the_tablet_has_its_code(
    new_window: NewWindow, running: Run, size: Any
) -> None:
    sender = a_sender(new_window(PHONE).context, running)
    photo = sender.send(card(sender.person, "front"))
    begun = sender.api.post(f"appointments/{sender.visit}/responses", {"questionnaire": "new-patient", "language": "en-US"})
    lena, yes = Filler(sender, str(begun["id"])), [{"valueBoolean": True}]
    front = {"linkId": "card-front", "answer": [{"valueAttachment": {"url": f"DocumentReference/{photo}"}}]}
    medicine = [text("medicine-name", "Metformin"), text("medicine-dose", "500 mg")]
    lena.save(
        [
            {"linkId": "insurance", "item": [coded("coverage", "private"), {"linkId": "plan", "item": [front]}]},
            {"linkId": "visit", "item": [text("reason", "My knee hurts when I climb stairs")]},
            {"linkId": "medicines", "item": [{"linkId": "takes-medicines", "answer": yes}, {"linkId": "medicine", "item": medicine}]},
        ]
    )
    rhea = Desk(new_window(size), running)
    rhea.enter(RHEA)
    rhea.open(f"visit-forms/#r={lena.response}")
    expect(rhea.page.locator("#summary li")).to_contain_text(["My knee hurts when I climb stairs", "No answer", "Metformin, 500 mg"])
    is_whole(rhea)
    picture(rhea, "summary")
    rhea.button("Hand over the tablet").click()
    expect(rhea.page.locator("#tablet .code")).to_have_text(re.compile(r"\w{4}-\w{4}"))
    expect(rhea.page.locator("#tablet")).to_contain_text("/north/en/kiosk/")
    assert looking.axe(rhea.page) == []
    picture(rhea, "tablet")
    rhea.page.get_by_role("link", name="Insurance card, front").click()
    expect(rhea.heading("Insurance card, front").first).to_be_visible()


def test_who_was_first_is_shown_and_nothing_is_said_of_what_was_not_seen(rhea: Desk, lena: Filler) -> None:
    lena.submit(whole_phq_9())
    rhea.open(f"visit-forms/#r={lena.response}")
    expect(rhea.button("Accept")).to_be_visible()
    lena.amend(phq_9(*["several"] * 8, last="not-at-all", difficulty="very"))
    rhea.window.watch.expect(412)
    rhea.button("Accept").click()
    expect(rhea.page.locator("#told")).to_have_text("Somebody has changed it. Look again.")
    expect(rhea.page.locator("#told")).to_have_class("notice is-warn")
    expect(rhea.page.locator("#standing")).to_have_text("To look at")


@pytest.mark.parametrize("size", AT_A_DESK)
def test_a_form_is_taken_out_for_a_reason(new_window: NewWindow, running: Run, lena: Filler, size: Any) -> None:
    lena.submit(whole_phq_9())
    cyrus = Desk(new_window(size), running)
    cyrus.enter(CYRUS)
    cyrus.open(f"visit-forms/#r={lena.response}")
    cyrus.button("Download").click()
    dialog = cyrus.dialog("Download")
    assert looking.axe(cyrus.page) == []
    dialog.get_by_role("button", name="Download").click()
    expect(dialog.locator(".error-summary li")).to_have_text(["Say why, in ten letters or more"])
    dialog.get_by_label("Why do you need it?").fill("The patient moves to another clinic.")
    picture(cyrus, "exporting")
    with cyrus.page.expect_download() as saved:
        dialog.get_by_role("button", name="Download").click()
    assert saved.value.suggested_filename.startswith("phq-9-")
    assert Path(saved.value.path()).read_bytes().startswith(b"%PDF-1.7")


def test_a_form_that_is_not_there_is_told_so_and_a_visit_without_any_too(new_window: NewWindow, running: Run, lena: Filler) -> None:
    desk = Desk(new_window(DESK), running)
    desk.enter(BEA)
    desk.window.watch.expect(404)
    desk.open("visit-forms/#r=nothing")
    expect(desk.heading("No such form for you")).to_be_visible()
    expect(desk.page.locator("#missing")).to_be_focused()
    rhea = Desk(new_window(PHONE), running)
    rhea.enter(RHEA)
    other = lena.sender.api.book("visit", lena.sender.api.times("visit", ahead=12)[3]["start"])
    rhea.open(f"visit-forms/#v={other['id']}")
    expect(rhea.heading("Nothing was filled in yet")).to_be_visible()
    expect(rhea.page.locator("#forms li").first).to_contain_text("Not opened")
    is_whole(rhea)
    picture(rhea, "nothing")
