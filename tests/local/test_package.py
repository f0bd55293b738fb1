"""Nothing of the local run can reach AWS: what ships neither holds it, nor names it, nor knows of it."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from app import app
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


def test_every_function_of_the_app_has_a_role_of_its_own() -> None:
    """Chalice gives one to each that names a policy; what it may do stands in infra/overlay.yaml (tests/deploy/test_template.py)."""
    stages = json.loads((BACKEND / ".chalice" / "config.json").read_text(encoding="utf-8"))["stages"]
    (settled,) = stages.values()
    assert set(settled["lambda_functions"]) == {"api_handler", *(source.name for source in app.event_sources)}
    assert {about["iam_policy_file"] for about in settled["lambda_functions"].values()} == {"policy.json"}


def test_the_policy_that_the_overlay_replaces_would_allow_nothing() -> None:
    policy = json.loads((BACKEND / ".chalice" / "policy.json").read_text(encoding="utf-8"))
    assert {statement["Effect"] for statement in policy["Statement"]} == {"Deny"}
