"""Answers by their places: which differ between two times, which name a file, and the same answers without some of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from chalicelib.intake.records import Answered, Item, ItemType
from chalicelib.intake.rules.deciding import Given, Tree
from chalicelib.intake.rules.values import Said

FILE = "DocumentReference/"
NUMBER = re.compile(r"\[\d+\]")
NO_DAY = "0001-01-01"  # nothing here is reckoned by a day


class Difference(NamedTuple):
    """What was answered at one place ("medicines[1]/dose") then and now; nothing where it was not answered."""

    path: str
    before: tuple[Said, ...]
    after: tuple[Said, ...]


def place(path: str) -> str:
    """A path without the numbers of its repetitions: where it stands in the form."""
    return NUMBER.sub("", path)


def walked(items: Sequence[Item], above: str = "") -> Iterator[tuple[str, Item]]:
    """Every item of a form by its place, in order."""
    for item in items:
        yield f"{above}{item.link_id}", item
        yield from walked(item.items, f"{above}{item.link_id}/")


def by_place(items: Sequence[Item], given: Given) -> dict[str, tuple[Said, ...]]:
    """Every answered question, in the form's order."""
    return {node.path: tuple(node.answers) for node in Tree(items, given, NO_DAY).nodes if node.answers}


def differences(items: Sequence[Item], before: Given, after: Given) -> list[Difference]:
    """Where two sets of answers to a form differ, in its order; what is there no more comes last."""
    old, new = by_place(items, before), by_place(items, after)
    return [Difference(path, old.get(path, ()), new.get(path, ())) for path in {**new, **old} if old.get(path) != new.get(path)]


def is_at(path: str, place: str) -> bool:
    """Whether a place is another one, or lies below it."""
    return path == place or path.startswith((f"{place}/", f"{place}["))


def files(items: Sequence[Item], given: Given) -> list[tuple[str, str]]:
    """Each place where a document is named, and its id."""
    nodes = Tree(items, given, NO_DAY).nodes
    return [
        (node.path, str(one.value).removeprefix(FILE)) for node in nodes if node.item.type is ItemType.ATTACHMENT for one in node.answers
    ]


def raw(items: Sequence[Item], given: Answered, above: str = "") -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every answered question by its place, with its answers as FHIR has them."""
    known, times = {item.link_id: item for item in items}, dict[str, int]()
    for each in given:
        item, number = known[each["linkId"]], times.get(each["linkId"], 0)
        times[item.link_id], path = number + 1, f"{above}{item.link_id}"
        if item.type is ItemType.GROUP:
            yield from raw(item.items, each.get("item", []), f"{path}[{number}]/" if item.repeats else f"{path}/")
            continue
        yield path, each["answer"]
        for n, one in enumerate(each["answer"]):
            yield from raw(item.items, one.get("item", []), f"{path}[{n}]/" if item.repeats else f"{path}/")


def without(items: Sequence[Item], given: Answered, places: Collection[str], above: str = "") -> Answered:
    """The same answers without those at some places, nor what was answered below them."""
    known, kept, times = {item.link_id: item for item in items}, list[dict[str, Any]](), dict[str, int]()
    for each in given:
        item, number = known[each["linkId"]], times.get(each["linkId"], 0)
        times[item.link_id], path = number + 1, f"{above}{item.link_id}"
        if path in places:
            continue
        if item.type is ItemType.GROUP:
            below = f"{path}[{number}]/" if item.repeats else f"{path}/"
            kept.append({**each, "item": without(item.items, each.get("item", []), places, below)})
        else:
            kept.append({**each, "answer": [_cut(item, one, n, places, path) for n, one in enumerate(each["answer"])]})
    return kept


def _cut(item: Item, answer: Mapping[str, Any], number: int, places: Collection[str], path: str) -> dict[str, Any]:
    alone = {name: value for name, value in answer.items() if name != "item"}
    below = without(item.items, answer.get("item", []), places, f"{path}[{number}]/" if item.repeats else f"{path}/")
    return alone | ({"item": below} if below else {})


def answered(items: Sequence[Item], given: Answered, places: Collection[str], value: Mapping[str, Any], above: str = "") -> Answered:
    """The same answers with that one value where something was answered at some places."""
    known, built, times = {item.link_id: item for item in items}, list[dict[str, Any]](), dict[str, int]()
    for each in given:
        item, number = known[each["linkId"]], times.get(each["linkId"], 0)
        times[item.link_id], path = number + 1, f"{above}{item.link_id}"
        below = f"{path}[{{}}]/" if item.repeats else f"{path}/"
        if item.type is ItemType.GROUP:
            built.append({**each, "item": answered(item.items, each.get("item", []), places, value, below.format(number))})
            continue
        told = [
            ({**value} if path in places else {name: said for name, said in one.items() if name != "item"})
            | ({"item": answered(item.items, one["item"], places, value, below.format(n))} if one.get("item") else {})
            for n, one in enumerate(each["answer"])
        ]
        built.append({**each, "answer": told})
    return built
