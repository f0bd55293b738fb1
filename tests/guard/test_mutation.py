"""The rules that guard, and those of booking, one change at a time: at least nine of ten are noticed, and each that is not has its reason (deep)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.guard.mutation import Mutant, mutants, numbered

pytestmark = pytest.mark.deep

ROOT = Path(__file__).resolve().parents[2]
SURVIVORS = ROOT / "tests" / "guard" / "survivors.md"
MATRIX = "tests/guard/test_matrix.py::test_everybody_is_told_what_the_table_says_and_nothing_more"
EDGES = "tests/guard/test_edges.py"
BOOKING = (EDGES, "tests/booking/test_rules.py", "tests/booking/test_model.py", "tests/booking/test_actions.py")
# Each module with the tests that must notice, the quickest first.
TARGETS: dict[str, tuple[str, ...]] = {
    "identity/rules": ("tests/identity/test_rules.py", EDGES, "tests/identity/test_actions.py", f"{MATRIX}[list_sessions]"),
    "identity/records/sessions": (
        "tests/identity/test_rules.py",
        EDGES,
        "tests/identity/test_actions.py",
        f"{MATRIX}[list_sessions]",
        f"{MATRIX}[get_patient]",
    ),
    "identity/records/permissions": (
        EDGES,
        "tests/house/test_doors.py",
        *(
            f"{MATRIX}[{name}]"
            for name in (
                "list_sessions",
                "get_patient",
                "list_staff",
                "link_patient",
                "switch_clinic",
                "start_emergency_access",
                "list_responses",
                "list_documents",
            )
        ),
    ),
    "kit/tokens": (EDGES, "tests/kit/test_tokens.py", "tests/guard/test_tokens.py"),
    "doors/reading": (EDGES, "tests/doors/test_reading.py", "tests/doors/test_limits.py", "tests/doors/test_endpoint.py"),
    **{f"booking/rules/{name}": BOOKING for name in ("booking", "cancelling", "grid", "online", "own_visits", "slots")},
}


def excused() -> set[str]:
    """The survivors that are told with a reason: `module: mutant` at the beginning of a line of the list."""
    lines = SURVIVORS.read_text(encoding="utf-8").splitlines()
    return {line[2:].split("` ")[0].strip("`") for line in lines if line.startswith("- `")}


def listed(target: str, name: str) -> str:
    """A mutant as the list names it, between backquotes."""
    return f"{target}: {name}".replace("`", "(backquote)")


@pytest.mark.parametrize("target", TARGETS)
def test_of_ten_mutants_nine_are_noticed_and_the_others_are_explained(target: str, tmp_path: Path, record_property: Any) -> None:
    out = tmp_path / "told.json"
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "backend")])}
    environ.pop("ANTEROOM_DEEP", None)  # each mutant meets the tests of every change, not those that take minutes
    command = [sys.executable, "-m", "tests.guard.mutation", f"backend/chalicelib/{target}.py", str(out), *TARGETS[target]]
    subprocess.run(command, cwd=ROOT, env=environ, check=True, timeout=1200)
    told = json.loads(out.read_text(encoding="utf-8"))
    killed, survived = told["killed"], told["survived"]
    record_property("killed", killed)
    record_property("survived", len(survived))
    assert {listed(target, name) for name in survived} - excused() == set()
    assert killed / (killed + len(survived)) >= 0.9


def test_an_excuse_is_for_a_mutant_that_is_there() -> None:
    there = {listed(target, mutant.name) for target in TARGETS for mutant in made(target)}
    assert excused() - there == set()


def made(target: str) -> list[Mutant]:
    return numbered(mutants((ROOT / "backend" / "chalicelib" / f"{target}.py").read_text(encoding="utf-8")))
