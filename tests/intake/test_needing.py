"""Which forms a visit needs: a table of what the clinic asks for and of what its patient has handed in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.clinics.records import FormRule
from chalicelib.intake.records import Completed
from chalicelib.intake.rules import needing
from tests.intake.answering import NOW, a_north, a_visit, completed

NEW = FormRule(id="new-patient")
ANNUAL = FormRule(id="annual-update", again_after_days=365, follows="new-patient")
CONSENT = FormRule(id="consent-to-treat", again_after_days=365)
PHQ = FormRule(id="phq-9", services=("visit", "annual"))
TRAVEL = FormRule(id="travel", services=("travel",))
BREATH = FormRule(id="respiratory-screening", again_after_days=1)
RULES = (NEW, ANNUAL, CONSENT, PHQ, TRAVEL, BREATH)
ALL = tuple(rule.id for rule in RULES)
FIRST = ("new-patient", "consent-to-treat", "phq-9", "respiratory-screening")


@pytest.mark.parametrize(
    ("why", "handed_in", "needed"),
    [
        ("a new patient", {}, FIRST),
        ("once is enough", {"new-patient": 2000, "phq-9": 2000}, ("annual-update", "consent-to-treat", "respiratory-screening")),
        ("an update only after the first", {"consent-to-treat": 5}, ("new-patient", "phq-9", "respiratory-screening")),
        ("the first counts for its update", {"new-patient": 363}, ("consent-to-treat", "phq-9", "respiratory-screening")),
        ("a year before the visit", {"new-patient": 364}, ("annual-update", "consent-to-treat", "phq-9", "respiratory-screening")),
        ("the last of both counts", {"new-patient": 800, "annual-update": 100, "consent-to-treat": 9}, ("phq-9", "respiratory-screening")),
        (
            "both too old",
            {"new-patient": 900, "annual-update": 400, "consent-to-treat": 9},
            ("annual-update", "phq-9", "respiratory-screening"),
        ),
        ("an hour ago, for a visit tomorrow", {**dict.fromkeys(ALL, 0)}, ("respiratory-screening",)),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_visit_needs_what_is_due(why: str, handed_in: dict[str, int], needed: tuple[str, ...]) -> None:
    known = {form: completed(form, days) for form, days in handed_in.items()}
    assert needing.needed(a_north(*RULES), a_visit(), known, ALL) == needed, why


@pytest.mark.parametrize(
    ("why", "service", "offered", "begun", "needed"),
    [
        ("what is not published is not needed", "visit", ("phq-9",), (), ("phq-9",)),
        ("another service", "travel", ALL, (), ("new-patient", "consent-to-treat", "travel", "respiratory-screening")),
        ("what was begun stays though it was retired", "visit", ("phq-9",), ("consent-to-treat",), ("consent-to-treat", "phq-9")),
        ("what nobody asked for comes last", "visit", ("phq-9",), ("release-of-information",), ("phq-9", "release-of-information")),
        ("nothing is there twice", "visit", ("phq-9",), ("phq-9",), ("phq-9",)),
    ],
    ids=lambda each: each if isinstance(each, str) and " " in each else "",
)
def test_a_visit_needs_what_its_service_and_the_clinic_have(
    why: str, service: str, offered: tuple[str, ...], begun: tuple[str, ...], needed: tuple[str, ...]
) -> None:
    assert needing.needed(a_north(*RULES), a_visit(service=service), {}, offered, begun) == needed, why


def test_a_form_of_this_very_visit_stays_though_it_is_handed_in() -> None:
    assert needing.needed(a_north(NEW), a_visit(), {"new-patient": completed("new-patient", response="v-1")}, ALL, ["new-patient"]) == (
        "new-patient",
    )


def test_days_are_those_of_the_clinics_calendar() -> None:
    late = Completed(questionnaire="respiratory-screening", response="w-1", canonical="u|1", at=datetime(2026, 11, 25, 3, 0, tzinfo=UTC))
    visit = a_visit(start=datetime(2026, 11, 25, 20, 0, tzinfo=UTC))
    assert needing.needed(a_north(BREATH), visit, {BREATH.id: late}, ALL) == (BREATH.id,), "ten in the evening before, in New York"
    same_day = Completed(questionnaire=BREATH.id, response="w-1", canonical="u|1", at=datetime(2026, 11, 25, 12, 0, tzinfo=UTC))
    assert needing.needed(a_north(BREATH), visit, {BREATH.id: same_day}, ALL) == ()


def test_a_clinic_that_asks_for_nothing_needs_nothing() -> None:
    assert needing.needed(a_north(), a_visit(start=NOW + timedelta(days=2)), {}, ALL) == ()
