"""What may be sent for which visit, and what it is called."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.documents import rules
from chalicelib.documents.records import DocumentReference, DocumentState, Review
from chalicelib.kit.problem import LookAgain, Problem
from chalicelib.visits.records import Appointment, AppointmentStatus
from tests.documents.makers import NOW, a_document, a_kind, a_north, a_visit, released, wanted


def ask(existing: tuple[DocumentReference, ...] = (), visit: Appointment | None = None, **changed: Any) -> DocumentReference:
    return rules.ask(a_north(), visit or a_visit(), existing, wanted(**changed), "new", NOW)


def fields(problem: Problem) -> list[str]:
    """Those that the person is to look at again."""
    errors = problem.extra["errors"]
    assert isinstance(errors, list)
    return [error["field"] for error in errors if isinstance(error, dict)]


def test_what_is_asked_for_may_be_sent_by_its_visits_patient() -> None:
    made = ask(name="IMG 1.jpg")
    assert (made.id, made.clinic, made.patient, made.appointment) == ("new", "north", "ada", "v")
    assert (made.kind, made.page, made.name, made.state, made.asked) == ("insurance-front", 1, "IMG 1.jpg", DocumentState.AWAITING, NOW)
    assert (made.declared, made.size, made.sha256) == ("image/jpeg", 100_000, "1" * 64)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "passport"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"type": "text/html"}, "type"),
        ({"type": "image/svg+xml"}, "type"),
        ({"type": "image/gif"}, "type"),
        ({"size": 10_000_001}, "size"),
        ({"replaces": "nothing"}, "replaces"),
    ],
)
def test_what_cannot_be_taken_is_told_beside_its_field(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(LookAgain) as problem:
        ask(**changed)
    assert fields(problem.value) == [field]


@pytest.mark.parametrize(
    "kind", ["image/jpeg", "image/png", "image/webp", "image/heic", "image/heif", "application/pdf", "application/octet-stream"]
)
def test_what_phones_and_scanners_make_can_be_taken(kind: str) -> None:
    assert ask(type=kind, size=10_000_000).declared == kind


@pytest.mark.parametrize("status", AppointmentStatus)
def test_a_visit_that_stands_wants_documents_until_a_month_after_it(status: AppointmentStatus) -> None:
    stands = status in {"pending", "booked", "arrived", "checked-in", "fulfilled"}
    visit = a_visit(status=status, end=NOW - timedelta(days=30))
    if stands:
        assert ask(visit=visit).appointment == visit.id
    else:
        with pytest.raises(rules.NothingWanted):
            ask(visit=visit)
    with pytest.raises(rules.NothingWanted):
        ask(visit=a_visit(status=status, end=NOW - timedelta(days=30, seconds=1)))


def test_pages_are_numbered_as_they_come_and_a_gap_is_filled() -> None:
    pages = [released(id=str(page), kind="referral", page=page) for page in (1, 2, 3)]
    assert ask(tuple(pages[:2]), kind="referral").page == 3
    assert ask((pages[0], pages[2]), kind="referral").page == 2
    with pytest.raises(rules.TooManyFiles):
        ask(tuple(pages), kind="referral")


@pytest.mark.parametrize(
    ("existing", "free"),
    [
        (released(), False),
        (a_document(state=DocumentState.SCANNING), False),
        (a_document(state=DocumentState.UPLOADED), False),
        (a_document(asked=NOW), True),
        (a_document(state=DocumentState.REFUSED), True),
        (a_document(state=DocumentState.SUPERSEDED), True),
        (a_document(state=DocumentState.DELETED), True),
        (released(withdrawn=NOW), True),
        (a_document(withdrawn=NOW), True),
    ],
)
def test_a_place_is_taken_by_what_came_or_may_still_come(existing: DocumentReference, free: bool) -> None:
    if free:
        assert ask((existing,)).page == 1
    else:
        with pytest.raises(rules.TooManyFiles):
            ask((existing,))


def test_the_same_file_again_takes_its_own_place_and_no_other() -> None:
    """Whoever lost the way has the file still; whoever sends several at once means all of them."""
    first = ask(kind="insurance-front")
    waiting = replace(first, id="1")
    assert ask((waiting,)).page == 1
    assert rules.given_up([waiting], first, wanted()) == [waiting]
    with pytest.raises(rules.TooManyFiles):
        ask((waiting,), sha256="2" * 64)
    pages = [a_document(id=str(page), kind="referral", page=page, sha256=str(page) * 64) for page in (1, 2, 3)]
    with pytest.raises(rules.TooManyFiles):
        ask(tuple(pages), kind="referral", sha256="4" * 64)
    again = ask(tuple(pages), kind="referral", sha256="2" * 64)
    assert (again.page, rules.given_up(pages, again, wanted(kind="referral", sha256="2" * 64))) == (2, [pages[1]])


def test_what_has_not_come_is_replaced_by_name_and_hands_on_what_it_stood_for() -> None:
    waiting = a_document(id="1", replaces="0")
    made = ask((waiting,), kind="", replaces="1", sha256="2" * 64)
    assert (made.kind, made.page, made.replaces) == ("insurance-front", 1, "0")
    assert rules.given_up([waiting], made, wanted(kind="", replaces="1", sha256="2" * 64)) == [waiting]


def test_what_is_being_taken_again_is_not_taken_again_beside_it() -> None:
    old, coming = released(id="1", review=Review.RETURNED), a_document(id="2", replaces="1", state=DocumentState.SCANNING)
    with pytest.raises(rules.TooManyFiles):
        ask((old, coming), kind="", replaces="1")
    assert ask((old, coming), kind="", replaces="2").page == 1
    with pytest.raises(LookAgain):
        ask((replace(old, withdrawn=NOW),), kind="", replaces="1")


def test_39_a_visit_is_given_so_many_ways_in_all() -> None:
    tries = tuple(a_document(id=str(number), state=DocumentState.REFUSED) for number in range(200))
    with pytest.raises(rules.TooManyFiles):
        ask(tries)
    assert ask(tries[1:]).page == 1


def test_39_a_visit_takes_twenty_files() -> None:
    many = a_north(documents=(a_kind("referral", pages=20), a_kind("insurance-front")))
    pages = tuple(released(id=str(page), kind="referral", page=page) for page in range(1, 21))
    with pytest.raises(rules.TooManyFiles):
        rules.ask(many, a_visit(), pages, wanted(), "new", NOW)
    assert rules.ask(many, a_visit(), pages[1:], wanted(), "new", NOW).kind == "insurance-front"


@pytest.mark.parametrize(
    ("old", "may"),
    [
        (released(review=Review.RETURNED), True),
        (released(), True),
        (a_document(state=DocumentState.REFUSED), True),
        (a_document(state=DocumentState.SCANNING, stuck=True), True),
        (released(review=Review.ACCEPTED), False),
        (a_document(state=DocumentState.SUPERSEDED), False),
        (a_document(state=DocumentState.DELETED), False),
    ],
)
def test_one_photograph_is_taken_again_in_its_place(old: DocumentReference, may: bool) -> None:
    if may:
        made = ask((old,), kind="", replaces=old.id)
        assert (made.kind, made.page, made.replaces) == (old.kind, old.page, old.id)
    else:
        with pytest.raises(Problem):
            ask((old,), kind="", replaces=old.id)


NAMES = {
    "../../etc/passwd": "passwd",
    "C:\\Users\\Ada\\card.jpg": "card.jpg",
    "a\0.jpg": "a.jpg",
    "x.jpg\r\nSet-Cookie: a=b": "x.jpg Set-Cookie: a=b",
    "photo\u202egpj.exe": "photogpj.exe",
    "\u2066hidden\u2069.jpg": "hidden.jpg",
    "zero\u200bwidth\ufeff.jpg": "zerowidth.jpg",
    '"><script>alert(1)</script>.jpg': "script>.jpg",
    "  two   spaces .jpg ": "two spaces .jpg",
    "": "",
    "..": "..",
    "Ausweis – Müller.jpg": "Ausweis – Müller.jpg",
    unicodedata.normalize("NFD", "señal.jpg"): "señal.jpg",
}


@pytest.mark.parametrize("given", NAMES)
def test_33_a_name_is_shown_without_path_or_anything_unseen(given: str) -> None:
    assert rules.shown(given) == NAMES[given]


def test_33_a_long_name_is_cut_and_keeps_its_ending() -> None:
    found = rules.shown("a" * 4996 + ".jpg")
    assert (len(found), found.endswith("aaaaaa.jpg"), "…" in found) == (80, True, True)


@pytest.mark.parametrize(("content_type", "name"), [("image/jpeg", "referral-2.jpg"), ("application/pdf", "referral-2.pdf")])
def test_33_a_download_is_called_by_what_it_is_and_never_as_its_sender_called_it(content_type: str, name: str) -> None:
    assert rules.kept_as("referral", 2, content_type) == name
