"""Nothing of the local run can reach AWS: what ships neither holds it, nor names it, nor knows of it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from scripts.local.environment import ROOT

BACKEND = ROOT / "backend"


def shipped() -> list[Path]:
    """The files that Chalice's packager puts into the zip: app.py, chalicelib/ as it is, and what vendor/ holds."""
    found = [BACKEND / "app.py"]
    for folder in (BACKEND / "chalicelib", BACKEND / "vendor"):
        found += [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return found


def ours() -> list[Path]:
    """Our own source among it."""
    return [path for path in shipped() if path.suffix == ".py" and "vendor" not in path.parts]


def test_the_package_holds_only_the_backend() -> None:
    names = {path.relative_to(BACKEND).as_posix() for path in shipped()}
    assert "chalicelib/kit/table.py" in names
    assert not [name for name in names if re.search(r"(^|/)(scripts|local|tests)(/|$)", name)]
    assert {path.suffix for path in shipped() if "vendor" not in path.parts} <= {".py"}


@pytest.mark.parametrize("path", ours(), ids=lambda path: path.relative_to(BACKEND).as_posix())
def test_no_file_that_ships_knows_the_local_run(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "/local/" not in text
    for node in ast.walk(ast.parse(text)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not [name for name in names if name.split(".")[0] in ("scripts", "tests")]
