"""No kind of question is forgotten anywhere: what answers it, what chance makes of it, and what stands on the page for it."""

from __future__ import annotations

import re

import pytest

from chalicelib.intake.records import ItemType, Kind
from chalicelib.intake.rules import answers
from chalicelib.kit import settings
from tests.intake import randomly

ANSWERED = sorted(set(ItemType) - {ItemType.GROUP, ItemType.DISPLAY})
WORDS = {ItemType.STRING, ItemType.TEXT}  # what is left when a page has asked for all the others by name


def source(name: str) -> str:
    return (settings.templates() / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ANSWERED)
def test_a_kind_of_question_has_values_that_answer_it_and_chance_makes_some(kind: ItemType) -> None:
    assert randomly.KIND[kind] in answers.KINDS[kind]
    assert len(randomly.POOL[randomly.KIND[kind]]) > 1


@pytest.mark.parametrize("kind", sorted(set(ANSWERED) - WORDS))
@pytest.mark.parametrize("page", ["intake/items.html", "intake/reading.js", "staff/trying.js"])
def test_a_kind_of_question_that_is_not_of_words_is_known_by_name_to_each_page(kind: ItemType, page: str) -> None:
    assert re.search(rf"""["']{kind}["']|\b{kind}: """, source(page))


def test_every_value_of_fhir_that_answers_something_is_in_the_rules_of_the_page() -> None:
    values = {f"value{kind}" for kinds in answers.KINDS.values() for kind in kinds}
    assert values == {f"value{kind}" for kind in Kind}
