"""Which items of a form are asked, what is reckoned, and what is wrong: decided from a patient's raw answers alone.

portal_templates/intake/rules.js decides the same on the page, and both are tested against each other; what counts is what is
decided here. An answer to what is not asked counts as absent everywhere (and is refused), so that it is enough to ask for each
item's own conditions: forms whose conditions run in a circle are refused when they are read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from chalicelib.intake.records import Calculation, Condition, Item, ItemType, Kind, Operator, Sum, Value
from chalicelib.intake.rules import reckoning, values
from chalicelib.intake.rules.values import Said

Given = Sequence[Mapping[str, Any]]  # `item` of a QuestionnaireResponse (FHIR R4), or of one of its items or answers


class Decision(NamedTuple):
    """Of one item, or of one that is there several times: its place ("medicines[1]/dose"), and what was decided."""

    path: str
    enabled: bool
    value: Value | None
    complaints: tuple[str, ...]


class Row:
    """One repetition of a group, or one answer, with the items below it."""

    def __init__(self, node: Node | None, path: str, items: Sequence[Item], given: Given, tree: Tree) -> None:
        self.node = node
        self.first = len(tree.nodes)  # the place of the first node in it
        by_id: dict[str, list[Mapping[str, Any]]] = {}
        for each in given:
            by_id.setdefault(each.get("linkId", ""), []).append(each)
        self.nodes = [Node(self, f"{path}{item.link_id}", item, by_id.get(item.link_id, ()), tree) for item in items]
        self.end = len(tree.nodes)


class Node:
    """An item as it was answered (`found`: all that names it); a group that does not repeat is always there once."""

    def __init__(self, row: Row, path: str, item: Item, found: Given, tree: Tree) -> None:
        self.row, self.path, self.item = row, path, item
        self.place = len(tree.nodes)
        tree.add(self)
        if item.type is ItemType.GROUP:
            self.answers: list[Said] = []
            below = [each.get("item", ()) for each in found] if item.repeats else [found[0].get("item", ()) if found else ()]
        else:
            answered = [(one, each) for each in (found[0].get("answer", ()) if found else ()) if (one := values.said(each))]
            self.answers = [one for one, _ in answered]
            below = [each.get("item", ()) for _, each in answered]
        self.rows = [Row(self, f"{path}[{n}]/" if item.repeats else f"{path}/", item.items, each, tree) for n, each in enumerate(below)]


class Tree:
    """A form and its answers. `today` is the local date in the clinic (ISO 8601): ages and bounds are reckoned by it."""

    def __init__(self, items: Sequence[Item], given: Given, today: str) -> None:
        self.nodes: list[Node] = []
        self.today = today
        self._by_id: dict[str, list[Node]] = {}  # in the order of their places
        self._enabled: dict[int, bool] = {}
        self._values: dict[int, Value | None] = {}
        self._told: dict[tuple[int, int], bool] = {}  # of a question's place and a condition: repetitions share both
        self._weights: dict[tuple[str, int, int, Sum], list[float]] = {}
        self.root = Row(None, "", items, given, self)

    def add(self, node: Node) -> None:
        """One more, the last so far."""
        self.nodes.append(node)
        self._by_id.setdefault(node.item.link_id, []).append(node)

    def enabled(self, node: Node) -> bool:
        """Whether it is asked: all above it are, and its own conditions hold."""
        if node.place not in self._enabled:
            above = node.row.node
            self._enabled[node.place] = (above is None or self.enabled(above)) and self.holds(node, node.item.when, any_of=node.item.any_of)
        return self._enabled[node.place]

    def holds(self, node: Node, conditions: Sequence[Condition], *, any_of: bool) -> bool:
        """Whether conditions of an item hold, all or any of them; none at all do."""
        told = [self._is_so(node, each) for each in conditions]
        return (any(told) if any_of else all(told)) if told else True

    def _is_so(self, node: Node, condition: Condition) -> bool:
        found = self.nearest(node, condition.question)
        told = (found.place if found else -1, id(condition))
        if told not in self._told:
            self._told[told] = self._holds_of(self.answers(found) if found else [], condition)
        return self._told[told]

    def _holds_of(self, answers: Sequence[Said], condition: Condition) -> bool:
        if condition.operator is Operator.EXISTS:
            return bool(answers) == condition.value
        operator = Operator.EQUALS if condition.operator is Operator.DIFFERS else condition.operator
        is_so = any(values.holds(one, operator, condition.kind, condition.value, condition.unit) for one in answers)
        return is_so != (condition.operator is Operator.DIFFERS)

    def reached(self, node: Node, link_id: str) -> list[Node]:
        """The occurrences of a question that are nearest to an item: above it, or in the smallest repetition that holds both."""
        all_of_it, first, end = self._within_reach(node, link_id)
        return list(all_of_it[first:end])

    def nearest(self, node: Node, link_id: str) -> Node | None:
        """Of these the last that comes before an item, else the first after it."""
        all_of_it, first, end = self._within_reach(node, link_id)
        if first == end:
            return None
        before = bisect_left(all_of_it, node.place, first, end, key=_place)
        return all_of_it[max(before - 1, first)]

    def _within_reach(self, node: Node, link_id: str) -> tuple[Sequence[Node], int, int]:
        """All occurrences, and from which to which they are reached: looked up by their places, since a form may ask often."""
        all_of_it: Sequence[Node] = self._by_id.get(link_id, ())
        row: Row | None = node.row if all_of_it else None
        while row:
            first = bisect_left(all_of_it, row.node.place if row.node else 0, key=_place)
            if row.node and first < len(all_of_it) and all_of_it[first] is row.node:
                return all_of_it, first, first + 1
            first = bisect_left(all_of_it, row.first, first, key=_place)
            if (end := bisect_left(all_of_it, row.end, first, key=_place)) > first:
                return all_of_it, first, end
            row = row.node.row if row.node else None
        return (), 0, 0

    def answers(self, node: Node) -> list[Said]:
        """What counts as its answers: nothing where it is not asked, and of what is never asked what is reckoned."""
        if not self.enabled(node):
            return []
        if not is_given(node.item):
            return node.answers
        value = self.value(node)
        return [] if value is None else [Said(_kind(node.item), value)]

    def value(self, node: Node) -> Value | None:
        """What is never asked for: reckoned, or as the form has it; None where it is asked, or there is nothing to reckon with."""
        if not is_given(node.item) or not self.enabled(node):
            return None
        if node.place not in self._values:
            calculated = node.item.calculated
            self._values[node.place] = self._reckoned(node, calculated) if calculated else _initial(node.item)
        return self._values[node.place]

    def _reckoned(self, node: Node, calculated: Calculation) -> float | None:
        told = [one for each in calculated.of for one in self._weights_of(node, each, calculated.kind)]
        if calculated.kind is Sum.ORDINALS:
            return reduce(add, told) if told else None  # sum() would round better than a page does
        if calculated.kind is Sum.AGE:
            return told[0] if told else None
        return reckoning.bmi(*told) if len(told) == 2 and min(told) > 0 else None

    def _weights_of(self, node: Node, link_id: str, kind: Sum) -> list[float]:
        """What all occurrences within reach weigh: looked up once for all that reach the same."""
        all_of_it, first, end = self._within_reach(node, link_id)
        if (link_id, first, end, kind) not in self._weights:
            found = [one for each in all_of_it[first:end] for one in self._weighed(each, kind)]
            self._weights[link_id, first, end, kind] = found
        return self._weights[link_id, first, end, kind]

    def _weighed(self, node: Node, kind: Sum) -> Iterator[float]:
        for one in self.answers(node):
            if kind is Sum.ORDINALS:
                yield from (each.ordinal for each in node.item.options if (each.kind, each.value) == one[:2] and each.ordinal is not None)
            elif kind is Sum.AGE:
                yield from reckoning.years(one, self.today)
            elif one.kind in values.NUMBERS:
                yield float(one.value)


def decide(items: Sequence[Item], given: Given, today: str, *, complete: bool) -> list[Decision]:
    """Every item of a form, in its order. `complete`: nothing that is required may be missing; a draft may lack it."""
    return decided(Tree(items, given, today), complete=complete)


def decided(tree: Tree, *, complete: bool) -> list[Decision]:
    """The same of a form and answers that were looked at already."""
    return [
        Decision(node.path, tree.enabled(node), tree.value(node), tuple(_complaints(tree, node, complete=complete))) for node in tree.nodes
    ]


def is_given(item: Item) -> bool:
    """Whether nobody is asked for it: it is reckoned, or stands in the form."""
    return item.calculated is not None or item.read_only or item.hidden


def _place(node: Node) -> int:
    return node.place


def _initial(item: Item) -> Value | None:
    return item.initial[0].value if item.initial else None


def _kind(item: Item) -> Kind:
    """Of what is never asked for."""
    return item.initial[0].kind if item.initial and not item.calculated else Kind.DECIMAL


def _complaints(tree: Tree, node: Node, *, complete: bool) -> Iterator[str]:
    item, count = node.item, len(node.rows)
    if item.type is ItemType.DISPLAY:
        return
    if not tree.enabled(node):
        if node.answers:
            yield "not-asked"
        return
    if is_given(item):
        if node.answers:
            yield "not-yours"
        return
    if item.type is ItemType.GROUP and not item.repeats:
        return
    required = _is_required(tree, node)
    yield from _of_count(item, count, complete=complete, required=required)
    yield from dict.fromkeys(each for one in node.answers for each in values.complaints(item, one, tree.today))
    if count > 1 and {one[:2] for one in node.answers} & {(option.kind, option.value) for option in item.options if option.alone}:
        yield "alone"
    if complete and item.consent and required and node.answers and node.answers[0].value is not True:
        yield "consent"


def _is_required(tree: Tree, node: Node) -> bool:
    item = node.item
    return item.required or item.min_occurs > 0 or (bool(item.required_when) and tree.holds(node, item.required_when, any_of=False))


def _of_count(item: Item, count: int, *, complete: bool, required: bool) -> Iterator[str]:
    if complete and required and not count:
        yield "required"
    if complete and 0 < count < item.min_occurs:
        yield "too-few"
    most = item.max_occurs or (0 if item.repeats else 1)
    if most and count > most:
        yield "too-many"
