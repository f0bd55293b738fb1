"""The list of cases in docs/guides/documents.md is whole, and each of its tests is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.kit.refusing import Reason

TESTS = Path(__file__).resolve().parents[1]
GUIDE = TESTS.parent / "docs" / "guides" / "documents.md"
ROW = re.compile(r"^\| (\d+) \|.*\| `([\w/]+\.py)`: `([\w-]+)` \|$", re.MULTILINE)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_words_on_the_page(reason: Reason) -> None:
    page = (TESTS.parent / "portal_templates" / "documents" / "states.html").read_text(encoding="utf-8")
    assert page.count(f'data-word="reason-{reason}"') == 1


def test_each_of_the_46_cases_is_a_test_that_is_there() -> None:
    rows = ROW.findall(GUIDE.read_text(encoding="utf-8"))
    assert [int(number) for number, _, _ in rows] == list(range(1, 47))
    for number, file, name in rows:
        text = (TESTS / file).read_text(encoding="utf-8")
        assert f"def {name}(" in text or f'"{name}"' in text, number
