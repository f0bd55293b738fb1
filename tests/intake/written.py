"""Questionnaires as others write them: FHIR R4 JSON, as short as it can be said."""

from __future__ import annotations

from typing import Any

from chalicelib.intake.records import OURS, Form, Item, Line, Verdict
from chalicelib.intake.rules import reading

STANDARD = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
URL = "https://clinic.example/fhir/Questionnaire/first-visit"
Json = dict[str, Any]


def an_item(link_id: str, kind: str = "string", *items: Json, **about: Any) -> Json:
    """An item with words; what is None in `about` is left out."""
    item = {"linkId": link_id, "type": kind, "text": link_id, **({"item": list(items)} if items else {})} | about
    return {name: value for name, value in item.items() if value is not None}


def a_questionnaire(*items: Json, **about: Any) -> Json:
    """One that can be read; what is None in `about` is left out."""
    whole = {
        "resourceType": "Questionnaire",
        "url": URL,
        "version": "3",
        "status": "active",
        "title": "First visit",
        "item": list(items),
    } | about
    return {name: value for name, value in whole.items() if value is not None}


def standard(name: str, **value: Any) -> Json:
    """An extension of FHIR's."""
    return {"url": STANDARD + name, **value}


def ours(name: str, *parts: Json, **value: Any) -> Json:
    """An extension of our own."""
    return {"url": OURS + name, **({"extension": list(parts)} if parts else {}), **value}


def part(name: str, **value: Any) -> Json:
    """A part of an extension."""
    return {"url": name, **value}


def translated(**words: str) -> Json:
    """What stands beside words (`_text`, say): the same in other languages."""
    told = [
        standard("translation", extension=[part("lang", valueCode=lang), part("content", valueString=text)]) for lang, text in words.items()
    ]
    return {"extension": told}


def when(question: str, operator: str = "=", **answer: Any) -> Json:
    """A condition; by default that something is so."""
    return {"question": question, "operator": operator, **(answer or {"answerBoolean": True})}


def coding(code: str, display: str | None = None, system: str | None = None, **about: Any) -> Json:
    """A Coding."""
    return {name: value for name, value in {"system": system, "code": code, "display": display, **about}.items() if value is not None}


def an_option(code: str, ordinal: float | None = None, **about: Any) -> Json:
    """A Coding to choose, and its weight."""
    weight = {"extension": [standard("ordinalValue", valueDecimal=ordinal)]} if ordinal is not None else {}
    return {"valueCoding": coding(code, code.title(), "s"), **weight, **about}


def a_list(*codes: str, **about: Any) -> Json:
    """A contained value set called "colours"."""
    include = [{"system": "s", "concept": [{"code": code, "display": code.title()} for code in codes]}]
    return {"resourceType": "ValueSet", "id": "colours", "compose": {"include": include}} | about


def form_of(*items: Json, **about: Any) -> Form:
    """The form; that there is one is asserted."""
    found = reading.read(a_questionnaire(*items, **about))
    assert found.form, found.lines
    return found.form


def item_of(*items: Json, **about: Any) -> Item:
    """The last item of the form."""
    return form_of(*items, **about).items[-1]


def lines_of(*items: Json, **about: Any) -> tuple[Line, ...]:
    """What was noticed."""
    return reading.read(a_questionnaire(*items, **about)).lines


def told(verdict: Verdict, *items: Json, **about: Any) -> list[tuple[str, str]]:
    """The places and the features of one verdict."""
    return [(line.place, line.feature) for line in lines_of(*items, **about) if line.verdict is verdict]


def refused(*items: Json, **about: Any) -> list[tuple[str, str]]:
    """The places and the features of what is refused; then there is no form, and else there is one."""
    found = reading.read(a_questionnaire(*items, **about))
    lines = [(line.place, line.feature) for line in found.lines if line.verdict is Verdict.REFUSED]
    assert (found.form is None) == bool(lines)
    return lines
