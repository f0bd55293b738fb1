"""A browser sends a file straight to quarantine and opens what was made of it, under the pages' own policy and the buckets' rules."""

from __future__ import annotations

import pytest

from tests.journeys import sending
from tests.journeys.chrome import DESK, PHONE
from tests.journeys.conftest import NewWindow
from tests.journeys.papers import a_sender
from tests.local.serving import Run

pytestmark = pytest.mark.browser


def test_a_patients_page_sends_and_shows_and_a_staff_page_shows_alone(running: Run, new_window: NewWindow) -> None:
    patient, staff = new_window(DESK), new_window(DESK)
    sender = a_sender(patient.context, running)
    patient.page.goto(f"{running.address}/north/en/")
    staff.page.goto(f"{running.staff_address}/sign-in/")
    form = sending.a_form(sender)
    assert patient.page.evaluate(sending.SEND, form) == 201
    link = sending.released(sender, form["id"])
    for window in (patient, staff):
        assert window.page.evaluate(sending.SHOW, link) == 1200
        assert window.page.evaluate(sending.READ, link) > 1000


def test_a_staff_page_is_kept_from_the_answer_to_a_form_and_an_edited_link_shows_nothing(running: Run, new_window: NewWindow) -> None:
    sender, staff = a_sender(new_window(PHONE).context, running), new_window(DESK)
    staff.page.goto(f"{running.staff_address}/sign-in/")
    staff.watch.expect("net::ERR_FAILED", "net::ERR_BLOCKED_BY_ORB", 403)
    form = sending.a_form(sender)
    assert staff.page.evaluate(sending.SEND, form) == "kept from it"
    link = sending.released(sender, form["id"])  # what CORS keeps from a page is the answer: it was sent, with a form that somebody signed
    assert staff.page.evaluate(sending.SHOW, link.replace("insurance-front-1.jpg", "card.svg")) == "kept from it"
    blocked = [fault for fault in staff.watch.faults if "blocked by CORS policy" in fault]
    assert staff.watch.faults == blocked != []
    staff.watch.faults.clear()
