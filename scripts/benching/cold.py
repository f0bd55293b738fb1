"""Cold start: CPU from nothing to the first answer, in fresh processes that take turns."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.benching import children, telling
from scripts.benching.packages import Packages

RUNS = 10


@dataclass(frozen=True)
class Start:
    """Milliseconds of CPU of each run of a package, and what was imported though few requests need it."""

    imported: tuple[float, ...]
    answered: tuple[float, ...]
    late: tuple[str, ...]
    modules: int

    @property
    def imported_median(self) -> float:
        """Milliseconds until the app is there."""
        return statistics.median(self.imported)

    @property
    def median(self) -> float:
        """Milliseconds to the first answer."""
        return statistics.median(self.answered)


@dataclass(frozen=True)
class Cold:
    """The three packages' starts, and the zips' bytes."""

    lean: Start
    ordinary: Start
    bare: Start
    lean_bytes: int
    ordinary_bytes: int

    @property
    def of_ordinary(self) -> float:
        """Ours in parts of the ordinary one."""
        return self.lean.median / self.ordinary.median

    @property
    def of_bare(self) -> float:
        """Ours in parts of the bare one."""
        return self.lean.median / self.bare.median


def measure(packages: Packages, tape: dict[str, Any], folder: Path, runs: int = RUNS) -> Cold:
    """Start each package so many times, in turn."""
    ours, bare = _told(tape)
    each = {"lean": (packages.lean, ours), "ordinary": (packages.ordinary, ours), "bare": (packages.bare, bare)}
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in each}
    for _ in range(runs):
        for name, (package, told) in each.items():
            found[name].append(children.isolated("start", package, told, telling.AS_DEPLOYED, folder))
    starts = {name: _start(runs_) for name, runs_ in found.items()}
    return Cold(**starts, lean_bytes=packages.lean_bytes, ordinary_bytes=packages.ordinary_bytes)


def _start(runs: Sequence[dict[str, Any]]) -> Start:
    imported, answered = (tuple(1000 * run[name] for run in runs) for name in ("imported", "answered"))
    return Start(imported, answered, tuple(runs[0]["late"]), runs[0]["modules"])


def _told(tape: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The first request of a container, and what it is answered: ours asks for the edge's secrets too."""
    asked = {"Content-Type": "application/x-amz-json-1.1"}
    secret = {"status": 200, "headers": asked, "body": json.dumps({"SecretString": telling.EDGE}).encode()}
    clinic = next(call for call in tape["warming"] if call["name"] == "GetItem")
    ours = {"event": tape["first"], "calls": [secret, secret, clinic]}
    return ours, ours | {"calls": [clinic]}
