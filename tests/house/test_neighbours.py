"""Who may knock at whose door. The floors themselves are import-linter's contracts in pyproject.toml."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "backend" / "chalicelib"
FEATURES = sorted(path.name for path in CODE.iterdir() if path.is_dir() and path.name not in {"kit", "__pycache__"})
SHARED_ROOMS = {"records", "actions"}
# The registry of clinics and the due buckets hold no patient data; theirs are the only keys that do not begin with the clinic.
OTHER_KEYS = {"clinics/store.py", "notices/store.py"}
# Staff sign in once for several clinics: this one room's rows are found by account, address, or the digest of what is used once.
STAFF_ACCOUNTS = "accounts/store/staff_accounts.py"
STAFF_KEYS = {"account", "email", "digest"}


def _imports(path: Path) -> Iterator[tuple[str, str]]:
    """(feature, room) of every import of another part of the house."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("chalicelib"):
            names = [node.module if node.module.count(".") >= 2 else f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.startswith("chalicelib")]
        for name in names:
            _, feature, room, *_ = [*name.split("."), "", ""]
            yield feature, room


def _room(path: Path) -> str:
    inside = path.relative_to(CODE).parts[1]
    return inside.removesuffix(".py")


@pytest.mark.parametrize("feature", FEATURES)
def test_neighbours_knock(feature: str) -> None:
    for path in (CODE / feature).rglob("*.py"):
        for other, room in _imports(path):
            if other in {feature, "kit"}:
                continue
            serving = _room(path) in {"routes", "workers"} and other == "doors"
            assert room in SHARED_ROOMS or serving, f"{path.relative_to(CODE)} imports {other}.{room}"


@pytest.mark.parametrize("feature", FEATURES)
def test_doors_never_open_the_store(feature: str) -> None:
    for path in (CODE / feature).rglob("*.py"):
        if feature != "doors" and _room(path) in {"routes", "workers", "messages", "shapes"}:
            assert (feature, "store") not in set(_imports(path)), path


def _public_functions(path: Path) -> list[ast.FunctionDef]:
    return [
        node
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


STORES = sorted({*CODE.glob("*/store.py"), *CODE.glob("*/store/*.py")})


@pytest.mark.parametrize("path", STORES, ids=lambda path: str(path.relative_to(CODE)))
def test_clinic_first(path: Path) -> None:
    for function in _public_functions(path):
        if str(path.relative_to(CODE)) in OTHER_KEYS and not function.args.args:
            continue
        if function.name in {"due", "watermark", "set_watermark", "done"}:  # due buckets: pointers only, for all clinics
            assert path.parent.name == "notices"
            continue
        assert function.args.args, f"{path}: {function.name} takes no clinic"
        if str(path.relative_to(CODE)) == STAFF_ACCOUNTS:
            assert function.args.args[0].arg in STAFF_KEYS, f"{path}: {function.name} must take account, email or digest first"
            continue
        assert function.args.args[0].arg == "clinic", f"{path}: {function.name} must take clinic first"


@pytest.mark.parametrize("path", STORES, ids=lambda path: str(path.relative_to(CODE)))
def test_every_key_begins_with_the_clinic(path: Path) -> None:
    if str(path.relative_to(CODE)) in OTHER_KEYS | {STAFF_ACCOUNTS}:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            assert not str(node.values[0].value).startswith("C#"), f"{path} builds a key by hand"
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "table.key":
            assert ast.unparse(node.args[0]) == "clinic", f"{path}: a key that does not begin with the clinic"
