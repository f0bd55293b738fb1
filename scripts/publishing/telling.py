"""What publishing says: a bar while it works, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tqdm import tqdm

from chalicelib.portals.records import Counts, Published
from scripts.local.environment import say

UNITS = {"Rendering": "clinic", "Writing": "file"}


class Bars:
    """Looks on and draws a bar for each thing that is done; none where nobody sees it, as in a log."""

    def __init__(self) -> None:
        self._doing = ""
        self._bar: tqdm[Any] = tqdm(disable=True)

    def see(self, doing: str, done: int, total: int) -> None:
        """So much of so much is done."""
        if doing != self._doing:
            self.close()
            self._doing, self._bar = doing, tqdm(total=total, desc=doing, unit=UNITS[doing], disable=None)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Leave the last bar as it is."""
        self._bar.close()


def tell(done: Published, *, dry_run: bool) -> None:
    """Say it; of a dry run everything, key by key."""
    if dry_run:
        for line in listed(done):
            say(line)
    say(summed(done.counts, dry_run=dry_run))


def listed(done: Published) -> Iterator[str]:
    """A line for each change: `+` is written, `-` is removed, `=` is told to the edge, `x` is what its caches forget."""
    for mark, names in (("+", done.written), ("=", done.languages), ("-", done.removed), ("x", done.forgotten)):
        yield from (f"  {mark} {name}" for name in names)


def summed(done: Counts, *, dry_run: bool = False) -> str:
    """One line."""
    files = f"files written: {done.written}, removed: {done.removed}, as they were: {done.kept}"
    edge = f"clinics told to the edge: {done.languages}, addresses forgotten: {done.forgotten}"
    return f"  {'would be: ' if dry_run else ''}{files}; {edge}"
