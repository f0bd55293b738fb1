"""What staff say of a file, how it is taken back, and how long it is kept."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.documents import rules
from chalicelib.documents.records import DocumentReference, DocumentState, Remade, Review
from chalicelib.kit.problem import LookAgain
from tests.documents.makers import KINDS, NOW, a_document, a_north, a_visit, released

LATER = NOW + timedelta(hours=1)
UNREADABLE = [a_document(state=state) for state in DocumentState if state is not DocumentState.RELEASED] + [released(withdrawn=NOW)]


def test_what_will_do_is_accepted_once() -> None:
    found = rules.accept(released(), "staff/cyrus", NOW)
    assert (found.review, found.reviewed_by, found.reviewed, found.version) == (Review.ACCEPTED, "staff/cyrus", NOW, 2)
    assert rules.accept(found, "staff/dana", LATER) == found


def test_what_will_not_do_goes_back_with_words_for_the_patient() -> None:
    found = rules.return_(released(), "  The corner\n is cut off ", "staff/dana", NOW)
    assert (found.review, found.review_note, found.counts) == (Review.RETURNED, "The corner is cut off", False)
    assert rules.accept(found, "staff/dana", LATER).review_note == ""


@pytest.mark.parametrize("note", ["", "   ", "x" * 501])
def test_without_words_or_with_too_many_nothing_goes_back(note: str) -> None:
    with pytest.raises(LookAgain):
        rules.return_(released(), note, "staff/dana", NOW)


def relabelled(document: DocumentReference, kind: str, page: int, *others: DocumentReference) -> DocumentReference:
    return rules.relabel(a_north(), a_visit(), document, kind, page, others)


@pytest.mark.parametrize("document", UNREADABLE)
@pytest.mark.parametrize(
    "act",
    [
        lambda document: rules.accept(document, "staff/dana", NOW),
        lambda document: rules.return_(document, "No", "staff/dana", NOW),
        lambda document: relabelled(document, "id", 1),
    ],
)
def test_nobody_judges_what_nobody_can_see(document: DocumentReference, act: Callable[[DocumentReference], DocumentReference]) -> None:
    with pytest.raises(rules.NotReadable):
        act(document)


def test_a_card_that_was_sent_as_a_letter_is_put_right() -> None:
    found = relabelled(released(), "referral", 3)
    assert (found.kind, found.page, found.version) == ("referral", 3, 2)
    assert relabelled(found, "referral", 3) == found


@pytest.mark.parametrize(("kind", "until"), [("id", date(2026, 12, 23)), ("referral", date(2027, 11, 23))])
def test_what_is_put_right_is_kept_as_long_as_what_it_is(kind: str, until: date) -> None:
    assert relabelled(released(until=date(2030, 1, 1)), kind, 1).until == until


@pytest.mark.parametrize("gone", [{"withdrawn": NOW}, {"state": DocumentState.SUPERSEDED}, {"page": 2}])
def test_no_two_files_are_put_on_one_page(gone: dict[str, Any]) -> None:
    other = released(id="o", kind="referral")
    with pytest.raises(LookAgain):
        relabelled(released(), "referral", 1, other)
    assert relabelled(released(), "referral", 1, released(**({"id": "o", "kind": "referral"} | gone))).page == 1


@pytest.mark.parametrize(("kind", "page"), [("passport", 1), ("referral", 4), ("referral", 0), ("id", 2)])
def test_there_is_no_such_kind_or_page(kind: str, page: int) -> None:
    with pytest.raises(LookAgain):
        relabelled(released(), kind, page)


def test_the_same_words_again_send_nothing_back_twice() -> None:
    once = rules.return_(released(), "Cut off.", "staff/dana", NOW)
    assert rules.return_(once, " Cut  off. ", "staff/rhea", LATER) == once
    assert rules.return_(once, "Blurred.", "staff/rhea", LATER).review_note == "Blurred."


@pytest.mark.parametrize(("review", "until"), [(Review.NONE, date(2026, 11, 22)), (Review.RETURNED, date(2027, 11, 22))])
def test_what_is_replaced_unseen_is_kept_no_longer(review: Review, until: date) -> None:
    today = date(2026, 11, 22)
    found = rules.superseded(released(review=review, until=date(2027, 11, 22)), "new", today)
    assert (found.state, found.replaced_by, found.until) == (DocumentState.SUPERSEDED, "new", until)
    assert rules.is_due_for_deletion(found, today) is (review is Review.NONE)


def test_what_is_gone_cannot_be_held() -> None:
    with pytest.raises(rules.NotReadable):
        rules.hold(rules.deleted(released()), held=True)


@pytest.mark.parametrize("reason", ["", " " * 20, "to  short", "x" * 9])
def test_a_reason_says_something(reason: str) -> None:
    with pytest.raises(LookAgain):
        rules.said(reason)
    assert rules.said(" A court  asked. ") == "A court asked."


@pytest.mark.parametrize("review", Review)
def test_46_what_is_taken_back_is_marked_and_kept_if_anybody_has_judged_it(review: Review) -> None:
    today, until = date(2026, 11, 22), date(2027, 11, 22)
    found = rules.withdraw(released(review=review, until=until), NOW, today)
    assert (found.withdrawn, found.state, found.is_readable) == (NOW, DocumentState.RELEASED, False)
    assert rules.is_due_for_deletion(found, today) is (review is Review.NONE)
    assert found.until == (today if review is Review.NONE else until)
    assert rules.withdraw(found, LATER, today) == found


@pytest.mark.parametrize("state", [DocumentState.SUPERSEDED, DocumentState.DELETED])
def test_what_is_gone_cannot_be_taken_back(state: DocumentState) -> None:
    assert rules.withdraw(a_document(state=state), NOW, date(2026, 11, 22)).withdrawn is None


@pytest.mark.parametrize(
    ("end", "until"),
    [
        (datetime(2026, 11, 23, 12, tzinfo=UTC), date(2026, 12, 23)),
        (datetime(2026, 11, 24, 4, 59, tzinfo=UTC), date(2026, 12, 23)),  # still the 23rd in New York
        (datetime(2026, 11, 24, 5, 0, tzinfo=UTC), date(2026, 12, 24)),
    ],
)
def test_it_is_kept_by_the_clinics_calendar(end: datetime, until: date) -> None:
    identity = next(kind for kind in KINDS if kind.id == "id")
    assert rules.kept_until(a_north(), identity, a_visit(end=end)) == until


@pytest.mark.parametrize(("held", "withdrawn", "day"), list(itertools.product([False, True], [None, NOW], [0, 1])))
def test_its_time_is_over_the_day_after_unless_it_is_held(held: bool, withdrawn: datetime | None, day: int) -> None:
    until = date(2026, 12, 23)
    document = rules.hold(released(until=until, withdrawn=withdrawn, review=Review.ACCEPTED), held=held)
    assert rules.is_due_for_deletion(document, until + timedelta(days=day)) is (day == 1 and not held)


def test_of_what_was_deleted_remains_that_there_was_one() -> None:
    remade = Remade(content_type="image/jpeg", size=1, sha256="2" * 64, pages=1)
    found = rules.deleted(released(name="Ada card.jpg", remade=remade, review=Review.ACCEPTED))
    assert (found.state, found.name, found.sha256, found.remade) == (DocumentState.DELETED, "", "0" * 64, None)
    assert (found.kind, found.patient, found.asked, found.review) == ("insurance-front", "ada", NOW, Review.ACCEPTED)
    assert not rules.is_due_for_deletion(found, date(2100, 1, 1))
