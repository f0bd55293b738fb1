"""Answers by their places: what changed, which files are named, and what is left without some of them."""

from __future__ import annotations

import pytest

from chalicelib.intake.rules import differing
from tests.intake.makers import an_item, group, of, said

FORM = [
    an_item("name"),
    an_item("medicine", "group", an_item("drug"), an_item("dose"), repeats=True),
    an_item("ill", "boolean", an_item("since", "date"), an_item("card", "attachment", repeats=True)),
]
FILE = of("Attachment", {"url": "DocumentReference/0123456789abcdef"})
BEFORE = [said("name", "Ada"), group("medicine", said("drug", "A")), said("ill", True, below=[said("since", of("Date", "2026"))])]


@pytest.mark.parametrize(
    ("after", "paths"),
    [
        (BEFORE, []),
        ([said("name", "Eda"), *BEFORE[1:]], ["name"]),
        (BEFORE[1:], ["name"]),
        ([BEFORE[0], group("medicine", said("drug", "B"), said("dose", "1")), BEFORE[2]], ["medicine[0]/drug", "medicine[0]/dose"]),
        ([*BEFORE, group("medicine", said("drug", "B"))], ["medicine[1]/drug"]),
        ([*BEFORE[:2], said("ill", False)], ["ill", "ill/since"]),
        ([], ["name", "medicine[0]/drug", "ill", "ill/since"]),
    ],
)
def test_differences_are_named_by_their_places(after: list[dict[str, object]], paths: list[str]) -> None:
    assert [each.path for each in differing.differences(FORM, BEFORE, after)] == paths


def test_a_difference_has_both_sides() -> None:
    (found,) = differing.differences(FORM, BEFORE, [said("name", "Eda"), *BEFORE[1:]])
    assert [[each.value for each in side] for side in (found.before, found.after)] == [["Ada"], ["Eda"]]


@pytest.mark.parametrize(
    ("path", "place", "is_there"),
    [
        ("medicine[0]/drug", "medicine", True),
        ("medicine[0]/drug", "medicine[0]", True),
        ("medicine[0]/drug", "medicine[0]/drug", True),
        ("medicine[0]/drug", "medicine[1]", False),
        ("medicines", "medicine", False),
        ("medicine", "medicine[0]", False),
    ],
)
def test_a_place_lies_at_or_below_another(path: str, place: str, is_there: bool) -> None:
    assert differing.is_at(path, place) is is_there


def test_files_are_found_wherever_they_are_named() -> None:
    given = [said("ill", True, below=[{"linkId": "card", "answer": [FILE, FILE]}])]
    assert differing.files(FORM, given) == [("ill/card", "0123456789abcdef")] * 2


@pytest.mark.parametrize(
    ("places", "left"),
    [
        ([], BEFORE),
        (["name"], BEFORE[1:]),
        (["medicine[0]/drug"], [BEFORE[0], group("medicine"), BEFORE[2]]),
        (["medicine"], [BEFORE[0], BEFORE[2]]),
        (["ill/since"], [*BEFORE[:2], said("ill", True)]),
        (["ill"], BEFORE[:2]),
    ],
)
def test_answers_are_left_without_some_places(places: list[str], left: list[dict[str, object]]) -> None:
    assert differing.without(FORM, BEFORE, places) == left


def test_every_answered_place_is_told_with_its_answers() -> None:
    rows = [*BEFORE, group("medicine", said("drug", "B"))]
    assert [path for path, _ in differing.raw(FORM, rows)] == ["name", "medicine[0]/drug", "ill", "ill/since", "medicine[1]/drug"]
    assert dict(differing.raw(FORM, rows))["medicine[1]/drug"] == [{"valueString": "B"}]
