"""What answers weigh: the scores of instruments, with the bands their authors published, and what cannot wait for anybody to read it.

Both are reckoned from raw answers at every save, in a draft too. A score says how heavy what was answered is; it is no diagnosis, and
where an answer is missing it says so instead of a band.

Sources: PHQ-9, Kroenke, Spitzer, Williams 2001 (J Gen Intern Med 16:606); GAD-7, Spitzer et al. 2006 (Arch Intern Med 166:1092); AUDIT-C,
Bush et al. 1998 (Arch Intern Med 158:1789), for which 4 or more in men and 3 or more in women were taken as positive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from chalicelib.intake.records import Item, Kind
from chalicelib.intake.rules.deciding import Node, Tree
from chalicelib.intake.rules.values import NUMBERS, Said


class Score(NamedTuple):
    """Of one instrument: its place, its name, the sum so far of `most`, its band; `complete` only where all of it was answered."""

    path: str
    name: str
    value: int
    most: int
    band: str
    complete: bool


class Flag(NamedTuple):
    """An answer that cannot wait: its place, and which of our codes it raised."""

    path: str
    code: str


class Scale(NamedTuple):
    """The largest sum, and the least sum of each band in rising order."""

    most: int
    bands: tuple[tuple[int, str], ...]


SCALES: Mapping[str, Scale] = {
    "phq-9": Scale(27, ((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "moderately-severe"), (20, "severe"))),
    "gad-7": Scale(21, ((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "severe"))),
    "audit-c": Scale(12, ((0, "low"), (3, "positive-for-women"), (4, "positive"))),
}


def scores(items: Sequence[Item], given: Sequence[Mapping[str, Any]], today: str) -> list[Score]:
    """Every instrument of a form that is asked, however far it was answered."""
    tree = Tree(items, given, today)
    return [_score(tree, node) for node in tree.nodes if node.item.score in SCALES and tree.enabled(node)]


def _score(tree: Tree, node: Node) -> Score:
    scale, value = SCALES[node.item.score], int(tree.value(node) or 0)
    of = node.item.calculated.of if node.item.calculated else ()
    complete = all(any(tree.answers(each) for each in tree.reached(node, question)) for question in of)
    band = [name for least, name in scale.bands if value >= least][-1] if complete else ""
    return Score(node.path, node.item.score, value, scale.most, band, complete)


def flags(items: Sequence[Item], given: Sequence[Mapping[str, Any]], today: str) -> list[Flag]:
    """What cannot wait, in the order of the form."""
    tree = Tree(items, given, today)
    return [
        Flag(node.path, flag.code)
        for node in tree.nodes
        if (flag := node.item.red_flag)
        and any(weight >= flag.at_least for one in tree.answers(node) for weight in _weights(node.item, one))
    ]


def _weights(item: Item, one: Said) -> Iterator[float]:
    """Of an answer: a yes is 1, a number itself, a choice its ordinal."""
    if one.kind is Kind.BOOLEAN or one.kind in NUMBERS:
        yield float(one.value)
    yield from (each.ordinal for each in item.options if (each.kind, each.value) == one[:2] and each.ordinal is not None)
