"""The demo's forms: Ada's check-up has one handed in with its score, one begun, and others that nobody has opened."""

from __future__ import annotations

import pytest

from chalicelib.clinics import actions as clinics
from chalicelib.kit import clock
from scripts.local import demo_forms, filling
from scripts.local.demo_papers import Booked
from tests.callers import body_of, given_the_clinics, letters, signed_in
from tests.cast import ADA, CYRUS
from tests.documents.callers import book
from tests.intake.callers import NORTH, NOW, listed


@pytest.fixture(autouse=True)
def _monday(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    given_the_clinics()
    filling.begin_forms(clinics.listed())


def test_adas_check_up_shows_forms_in_every_state() -> None:
    ada, cyrus = signed_in(ADA), signed_in(CYRUS)
    visit = book(ada, service="annual")
    told = len(letters())
    demo_forms.fill(clinics.listed(), {"demo-visit-00": Booked(ADA, ADA.actor(patient=ADA.id), visit)}, NOW)
    forms = listed(cyrus, visit)
    assert {name: form["standing"] for name, form in forms.items()} == {
        "new-patient": "started",
        "consent-to-treat": "not-opened",
        "phq-9": "needs-review",
        "audit-c": "not-opened",
    }
    assert (forms["new-patient"]["done"], forms["new-patient"]["of"]) == (1, 12)
    (score,) = body_of(cyrus.get(f"{NORTH}/responses/{forms['phq-9']['response']}"))["staff"]["scores"]
    assert (score["value"], score["band"], score["complete"]) == (8, "mild", True)
    assert len(letters()) == told, "nothing in it could not wait"


def test_what_was_not_booked_now_is_filled_in_by_nobody() -> None:
    demo_forms.fill(clinics.listed(), {}, NOW)
    assert listed(signed_in(ADA), book(signed_in(ADA), service="annual"))["phq-9"]["standing"] == "not-opened"


@pytest.mark.parametrize("clinic", ["north", "prairie", "south"])
def test_every_form_that_a_clinic_asks_for_is_one_of_ours(clinic: str) -> None:
    known = {each["url"].rpartition("/")[2] for each in filling.our_forms()}
    asked = clinics.get(clinic)
    assert {rule.id for rule in asked.forms} <= known
    for service in asked.services:
        first = [rule for rule in asked.forms if not rule.follows and (not rule.services or service.id in rule.services)]
        assert 2 <= len(first) <= 5, (service.id, [rule.id for rule in first])
