"""What the code may reach out to, and who may open a token."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "backend"
ROOMS = sorted([CODE / "app.py", *(CODE / "chalicelib").rglob("*.py")])
# Everything that could fetch an address somebody gave us, run a program, or bring objects to life from text.
REACHING = {
    "urllib.request",
    "http.client",
    "socket",
    "requests",
    "httpx",
    "aiohttp",
    "ftplib",
    "smtplib",
    "subprocess",
    "pickle",
    "marshal",
    "shelve",
}
# The one room that runs a program: our own, in a process with bounds, since files are made to break what decodes them.
ALLOWED = {"chalicelib/kit/remaking.py": {"subprocess"}}
EVALUATING = {"eval", "exec", "compile", "__import__"}


def _name(path: Path) -> str:
    return str(path.relative_to(CODE))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", ROOMS, ids=_name)
def test_nothing_fetches_what_somebody_sent(path: Path) -> None:
    assert REACHING.intersection(_imported(path)) == ALLOWED.get(_name(path), set())


@pytest.mark.parametrize("path", ROOMS, ids=_name)
def test_nothing_is_evaluated(path: Path) -> None:
    calls = [
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert EVALUATING.isdisjoint(calls)


def test_one_room_opens_tokens() -> None:
    knowing = {_name(path) for path in ROOMS if any(name.split(".")[0] == "jwt" for name in _imported(path))}
    assert knowing == {"chalicelib/kit/tokens.py"}


def test_only_the_clock_reads_the_time() -> None:
    readers = set()
    for path in ROOMS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"datetime.now", "datetime.utcnow", "date.today", "time.time"}:
                readers.add(_name(path))
    assert readers == {"chalicelib/kit/clock.py"}
