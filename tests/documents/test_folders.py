"""What a visit still wants, from the files themselves."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.documents import rules
from chalicelib.documents.records import (
    DocumentReference,
    DocumentState,
    Folder,
    Insurance,
    InsuranceStatus,
    Queue,
    Review,
    Standing,
)
from chalicelib.kit.problem import LookAgain
from chalicelib.kit.refusing import Reason
from tests.cast import RHEA
from tests.documents.makers import NOW, a_document, a_folder, a_north, released

ACCEPTED, SENT, RETURNED = released(review=Review.ACCEPTED), released(), released(review=Review.RETURNED)
CHECKING, STUCK = a_document(state=DocumentState.SCANNING), a_document(state=DocumentState.SCANNING, stuck=True)
REFUSED, AWAITING = a_document(state=DocumentState.REFUSED), a_document()
GONE = [a_document(state=DocumentState.SUPERSEDED), a_document(state=DocumentState.DELETED), released(withdrawn=NOW), AWAITING]

RHEAS = RHEA.actor()

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
    named = [replace(each, id=str(number)) for number, each in enumerate(documents)]
    assert {rules.standing(a_folder(*order), "insurance-front") for order in itertools.permutations(named)} == {standing}


def test_a_visit_wants_what_it_was_booked_with_in_the_clinics_order() -> None:
    documents = (
        released(id="1", kind="insurance-back"),
        released(id="2", kind="id"),
        a_document(id="3", kind="referral", state=DocumentState.REFUSED),
    )
    found = rules.standings(a_north(), a_folder(*documents))
    assert [(kind.id, standing) for kind, standing in found] == [
        ("insurance-front", Standing.MISSING),
        ("insurance-back", Standing.SENT),
        ("referral", Standing.REFUSED),
    ]


def test_a_visit_that_wants_nothing_has_nothing_missing() -> None:
    folder = a_folder(released(), checklist=())
    assert rules.standings(a_north(), folder) == []
    assert not rules.waits_for_patient(a_north(), folder)
    assert not rules.belongs(a_north(), folder, Queue.INSURANCE)
    assert rules.belongs(a_north(), folder, Queue.REVIEW), "what was sent without being asked for is looked at too"


def test_each_standing_is_somebodys_turn_or_nobodys() -> None:
    assert {Standing.RETURNED, Standing.REFUSED, Standing.MISSING} == rules.PATIENTS_TURN


def test_what_is_being_taken_again_does_not_hold_its_kind_back() -> None:
    """One photo is redone without starting over: as soon as the new one is on its way, the old one says nothing any more."""
    old = replace(RETURNED, id="1")
    assert rules.standing(a_folder(old, a_document(id="2", replaces="1")), "insurance-front") is Standing.RETURNED
    assert rules.standing(a_folder(old, replace(CHECKING, id="2", replaces="1")), "insurance-front") is Standing.CHECKING
    assert rules.standing(a_folder(old, replace(REFUSED, id="2", replaces="1")), "insurance-front") is Standing.RETURNED
    third = replace(CHECKING, id="3", replaces="2")
    assert rules.standing(a_folder(old, replace(REFUSED, id="2", replaces="1"), third), "insurance-front") is Standing.CHECKING
    assert rules.standing(a_folder(replace(ACCEPTED, id="1"), replace(SENT, id="2", kind="id")), "insurance-front") is Standing.ACCEPTED


def test_the_worst_of_its_pages_decides() -> None:
    """A letter whose second page could not be taken in is not all there, however good the first is."""
    first, second = (a_document(id=str(page), kind="referral", page=page) for page in (1, 2))
    good = replace(first, state=DocumentState.RELEASED, review=Review.ACCEPTED)
    bad = replace(second, state=DocumentState.REFUSED)
    assert rules.standing(a_folder(good, bad), "referral") is Standing.REFUSED
    again = replace(second, id="3", state=DocumentState.RELEASED)
    assert rules.standing(a_folder(good, bad, again), "referral") is Standing.SENT


def test_no_number_of_tries_makes_a_folder_grow() -> None:
    tries = [a_document(id=str(number)) for number in range(50)]
    gone = [replace(released(id="x"), withdrawn=NOW), a_document(id="y", state=DocumentState.SUPERSEDED)]
    assert a_folder(*tries, *gone).files == ()


FRONT, BACK = released(id="f"), released(id="b", kind="insurance-back")


def status(folder: Folder) -> InsuranceStatus:
    assert folder.insurance
    return folder.insurance.status


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ((), InsuranceStatus.UNKNOWN),
        ((FRONT,), InsuranceStatus.UNKNOWN),
        ((FRONT, BACK), InsuranceStatus.SENT),
        ((FRONT, replace(BACK, review=Review.ACCEPTED)), InsuranceStatus.SENT),
        ((FRONT, BACK, replace(BACK, review=Review.RETURNED)), InsuranceStatus.UNKNOWN),
        ((FRONT, BACK, replace(FRONT, withdrawn=NOW)), InsuranceStatus.UNKNOWN),
        ((FRONT, replace(BACK, state=DocumentState.SCANNING)), InsuranceStatus.UNKNOWN),
    ],
)
def test_the_insurance_is_known_to_be_sent_once_all_of_the_card_is_there(
    documents: tuple[DocumentReference, ...], expected: InsuranceStatus
) -> None:
    assert status(a_folder(*documents)) is expected


def test_what_staff_found_out_stands_until_another_card_comes() -> None:
    north, card = a_north(), a_folder(FRONT, BACK)
    verified = rules.judged(card, InsuranceStatus.VERIFIED, "", RHEAS, NOW)
    assert status(rules.filed(north, verified, replace(BACK, review=Review.RETURNED), NOW)) is InsuranceStatus.VERIFIED
    assert status(rules.filed(north, verified, replace(BACK, id="new", replaces="b"), NOW)) is InsuranceStatus.SENT
    problem = rules.judged(card, InsuranceStatus.PROBLEM, "  Not  covered\nsince June ", RHEAS, NOW)
    assert problem.insurance == Insurance(
        status=InsuranceStatus.PROBLEM, note="Not covered since June", by=RHEAS.who, name=RHEAS.name, at=NOW
    )
    letter = released(id="r", kind="referral")
    assert status(rules.filed(north, problem, letter, NOW)) is InsuranceStatus.PROBLEM
    assert status(rules.filed(north, problem, replace(BACK, review=Review.ACCEPTED), NOW)) is InsuranceStatus.PROBLEM
    assert status(rules.filed(north, problem, replace(BACK, id="new", replaces="b"), NOW)) is InsuranceStatus.SENT


@pytest.mark.parametrize(("note", "of"), [("", "note"), ("  ", "note"), ("x" * 501, "note")])
def test_a_problem_is_told_in_words(note: str, of: str) -> None:
    with pytest.raises(LookAgain) as problem:
        rules.judged(a_folder(), InsuranceStatus.PROBLEM, note, RHEAS, NOW)
    assert problem.value.extra["errors"][0]["field"] == of  # type: ignore[index]  # a list of dictionaries


def test_a_visit_without_a_card_has_no_insurance_to_look_up() -> None:
    with pytest.raises(LookAgain):
        rules.judged(a_folder(checklist=()), InsuranceStatus.VERIFIED, "", RHEAS, NOW)


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ((), {"patient", Queue.INSURANCE}),
        ((FRONT,), {"patient", Queue.INSURANCE, Queue.REVIEW}),
        ((replace(FRONT, state=DocumentState.SCANNING, stuck=True),), {"patient", Queue.INSURANCE, Queue.REVIEW}),
        ((replace(FRONT, state=DocumentState.SCANNING),), {"patient", Queue.INSURANCE}),
        ((FRONT, BACK, released(id="r", kind="referral")), {Queue.INSURANCE, Queue.REVIEW}),
        (tuple(replace(ACCEPTED, id=each, kind=each) for each in ("insurance-front", "insurance-back", "referral")), {Queue.INSURANCE}),
    ],
)
def test_a_visit_waits_for_whose_turn_it_is(documents: tuple[DocumentReference, ...], expected: set[str]) -> None:
    folder = a_folder(*documents)
    told = {queue.value for queue in Queue if rules.belongs(a_north(), folder, queue)}
    assert told | ({"patient"} if rules.waits_for_patient(a_north(), folder) else set()) == expected


@pytest.mark.parametrize("state", [state for state in DocumentState if state is not DocumentState.RELEASED])
def test_37_what_is_in_quarantine_or_was_refused_completes_nothing(state: DocumentState) -> None:
    folder = a_folder(a_document(state=state), replace(BACK, state=state))
    assert rules.standing(folder, "insurance-front") not in {Standing.SENT, Standing.ACCEPTED}
    assert status(folder) is InsuranceStatus.UNKNOWN


def test_17_what_the_scan_found_waits_for_staff_whatever_else_came() -> None:
    infected = a_document(id="i", kind="id", state=DocumentState.REFUSED, reason=Reason.INFECTED)
    good = released(id="g", kind="id", review=Review.ACCEPTED)
    assert rules.belongs(a_north(), a_folder(infected, good, checklist=()), Queue.REVIEW)


@pytest.mark.parametrize("bad", [{"review": Review.RETURNED}, {"state": DocumentState.REFUSED}])
def test_what_was_sent_unasked_and_is_to_be_taken_again_waits_for_its_patient(bad: dict[str, Any]) -> None:
    folder = a_folder(replace(released(kind="id"), **bad), checklist=())
    assert rules.waits_for_patient(a_north(), folder)
    assert not rules.waits_for_patient(a_north(), replace(folder, closed=True))


def test_17_what_the_scan_found_is_marked_for_staff() -> None:
    (infected,) = a_folder(a_document(state=DocumentState.REFUSED, reason=Reason.INFECTED)).files
    (large,) = a_folder(a_document(state=DocumentState.REFUSED, reason=Reason.LARGE)).files
    assert (infected.infected, large.infected) == (True, False)


def test_a_list_also_tells_of_what_was_sent_and_is_not_needed() -> None:
    folder = a_folder(released(id="id-1", kind="id"))
    assert {kind.id: standing.value for kind, standing in rules.told(a_north(), folder)} == {
        "insurance-front": "missing",
        "insurance-back": "missing",
        "id": "sent",
        "referral": "missing",
    }
    assert "id" not in {kind.id for kind, _ in rules.standings(a_north(), folder)}
