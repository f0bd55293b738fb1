"""One draft filled on two devices: what each of them changed since they last knew the same is put together, and nothing is lost.

Where only one side changed something, its change stands; where both did, rows and choices of both stand, and of two answers to one
question the one that is being saved now stands while the other is told, so that the patient can choose it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from chalicelib.intake.records import Answered, Item, ItemType


class Conflict(NamedTuple):
    """A question that was answered differently on both sides: its place, and the answers that do not stand."""

    path: str
    other: list[dict[str, Any]]


class Merged(NamedTuple):
    """The draft, and what the patient should choose between."""

    items: Answered
    conflicts: tuple[Conflict, ...]


def merge(items: Sequence[Item], known: Answered, kept: Answered, saved: Answered) -> Merged:
    """`kept` is what the other side has stored since `known`; `saved` is what this side has made of `known` and saves now."""
    conflicts: list[Conflict] = []
    return Merged(_level(items, known, kept, saved, "", conflicts), tuple(conflicts))


def _level(items: Sequence[Item], known: Answered, kept: Answered, saved: Answered, path: str, conflicts: list[Conflict]) -> Answered:
    """One level of all three, in the form's order."""
    return [
        each for item in items for each in _one(item, _of(item, known), _of(item, kept), _of(item, saved), path + item.link_id, conflicts)
    ]


def _of(item: Item, given: Answered) -> Answered:
    return [each for each in given if each["linkId"] == item.link_id]


def _one(item: Item, known: Answered, kept: Answered, saved: Answered, path: str, conflicts: list[Conflict]) -> Answered:
    if saved in (known, kept):
        return kept
    if kept == known:
        return saved
    if item.type is not ItemType.GROUP:
        return _question(item, known, kept, saved, path, conflicts)
    if item.repeats:
        return _rows(known, kept, saved)
    before, theirs, ours = (each[0].get("item", []) if each else [] for each in (known, kept, saved))
    return [{"linkId": item.link_id, "item": _level(item.items, before, theirs, ours, f"{path}/", conflicts)}]


def _question(item: Item, known: Answered, kept: Answered, saved: Answered, path: str, conflicts: list[Conflict]) -> Answered:
    before, theirs, ours = (each[0].get("answer", []) if each else [] for each in (known, kept, saved))
    if item.repeats and (rows := _rows(before, theirs, ours)):
        return [{"linkId": item.link_id, "answer": rows}]
    if theirs:
        conflicts.append(Conflict(path, theirs))
    return saved


def _rows(
    known: Sequence[Mapping[str, Any]], kept: Sequence[Mapping[str, Any]], saved: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """What either side has added or changed, without what either has taken away."""
    stay = [each for each in kept if each in saved or each not in known]
    return [dict(each) for each in (*stay, *(each for each in saved if each not in kept and each not in known))]
