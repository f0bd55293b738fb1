"""The main road: a new patient books a visit, finds it again, and cancels it; the letters say the same."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar, Event
from playwright.sync_api import ViewportSize, expect

from tests.cast import Person
from tests.journeys.chrome import DESK, PHONE
from tests.journeys.conftest import NewWindow
from tests.journeys.people import a_newcomer
from tests.journeys.portal import TAG, Chosen, Portal
from tests.local.serving import Run

pytestmark = pytest.mark.browser

REASON = "I have to travel that day."
NOTE = "I come with a wheelchair."


@pytest.mark.parametrize(
    ("size", "language"),
    [pytest.param(PHONE, "en", id="phone"), pytest.param(DESK, "en", id="desk"), pytest.param(PHONE, "es", id="Spanish")],
)
def test_a_new_patient_books_a_visit_finds_it_again_and_cancels_it(
    size: ViewportSize, language: str, new_window: NewWindow, running: Run, tmp_path: Path
) -> None:
    portal, lena = Portal(new_window(size), running, language), a_newcomer(TAG[language])
    portal.open()
    portal.choose_service()
    chosen = portal.choose_time()
    portal.sign_in(lena)
    code = running.mail_to(lena.email)
    portal.introduce(lena)
    portal.page.get_by_label(portal.words.note).fill(NOTE)
    visit = portal.book()
    expect(portal.page.locator("#visit")).to_contain_text("Dr Bea Lindqvist")
    expect(portal.page.locator("#visit [data-text=time]")).to_have_text(chosen.clock)
    booked = running.mail_to(lena.email, after=code["number"])
    calendar = event_of(portal.download_calendar(tmp_path))
    find_it_again(portal, lena, chosen)
    assert portal.page.url == f"{portal.home}visit/#{visit}"
    expect(portal.page.locator("#note")).to_contain_text(NOTE)
    portal.cancel(REASON)
    expect(portal.page.locator("#told")).to_contain_text(REASON)
    it_is_among_the_cancelled(portal, chosen)
    cancelled = running.mail_to(lena.email, after=booked["number"])
    assert [mail["subject"] for mail in (code, booked, cancelled)] == [
        portal.words.mail_code,
        portal.words.mail_booked,
        portal.words.mail_cancelled,
    ]
    the_letters_say_the_same(lena, chosen, booked, cancelled)
    assert str(calendar["UID"]) == str(event_of(booked["ics"])["UID"])


def find_it_again(portal: Portal, lena: Person, chosen: Chosen) -> None:
    """Through "my visits", which names her."""
    portal.link(portal.words.my_visits).click()
    expect(portal.page.locator("#whose")).to_contain_text(lena.name)
    portal.page.locator("#upcoming").get_by_role("link", name=chosen.label).click()
    expect(portal.page.locator("#visit")).to_be_visible()


def it_is_among_the_cancelled(portal: Portal, chosen: Chosen) -> None:
    """After a cancel, also for a page opened anew."""
    portal.open("visits/")
    card = portal.page.locator("#past li")
    expect(card).to_have_count(1)
    expect(card).to_contain_text(chosen.label)
    expect(card).to_contain_text(portal.words.cancelled_tag)
    expect(portal.page.locator("#upcoming li")).to_have_count(0)


def the_letters_say_the_same(lena: Person, chosen: Chosen, booked: dict[str, Any], cancelled: dict[str, Any]) -> None:
    """As text, as HTML, and as a calendar's event, which the first letter makes and the second takes out."""
    for part in (booked["text"], booked["html"], cancelled["text"], cancelled["html"]):
        assert [word for word in (chosen.clock.split()[0], "Lindqvist", "218 North Street", lena.given) if word not in part] == []
    made, taken_out = event_of(booked["ics"]), event_of(cancelled["ics"])
    assert (method_of(booked["ics"]), method_of(cancelled["ics"])) == ("REQUEST", "CANCEL")
    assert str(made["UID"]) == str(taken_out["UID"])
    assert taken_out.sequence == made.sequence + 1
    assert taken_out["STATUS"] == "CANCELLED"
    assert [start_of(made), start_of(taken_out)] == [chosen.start] * 2


def event_of(ics: Any) -> Event:
    """The one event of a calendar file, read by an independent library."""
    (event,) = Calendar.from_ical(ics).events
    return event


def start_of(event: Event) -> str:
    """The instant it begins, as the API writes instants."""
    assert isinstance(event.start, datetime)
    return event.start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def method_of(ics: str) -> str:
    """What a calendar program is asked to do."""
    return str(Calendar.from_ical(ics)["METHOD"])
