"""Answers as FHIR R4's QuestionnaireResponse (hl7.org/fhir/R4/questionnaireresponse.html): what stands there is what others can read too.

Members that are empty are left out, as FHIR's JSON wants it. What was reckoned (a score) stands among the answers; a file is named by its
DocumentReference; who signed what stands at the item that was signed, in FHIR's extension for signatures.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import json

from chalicelib.intake.records import OURS, Evidence, Form, Item, ItemType, Kind, Letterhead, QuestionnaireResponse
from chalicelib.intake.rules import deciding, differing, telling
from chalicelib.intake.rules.deciding import Node, Row, Tree
from chalicelib.intake.rules.values import Said
from chalicelib.kit import text

SIGNATURE = "http://hl7.org/fhir/StructureDefinition/questionnaireresponse-signature"
UCUM = "http://unitsofmeasure.org"
CONSENT = {"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.7", "display": "Consent Signature"}
Json = dict[str, Any]


def written(form: Form, response: QuestionnaireResponse, head: Letterhead) -> bytes:
    """The resource as JSON, its members always in the same order."""
    return json.encode(resource(form, response, head))


def resource(form: Form, response: QuestionnaireResponse, head: Letterhead) -> Json:
    """The resource as it goes over the wire."""
    tree = Tree(form.items, response.items, telling.day(response, head.zone))
    who = {"reference": f"Patient/{response.patient}", "display": head.patient}
    about = {
        "resourceType": "QuestionnaireResponse",
        "id": response.id,
        "meta": {"versionId": str(response.edition or response.version)},
        "language": response.language,
        "questionnaire": response.canonical,
        "status": response.status.value,
        "subject": who,
        "authored": moment(response.authored or response.changed),
        "author": who,
        "source": who,
    }
    items = list(_row(_Writing(form, tree, response), tree.root))
    return about | ({"item": items} if items else {})


def moment(at: datetime) -> str:
    """An instant as FHIR has it."""
    return at.isoformat(timespec="milliseconds")


class _Writing:
    """What a whole resource is written with."""

    def __init__(self, form: Form, tree: Tree, response: QuestionnaireResponse) -> None:
        self.tree, self.language, self.patient, self.evidence = tree, response.language, response.patient, response.evidence
        self.raw = dict(differing.raw(form.items, response.items))  # what was said of a quantity's unit beside the one it is compared by


def _row(writing: _Writing, row: Row) -> Iterator[Json]:
    for node in row.nodes:
        if node.item.type is not ItemType.DISPLAY and writing.tree.enabled(node):
            yield from _node(writing, node)


def _node(writing: _Writing, node: Node) -> Iterator[Json]:
    """A group once for each time that it is there, a question with its answers; nothing where nothing was said."""
    item = node.item
    named: Json = {"linkId": item.link_id} | ({"text": telling.question(item, writing.language)} if item.text else {})
    if item.type is ItemType.GROUP:
        yield from (named | {"item": below} for row in node.rows if (below := list(_row(writing, row))))
        return
    said = writing.tree.answers(node)
    answers = [{f"value{_kind(item, one)}": _value(item, one, writing.language)} for one in said]
    if item.type is ItemType.QUANTITY:
        answers = [{"valueQuantity": _quantity(each["valueQuantity"])} for each in writing.raw.get(node.path, ())]
    for answer, row in zip(answers, node.rows, strict=False):
        if below := list(_row(writing, row)):
            answer["item"] = below
    if answers:
        yield _signed(writing, node) | named | {"answer": answers}


def _signed(writing: _Writing, node: Node) -> Json:
    """Everybody who signed there, the first one first, also what was taken back since."""
    found = [_signature(each, writing.patient) for each in writing.evidence if each.path == node.path]
    return {"extension": found} if found else {}


def _signature(evidence: Evidence, patient: str) -> Json:
    """FHIR's Signature, with what it has no member for as extensions of ours."""
    further = [
        {"url": f"{OURS}signedText", "valueString": evidence.sha256},
        {"url": f"{OURS}signedLanguage", "valueCode": evidence.language},
    ]
    if evidence.withdrawn:
        further.append({"url": f"{OURS}withdrawn", "valueInstant": moment(evidence.withdrawn)})
    who = {"reference": f"Patient/{patient}", "display": evidence.name}
    return {"url": SIGNATURE, "valueSignature": {"extension": further, "type": [CONSENT], "when": moment(evidence.at), "who": who}}


def _quantity(said: Json) -> Json:
    """FHIR wants the system of every code; the units of forms are UCUM's."""
    unit, code = said.get("unit") or said.get("code"), said.get("code")
    return {"value": said["value"]} | ({"unit": unit} if unit else {}) | ({"system": UCUM, "code": code} if code else {})


def _kind(item: Item, one: Said) -> Kind:
    """The value[x] that the item's type asks for: what was reckoned is a number of its own kind."""
    if one.kind is Kind.DECIMAL and deciding.is_given(item) and item.type is ItemType.INTEGER:
        return Kind.INTEGER
    return one.kind


def _value(item: Item, one: Said, tag: str) -> Any:
    if one.kind is Kind.CODING:
        option = telling.option_of(item, one.value)
        system, _, code = str(one.value).partition("|")
        display = text.words(option.text, tag) if option else ""
        return {name: word for name, word in {"system": system, "code": code, "display": display}.items() if word}
    if one.kind is Kind.QUANTITY:
        return {"value": one.value}
    if one.kind is Kind.ATTACHMENT:
        return {"url": str(one.value)}
    if one.kind is Kind.TIME and len(str(one.value)) == len("10:40"):
        return f"{one.value}:00"  # FHIR's times have seconds; a browser's have none
    return int(one.value) if _kind(item, one) is Kind.INTEGER else one.value
