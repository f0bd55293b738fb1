"""What was shown before somebody signed: the exact words, and their SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.intake.records import Form, Item, Option, Signature
from chalicelib.intake.rules import consents
from chalicelib.intake.rules.deciding import Tree
from tests.intake.answering import our_form
from tests.intake.makers import TODAY, an_item, group, said, when, wrong
from tests.intake.test_forms import of


def item(link_id: str, kind: str, english: str, spanish: str = "", *items: Item, **about: object) -> Item:
    return an_item(link_id, kind, *items, text={"en": english} | ({"es": spanish} if spanish else {}), **about)


YES = Option(value="|yes", text={"en": "Yes", "es": "Sí"})
FORM = Form(
    id="consent",
    url="https://north.example/consent",
    version="3",
    title={"en": "Consent", "es": "Consentimiento"},
    items=(
        item(
            "a", "group", "Care", "Atención", item("a1", "display", "I ask for care.", "Pido atención."), page={"en": "Page", "es": "Hoja"}
        ),
        item(
            "b", "choice", "Do you agree?", "¿Está de acuerdo?", options=(YES,), help={"en": "You may say no.", "es": "Puede decir que no."}
        ),
        item("s", "group", "Sign", "", item("sign", "string", "Name", "Nombre", signature=(Signature.TYPED,), prefix="1.")),
        item("z", "display", "Words after the signature"),
    ),
)


@pytest.mark.parametrize(
    ("path", "language", "lines"),
    [
        ("a/a1", "en-US", ["Consent", "Page", "Care", "I ask for care."]),
        ("s/sign", "en", ["Consent", "Page", "Care", "I ask for care.", "Do you agree?", "You may say no.", "Yes", "Sign", "1.", "Name"]),
        (
            "s/sign",
            "es-US",
            [
                "Consentimiento",
                "Hoja",
                "Atención",
                "Pido atención.",
                "¿Está de acuerdo?",
                "Puede decir que no.",
                "Sí",
                "Sign",
                "1.",
                "Nombre",
            ],
        ),
        (
            "s[2]/sign",
            "fr",
            ["Consent", "Page", "Care", "I ask for care.", "Do you agree?", "You may say no.", "Yes", "Sign", "1.", "Name"],
        ),
    ],
)
def test_the_words_before_a_signature_are_all_from_the_title_on(path: str, language: str, lines: list[str]) -> None:
    assert consents.shown(FORM, path, language).split("\n") == lines


def test_the_digest_is_of_the_words_as_utf_8() -> None:
    words = consents.shown(FORM, "s/sign", "es-US")
    assert consents.sha256(FORM, "s/sign", "es-US") == hashlib.sha256(words.encode()).hexdigest()


def test_another_word_another_language_or_another_place_is_another_digest() -> None:
    other = replace(FORM, title={"en": "Consent.", "es": "Consentimiento"})
    found = [
        consents.sha256(form, path, tag)
        for form, path, tag in ((FORM, "s/sign", "en"), (FORM, "s/sign", "es"), (FORM, "b", "en"), (other, "s/sign", "en"))
    ]
    assert len(set(found)) == 4


def test_what_changes_no_word_changes_no_digest() -> None:
    assert consents.sha256(replace(FORM, version="4"), "s/sign", "en") == consents.sha256(FORM, "s/sign", "en")


def test_a_place_that_is_not_in_the_form_has_no_words() -> None:
    with pytest.raises(ValueError, match="has nothing at"):
        consents.shown(FORM, "s/other", "en")


def test_the_consent_to_care_is_shown_whole_in_both_languages() -> None:
    form = our_form("consent-to-treat")
    for language, sentence in (("en", "I ask this clinic to care for me."), ("es", "Pido a esta clínica que me atienda.")):
        words = consents.shown(form, "sign/signature", language)
        assert sentence in words
        assert len(words) > 1500


SIGNED: dict[str, Any] = {"signature": (Signature.TYPED,)}
ROWS = (
    an_item("agree", "boolean", consent=True),
    an_item("child", "group", an_item("may", "boolean", consent=True), an_item("note"), an_item("sign", **SIGNED), repeats=True),
    an_item("plain", "boolean"),
    an_item("if-plain", "boolean", consent=True, when=(when("plain"),)),
    an_item("more", "boolean", an_item("how", when=(when("more"),)), consent=True),
    an_item("last", **SIGNED),
)
CHILDREN = Form(id="rows", url="https://north.example/rows", version="1", title={"en": "Rows"}, items=ROWS)


def child(*, may: bool, name: str = "Ada") -> dict[str, Any]:
    return group("child", said("may", may), *([said("sign", name)] if name else []))


def test_a_signature_covers_what_was_asked_since_the_one_before() -> None:
    given = [said("agree", True), child(may=True), child(may=True, name=""), child(may=True), said("more", True), said("last", "Ada")]
    assert consents.covered(Tree(ROWS, given, "2026-11-24")) == {
        "child[0]/sign": ["agree", "child[0]/may"],
        "child[2]/sign": ["child[1]/may", "child[2]/may"],
        "last": ["more"],
    }


@pytest.mark.parametrize(
    ("signature", "answers"),
    [
        ("child[0]/sign", [said("agree", False), child(may=False), child(may=True)]),
        ("child[1]/sign", [said("agree", True), child(may=True), child(may=False)]),
        ("elsewhere", [said("agree", True), child(may=True), child(may=True)]),
        ("agree", [said("agree", True), child(may=True), child(may=True)]),
    ],
)
def test_what_is_taken_back_is_a_no_there_and_nowhere_else(signature: str, answers: list[Any]) -> None:
    given = [said("agree", True), child(may=True), child(may=True)]
    for _ in range(2):
        given = consents.taken_back(CHILDREN, given, [signature], "2026-11-24")
        assert given == answers


def test_what_is_not_asked_after_a_no_goes_with_it_and_a_name_that_is_left_out_keeps_nothing() -> None:
    for name in ([said("last", "Ada")], []):
        given = [said("more", True, below=[said("how", "by mail")]), *name]
        assert consents.taken_back(CHILDREN, given, ["last"], "2026-11-24") == [said("more", False), *name]


# The forms that ship: no yes of a form outlives the signature below it.
CASES = Path(__file__).parent / "cases"
PLAIN = {"private-way"}  # how to reach somebody is a wish of theirs, and permits nobody anything


def yeses(items: list[dict[str, Any]]) -> Iterator[str]:
    """The link ids of all that is answered Yes."""
    for each in items:
        yield from (each["linkId"] for answer in each.get("answer", []) if answer.get("valueBoolean") is True)
        yield from yeses(each.get("item", []))
        yield from (link_id for answer in each.get("answer", []) for link_id in yeses(answer.get("item", [])))


@pytest.mark.parametrize("name", ["photo-consent", "consent-to-treat", "release-of-information", "privacy-notice"])
def test_no_permission_stays_a_yes_once_the_signature_is_taken_back(name: str) -> None:
    form = our_form(name)
    assert {item.link_id for item in of(form.items) if item.type == "boolean" and not (item.consent or item.permission)} <= PLAIN
    for case in json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))["valid"]:
        assert set(yeses(case["item"])) - PLAIN, case["why"]
        assert set(yeses(consents.taken_back(form, case["item"], ["sign/signature"], TODAY))) <= PLAIN, case["why"]


def test_a_permission_may_be_refused_and_its_signature_stands() -> None:
    items = [an_item("show", "boolean", permission=True, required=True), an_item("sign", **SIGNED)]
    given = [said("show", False), said("sign", "Ada")]
    assert wrong(items, *given) == []
    assert consents.covered(Tree(items, given, TODAY)) == {"sign": ["show"]}
