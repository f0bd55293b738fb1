"""Publish rate: pages of a thousand clinics in two languages, rendered from nothing, beside a bare Jinja loop over the same."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.benching import children

CLINICS = 1000
FEWER, TIMES = 200, 3  # a smaller number, several times: what one run may be off by
WANTED = 0.7  # of the bare rate


@dataclass(frozen=True)
class Rate:
    """One rendering: pages, and seconds of CPU of ours and of Jinja alone."""

    clinics: int
    pages: int
    bytes: int
    ours: float
    bare: float

    @property
    def of_bare(self) -> float:
        """Our pages a second in parts of the bare loop's."""
        return self.bare / self.ours


def measure(folder: Path, counts: Sequence[int] = (CLINICS, *(FEWER,) * TIMES)) -> list[Rate]:
    """A fresh process for each number of clinics."""
    return [Rate(clinics=count, **children.beside("pressing", str(count), out=folder / "pressing.json")) for count in counts]


def spread(rates: Sequence[Rate]) -> tuple[float, float, float]:
    """Least, median and most of the ratios."""
    found = sorted(rate.of_bare for rate in rates)
    return found[0], statistics.median(found), found[-1]
