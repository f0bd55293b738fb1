"""Answers of last time and of the profile: what is offered on which page, and what is not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.intake.records import Answered, Earlier, Form, Item, Kind, Option, Prefill, QuestionnaireResponse, ResponseStatus
from chalicelib.intake.rules import offering, paging, saving
from chalicelib.intake.rules.offering import Change, Offer
from chalicelib.people.records import Patient
from tests.intake.answering import NORTH, NOW, URL, a_response, our_form, sent
from tests.intake.makers import an_item, group, of, options, said, when

LAST, YEAR, PROFILE = Prefill(source="last"), Prefill(source="last", days=365), Prefill(source="profile")
ITEMS: tuple[Item, ...] = (
    an_item(
        "you",
        "group",
        an_item("given", prefill=PROFILE),
        an_item("called", prefill=LAST),
        an_item("lives", "choice", prefill=YEAR, options=options("here", "there")),
        an_item("street", prefill=YEAR, when=(when("lives", value="|here", kind=Kind.CODING),)),
        an_item("why"),
    ),
    an_item("takes", "boolean", prefill=LAST),
    an_item("medicine", "group", an_item("drug", prefill=LAST), an_item("dose", prefill=LAST), repeats=True, when=(when("takes"),)),
    an_item("card", "attachment", prefill=LAST),
    an_item("reason"),
)
FORM = Form(id="small", url=f"{URL}/small", version="2", title={"en": "Small"}, items=ITEMS)
DAY = timedelta(days=1)
LIVES: Any = said("lives", "|here")
MEDICINES = [said("takes", True), group("medicine", said("drug", "A"), said("dose", "1")), group("medicine", said("drug", "B"))]
PERSON = [said("given", "Ada")]


def an_earlier(*items: dict[str, Any], days: int = 100, profile: Answered | None = None) -> Earlier:
    return Earlier(response="w-1", canonical=f"{URL}/small|1", at=NOW - days * DAY, items=list(items), profile=profile or [])


def all_offers(form: Form, response: QuestionnaireResponse, earlier: Earlier) -> list[Offer]:
    progress = paging.progress(form.items, response.items, "2026-11-24", frozenset(response.seen))
    return offering.offers(NORTH, form, response, earlier, progress, NOW)


def offered(earlier: Earlier, *items: dict[str, Any], seen: tuple[str, ...] = (), form: Form = FORM, **about: Any) -> dict[str, Answered]:
    response = a_response(form, items=list(items), seen=seen, **about)
    return {each.page: each.items for each in all_offers(form, response, earlier)}


CASES: list[tuple[str, Earlier, dict[str, Answered]]] = [
    ("nothing is known", Earlier(), {}),
    ("the same question", an_earlier(group("you", said("called", "Addie"))), {"you": [group("you", said("called", "Addie"))]}),
    ("wherever it stood", an_earlier(said("called", "Addie")), {"you": [group("you", said("called", "Addie"))]}),
    (
        "of another group",
        an_earlier(group("person", group("name", said("called", "Addie")))),
        {"you": [group("you", said("called", "Addie"))]},
    ),
    (
        "below another question",
        an_earlier(said("x", True, below=[said("called", "Addie")])),
        {"you": [group("you", said("called", "Addie"))]},
    ),
    ("what was not to be offered", an_earlier(said("why", "x"), said("reason", "y")), {}),
    ("a year to the day", an_earlier(LIVES, said("street", "1 Elm"), days=365), {"you": [group("you", LIVES, said("street", "1 Elm"))]}),
    (
        "too old",
        an_earlier(LIVES, said("street", "1 Elm"), said("called", "Addie"), days=366),
        {"you": [group("you", said("called", "Addie"))]},
    ),
    (
        "what is not asked then",
        an_earlier(said("lives", "|there"), said("street", "1 Elm")),
        {"you": [group("you", said("lives", "|there"))]},
    ),
    ("a choice that is there no more", an_earlier(said("lives", "|nowhere")), {}),
    ("an answer of another kind", an_earlier(said("called", True)), {}),
    (
        "a file belongs to its visit",
        an_earlier({"linkId": "card", "answer": [of("Attachment", {"url": "DocumentReference/0123456789"})]}),
        {},
    ),
    ("the profile", Earlier(profile=PERSON), {"you": [group("you", *PERSON)]}),
    ("not of last time what the profile knows", an_earlier(said("given", "Eda")), {}),
]


@pytest.mark.parametrize(("why", "earlier", "pages"), CASES, ids=[why for why, _, _ in CASES])
def test_what_is_known_is_offered_where_it_is_asked(why: str, earlier: Earlier, pages: dict[str, Answered]) -> None:
    assert offered(earlier) == pages


def test_rows_are_offered_once_the_page_is_asked() -> None:
    earlier = an_earlier(*MEDICINES)
    assert offered(earlier) == {"takes": [said("takes", True)]}, "the page of medicines is not asked before that"
    assert offered(earlier, said("takes", True), seen=("takes",)) == {"medicine": MEDICINES[1:]}
    assert offered(earlier, said("takes", False), seen=("takes",)) == {}


@pytest.mark.parametrize(
    ("items", "seen"),
    [([group("you", said("why", "x"))], ()), ([], ("you",)), ([group("you")], ("you",))],
    ids=["answered", "seen", "seen empty"],
)
def test_a_page_that_was_answered_or_gone_on_from_is_offered_nothing(items: list[Any], seen: tuple[str, ...]) -> None:
    assert "you" not in offered(an_earlier(said("called", "Addie")), *items, seen=seen)


def test_an_empty_group_that_a_page_has_saved_is_no_answer() -> None:
    assert "you" in offered(an_earlier(said("called", "Addie")), group("you"))


def test_what_was_handed_in_is_offered_nothing() -> None:
    assert offered(an_earlier(said("called", "Addie")), status=ResponseStatus.COMPLETED) == {}


def test_an_offer_says_when_it_was_told_and_the_profile_has_no_date() -> None:
    earlier = an_earlier(said("called", "Addie"), profile=PERSON)
    assert all_offers(FORM, a_response(FORM), earlier) == [Offer("you", earlier.at, [group("you", *PERSON, said("called", "Addie"))])]
    assert all_offers(FORM, a_response(FORM), Earlier(profile=PERSON))[0].at is None


def test_what_a_choice_is_called_is_said_in_the_language_of_the_draft() -> None:
    spoken = Option(value="|here", text={"en": "Here", "es": "Aquí"})
    form = replace(FORM, items=(an_item("lives", "choice", prefill=LAST, options=(spoken,)),))
    old = [{"linkId": "lives", "answer": [{"valueCoding": {"code": "here", "display": "Here"}}]}]
    assert offered(an_earlier(*old), form=form, language="es-US")["lives"][0]["answer"][0]["valueCoding"]["display"] == "Aquí"


ADA = Patient(
    id="ada",
    clinic="north",
    given="Ada",
    family="Moreno",
    birth_date=date(1987, 3, 14),
    email="ada@example.com",
    language="es-US",
    made=NOW,
)


def test_a_new_patient_is_offered_what_the_clinic_knows_of_them() -> None:
    form = our_form("new-patient")
    found = offered(Earlier(profile=offering.profile(ADA)), form=form)
    told = {each["linkId"]: each["answer"][0] for items in found.values() for page in items for each in page["item"]}
    assert {link_id: next(iter(answer.values())) for link_id, answer in told.items() if link_id != "language"} == {
        "given": "Ada",
        "family": "Moreno",
        "birth-date": "1987-03-14",
        "email": "ada@example.com",
    }
    assert told["language"]["valueCoding"]["code"] == "es"


def test_every_offer_can_be_saved_as_it_is() -> None:
    form = our_form("new-patient")
    earlier = Earlier(profile=offering.profile(ADA))
    draft = a_response(form)
    for _ in range(3):
        found = all_offers(form, draft, earlier)
        items = draft.items + [item for offer in found for item in offer.items]
        pages = tuple(each.page for each in found)
        draft = saving.saved(NORTH, form, draft, sent(items, seen=pages), draft.version, "2026-11-24", NOW).response
    assert draft.items
    assert all_offers(form, draft, earlier) == []


def row(drug: str, dose: str = "") -> dict[str, Any]:
    return group("medicine", said("drug", drug), *([said("dose", dose)] if dose else []))


def told(*changes: tuple[str, str, str]) -> list[Change]:
    """Changes by their places, then and now; empty where nothing was said."""
    return [Change(path, _words(before), _words(after)) for path, before, after in changes]


def _words(text: str) -> Answered:
    return [{"valueString": text}] if text else []


THREE = [row("Lisinopril", "10"), row("Metformin", "500"), row("Aspirin", "100")]


@pytest.mark.parametrize(
    ("now", "changes"),
    [
        (THREE, []),
        (THREE[1:], [("medicine[2]/drug", "Lisinopril", ""), ("medicine[2]/dose", "10", "")]),
        ([THREE[2], THREE[0], THREE[1]], []),
        ([row("Insulin"), *THREE], [("medicine[0]/drug", "", "Insulin")]),
        ([THREE[0], row("Metformin", "850"), THREE[2]], [("medicine[1]/dose", "500", "850")]),
        ([row("Metformin", "850"), THREE[2]], [("medicine[0]/dose", "500", "850"), ("medicine[2]/drug", "Lisinopril", ""), ("medicine[2]/dose", "10", "")]),
        ([THREE[0], row("Insulin", "4"), THREE[2]], [("medicine[1]/drug", "Metformin", "Insulin"), ("medicine[1]/dose", "500", "4")]),
        ([], [(f"medicine[{n}]/{what}", value, "") for n, each in enumerate((("Lisinopril", "10"), ("Metformin", "500"), ("Aspirin", "100"))) for what, value in zip(("drug", "dose"), each, strict=True)]),
    ],
    ids=["none", "the first removed", "another order", "one added", "a dose", "removed and changed", "another one", "all removed"],
)  # fmt: skip
def test_rows_are_told_apart_by_what_they_say(now: list[dict[str, Any]], changes: list[tuple[str, str, str]]) -> None:
    response = a_response(FORM, items=[said("takes", True), *now], status=ResponseStatus.COMPLETED)
    found = offering.changes(FORM, response, an_earlier(said("takes", True), *THREE))
    assert sorted(found) == sorted(told(*changes))


def test_of_a_list_of_names_the_first_one_removed_is_one_change() -> None:
    form = replace(FORM, items=(an_item("medicine", "group", an_item("drug", prefill=LAST), repeats=True),))
    names = [row(each) for each in ("Lisinopril", "Metformin", "Aspirin")]
    response = a_response(form, items=names[1:], status=ResponseStatus.COMPLETED)
    assert offering.changes(form, response, an_earlier(*names)) == told(("medicine[2]/drug", "Lisinopril", ""))
