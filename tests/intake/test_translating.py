"""What a form does not say in a language of the clinic, and where the clinic asks for a form."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from chalicelib.clinics.records import FormRule
from chalicelib.intake.records import Form, Verdict
from chalicelib.intake.rules import reading, translating
from chalicelib.intake.shapes import asked
from tests.intake.answering import a_north, our_form

TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
BOTH = ("en-US", "es-US")


def in_spanish(text: str) -> dict[str, Any]:
    """What stands beside a text."""
    return {"extension": [{"url": TRANSLATION, "extension": [{"url": "lang", "valueCode": "es"}, {"url": "content", "valueString": text}]}]}


def a_form(**first: Any) -> Form:
    """Two questions in English; `first` is added to the first one."""
    often = [{"valueCoding": {"code": code, "display": code}} for code in ("seldom", "daily")]
    found = reading.read(
        {
            "resourceType": "Questionnaire",
            "url": "https://clinic.example/Questionnaire/asthma",
            "version": "1",
            "status": "active",
            "title": "Asthma",
            "item": [
                {"linkId": "has", "type": "boolean", "text": "Do you have asthma?", **first},
                {"linkId": "often", "type": "choice", "text": "How often?", "answerOption": often},
            ],
        }
    ).form
    assert found
    return found


def said(form: Form, languages: tuple[str, ...] = BOTH) -> list[tuple[str, str]]:
    """Each line: its place, and what it says."""
    found = translating.lines(form, languages, "en-US")
    assert {each.verdict for each in found} <= {Verdict.WORKS}
    return [(each.place, each.why) for each in found]


def test_our_own_forms_lack_nothing() -> None:
    assert said(our_form("new-patient")) == []


def test_each_item_that_lacks_words_is_named_with_what_it_lacks() -> None:
    assert said(a_form(_text=in_spanish("¿Tiene asma?"))) == [
        ("", "Not in Spanish: the title of the form."),
        ("often", "Not in Spanish: the words, 2 answers."),
    ]


def test_a_form_in_one_language_alone_has_one_line() -> None:
    assert said(a_form()) == [("", "Nothing of this form is in Spanish.")]


def test_a_clinic_of_one_language_misses_nothing() -> None:
    assert said(a_form(), ("en-US",)) == []


def test_a_form_says_at_which_visits_it_is_asked_and_how_often() -> None:
    service, name = a_north().services[0].id, "Doctor visit"
    clinic = a_north(FormRule(id="asthma", services=(service,), again_after_days=180), FormRule(id="lungs", follows="asthma"))
    clinic = replace(clinic, services=(replace(clinic.services[0], name={"en": name}),))
    assert asked.asked(clinic, "asthma", "en-US") == f"Asked at: {name}; again after 180 days."
    assert (
        asked.asked(clinic, "lungs", "en-US") == "Asked at: every visit; once is enough. Only of patients who have filled in asthma before."
    )
    assert asked.asked(clinic, "skin", "en-US").startswith("Not asked at any visit yet.")
