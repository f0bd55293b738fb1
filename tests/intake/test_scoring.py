"""Scores and what cannot wait: worked out by hand from what the instruments' authors published."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.intake.records import Calculation, Item, RedFlag, Sum
from chalicelib.intake.rules import scoring
from tests.intake.makers import TODAY, an_item, options, said, when

CHOICES = options("0", "1", "2", "3", ordinals=True)


def an_instrument(name: str, questions: int, **last: Any) -> list[Item]:
    """So many questions of the weights 0 to 3, and their sum."""
    ids = tuple(f"q{number}" for number in range(1, questions + 1))
    asked = [an_item(each, "choice", options=CHOICES, **(last if each == ids[-1] else {})) for each in ids]
    return [*asked, an_item("score", "integer", score=name, read_only=True, calculated=Calculation(kind=Sum.ORDINALS, of=ids))]


def answers(*weights: int) -> list[dict[str, Any]]:
    """The first questions, so weighed."""
    return [said(f"q{number}", f"|{weight}") for number, weight in enumerate(weights, 1)]


BANDS = [
    ("phq-9", 9, [0] * 9, 0, "minimal"),
    ("phq-9", 9, [1] * 4 + [0] * 5, 4, "minimal"),
    ("phq-9", 9, [1] * 5 + [0] * 4, 5, "mild"),
    ("phq-9", 9, [1] * 9, 9, "mild"),
    ("phq-9", 9, [2] + [1] * 8, 10, "moderate"),
    ("phq-9", 9, [2] * 5 + [1] * 4, 14, "moderate"),
    ("phq-9", 9, [2] * 6 + [1] * 3, 15, "moderately-severe"),
    ("phq-9", 9, [3] * 1 + [2] * 8, 19, "moderately-severe"),
    ("phq-9", 9, [3] * 2 + [2] * 7, 20, "severe"),
    ("phq-9", 9, [3] * 9, 27, "severe"),
    ("gad-7", 7, [1] * 4 + [0] * 3, 4, "minimal"),
    ("gad-7", 7, [1] * 5 + [0] * 2, 5, "mild"),
    ("gad-7", 7, [2] * 3 + [1] * 4, 10, "moderate"),
    ("gad-7", 7, [3] + [2] * 6, 15, "severe"),
    ("gad-7", 7, [3] * 7, 21, "severe"),
    ("audit-c", 3, [1, 1, 0], 2, "low"),
    ("audit-c", 3, [1, 1, 1], 3, "positive-for-women"),
    ("audit-c", 3, [2, 1, 1], 4, "positive"),
]


@pytest.mark.parametrize(("name", "questions", "weights", "value", "band"), BANDS)
def test_a_score_is_the_sum_and_its_published_band(name: str, questions: int, weights: list[int], value: int, band: str) -> None:
    (score,) = scoring.scores(an_instrument(name, questions), answers(*weights), TODAY)
    assert (score.name, score.value, score.band, score.complete) == (name, value, band, True)
    assert score.value <= score.most


def test_a_score_that_lacks_an_answer_has_no_band() -> None:
    (score,) = scoring.scores(an_instrument("phq-9", 9), answers(3, 3, 3, 3, 3, 3, 3, 3), TODAY)
    assert (score.value, score.band, score.complete) == (24, "", False)
    (score,) = scoring.scores(an_instrument("phq-9", 9), [], TODAY)
    assert (score.value, score.band, score.complete) == (0, "", False)


def test_an_instrument_that_is_not_asked_has_no_score() -> None:
    whole = an_item("g", "group", *an_instrument("gad-7", 7), when=(when("wanted"),))
    items = [an_item("wanted", "boolean"), whole]
    assert scoring.scores(items, [said("wanted", False)], TODAY) == []
    (score,) = scoring.scores(items, [said("wanted", True)], TODAY)
    assert score.path == "g/score"


NINTH = RedFlag(code="suicidal-thoughts")


@pytest.mark.parametrize(("weight", "raised"), [(0, False), (1, True), (2, True), (3, True)])
def test_any_answer_but_not_at_all_to_the_ninth_question_cannot_wait(weight: int, *, raised: bool) -> None:
    items = an_instrument("phq-9", 9, red_flag=NINTH)
    expected = [("q9", "suicidal-thoughts")] if raised else []
    assert scoring.flags(items, [said("q9", f"|{weight}")], TODAY) == expected  # in a draft, with all else unanswered
    assert scoring.flags(items, [], TODAY) == []


@pytest.mark.parametrize(
    ("item", "value", "raised"),
    [
        (an_item("q", "boolean", red_flag=RedFlag(code="breathless")), True, True),
        (an_item("q", "boolean", red_flag=RedFlag(code="breathless")), False, False),
        (an_item("q", "decimal", red_flag=RedFlag(code="fever", at_least=39.0)), 39.5, True),
        (an_item("q", "decimal", red_flag=RedFlag(code="fever", at_least=39.0)), 38.5, False),
        (an_item("q", "choice", repeats=True, options=CHOICES, red_flag=RedFlag(code="x", at_least=2.0)), "|1", False),
        (an_item("q", "choice", options=options("a"), red_flag=RedFlag(code="x")), "|a", False),
    ],
)
def test_what_cannot_wait_is_told_by_its_weight(item: Item, value: Any, *, raised: bool) -> None:
    assert bool(scoring.flags([item], [said("q", value)], TODAY)) is raised


def test_what_is_not_asked_raises_nothing() -> None:
    items = [an_item("wanted", "boolean"), an_item("q", "boolean", red_flag=RedFlag(code="x"), when=(when("wanted"),))]
    assert scoring.flags(items, [said("wanted", False), said("q", True)], TODAY) == []
    assert scoring.flags(items, [said("wanted", True), said("q", True)], TODAY) == [("q", "x")]
