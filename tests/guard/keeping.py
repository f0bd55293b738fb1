"""moto's tables as plain values: to keep a world, to bring it back, and to see what a request changed in it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models.dynamo_type import Item

Rows = dict[tuple[str, str, str], str]  # (table without the stage, pk, sk) -> its attributes, as text
PREFIX = "anteroom-test-"


def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID]["us-east-1"].tables
    return tables


def kept() -> dict[str, Any]:
    """Every row of every table, to be given to `restore`."""
    return {name: copy.deepcopy(each.items) for name, each in _tables().items()}


def restore(world: dict[str, Any], *names: str) -> None:
    """Make the tables (or those named) what they were; their streams are emptied, since moto copies them at every transaction."""
    for name, each in _tables().items():
        if names and name.removeprefix(PREFIX) not in names:
            continue
        each.items = copy.deepcopy(world[name])
        _forget_stream(each)


def clear() -> None:
    """Empty every table, and its stream."""
    for each in _tables().values():
        each.items.clear()
        _forget_stream(each)


def _forget_stream(one: Any) -> None:
    if one.stream_shard:
        one.stream_shard.items.clear()


def rows(*names: str) -> Rows:
    """What lies in the tables (or those named) now."""
    found: Rows = {}
    for name, each in _tables().items():
        if names and name.removeprefix(PREFIX) not in names:
            continue
        for pk, items in each.items.items():
            for sk, item in items.items():
                found[name.removeprefix(PREFIX), str(pk.value), str(sk.value)] = _text(item)
    return found


def _text(item: Any) -> str:
    return "|".join(f"{name}={item.attrs[name].value}" for name in sorted(item.attrs))


def changed(before: Rows, after: Rows) -> set[tuple[str, str, str]]:
    """The keys of rows that were added, removed or changed."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


@contextmanager
def quick_copies() -> Iterator[None]:
    """Items are copied one level deep: moto copies whole tables at every transaction, and replaces values, never changes them."""
    kind: Any = Item
    plain = kind.__deepcopy__

    def quick(self: Any, memo: dict[int, Any]) -> Any:
        made = kind.__new__(kind)
        made.hash_key, made.range_key = self.hash_key, self.range_key
        made.attrs = copy.copy(self.attrs)
        memo[id(self)] = made
        return made

    kind.__deepcopy__ = quick
    try:
        yield
    finally:
        kind.__deepcopy__ = plain
