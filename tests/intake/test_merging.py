"""A draft filled on two devices: a table of what both may have done, and that nothing of either is ever lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from chalicelib.intake.records import Item
from chalicelib.intake.rules import merging
from tests.intake import randomly
from tests.intake.makers import an_item, group, of, options, said

FORM = [
    an_item("name"),
    an_item("likes", "choice", repeats=True, options=options("a", "b", "c", "d")),
    an_item("home", "group", an_item("street"), an_item("town")),
    an_item("medicine", "group", an_item("drug"), an_item("dose"), repeats=True),
]
A, B, C = (group("medicine", said("drug", name)) for name in "ABC")
HOME = group("home", said("street", "1 Elm"))
CASES: list[tuple[str, list[Any], list[Any], list[Any], list[Any], list[tuple[str, Any]]]] = [
    ("nothing happened", [said("name", "Ada")], [said("name", "Ada")], [said("name", "Ada")], [said("name", "Ada")], []),
    ("only the other side", [], [said("name", "Ada")], [], [said("name", "Ada")], []),
    ("only this side", [], [], [said("name", "Ada")], [said("name", "Ada")], []),
    ("both the same", [], [said("name", "Ada")], [said("name", "Ada")], [said("name", "Ada")], []),
    (
        "both, differently",
        [],
        [said("name", "Ada")],
        [said("name", "Eda")],
        [said("name", "Eda")],
        [("name", said("name", "Ada")["answer"])],
    ),
    ("cleared here, changed there", [said("name", "A")], [said("name", "Ada")], [], [], [("name", said("name", "Ada")["answer"])]),
    ("cleared there, changed here", [said("name", "A")], [], [said("name", "Ada")], [said("name", "Ada")], []),
    ("cleared there alone", [said("name", "A")], [], [said("name", "A")], [], []),
    ("different questions", [], [said("name", "Ada")], [HOME], [said("name", "Ada"), HOME], []),
    (
        "different questions of one group",
        [],
        [HOME],
        [group("home", said("town", "New Haven"))],
        [group("home", said("street", "1 Elm"), said("town", "New Haven"))],
        [],
    ),
    (
        "choices of both",
        [said("likes", "|a")],
        [said("likes", "|a", "|b")],
        [said("likes", "|a", "|c")],
        [said("likes", "|a", "|b", "|c")],
        [],
    ),
    (
        "a choice taken away",
        [said("likes", "|a", "|b")],
        [said("likes", "|b")],
        [said("likes", "|a", "|b", "|c")],
        [said("likes", "|b", "|c")],
        [],
    ),
    ("rows of both", [A], [A, B], [A, C], [A, B, C], []),
    ("a row taken away here and one added there", [A, B], [A, B, C], [A], [A, C], []),
    ("a row changed on both sides", [A], [B], [C], [B, C], []),
]


@pytest.mark.parametrize(("_why", "base", "kept", "saved", "merged", "conflicts"), CASES, ids=[case[0] for case in CASES])
def test_what_both_sides_did_is_put_together(
    _why: str, base: list[Any], kept: list[Any], saved: list[Any], merged: list[Any], conflicts: list[tuple[str, Any]]
) -> None:
    found = merging.merge(FORM, base, kept, saved)
    assert found.items == merged
    assert list(found.conflicts) == conflicts


def leaves(items: list[dict[str, Any]]) -> Iterator[str]:
    """Every answer that stands in it, with its question."""
    for each in items:
        yield from leaves(each.get("item", []))
        for answer in each.get("answer", []):
            yield json.dumps([each["linkId"], {name: value for name, value in answer.items() if name != "item"}], sort_keys=True)
            yield from leaves(answer.get("item", []))


def once(given: list[dict[str, Any]], items: list[Item]) -> list[dict[str, Any]]:
    """As rules.answers would let it through: a question that is asked once has one answer."""
    known = {item.link_id: item for item in items}
    return [
        {**each, "item": once(each["item"], list(known[each["linkId"]].items))}
        if "item" in each
        else {**each, "answer": [dict(answer, item=[]) for answer in each["answer"][: None if known[each["linkId"]].repeats else 1]]}
        for each in given
    ]


def test_of_two_sides_that_both_only_add_nothing_is_lost() -> None:
    forms, lost = randomly.Forms(seed=7), []
    for _ in range(300):
        items, chance = forms.form(), Random(forms.random.random())
        kept, saved = (once(randomly.answered(chance, items), items) for _ in range(2))
        found = merging.merge(items, [], kept, saved)
        there = {
            *leaves(found.items),
            *(leaf for each in found.conflicts for leaf in leaves([{"linkId": each.path.split("/")[-1], "answer": each.other}])),
        }
        lost += [leaf for side in (kept, saved) for leaf in leaves(side) if leaf not in there]
    assert lost == []


def test_merging_with_oneself_changes_nothing() -> None:
    forms = randomly.Forms(seed=8)
    for _ in range(100):
        items = forms.form()
        given = once(randomly.answered(forms.random, items), items)
        found = merging.merge(items, [], given, given)
        assert sorted(leaves(found.items)) == sorted(leaves(given))
        assert found.conflicts == ()


def yes(*below: dict[str, Any]) -> dict[str, Any]:
    return said("hurts", True, below=list(below))


HURTS = [an_item("hurts", "boolean", an_item("where"), an_item("since", "date"))]
KNEE, HIP, SINCE = said("where", "knee"), said("where", "hip"), said("since", of("Date", "2026-11-01"))


@pytest.mark.parametrize("known", [[], [yes()]], ids=["answered by both", "answered before"])
def test_what_both_say_below_the_same_answer_is_put_together(known: list[Any]) -> None:
    assert merging.merge(HURTS, known, [yes(SINCE)], [yes(KNEE)]) == ([yes(KNEE, SINCE)], ())
    found = merging.merge(HURTS, known, [yes(HIP, SINCE)], [yes(KNEE)])
    assert found == ([yes(KNEE, SINCE)], (("hurts/where", HIP["answer"]),))


def test_of_two_answers_the_one_saved_now_stands_with_what_is_below_it() -> None:
    no = said("hurts", False)
    assert merging.merge(HURTS, [yes()], [yes(SINCE)], [no]) == ([no], (("hurts", yes(SINCE)["answer"]),))


LIKES = [an_item("likes", "choice", an_item("why"), an_item("when"), repeats=True, options=options("a", "b", "c"))]


def likes(*given: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "linkId": "likes",
        "answer": [said("likes", f"|{code}", below=below)["answer"][0] if below else a_code(code) for code, below in given],
    }


def a_code(code: str) -> dict[str, Any]:
    answer: dict[str, Any] = said("likes", f"|{code}")["answer"][0]
    return answer


WHY, WHEN, NEVER = said("why", "it is warm"), said("when", "always"), said("when", "never")


@pytest.mark.parametrize(
    ("kept", "saved", "merged", "conflicts"),
    [
        ([("a", [WHY])], [("a", [WHEN])], [("a", [WHY, WHEN])], []),
        ([("a", [WHY]), ("b", [])], [("a", []), ("c", [WHEN])], [("a", [WHY]), ("b", []), ("c", [WHEN])], []),
        ([("b", []), ("a", [NEVER])], [("a", [WHEN])], [("b", []), ("a", [WHEN])], [("likes[1]/when", NEVER["answer"])]),
        ([("a", [WHY])], [("b", [])], [("a", [WHY]), ("b", [])], []),
    ],
    ids=["below the same", "and others", "differently", "taken away here, more said there"],
)
def test_a_choice_that_both_made_is_made_once(kept: Any, saved: Any, merged: Any, conflicts: list[Any]) -> None:
    found = merging.merge(LIKES, [likes(("a", []))], [likes(*kept)], [likes(*saved)])
    assert found == ([likes(*merged)], tuple(conflicts))
