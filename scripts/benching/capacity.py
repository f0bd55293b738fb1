"""What DynamoDB charges for a call, worked out from the items it touches.

The published rules (Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats" and "DynamoDB read and write
operations"): a read unit is 4 KB read strongly consistently, half of one where it may lag; a write unit is 1 KB; inside
a transaction each item counts twice. What is not there costs one unit, too. A condition that is only checked inside a
transaction is charged as a write of the item it looks at; the guide does not say so, those who measured it do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Item = Mapping[str, Mapping[str, Any]]
Place = tuple[str, str, str]  # table, pk, sk
Images = Mapping[Place, Item | None]

READ_BLOCK, WRITE_BLOCK = 4096, 1024  # bytes
WRITES = ("PutItem", "UpdateItem", "DeleteItem")


@dataclass(frozen=True)
class Units:
    """Read and write request units of one call or of several."""

    read: float = 0.0
    write: float = 0.0

    def __add__(self, other: Units) -> Units:
        """Both together."""
        return Units(self.read + other.read, self.write + other.write)

    def __mul__(self, times: float) -> Units:
        """So many times."""
        return Units(self.read * times, self.write * times)


def item_bytes(item: Item | None) -> int:
    """The size of an item in bytes: its attributes' names and values."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in (item or {}).items())


def value_bytes(value: Mapping[str, Any]) -> int:
    """The size of one value, as the wire has it: {"S": "text"}."""
    ((kind, held),) = value.items()
    if kind in ("S", "B"):
        return len(held.encode() if isinstance(held, str) else held)
    if kind == "N":
        return _number_bytes(held)
    if kind in ("BOOL", "NULL"):
        return 1
    if kind == "M":
        return 3 + sum(len(name.encode()) + value_bytes(inner) + 1 for name, inner in held.items())
    if kind == "L":
        return 3 + sum(value_bytes(inner) + 1 for inner in held)
    return sum(value_bytes({kind[0]: one}) for one in held)  # SS, NS, BS


def _number_bytes(text: str) -> int:
    """One byte for two significant digits, and one more."""
    digits = "".join(str(digit) for digit in Decimal(text).as_tuple().digits).strip("0")
    return 1 + (len(digits) + 1) // 2


def places(name: str, told: Mapping[str, Any]) -> list[Place]:
    """The items that a call writes or checks."""
    if name in WRITES:
        return [_place(told)]
    if name == "TransactWriteItems":
        return [_place(write) for write in _writes(told)]
    return []


def _writes(told: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (write for entry in told["TransactItems"] for write in entry.values())


def _place(write: Mapping[str, Any]) -> Place:
    keys = write.get("Key") or write["Item"]
    return write["TableName"], keys["pk"]["S"], keys["sk"]["S"]


def units(name: str, told: Mapping[str, Any], answer: Mapping[str, Any], before: Images, after: Images) -> Units:
    """What one call costs; `before` and `after` are the items of `places`, as they were and as they are."""
    if name in WRITES:
        return Units(write=_write_units(_place(told), before, after))
    if name == "TransactWriteItems":
        return Units(write=sum(2 * _write_units(_place(write), before, after) for write in _writes(told)))
    if name == "BatchGetItem":
        return Units(read=sum(_batch_units(table, asked, answer) for table, asked in told["RequestItems"].items()))
    if name == "GetItem":
        return Units(read=_read_units(item_bytes(answer.get("Item")), strong=bool(told.get("ConsistentRead"))))
    if name == "Query":
        return Units(read=_read_units(sum(map(item_bytes, answer.get("Items", ()))), strong=bool(told.get("ConsistentRead"))))
    raise ValueError(f"what {name} costs is not written down here")


def _read_units(size: int, *, strong: bool) -> float:
    return max(1, -(-size // READ_BLOCK)) * (1.0 if strong else 0.5)


def _batch_units(table: str, asked: Mapping[str, Any], answer: Mapping[str, Any]) -> float:
    """Each item of a batch is rounded up by itself; what is not there counts as one."""
    sizes = [item_bytes(item) for item in answer.get("Responses", {}).get(table, ())]
    sizes += [0] * (len(asked["Keys"]) - len(sizes))
    return sum(_read_units(size, strong=bool(asked.get("ConsistentRead"))) for size in sizes)


def _write_units(place: Place, before: Images, after: Images) -> int:
    """The larger of what was there and what is there now."""
    return max(1, -(-max(item_bytes(before.get(place)), item_bytes(after.get(place))) // WRITE_BLOCK))
