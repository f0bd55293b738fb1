"""One draft filled on two devices: what each of them changed since they last knew the same is put together, and nothing is lost.

Where only one side changed something, its change stands; where both did, rows and choices of both stand, and of two answers to one
question the one that is being saved now stands while the other is told, so that the patient can choose it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from chalicelib.intake.records import Answered, Item, ItemType

Rows = Sequence[Mapping[str, Any]]  # answers to one question, or repetitions of one group


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
    if item.repeats and (rows := _answers(item, before, theirs, ours, path, conflicts)):
        return [{"linkId": item.link_id, "answer": rows}]
    if theirs and ours and not item.repeats and _bare(theirs[0]) == _bare(ours[0]):
        return [{"linkId": item.link_id, "answer": [_both(item, (before, theirs, ours), f"{path}/", conflicts)]}]
    if theirs:
        conflicts.append(Conflict(path, theirs))
    return saved


def _answers(item: Item, before: Rows, theirs: Rows, ours: Rows, path: str, conflicts: list[Conflict]) -> list[dict[str, Any]]:
    """Answers to a question that takes several: those of both sides, and below an answer that both gave what both said there."""
    bare = [[_bare(each) for each in side] for side in (before, theirs, ours)]
    if not item.items or any(side.count(each) > 1 for side in bare for each in side):
        return _rows(before, theirs, ours)
    _, kept, saved = bare
    stay = [_bare(each) for each in theirs if _bare(each) in saved or each not in before]
    stay += [_bare(each) for each in ours if _bare(each) not in kept and each not in before]
    sides = [[[each for each in side if _bare(each) == row] for side in (before, theirs, ours)] for row in stay]
    return [_both(item, side, f"{path}[{number}]/", conflicts) for number, side in enumerate(sides)]


def _both(item: Item, sides: Sequence[Rows], below: str, conflicts: list[Conflict]) -> dict[str, Any]:
    """One answer that either side gave or both did, with what is said below it: as it was known, theirs, ours."""
    before, theirs, ours = sides
    given = _bare((ours or theirs)[0])
    known = before[0].get("item", []) if before and _bare(before[0]) == given else []
    kept, saved = (each[0].get("item", []) if each else known for each in (theirs, ours))
    items = _level(item.items, known, kept, saved, below, conflicts)
    return given | ({"item": items} if items else {})


def _bare(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer without what was asked below it."""
    return {name: value for name, value in answer.items() if name != "item"}


def _rows(known: Rows, kept: Rows, saved: Rows) -> list[dict[str, Any]]:
    """What either side has added or changed, without what either has taken away."""
    stay = [each for each in kept if each in saved or each not in known]
    return [dict(each) for each in (*stay, *(each for each in saved if each not in kept and each not in known))]
