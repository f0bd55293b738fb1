"""The tenant tap: reads the keys of every call to AWS that a request makes, and says which it had no right to.

It sits on botocore's one way out, so nothing that reaches a store passes it by: single items, batches, transactions,
queries and the cursors they begin from. What it cannot read, it refuses. A key is right when its clinic is one that the
request was given (`serving`). Beside the clinics' own rows there are, by name only: the registry of clinics, the staff's
sign-ins, due buckets, counters of the whole platform; and a practitioner's time, which lies under each clinic they work in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from botocore.client import BaseClient

from chalicelib.people import actions as people

CLINIC = re.compile(r"C#([a-z0-9-]+)#")
WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"})
READS = frozenset({"GetItem", "BatchGetItem"})
# Of the platform as a whole: counters, and staff's sign-ins under way, which belong to no clinic yet.
PLATFORM = {
    "doors": re.compile(r"C#platform#LIMIT#"),
    "accounts": re.compile(r"C#platform#"),
    "audit": re.compile(r"C#platform#AUDIT"),
    "notices": re.compile(r"C#platform#NOTICE#"),
    "identity": re.compile(r"C#platform#MEMBERS$"),
}
EQUALS = re.compile(r"(#?\w+) = (:\w+)")


@dataclass(frozen=True)
class Key:
    """A partition that a call names; an empty `pk` where none could be read."""

    operation: str
    table: str
    pk: str
    sk: str = ""


@dataclass
class Served:
    """One request: the clinics it may touch, the keys it did, and the strangers among them."""

    clinics: frozenset[str]
    account: str = ""  # whose own rows may be read in clinics that are not theirs, to see that they are not
    keys: list[Key] = field(default_factory=list)
    foreign: list[Key] = field(default_factory=list)
    wrote: bool = False


_serving: ContextVar[Served | None] = ContextVar("serving", default=None)


@contextmanager
def serving(clinics: Iterable[str], account: str = "") -> Iterator[Served]:
    """All calls inside belong to a request that was given these clinics."""
    served = Served(frozenset(clinics), account)
    token = _serving.set(served)
    try:
        yield served
    finally:
        _serving.reset(token)


@contextmanager
def tapped() -> Iterator[None]:
    """Listen to every AWS client of this process."""
    client: Any = BaseClient
    plain = client._make_api_call

    def listening(self: Any, operation: str, parameters: dict[str, Any]) -> Any:
        served = _serving.get()
        if served is not None:
            note(served, operation, parameters)
        return plain(self, operation, parameters)

    client._make_api_call = listening
    try:
        yield
    finally:
        client._make_api_call = plain


def note(served: Served, operation: str, parameters: dict[str, Any]) -> None:
    """Write down what a call names, and what of it is foreign."""
    found = list(keys(operation, parameters))
    served.keys += found
    served.foreign += [key for key in found if not is_given(key, served)]
    served.wrote |= operation in WRITES


def keys(operation: str, parameters: dict[str, Any]) -> Iterator[Key]:
    """Every key of a call; an unreadable one for calls that name none (Scan, PartiQL, other services)."""
    if operation == "TransactWriteItems":
        for each in parameters["TransactItems"]:
            for inner in each.values():
                yield _key(operation, inner)
    elif operation in {"BatchGetItem", "BatchWriteItem"}:
        yield from _batch(operation, parameters["RequestItems"])
    elif operation == "TransactGetItems":
        for each in parameters["TransactItems"]:
            yield _key(operation, each["Get"])
    else:
        yield _key(operation, parameters)
        if parameters.get("ExclusiveStartKey"):
            yield Key(operation, _table(parameters), _text(parameters["ExclusiveStartKey"].get("pk")))


def _batch(operation: str, items: dict[str, Any]) -> Iterator[Key]:
    for table, wanted in items.items():
        if isinstance(wanted, dict):
            found = wanted["Keys"]
        else:
            found = [inner.get("Item", inner.get("Key")) for each in wanted for inner in each.values()]
        for item in found:
            yield Key(operation, _name(table), _text(item.get("pk")), _text(item.get("sk")))


def _key(operation: str, parameters: dict[str, Any]) -> Key:
    item = parameters.get("Key", parameters.get("Item"))
    pk = _text(item.get("pk")) if isinstance(item, dict) else _of_query(parameters)
    sk = _text(item.get("sk")) if isinstance(item, dict) else ""
    return Key(operation, _table(parameters), "" if "IndexName" in parameters else pk, sk)


def _of_query(parameters: dict[str, Any]) -> str:
    """The partition that a KeyConditionExpression asks for."""
    names, values = parameters.get("ExpressionAttributeNames", {}), parameters.get("ExpressionAttributeValues", {})
    for name, value in EQUALS.findall(parameters.get("KeyConditionExpression", "")):
        if names.get(name, name) == "pk":
            return _text(values.get(value))
    return ""


def _table(parameters: dict[str, Any]) -> str:
    return _name(str(parameters.get("TableName", "")))


def _name(table: str) -> str:
    return table.rpartition("-")[2]


def _text(value: Any) -> str:
    found = value.get("S", "") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""


def is_given(key: Key, served: Served) -> bool:
    """Whether a request may name that key."""
    if (key.table, key.pk) == ("clinics", "CLINICS") or (key.table == "due" and key.pk.startswith("DUE#")):
        return True
    if key.table == "staff" and key.pk and not key.pk.startswith("C#"):
        return True
    if key.table in PLATFORM and PLATFORM[key.table].match(key.pk):
        return True
    match = CLINIC.match(key.pk)
    if match is None:
        return False
    if match[1] in served.clinics or (key.table == "schedules" and match[1] in _of_practitioners(served.clinics)):
        return True
    own = (f"C#{match[1]}#MEMBERS", served.account)
    return bool(served.account) and key.table == "identity" and (key.pk, key.sk) == own and key.operation in READS


def _of_practitioners(clinics: frozenset[str]) -> set[str]:
    """Where the practitioners of these clinics work too."""
    token = _serving.set(None)  # what the tap itself asks is not the request's
    try:
        return {other for clinic in clinics for person in people.practitioners(clinic) for other in person.clinics}
    finally:
        _serving.reset(token)
