"""From asked-for to released or refused, whatever the order of what is told."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import pytest

from chalicelib.documents import rules
from chalicelib.documents.records import DocumentReference, DocumentState, Remade, Review, Verdict
from chalicelib.kit.refusing import Reason
from tests.documents.makers import NOW, a_document

REMADE = Remade(content_type="image/jpeg", size=1, sha256="0" * 64, pages=1)
Event = Callable[[DocumentReference], DocumentReference]


def stored(version: str = "one") -> Event:
    return lambda document: rules.arrived(document, version, NOW)


def remade(version: str = "one", outcome: Remade | Reason = REMADE) -> Event:
    return lambda document: rules.inspected(document, version, outcome, NOW)


def scanned(verdict: Verdict = Verdict.CLEAN, version: str = "one") -> Event:
    return lambda document: rules.scanned(document, version, verdict, NOW)


def said() -> Event:
    return lambda document: rules.finished(document, there=True)


def after(events: Iterable[Event], document: DocumentReference | None = None) -> list[DocumentReference]:
    """The file after each event, begun with as it was asked for."""
    found = [document or a_document()]
    for event in events:
        found.append(event(found[-1]))
    return found


def states(events: Iterable[Event]) -> list[str]:
    return [document.state.value for document in after(events)]


def test_the_usual_way() -> None:
    assert states([said(), stored(), remade(), scanned()]) == ["awaiting", "uploaded", "scanning", "scanning", "released"]


@pytest.mark.parametrize("order", list(itertools.permutations([remade(), scanned()])), ids=["made-first", "scanned-first"])
@pytest.mark.parametrize("said_at", [0, 1, 2, 3, None])
def test_43_two_answers_in_either_order_release_it_once(order: tuple[Event, ...], said_at: int | None) -> None:
    events = [stored(), *order]
    if said_at is not None:
        events.insert(said_at, said())
    found = after([*events, *events])
    assert found[-1].state is DocumentState.RELEASED
    released = [one for before, one in itertools.pairwise(found) if one.state is DocumentState.RELEASED is not before.state]
    assert len(released) == 1
    assert found[len(events)] == found[-1], "what comes again changes nothing, not even the version"


@pytest.mark.parametrize("events", list(itertools.permutations([stored(), remade(), scanned()])))
def test_an_answer_before_the_object_is_known_says_nothing_and_comes_again(events: tuple[Event, ...]) -> None:
    assert after([*events, remade(), scanned()])[-1].state is DocumentState.RELEASED


def test_30_a_second_version_before_the_release_is_nobodys() -> None:
    found = after([stored("one"), scanned(), stored("two"), remade("two"), scanned(version="two")])
    assert (found[-1].state, found[-1].stored, found[-1].remade) == (DocumentState.SCANNING, "one", None)
    assert after([remade("one")], found[-1])[-1].state is DocumentState.RELEASED


def test_31_a_second_version_after_the_release_changes_nothing() -> None:
    released = after([stored(), remade(), scanned()])[-1]
    again = after([stored("two"), remade("two"), scanned(Verdict.INFECTED, "two"), scanned(Verdict.INFECTED)], released)
    assert again[-1] == released


@pytest.mark.parametrize("verdict", [Verdict.UNSUPPORTED, Verdict.FAILED, Verdict.ACCESS_DENIED])
def test_42_a_scan_without_an_answer_releases_nothing_and_shows(verdict: Verdict) -> None:
    found = after([stored(), remade(), scanned(verdict)])[-1]
    assert (found.state, found.stuck, found.is_readable) == (DocumentState.SCANNING, True, False)
    assert after([scanned(verdict)], found)[-1] == found
    later = after([scanned()], found)[-1]
    assert (later.state, later.stuck) == (DocumentState.RELEASED, False)


@pytest.mark.parametrize("events", list(itertools.permutations([remade(), scanned(Verdict.INFECTED)])))
def test_17_what_the_scan_finds_refuses_it_unless_it_was_released_before(events: tuple[Event, ...]) -> None:
    found = after([stored(), *events, scanned()])[-1]
    assert (found.state, found.reason, found.is_readable) == (DocumentState.REFUSED, Reason.INFECTED, False)


@pytest.mark.parametrize("reason", list(Reason))
def test_what_cannot_be_made_anew_is_refused_for_good(reason: Reason) -> None:
    found = after([stored(), remade(outcome=reason), scanned(), remade(), stored("two")])[-1]
    assert (found.state, found.reason) == (DocumentState.REFUSED, reason)


def test_36_nothing_there_is_said_and_changes_nothing() -> None:
    with pytest.raises(rules.NotSent):
        rules.finished(a_document(), there=False)
    scanning = after([stored()])[-1]
    assert rules.finished(scanning, there=False) == scanning


@pytest.mark.parametrize(
    ("minutes", "tries", "again"),
    [(9, 0, False), (10, 0, True), (29, 1, False), (30, 1, True), (70, 2, True), (5109, 8, False), (5110, 8, True)],
)
def test_42_without_an_answer_it_is_asked_for_again_each_time_after_twice_as_long(minutes: int, tries: int, again: bool) -> None:
    waiting = a_document(state=DocumentState.SCANNING, stored="one", arrived=NOW, tries=tries)
    found = rules.overdue(waiting, NOW + timedelta(minutes=minutes))
    assert (found is not None) is again
    if found:
        assert (found.tries, found.stuck, found.version) == (tries + 1, True, waiting.version + 1)


def test_42_after_the_last_try_it_is_refused_and_asked_for_anew() -> None:
    waiting = a_document(state=DocumentState.SCANNING, stored="one", arrived=NOW, tries=9, stuck=True)
    assert rules.overdue(waiting, NOW + timedelta(days=7)) is None
    found = rules.overdue(waiting, NOW + timedelta(days=7, hours=3))
    assert found
    assert (found.state, found.reason, found.stuck) == (DocumentState.REFUSED, Reason.UNCHECKED, False)


@pytest.mark.parametrize("state", DocumentState)
def test_only_what_never_came_is_an_orphan_after_a_day(state: DocumentState) -> None:
    document = a_document(state=state)
    assert rules.is_orphan(document, NOW + timedelta(hours=24)) is (state in {DocumentState.AWAITING, DocumentState.UPLOADED})
    assert not rules.is_orphan(document, NOW + timedelta(hours=23, minutes=59))


@pytest.mark.parametrize("state", DocumentState)
@pytest.mark.parametrize("withdrawn", [None, NOW])
@pytest.mark.parametrize("review", Review)
def test_only_a_released_file_can_be_read_or_counts(state: DocumentState, withdrawn: datetime | None, review: Review) -> None:
    document = a_document(state=state, withdrawn=withdrawn, review=review)
    assert document.is_readable is (state is DocumentState.RELEASED and withdrawn is None)
    assert document.counts is (document.is_readable and review is not Review.RETURNED)
