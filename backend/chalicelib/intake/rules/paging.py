"""A form as it is filled: one thing, or one group, a page; and how far somebody has come.

A top-level item is a page of its own. Words that stand between pages go with the page after them, so that nobody meets a page that
asks nothing; what nobody is asked for is on no page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from enum import StrEnum
from typing import Any, NamedTuple

from chalicelib.clinics.records import Words
from chalicelib.intake.records import Item, ItemType
from chalicelib.intake.rules import deciding
from chalicelib.intake.rules.deciding import Node, Tree


class Page(NamedTuple):
    """What is shown together; `id` is the link id of the item that asks, by which the page is known from version to version."""

    id: str
    title: Words
    items: tuple[Item, ...]


class Standing(StrEnum):
    """How far a page has come. One on which nothing is asked (any more) is skipped."""

    SKIPPED = "skipped"
    EMPTY = "empty"
    STARTED = "started"
    WRONG = "wrong"
    DONE = "done"


class Progress(NamedTuple):
    """Each page's standing in order, and the counts of "4 of 9"; skipped pages count for neither."""

    standings: dict[str, Standing]
    done: int
    of: int


def pages(items: Sequence[Item]) -> tuple[Page, ...]:
    """A form's pages in order; words after the last question go with it."""
    made: list[Page] = []
    words: tuple[Item, ...] = ()
    for item in items:
        if item.type is ItemType.DISPLAY:
            words += (item,)
        elif _asks(item):
            made.append(Page(item.link_id, item.page or item.text, (*words, item)))
            words = ()
    if words and made:
        made[-1] = made[-1]._replace(items=made[-1].items + words)
    return tuple(made)


def _asks(item: Item) -> bool:
    """Whether there is anything in it that somebody could be asked."""
    if item.type is ItemType.GROUP:
        return not item.hidden and any(_asks(each) for each in item.items)
    return item.type is not ItemType.DISPLAY and not deciding.is_given(item)


def progress(items: Sequence[Item], given: Sequence[Mapping[str, Any]], today: str, seen: Set[str]) -> Progress:
    """How far somebody has come with a form. `seen`: pages that were gone on from; one that wants nothing is done by that alone."""
    tree = Tree(items, given, today)
    nodes = {node.item.link_id: node for node in tree.root.nodes}
    decided = deciding.decided(tree, complete=True)
    wrong = {node.place for node, each in zip(tree.nodes, decided, strict=True) if each.complaints}
    standings = {page.id: _standing(tree, nodes[page.id], wrong, seen) for page in pages(items)}
    counted = [each for each in standings.values() if each is not Standing.SKIPPED]
    return Progress(standings, counted.count(Standing.DONE), len(counted))


def _standing(tree: Tree, node: Node, wrong: Set[int], seen: Set[str]) -> Standing:
    asked = [each for each in _within(node) if _is_question(each) and tree.enabled(each)]
    if not asked:
        return Standing.SKIPPED
    answered = [each for each in asked if each.rows]
    complaining = [each for each in asked if each.place in wrong]
    if any(each.rows for each in complaining):
        return Standing.WRONG
    if complaining:
        return Standing.STARTED if answered else Standing.EMPTY
    return Standing.DONE if answered or node.item.link_id in seen else Standing.EMPTY


def _is_question(node: Node) -> bool:
    """Something that is answered: also a group that is there as often as somebody likes."""
    item = node.item
    return not deciding.is_given(item) and (item.repeats if item.type is ItemType.GROUP else item.type is not ItemType.DISPLAY)


def _within(node: Node) -> Iterator[Node]:
    yield node
    for row in node.rows:
        for each in row.nodes:
            yield from _within(each)
