"""What other features may ask of the doors."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.doors import store
from chalicelib.doors.records import Once
from chalicelib.kit import table


class Answered(Exception):
    """This key was answered already: give that answer again."""


def keep(tx: table.Transaction, once: Once, made: Any) -> None:
    """Keep the answer for what was made, in the same transaction; call it first, so that a repeat is told from a clash."""
    store.add(once.clinic, once, msgspec.json.encode(once.answer(made)).decode(), tx, Answered)
