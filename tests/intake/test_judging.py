"""What staff may say of answers: the rules of it."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.intake.records import QuestionnaireResponse, RaisedFlag, ResponseStatus, ReturnedItem, Review
from chalicelib.intake.rules import filing, judging
from chalicelib.kit.problem import LookAgain
from tests.intake.answering import NOW, a_response, our_form, phq_9, whole_phq_9

TODAY = "2026-11-24"
FLAG = RaisedFlag(path="phq-9-items/phq-9-9", code="suicidal-thoughts", at=NOW)


def handed_in(**changed: Any) -> QuestionnaireResponse:
    """PHQ-9 as it was handed in."""
    about: dict[str, Any] = {"status": ResponseStatus.COMPLETED, "items": whole_phq_9(), "edition": 1, "authored": NOW}
    return a_response(**(about | changed))


def returned(response: QuestionnaireResponse, path: str = "phq-9-items/phq-9-2", note: str = "Is this right?") -> QuestionnaireResponse:
    """It, with that asked again by Rhea."""
    return judging.returned(our_form("phq-9"), response, path, note, "reception/rhea", TODAY, NOW)


def places(problem: LookAgain) -> list[str]:
    """The fields that it names."""
    errors: Any = problem.extra["errors"]
    return [each["field"] for each in errors]


def test_one_answer_is_asked_for_again_with_words_for_the_patient() -> None:
    after = returned(handed_in(), note="  Is this\n right? ")
    assert after.returned == (ReturnedItem(path="phq-9-items/phq-9-2", note="Is this right?", by="reception/rhea", at=NOW),)
    assert (after.version, after.review) == (2, Review.NONE)
    assert filing.standing(after) == "returned"


def test_what_was_accepted_is_not_once_an_answer_is_asked_for_again() -> None:
    after = returned(handed_in(review=Review.ACCEPTED, reviewed=NOW, reviewed_by="x"))
    assert (after.review, after.reviewed, after.reviewed_by) == (Review.NONE, None, "")


def test_the_same_twice_is_once_and_other_words_take_the_place_of_the_first() -> None:
    once = returned(handed_in())
    assert returned(once) is once
    twice = returned(returned(once, note="Please look again."), "phq-9-items/phq-9-3")
    assert [(each.path[-1], each.note) for each in twice.returned] == [("2", "Please look again."), ("3", "Is this right?")]


@pytest.mark.parametrize("path", ["", "nothing", "phq-9-items", "phq-9-items/phq-9-score", "__proto__"])
def test_only_a_question_that_was_asked_can_be_asked_again(path: str) -> None:
    with pytest.raises(LookAgain) as stopped:
        returned(handed_in(), path)
    assert places(stopped.value) == ["path"]


def test_what_was_not_asked_given_the_answers_cannot_be_asked_again() -> None:
    with pytest.raises(LookAgain):
        returned(handed_in(items=phq_9(*["not-at-all"] * 8)), "phq-9-impact/phq-9-difficulty")


@pytest.mark.parametrize("note", ["", "  ", "x" * 501])
def test_nobody_is_asked_again_without_words(note: str) -> None:
    with pytest.raises(LookAgain) as stopped:
        returned(handed_in(), note=note)
    assert places(stopped.value) == ["note"]


def test_a_draft_is_neither_accepted_nor_returned() -> None:
    with pytest.raises(judging.NotHandedIn):
        returned(a_response(items=whole_phq_9()))
    with pytest.raises(judging.NotHandedIn):
        judging.accepted(a_response(), "x", NOW)


def test_what_will_do_is_complete_and_nothing_of_it_is_asked_again() -> None:
    after = judging.accepted(returned(handed_in()), "reception/rhea", NOW)
    assert (after.review, after.reviewed, after.reviewed_by, after.returned) == (Review.ACCEPTED, NOW, "reception/rhea", ())
    assert filing.standing(after) == "complete"
    assert judging.accepted(after, "manager/cyrus", NOW) is after


def test_nothing_is_accepted_before_what_cannot_wait_was_seen() -> None:
    response = handed_in(flags=(FLAG,))
    with pytest.raises(judging.FlagsFirst):
        judging.accepted(response, "reception/rhea", NOW)
    assert judging.accepted(judging.seen(response, "nurse/dana", NOW), "reception/rhea", NOW).review is Review.ACCEPTED


def test_what_cannot_wait_is_seen_in_a_draft_too_and_by_whom_first() -> None:
    first = judging.seen(a_response(flags=(FLAG,)), "nurse/dana", NOW)
    assert [(each.seen, each.seen_by) for each in first.flags] == [(NOW, "nurse/dana")]
    assert judging.seen(first, "reception/rhea", NOW) is first
