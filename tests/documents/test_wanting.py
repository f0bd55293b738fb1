"""What a visit still wants, from the files themselves."""

from __future__ import annotations

import itertools

import pytest

from chalicelib.documents import rules
from chalicelib.documents.records import DocumentReference, DocumentState, Review
from chalicelib.documents.rules import Standing
from tests.documents.makers import NOW, a_document, a_north, a_visit, released

ACCEPTED, SENT, RETURNED = released(review=Review.ACCEPTED), released(), released(review=Review.RETURNED)
CHECKING, STUCK = a_document(state=DocumentState.SCANNING), a_document(state=DocumentState.SCANNING, stuck=True)
REFUSED, AWAITING = a_document(state=DocumentState.REFUSED), a_document()
GONE = [a_document(state=DocumentState.SUPERSEDED), a_document(state=DocumentState.DELETED), released(withdrawn=NOW), AWAITING]

CASES: dict[str, tuple[list[DocumentReference], Standing]] = {
    "nothing": ([], Standing.MISSING),
    "only what does not count": (GONE, Standing.MISSING),
    "asked for and not sent": ([AWAITING], Standing.MISSING),
    "said to be sent": ([a_document(state=DocumentState.UPLOADED)], Standing.CHECKING),
    "being checked": ([CHECKING], Standing.CHECKING),
    "a check without answer": ([STUCK], Standing.STUCK),
    "refused": ([REFUSED], Standing.REFUSED),
    "refused, then a good one": ([REFUSED, SENT], Standing.SENT),
    "refused, then one on its way": ([REFUSED, CHECKING], Standing.CHECKING),
    "to be looked at": ([SENT], Standing.SENT),
    "accepted": ([ACCEPTED], Standing.ACCEPTED),
    "one page accepted, one to be looked at": ([ACCEPTED, SENT], Standing.SENT),
    "one page accepted, one sent back": ([ACCEPTED, RETURNED], Standing.RETURNED),
    "sent back": ([RETURNED], Standing.RETURNED),
    "sent back and another refused": ([RETURNED, REFUSED], Standing.RETURNED),
    "one stuck, one on its way": ([STUCK, CHECKING], Standing.STUCK),
}


@pytest.mark.parametrize("case", CASES)
def test_a_kind_stands_as_its_pages_do_in_whatever_order(case: str) -> None:
    documents, standing = CASES[case]
    assert {rules.standing(order) for order in itertools.permutations(documents)} == {standing}


def test_a_visit_wants_what_it_was_booked_with_in_the_clinics_order() -> None:
    documents = [released(kind="insurance-back"), released(kind="id"), a_document(kind="referral", state=DocumentState.REFUSED)]
    found = rules.standings(a_north(), a_visit(), documents)
    assert [(kind.id, standing) for kind, standing in found] == [
        ("insurance-front", Standing.MISSING),
        ("insurance-back", Standing.SENT),
        ("referral", Standing.REFUSED),
    ]


def test_a_visit_that_wants_nothing_has_nothing_missing() -> None:
    assert rules.standings(a_north(), a_visit(checklist=()), [released()]) == []


def test_each_standing_is_somebodys_turn_or_nobodys() -> None:
    assert {Standing.RETURNED, Standing.REFUSED, Standing.MISSING} == rules.PATIENTS_TURN
