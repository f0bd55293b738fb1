"""Which pages a form has, and how far somebody has come with them."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.intake.records import Item, Option
from chalicelib.intake.rules import paging
from chalicelib.intake.rules.paging import Standing
from tests.intake.makers import TODAY, an_item, group, said, when

WELCOME, BYE = an_item("welcome", "display"), an_item("bye", "display")
NAME = an_item("name", required=True, text={"en": "Your name"})
SMOKES = an_item("smokes", "boolean")
MUCH = an_item("much", "integer", required=True, when=(when("smokes"),))
MEDICINES = an_item("medicines", "group", an_item("drug", required=True), an_item("dose"), repeats=True, page={"en": "Medicines"})
HOME = an_item("home", "group", an_item("street", required=True), an_item("town", required=True), page={"en": "Where you live"})
SECRET = an_item("secret", "group", an_item("a", hidden=True, initial=(Option(value="|x"),)), an_item("note", "display"))
FORM = [WELCOME, NAME, SMOKES, MUCH, MEDICINES, HOME, SECRET, BYE]


def test_each_thing_has_its_page_and_words_go_with_what_follows() -> None:
    assert [(page.id, page.title.get("en"), [item.link_id for item in page.items]) for page in paging.pages(FORM)] == [
        ("name", "Your name", ["welcome", "name"]),
        ("smokes", None, ["smokes"]),
        ("much", None, ["much"]),
        ("medicines", "Medicines", ["medicines"]),
        ("home", "Where you live", ["home", "bye"]),
    ]


@pytest.mark.parametrize("items", [[], [WELCOME], [SECRET], [an_item("x", hidden=True)], [an_item("g", "group", hidden=True)]])
def test_a_form_that_asks_nothing_has_no_page(items: list[Item]) -> None:
    assert paging.pages(items) == ()


def standings(*given: dict[str, Any], seen: tuple[str, ...] = ()) -> list[str]:
    """The standing of each page, shortly."""
    return [each.value for each in paging.progress(FORM, given, TODAY, frozenset(seen)).standings.values()]


STREET, TOWN = said("street", "1 Elm"), said("town", "New Haven")
STEPS: list[tuple[list[dict[str, Any]], tuple[str, ...], list[str]]] = [
    ([], (), ["empty", "empty", "skipped", "empty", "empty"]),
    ([said("name", "Ada")], (), ["done", "empty", "skipped", "empty", "empty"]),
    ([said("smokes", False)], (), ["empty", "done", "skipped", "empty", "empty"]),
    ([said("smokes", True)], (), ["empty", "done", "empty", "empty", "empty"]),
    ([said("smokes", True), said("much", 3)], (), ["empty", "done", "done", "empty", "empty"]),
    ([said("smokes", False), said("much", 3)], (), ["empty", "done", "skipped", "empty", "empty"]),
    ([group("home", STREET)], (), ["empty", "empty", "skipped", "empty", "started"]),
    ([group("home", STREET, TOWN)], (), ["empty", "empty", "skipped", "empty", "done"]),
    ([], ("medicines",), ["empty", "empty", "skipped", "done", "empty"]),
    ([], ("name",), ["empty", "empty", "skipped", "empty", "empty"]),
    ([group("medicines")], (), ["empty", "empty", "skipped", "started", "empty"]),
    ([group("medicines", said("drug", "x"))], (), ["empty", "empty", "skipped", "done", "empty"]),
    ([said("name", "Ada", "Ben")], (), ["wrong", "empty", "skipped", "empty", "empty"]),
]


@pytest.mark.parametrize(("given", "seen", "expected"), STEPS)
def test_a_page_is_as_far_as_its_answers(given: list[dict[str, Any]], seen: tuple[str, ...], expected: list[str]) -> None:
    assert standings(*given, seen=seen) == expected


def test_pages_that_are_skipped_count_for_nothing() -> None:
    few = paging.progress(FORM, [said("name", "Ada"), said("smokes", False)], TODAY, frozenset())
    more = paging.progress(FORM, [said("name", "Ada"), said("smokes", True)], TODAY, frozenset())
    assert ((few.done, few.of), (more.done, more.of)) == ((2, 4), (2, 5))
    assert few.standings["much"] is Standing.SKIPPED
