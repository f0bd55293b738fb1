"""How far patients come with a form: counts alone, each patient once for each page."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from chalicelib.intake.records import QuestionnaireResponse, ResponseStatus
from chalicelib.intake.rules import paging, reaching
from chalicelib.intake.store import counts
from chalicelib.kit import settings, table
from tests.callers import body_of, given_the_clinics, signed_in
from tests.cast import CYRUS
from tests.intake import answering, makers

FORM = answering.our_form("phq-9")
PAGES = [page.id for page in paging.pages(FORM.items)]


def a_draft(*seen: str, **about: Any) -> QuestionnaireResponse:
    return answering.a_response("phq-9", seen=seen, **about)


CASES: dict[str, tuple[QuestionnaireResponse | None, QuestionnaireResponse, list[str]]] = {
    "begun": (None, a_draft(), [reaching.BEGUN]),
    "saved without going on": (a_draft(), a_draft(), []),
    "gone on from a page": (a_draft(), a_draft(PAGES[0]), [PAGES[0]]),
    "saved again": (a_draft(PAGES[0]), a_draft(PAGES[0]), []),
    "gone on from all": (a_draft(PAGES[0]), a_draft(*PAGES), PAGES[1:]),
    "a page that is none": (a_draft(), a_draft("../../x", "[begun]"), []),
    "handed in": (a_draft(*PAGES), a_draft(*PAGES, edition=1, status=ResponseStatus.COMPLETED), [reaching.HANDED_IN]),
    "amended": (a_draft(*PAGES, edition=1), a_draft(*PAGES, edition=2, status=ResponseStatus.AMENDED), []),
}


@pytest.mark.parametrize(("before", "after", "counted"), CASES.values(), ids=CASES)
def test_each_response_counts_once_for_each_page(
    before: QuestionnaireResponse | None, after: QuestionnaireResponse, counted: list[str]
) -> None:
    assert list(reaching.gone_on(FORM, before, after)) == counted


def test_counts_come_in_the_order_of_the_pages_and_a_page_that_nobody_reached_counts_nobody() -> None:
    told = reaching.told(FORM, {reaching.BEGUN: 5, PAGES[0]: 4, reaching.HANDED_IN: 2, "gone": 7})
    assert (told.begun, told.handed_in) == (5, 2)
    assert [(each.page, each.reached) for each in told.pages] == [(PAGES[0], 4), *((each, 0) for each in PAGES[1:])]


@pytest.mark.usefixtures("cloud")
def test_a_manager_sees_them_by_version_and_no_row_says_whose() -> None:
    given_the_clinics()
    makers.publish_ours("north", "phq-9")
    for patient in ("ada", "ben", "clara"):
        with table.together() as tx:
            counts.add("north", "phq-9", "1", [reaching.BEGUN, PAGES[0]], f"visit-of-{patient}", tx)
    with table.together() as tx:
        counts.add("north", "phq-9", "10", [reaching.BEGUN], "another", tx)
    reach = body_of(signed_in(CYRUS).get("/clinics/north/questionnaires/phq-9?version=1"))["reach"]
    assert (reach["begun"], reach["pages"][0]["reached"], reach["handedIn"]) == (3, 3, 0)
    rows = boto3.client("dynamodb").scan(TableName=settings.table("responses"))["Items"]
    assert not [row for row in rows if any(name in str(row) for name in ("ada", "ben", "clara", "visit"))]


@pytest.mark.usefixtures("cloud")
def test_a_page_is_counted_by_its_own_name_whatever_stands_in_it() -> None:
    with table.together() as tx:
        counts.add("north", "phq-9", "1", ["p", "p#1", "/54126-8/54137-5"], "somebody", tx)
    assert counts.reached("north", "phq-9", "1") == {"p": 1, "p#1": 1, "/54126-8/54137-5": 1}


@pytest.mark.usefixtures("cloud")
def test_a_draft_has_no_counts() -> None:
    given_the_clinics()
    makers.publish_ours("north", "phq-9")
    makers.draft_of("north", "phq-9", title="Mood")
    assert body_of(signed_in(CYRUS).get("/clinics/north/questionnaires/phq-9?version=draft"))["reach"] is None
