"""What somebody said to a form, as people read it: everything that they were asked, in order, with their answers in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from chalicelib.intake.records import Form, Item, ItemType, Kind, Option, QuestionnaireResponse
from chalicelib.intake.rules import labels
from chalicelib.intake.rules.deciding import Given, Node, Row, Tree
from chalicelib.intake.rules.values import NUMBERS, Said
from chalicelib.kit import text, zone
from chalicelib.kit.problem import Problem


class TooLongForPaper(Problem):
    """More than can be taken along as a PDF in one answer of ours."""

    status = 413
    title = "That is too long for a PDF. Take it as a spreadsheet or as FHIR's JSON."


class Told(NamedTuple):
    """An item that was asked (or words that stood there): its place, how deep it lies in groups, and what was answered.

    `number` from 1 on: it begins that repetition of its group, and has no answer of its own.
    """

    path: str
    depth: int
    item: Item
    answers: tuple[Said, ...] = ()
    number: int = 0

    @property
    def is_question(self) -> bool:
        """Whether it is something that is answered, or reckoned."""
        return self.item.type not in (ItemType.GROUP, ItemType.DISPLAY)


def day(response: QuestionnaireResponse, clinic_zone: str) -> str:
    """The local date (ISO 8601) that ages are reckoned by: when it was handed in, else when it was last changed."""
    return zone.local_date(response.authored or response.changed, clinic_zone).isoformat()


def told(form: Form, items: Given, today: str) -> list[Told]:
    """Everything of a form that was asked, with its answers."""
    tree = Tree(form.items, items, today)
    return list(_row(tree, tree.root, 0))


def _row(tree: Tree, row: Row, depth: int) -> Iterator[Told]:
    for node in row.nodes:
        if tree.enabled(node) and not node.item.hidden:
            yield from _node(tree, node, depth)


def _node(tree: Tree, node: Node, depth: int) -> Iterator[Told]:
    yield Told(node.path, depth, node.item, tuple(tree.answers(node)))
    repeats = node.item.repeats and node.item.type is ItemType.GROUP
    for number, row in enumerate(node.rows, 1):
        if repeats:
            yield Told(f"{node.path}[{number - 1}]", depth + 1, node.item, number=number)
        yield from _row(tree, row, depth + 1)


def question(item: Item, tag: str) -> str:
    """The words that it was asked in."""
    return " ".join(filter(None, (item.prefix, text.words(item.text or item.page, tag)))) or item.link_id


def answer(item: Item, one: Said, tag: str) -> str:
    """An answer in words of a language."""
    value = one.value
    chosen = next((option for option in item.options if (option.kind, option.value) == (one.kind, value)), None)
    if chosen and chosen.text:
        return text.words(chosen.text, tag)
    if one.kind is Kind.BOOLEAN:
        return labels.say("yes" if value else "no", tag)
    if one.kind in NUMBERS and isinstance(value, int | float):
        return " ".join(filter(None, (number(value), one.unit or item.unit)))
    if one.kind is Kind.CODING:
        return str(value).partition("|")[2]
    if one.kind is Kind.ATTACHMENT:
        return labels.say("file", tag).format(str(value).rpartition("/")[2])
    return moment(str(value), tag) if one.kind in (Kind.DATE, Kind.DATE_TIME) else str(value)


def number(value: float) -> str:
    """As it was written, without an empty fraction."""
    return str(int(value)) if value == int(value) else str(value)


def moment(said: str, tag: str) -> str:
    """A date as people write it; a month, a year or anything else as it was said."""
    try:
        if len(said) == len("2026-11-24"):
            return text.date_long(date.fromisoformat(said), tag)
        local = datetime.fromisoformat(said)
    except ValueError:
        return said
    return said if local.tzinfo is None else f"{text.date_long(local, tag)}, {text.time_label(local, tag)}"


def raw(one: Said) -> str:
    """An answer as machines read it: dates in ISO 8601, truth in FHIR's words."""
    if one.kind is Kind.BOOLEAN:
        return "true" if one.value else "false"
    return number(one.value) if isinstance(one.value, int | float) else str(one.value)


def option_of(item: Item, value: object) -> Option | None:
    """The option of that value, as it is compared."""
    return next((each for each in item.options if each.value == value), None)


def questions(told_of: Sequence[Told]) -> list[Told]:
    """Those that are answered, or reckoned."""
    return [each for each in told_of if each.is_question]
