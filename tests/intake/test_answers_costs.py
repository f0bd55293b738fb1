"""What the doors of answers cost, in calls; counted, not timed."""

from __future__ import annotations

import pytest

from chalicelib.kit import clock
from tests.booking.calls import counted
from tests.callers import body_of, given_the_clinics, signed_in
from tests.cast import ADA, CYRUS
from tests.documents.callers import book
from tests.intake.answering import phq_9, whole_phq_9
from tests.intake.callers import NORTH, NOW, begin, begun, listed, saved, send
from tests.intake.makers import publish_ours

SESSION = {"GetItem": 1}


@pytest.fixture(autouse=True)
def _monday(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    given_the_clinics()
    publish_ours("north", "phq-9", "audit-c")


def test_the_forms_of_a_visit_are_a_read_of_the_visit_and_one_of_all_its_forms() -> None:
    ada = signed_in(ADA)
    visit = book(ada, service="annual")
    listed(ada, visit)
    with counted() as asked:
        listed(ada, visit)
    assert asked.calls == {"GetItem": 1 + 1, "BatchGetItem": 1, "TransactWriteItems": 1}


def test_a_form_is_begun_with_one_transaction() -> None:
    ada = signed_in(ADA)
    visit = book(ada, service="annual")
    listed(ada, visit)
    with counted() as asked:
        assert begin(ada, visit).status == 200
    assert asked.calls == {"GetItem": 1 + 2, "BatchGetItem": 1, "TransactWriteItems": 1}, "the visit and its patient, beside the session"


def test_a_draft_is_saved_with_two_reads_and_one_transaction_beside_the_session() -> None:
    ada = signed_in(ADA)
    view = saved(ada, begun(ada, book(ada, service="annual")), phq_9("several"))
    with counted() as asked:
        assert send(ada, "save", view, phq_9("several", "several")).status == 200
    assert asked.calls == {"GetItem": 1 + 1, "BatchGetItem": 1, "TransactWriteItems": 1}, "the visit may have been cancelled"


def test_a_form_is_handed_in_with_three_reads_and_one_transaction_beside_the_session() -> None:
    ada = signed_in(ADA)
    view = begun(ada, book(ada, service="annual"))
    with counted() as asked:
        assert send(ada, "submit", view, whole_phq_9()).status == 200
    assert asked.calls == {"GetItem": 1 + 2, "BatchGetItem": 1, "TransactWriteItems": 1}, "the visit, and its patient for the copies"


def test_what_cannot_wait_costs_the_visit_and_its_staff_once() -> None:
    ada, _ = signed_in(ADA), signed_in(CYRUS)
    view = begun(ada, book(ada, service="annual"))
    with counted() as asked:
        view = saved(ada, view, phq_9(last="several"))
    assert asked.calls == {"GetItem": 1 + 1 + 1, "BatchGetItem": 1, "Query": 1, "TransactWriteItems": 1}
    with counted() as asked:
        saved(ada, view, phq_9(last="nearly-every"))
    assert asked.calls == {"GetItem": 1 + 1, "BatchGetItem": 1, "TransactWriteItems": 1}


def test_looking_at_a_response_is_one_read_and_its_entry_in_the_trail() -> None:
    ada, cyrus = signed_in(ADA), signed_in(CYRUS)
    view = begun(ada, book(ada, service="annual"))
    with counted() as asked:
        assert body_of(ada.get(f"{NORTH}/responses/{view['id']}"))["id"] == view["id"]
    assert asked.calls == {**SESSION, "BatchGetItem": 1, "TransactWriteItems": 1}
    with counted() as asked:
        assert cyrus.get(f"{NORTH}/responses/{view['id']}").status == 200
    assert asked.calls == {"BatchGetItem": 2, "GetItem": 1, "TransactWriteItems": 1}, "a session with its member, and whose it is"
