"""moto's tables as plain values: to keep a world, to bring it back, and to see what a request changed in it."""

from __future__ import annotations

import copy
from typing import Any

from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID

Rows = dict[tuple[str, str, str], str]  # (table without the stage, pk, sk) -> its attributes, as text
PREFIX = "anteroom-test-"


def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID]["us-east-1"].tables
    return tables


def kept() -> dict[str, Any]:
    """Every row of every table, to be given to `restore`."""
    return {name: copy.deepcopy(each.items) for name, each in _tables().items()}


def restore(world: dict[str, Any]) -> None:
    """Make the tables what they were; their streams are emptied, since moto copies them at every transaction."""
    for name, each in _tables().items():
        each.items = copy.deepcopy(world[name])
        if each.stream_shard:
            each.stream_shard.items.clear()


def rows() -> Rows:
    """What lies in the tables now."""
    found: Rows = {}
    for name, each in _tables().items():
        for pk, items in each.items.items():
            for sk, item in items.items():
                found[name.removeprefix(PREFIX), str(pk.value), str(sk.value)] = repr(
                    sorted((key, text.to_json()) for key, text in item.attrs.items())
                )
    return found


def changed(before: Rows, after: Rows) -> set[tuple[str, str, str]]:
    """The keys of rows that were added, removed or changed."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
