"""How many requests of a clinic are served at a time, so that no clinic's crowd stands in another's way.

A container serves a few of each window for nothing; beyond that it leases blocks from a counter that all containers
share. Low traffic costs no write, and a clinic that has used up its window costs none either until the next one.
What cannot be counted is not served: any fault is raised.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable
from datetime import datetime

from msgspec import Struct

from chalicelib.doors import rules, store
from chalicelib.doors.records import By, Limit
from chalicelib.kit import memory
from chalicelib.kit.problem import SlowDown

FREE = 20  # requests of a clinic that each container serves in a window without asking
LEASE = 20  # requests that it asks for at a time beyond them
CLINIC = Limit(name="throttle", most=1200, seconds=10, by=By.CLINIC)


class Window(Struct):
    """What this container may still serve of a clinic's window."""

    number: int
    left: int = FREE
    used_up: bool = False


_windows: dict[Hashable, Window] = memory.shelf()
_lock = threading.Lock()


def admit(clinic: str, now: datetime) -> None:
    """Let one request of a clinic in; SlowDown until its next window once this one is used up."""
    with _lock:
        window = _window(clinic, now)
        if window.left > 0:
            window.left -= 1
            return
    if window.used_up or not store.spend(clinic, CLINIC, "clinic", now, LEASE):
        window.used_up = True
        raise SlowDown(retry_after=rules.wait(CLINIC, now))
    with _lock:
        window.left += LEASE - 1


def _window(clinic: str, now: datetime) -> Window:
    number = rules.window(CLINIC, now)
    found = _windows.get(clinic)
    if found is None or found.number != number:
        found = _windows[clinic] = Window(number)
    return found
