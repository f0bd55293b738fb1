"""Rows of last time beside those of now: the medicine at the top of the list was struck out, and the others are the same still."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.intake.records import Answered, Item, ItemType
from chalicelib.intake.rules import differing, values

Rows = Sequence[Mapping[str, Any]]
Said = frozenset[tuple[str, str]]  # what a row says: places and answers


def paired(items: Sequence[Item], before: Answered, after: Answered, asked: Collection[str], above: str = "") -> Answered:
    """`before` with each row of a group that repeats at the number of the row of `after` that it is; what is there no more comes last.

    Where a row is new an empty one stands in its place. `asked` are the places by which rows are compared.
    """
    built: list[dict[str, Any]] = []
    for item in items:
        old, new = ([each for each in given if each["linkId"] == item.link_id] for given in (before, after))
        below = f"{above}{item.link_id}/"
        if item.type is not ItemType.GROUP:
            built += old
        elif item.repeats:
            built += _rows(item, old, new, asked, below)
        elif old:
            then, now = old[0].get("item", []), new[0].get("item", []) if new else []
            built.append({"linkId": item.link_id, "item": paired(item.items, then, now, asked, below)})
    return built


def _rows(item: Item, before: Rows, after: Rows, asked: Collection[str], below: str) -> Iterator[dict[str, Any]]:
    told_then, told_now = ([_said(item, row, asked, below) for row in rows] for rows in (before, after))
    partners = _partners(told_then, told_now)
    for number, row in enumerate(after):
        then = before[partners[number]].get("item", []) if number in partners else []
        yield {"linkId": item.link_id, "item": paired(item.items, then, row.get("item", []), asked, below)}
    gone = set(range(len(before))) - set(partners.values())
    yield from (dict(before[number]) for number in sorted(gone))


def _partners(before: Sequence[Said], after: Sequence[Said]) -> dict[int, int]:
    """Which row of now is which of then: first those that say the same, then those most alike, then those at the same place."""
    found, free = dict[int, int](), list(range(len(before)))
    for number, told in enumerate(after):
        same = next((each for each in free if before[each] == told), None)
        if same is not None:
            found[number] = same
            free.remove(same)
    for number, told in enumerate(after):
        if number not in found and (likest := _likest(before, free, told)) is not None:
            found[number] = likest
            free.remove(likest)
    for number in range(len(after)):
        if number not in found and number in free:
            found[number] = number
            free.remove(number)
    return found


def _likest(before: Sequence[Said], free: Sequence[int], told: Said) -> int | None:
    alike = Counter({each: len(before[each] & told) for each in free})
    (most,) = alike.most_common(1) or [(0, 0)]
    return most[0] if most[1] else None


def _said(item: Item, row: Mapping[str, Any], asked: Collection[str], below: str) -> Said:
    found = ((differing.place(path), given) for path, given in differing.raw(item.items, row.get("item", []), below))
    return frozenset((path, json.dumps([values.said(each) for each in given])) for path, given in found if path in asked)
