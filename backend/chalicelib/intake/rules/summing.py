"""The few answers of a form that whoever treats the patient reads first, by the link ids of our forms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chalicelib.intake.records import Form
from chalicelib.intake.rules import telling
from chalicelib.intake.rules.deciding import Given
from chalicelib.intake.rules.telling import Told

# What is told alone, and groups that repeat: by the question that comes before them, with what is told of each of theirs.
ALONE = ("reason", "talk-about")
ROWS = {
    "allergy": ("has-allergies", ("allergy-to", "allergy-reaction", "allergy-other")),
    "medicine": ("takes-medicines", ("medicine-name", "medicine-dose", "medicine-often")),
}


class Line(NamedTuple):
    """A question, or a group, and what was said to it in words; nothing where nobody has answered."""

    words: str
    answers: list[str]


def summary(form: Form, items: Given, today: str, tag: str) -> list[Line]:
    """Why they come, then allergies, then medicines: as far as the form asks for them."""
    told = telling.told(form, items, today)
    return [*_alone(told, tag), *_rows(told, tag)]


def _alone(told: Sequence[Told], tag: str) -> Iterator[Line]:
    for each in told:
        if each.item.link_id in ALONE:
            yield Line(telling.question(each.item, tag), _said(each, tag))


def _rows(told: Sequence[Told], tag: str) -> Iterator[Line]:
    for group, (asked, wanted) in ROWS.items():
        first = next((each for each in told if each.item.link_id == asked), None)
        if first is None:
            continue
        rows = [each.path for each in told if each.number and each.item.link_id == group]
        within = [[_said(each, tag) for each in told if each.path.startswith(f"{row}/") and each.item.link_id in wanted] for row in rows]
        named = [", ".join(word for said in row for word in said) for row in within]
        yield Line(telling.question(first.item, tag), [each for each in named if each] or _said(first, tag))


def _said(each: Told, tag: str) -> list[str]:
    return [telling.answer(each.item, one, tag) for one in each.answers]
