"""What each main operation costs: its calls, what they are charged, the answer's bytes, and CPU beside botocore making the same calls."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.benching import children, telling
from scripts.benching.capacity import Units

PROCESSES, ROUNDS = 5, 5
WANTED, AIM = 1.5, 1.3  # parts of botocore's CPU


@dataclass(frozen=True)
class Operation:
    """One operation. `cpu` and `bare` are milliseconds; `wire` is what a browser gets, compressed where the gateway does so."""

    name: str
    calls: dict[str, int]
    units: Units
    kept: int  # bytes by which the tables grew
    bytes: int
    wire: int
    cpu: float
    bare: float
    ratio: float  # of each round, the median
    spread: tuple[float, float]  # of the processes' own medians
    tuned: float  # the same beside clients with our own settings


def record(folder: Path) -> dict[str, Any]:
    """The tape, made in a process of its own."""
    tape: dict[str, Any] = children.beside("recording", environ=telling.ENVIRONMENT, out=folder / "tape.pickle")
    return tape


def measure(package: Path, tape: dict[str, Any], folder: Path, processes: int = PROCESSES, rounds: int = ROUNDS) -> list[Operation]:
    """Every operation of the tape, played again by the package in fresh processes."""
    told = tape | {"rounds": rounds}
    runs = [children.isolated("replay", package, told, telling.ENVIRONMENT, folder) for _ in range(processes)]
    return [_operation(taped, [run[taped["name"]] for run in runs]) for taped in tape["operations"]]


def _operation(taped: dict[str, Any], runs: list[list[list[float]]]) -> Operation:
    """`runs`: of each process its rounds, each the seconds of ours, of botocore's and of a tuned botocore's."""
    rounds = [each for run in runs for each in run]
    own = [statistics.median(ours / bare for ours, bare, _ in run) for run in runs]
    calls = taped["calls"]
    return Operation(
        name=taped["name"],
        calls=dict(Counter(call["name"] for call in calls)),
        units=sum((Units(call["read"], call["write"]) for call in calls), Units()),
        kept=sum(call["kept"] for call in calls),
        bytes=taped["bytes"],
        wire=taped["wire"],
        cpu=1000 * statistics.median(ours for ours, _, _ in rounds),
        bare=1000 * statistics.median(bare for _, bare, _ in rounds),
        ratio=statistics.median(ours / bare for ours, bare, _ in rounds),
        spread=(min(own), max(own)),
        tuned=statistics.median(ours / tuned for ours, _, tuned in rounds),
    )
