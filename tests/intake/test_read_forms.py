"""The command that says what becomes of forms from elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts import read_forms
from scripts.local.environment import Plain

GOOD = {
    "resourceType": "Questionnaire",
    "url": "https://a.example/Questionnaire/one",
    "version": "1",
    "status": "active",
    "title": "One | more",
    "item": [{"linkId": "a", "type": "string", "text": "A"}],
}
BAD = GOOD | {"item": [{"linkId": "a", "type": "nonsense"}, {"linkId": "b", "type": "nonsense"}]}


def test_only_questionnaires_are_read_and_nothing_falls_over(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "b.json").write_text(json.dumps(GOOD))
    (tmp_path / "a.json").write_text("[" * 100_000)
    (tmp_path / "c.json").write_text('{"resourceType": "Patient"}')
    (tmp_path / "d.json").write_text("no JSON")
    assert [path.name for path, _ in read_forms.documents([tmp_path])] == ["b.json"]


def test_where_there_is_nothing_to_read_one_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(Plain, match="no Questionnaire"):
        list(read_forms.table([tmp_path]))


def test_a_line_tells_the_level_and_what_stands_in_the_way() -> None:
    assert read_forms.row("a|b.json", GOOD) == "| a/b.json | 1 | L0 | read |  |  |"
    assert " | refused | " in read_forms.row("bad.json", BAD)
