"""Runs the parts in order, says of each how long it took, and leaves the page."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from scripts.benching import cold, deployed, inspecting, money, operations, packages, publishing, telling, weights
from scripts.benching.page import Found, render
from scripts.local.environment import ROOT, say, step

FOLDER = ROOT / "docs" / "bench"


def run(only: str, out: Path | None) -> None:
    """Every part, or one with what it needs; only the whole is kept."""
    wanted = {only} if only else set(telling.PARTS)
    with tempfile.TemporaryDirectory(prefix="anteroom-bench-") as passing:
        found = _measured(wanted, Path(passing))
    day = datetime.now(UTC).date().isoformat()
    page = render(found, day)
    say()
    say(page)
    if out or not only:
        kept = out or FOLDER / f"{day}.md"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(page, encoding="utf-8")
        say(f"{kept}")


def _measured(wanted: set[str], folder: Path) -> Found:
    """What the wanted parts find; the bill needs all that it multiplies."""
    found, counted = Found(), wanted & {"cold", "operations", "money"}
    if counted:
        tape = _step("Taping the operations", lambda: operations.record(folder))
        built = _step("Building three packages", lambda: packages.build(folder))
    if wanted & {"cold", "money"}:
        found = replace(found, cold=_step("Starting each of them cold", lambda: cold.measure(built, tape, folder)))
    if wanted & {"operations", "money"}:
        found = replace(found, operations=_step("Playing the operations", lambda: operations.measure(built.lean, tape, folder)))
    if wanted & {"weights", "money"}:
        found = replace(found, weights=_step("Weighing the pages", weights.measure))
    if "money" in wanted:
        found = replace(found, bill=_step("Reckoning", lambda: _bill(found, tape)))
    if "publish" in wanted:
        found = replace(found, rates=_step("Rendering a thousand clinics", lambda: publishing.measure(folder)))
    return found


def _bill(found: Found, tape: dict[str, Any]) -> money.Bill:
    assert found.cold
    return money.bill(
        found.operations,
        found.weights,
        deployed.counted(),
        found.cold.lean.median,
        msgspec.convert(tape["inspected"], inspecting.Inspected),
    )


def _step(words: str, work: Callable[[], Any]) -> Any:
    with step(words):
        return work()
