"""What was shown before somebody signed: the exact words, and their SHA-256."""

from __future__ import annotations

import hashlib

import pytest
from msgspec.structs import replace

from chalicelib.intake.records import Form, Item, Option, Signature
from chalicelib.intake.rules import consents
from tests.intake.answering import our_form
from tests.intake.makers import an_item


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
