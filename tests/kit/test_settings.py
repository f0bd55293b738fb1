"""What the build leaves beside the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.kit import settings


@pytest.mark.parametrize(("written", "said"), [("v1.4-2-g92040d5+\n", "v1.4-2-g92040d5+"), ("\n", "0.1.0"), (None, "0.1.0")])
def test_the_release_is_what_the_build_wrote_beside_the_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, written: str | None, said: str
) -> None:
    package = tmp_path / "task"
    (package / "chalicelib" / "kit").mkdir(parents=True)
    monkeypatch.setattr(settings, "__file__", str(package / "chalicelib" / "kit" / "settings.py"))
    if written is not None:
        (package / "release.txt").write_text(written, encoding="utf-8")
    assert settings.release("0.1.0") == said
