"""How rooms look: their size, their words, and what may stand in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "backend" / "chalicelib"
SHIPPED = sorted([ROOT / "backend" / "app.py", *CODE.rglob("*.py")])
OURS = sorted([*SHIPPED, *(ROOT / "scripts").rglob("*.py")])
LONGEST_ROOM, LONGEST_FUNCTION, MEDIAN_FUNCTION = 250, 40, 8
BANNED = {"manager", "helper", "helpers", "util", "utils", "handler", "common", "base", "core", "data", "info", "process"}
# Words of others that stand in our code because their interfaces demand them.
ALLOWED = {"GROUP_MANAGER", "MANAGER", "invite_first_manager"}
TOP = {"backend", "portal_templates", "infra", "scripts", "tests", "docs", "app.json", "pyproject.toml", "README.md", "CHANGELOG.md",
       "CONTRIBUTING.md", "SECURITY.md", "LICENSE"}  # fmt: skip


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_the_top_level_is_the_plan() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.name != "__pycache__"}
    locks = {name for name in found if name.endswith(".lock")}
    assert found - locks - TOP == set()
    assert {"backend", "portal_templates", "infra", "scripts", "tests", "app.json", "pyproject.toml", "README.md"} <= found


def test_only_code_lies_where_chalice_ships_everything() -> None:
    strangers = [path for path in CODE.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}]
    assert strangers == []


@pytest.mark.parametrize("path", OURS, ids=_name)
def test_a_room_is_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_ROOM


def test_functions_are_short() -> None:
    lengths = sorted((node.end_lineno or 0) - node.lineno + 1 for path in OURS for node in _functions(path))
    too_long = [
        f"{_name(path)}:{node.name}"
        for path in OURS
        for node in _functions(path)
        if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert too_long == []
    assert lengths[len(lengths) // 2] <= MEDIAN_FUNCTION


def test_the_app_only_registers() -> None:
    assert len((ROOT / "backend" / "app.py").read_text(encoding="utf-8").splitlines()) <= 40


def _names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
    yield path.stem


@pytest.mark.parametrize("path", OURS, ids=_name)
def test_no_banned_word_is_a_name(path: Path) -> None:
    found = {name for name in _names(path) if name not in ALLOWED and set(re.split(r"_|(?<=[a-z])(?=[A-Z])", name.strip("_"))) & BANNED}
    found |= {name for name in _names(path) if name.startswith("do_")}
    assert {name for name in found if name.lower() in BANNED or name.lower().split("_")[-1] in BANNED} == set()


def test_a_feature_has_a_doorplate_of_one_sentence_and_no_code() -> None:
    for plate in CODE.glob("*/__init__.py"):
        tree = ast.parse(plate.read_text(encoding="utf-8"))
        assert len(tree.body) == 1, plate
        assert ast.get_docstring(tree), plate
