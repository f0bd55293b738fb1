"""Conditions on other questions' answers: enableWhen, and our own requiredWhen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chalicelib.intake.records import Condition, ItemType, Kind, Operator
from chalicelib.intake.rules import answers, values
from chalicelib.intake.rules.reading.element import Element
from chalicelib.intake.rules.reading.outline import Entry
from chalicelib.intake.rules.reading.plain import Typed

COMPARED = tuple(kind for kind in Kind if kind is not Kind.ATTACHMENT)
MOST = 100  # conditions of one item
BASIC = frozenset({Operator.EQUALS, Operator.DIFFERS, Operator.EXISTS})
SIMPLE = frozenset({Kind.INTEGER, Kind.DECIMAL})
ORDERED = values.NUMBERS | values.MOMENTS


class Asking(NamedTuple):
    """A condition, and the part of the document that it comes from; `feature` is what it is called there."""

    entry: Entry
    condition: Condition
    feature: str


def of_item(entry: Entry) -> list[Condition]:
    """Its enableWhen; whether one or all must hold is said beside them."""
    told = entry.element.elements("enableWhen")
    if len(told) > MOST:
        entry.element.refuse("enableWhen", f"An item has at most {MOST} conditions.")
    found = [condition for each in told[:MOST] if (condition := _condition(each))]
    entry.about["any_of"] = _is_any(entry.element, len(told))
    return found


def _is_any(element: Element, count: int) -> bool:
    behaviour = element.name("enableBehavior")
    if behaviour not in ("", "any", "all"):
        element.refuse("enableBehavior", "Only “any” or “all” can stand here.")
    if count > 1 and not behaviour:
        element.warn("enableBehavior", "It is not said whether all conditions must hold: one of them is enough.")
    return count > 1 and behaviour != "all"


def _condition(element: Element) -> Condition | None:
    if element.extensions() or any(name.startswith("_") for name in element.parts):
        element.needs("L5")
        element.refuse("extension in enableWhen", "A condition cannot be reckoned by an expression: compare with a written value.")
    answer = element.typed("answer", COMPARED)
    return made(element, "enableWhen", element.name("question"), element.name("operator"), answer)


def made(element: Element, feature: str, question: str, operator: str, answer: Typed | None) -> Condition | None:
    """A condition of its parts; None where it is refused."""
    if not question or operator not in set(Operator):
        element.refuse(feature, "A condition names a question and one of exists, =, !=, >, <, >= and <=.")
        return None
    if answer is None:
        return None
    how = Operator(operator)
    if how is Operator.EXISTS and answer.kind is not Kind.BOOLEAN:
        element.refuse(feature, "Whether there is an answer is compared with true or false.")
        return None
    element.needs("L0" if how in BASIC else "L1")
    if how is Operator.DIFFERS:
        element.warn(f"{feature} !=", "This holds too where the other question was not answered.")
    return Condition(question=question, operator=how, kind=answer.kind, value=answer.value, unit=answer.unit)


def check(asking: Asking, by_id: Mapping[str, Entry]) -> None:
    """That the question is there and can be answered so."""
    entry, condition, feature = asking
    target = by_id.get(condition.question)
    if target is None:
        entry.element.refuse(feature, "The condition asks for a question that is not in this form.")
    elif target.type in (ItemType.GROUP, ItemType.DISPLAY):
        entry.element.refuse(feature, "The condition asks for an item that nobody answers: a group or a text.")
    elif not _can_hold(condition, target):
        entry.element.warn(feature, "No answer that can be given to the other question compares so with the value.")


def _can_hold(condition: Condition, target: Entry) -> bool:
    if condition.operator is Operator.EXISTS:
        return True
    kinds = {each.kind for each in target.said("options") or ()} or set(answers.KINDS[target.type])
    if target.type is ItemType.OPEN_CHOICE:
        kinds.add(Kind.STRING)
    if condition.kind not in kinds and not (condition.kind in SIMPLE and kinds & SIMPLE):
        return False
    if condition.operator not in BASIC and condition.kind not in ORDERED:
        return False
    if condition.kind is Kind.QUANTITY and target.said("units"):
        return condition.unit in target.about["units"]
    if condition.kind is not Kind.CODING or not target.said("options"):
        return True
    return any((each.kind, each.value) == (condition.kind, condition.value) for each in target.about["options"])
