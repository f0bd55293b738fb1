"""Nothing of the local run can reach AWS: what ships neither holds it, nor names it, nor knows of it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import app
from scripts.local import template
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


CHALICE = BACKEND / ".chalice"
CONFIG = json.loads((CHALICE / "config.json").read_text(encoding="utf-8"))


def functions() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(stage, function, its policy) for all that deploys."""
    for stage, about in CONFIG["stages"].items():
        for name, settled in about["lambda_functions"].items():
            yield stage, name, json.loads((CHALICE / settled["iam_policy_file"]).read_text(encoding="utf-8"))


def test_every_function_of_the_app_has_a_policy_of_its_own_in_every_stage() -> None:
    wanted = {"api_handler", *(source.name for source in app.event_sources)}
    for stage in CONFIG["stages"]:
        assert {name for of, name, _ in functions() if of == stage} == wanted


@pytest.mark.parametrize(("stage", "name", "policy"), list(functions()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_policy_reaches_its_own_stage_only_and_allows_nothing_wholesale(stage: str, name: str, policy: dict[str, Any]) -> None:
    known = {arguments["TableName"] for arguments in template.tables(stage)}
    for statement in policy["Statement"]:
        actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        places = [statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"]
        assert not [action for action in actions if "*" in action or action in ("dynamodb:Scan", "dynamodb:DeleteTable")]
        assert "*" not in places
        named = {place.split(":table/")[1].split("/")[0] for place in places if ":table/" in place}
        assert named <= known
    if name == "api_handler":
        assert {
            place.rpartition("/")[2] for statement in policy["Statement"] for place in statement["Resource"] if ":table/" in place
        } == known
