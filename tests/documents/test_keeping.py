"""What is kept is kept as long as its kind is, and then nothing of it is left but that there was one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.clinics import actions as clinics
from chalicelib.documents import store
from chalicelib.documents.actions import buckets, judging, keeping, sending
from chalicelib.documents.records import DocumentReference, DocumentState
from chalicelib.documents.rules import places
from chalicelib.kit import remaking
from chalicelib.kit.bucket import Bucket
from tests.callers import given_the_clinics, signed_in, trail_of
from tests.cast import ADA, CYRUS, RHEA
from tests.documents.callers import NOW, book, check, lay, send, stored
from tests.documents.test_routes import CARD, MADE

VISIT = datetime.fromisoformat("2026-11-24T10:40:00-05:00")
KEPT = timedelta(days=400)  # as app.json says of the north's cards


@pytest.fixture(autouse=True)
def _monday(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.kit import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(remaking, "remade", lambda *_: MADE)
    given_the_clinics()


def a_card() -> str:
    """The front of Ada's card, released."""
    ada = signed_in(ADA)
    return send(ada, book(ada), CARD)


def versions(bucket: Bucket) -> int:
    """How many versions and marks of removals lie in a bucket."""
    page = bucket.client.list_object_versions(Bucket=bucket.name)
    return len(page.get("Versions", [])) + len(page.get("DeleteMarkers", []))


def forget(at: datetime) -> list[str]:
    return [document.id for document in keeping.forget(clinics.get("north"), at)]


def test_a_card_is_kept_for_its_days_and_then_every_version_of_it_is_gone() -> None:
    card = a_card()
    lay(card, b"a second version, which counts for nothing")
    assert forget(VISIT + KEPT) == []
    assert (versions(buckets.documents()), versions(buckets.quarantine())) == (2, 4)
    assert forget(VISIT + KEPT + timedelta(days=1)) == [card]
    assert (versions(buckets.documents()), versions(buckets.quarantine())) == (0, 0)
    found = stored(card)
    assert (found.state, found.name, found.remade) == (DocumentState.DELETED, "", None)
    assert "delete_document" in [event.action for event in trail_of("north", "ada")]
    assert forget(VISIT + KEPT + timedelta(days=2)) == [], "once is enough"


def test_what_is_held_stays_until_it_is_not() -> None:
    card, north = a_card(), clinics.get("north")
    judging.hold_document(north, CYRUS.actor(), card, "A court has asked for it.", NOW, held=True)
    late = VISIT + KEPT + timedelta(days=90)
    assert forget(late) == []
    judging.hold_document(north, CYRUS.actor(), card, "The court is done with it.", late, held=False)
    assert forget(late) == [card]


def test_46_what_is_taken_back_unseen_goes_at_once_and_what_was_judged_stays() -> None:
    north, ada = clinics.get("north"), ADA.actor(patient="ada")
    caller = signed_in(ADA)
    visit = book(caller)
    unseen, judged = send(caller, visit, CARD), send(caller, visit, CARD, "insurance-back")
    judging.accept_document(north, RHEA.actor(), judged, None, NOW)
    for document in (unseen, judged):
        sending.withdraw_document(north, ada, document, NOW)
    assert forget(NOW) == [unseen]
    assert [stored(each).state for each in (unseen, judged)] == [DocumentState.DELETED, DocumentState.RELEASED]
    assert forget(VISIT + KEPT + timedelta(days=1)) == [judged]


def test_what_stopped_half_way_is_finished_by_the_next_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    card = a_card()
    late = VISIT + KEPT + timedelta(days=1)

    def stops(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(buckets, "empty", stops)
        with pytest.raises(ExceptionGroup):
            forget(late)
    found = stored(card)
    assert (found.state, found.emptied, versions(buckets.documents())) == (DocumentState.DELETED, False, 2)
    assert forget(late) == [card]
    assert (stored(card).emptied, versions(buckets.documents())) == (True, 0)


def test_a_hold_that_comes_while_the_sweep_runs_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is due was read before; whether it is held is looked at once more, in the very write that takes it away."""
    card, north, late = a_card(), clinics.get("north"), VISIT + KEPT + timedelta(days=1)
    due = keeping._due

    def then_held(*asked: Any) -> list[DocumentReference]:
        found = list(due(*asked))
        judging.hold_document(north, CYRUS.actor(), card, "A court has asked for it.", NOW, held=True)
        return found

    monkeypatch.setattr(keeping, "_due", then_held)
    keeping.forget(north, late)
    assert (stored(card).state, versions(buckets.documents())) == (DocumentState.RELEASED, 2)


def test_one_that_cannot_be_deleted_does_not_keep_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    caller = signed_in(ADA)
    visit = book(caller)
    bad, good = send(caller, visit, CARD), send(caller, visit, CARD, "insurance-back")
    late, empty = VISIT + KEPT + timedelta(days=1), buckets.empty

    def falls(document: DocumentReference) -> None:
        if document.id == bad:
            raise ConnectionError
        empty(document)

    monkeypatch.setattr(buckets, "empty", falls)
    with pytest.raises(ExceptionGroup):
        forget(late)
    assert [stored(each).emptied for each in (bad, good)] == [False, True]


def test_another_clinics_calendar_and_files_are_its_own() -> None:
    card = a_card()
    assert keeping.forget(clinics.get("south"), VISIT + KEPT * 2) == []
    assert stored(card).state is DocumentState.RELEASED


def test_a_sweep_forgets_so_many_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 1)
    caller = signed_in(ADA)
    visit = book(caller)
    both = {send(caller, visit, CARD), send(caller, visit, CARD, "insurance-back")}
    late = VISIT + KEPT + timedelta(days=1)
    first, second = forget(late), forget(late)
    assert {*first, *second} == both
    assert store.kept_until("north", late.date()) == []


def test_what_comes_for_a_file_that_is_gone_changes_nothing() -> None:
    card = a_card()
    forget(VISIT + KEPT + timedelta(days=1))
    check(card, lay(card, CARD))
    assert stored(card).state is DocumentState.DELETED
    assert list(buckets.documents().keys(places.released(stored(card)))) == []
