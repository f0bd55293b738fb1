"""What the roles of infra/overlay.yaml allow on the tables, held against all that the doors do in any test: no local cloud asks a role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

import pytest
import yaml
from botocore.client import BaseClient

from chalicelib.doors import endpoint
from scripts.local import template

Right = tuple[str, str]  # a table's short name, an IAM action

API = "ApiHandlerRole"
_at_a_door: ContextVar[bool] = ContextVar("at_a_door", default=False)
used: set[Right] = set()  # what the doors needed in all tests of this process so far


@cache
def allowed(role: str) -> frozenset[Right]:
    """What a function's role may do on tables."""
    resources = yaml.load(template.OVERLAY.read_text(encoding="utf-8"), template.Loader)["Resources"]
    statements = [each for policy in resources[role]["Properties"]["Policies"] for each in policy["PolicyDocument"]["Statement"]]
    return frozenset(
        (place["!GetAtt"].removesuffix("Table.Arn").lower(), action)
        for each in statements
        for place in _many(each["Resource"])
        if str(place.get("!GetAtt", "")).endswith("Table.Arn")
        for action in _many(each["Action"])
    )


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def rights(operation: str, parameters: dict[str, Any]) -> Iterator[Right]:
    """What IAM asks of a call: an action on each table. A transaction needs those of its parts (DynamoDB developer guide)."""
    if operation in {"TransactWriteItems", "TransactGetItems"}:
        for each in parameters["TransactItems"]:
            for kind, inner in each.items():
                yield _name(inner["TableName"]), f"dynamodb:{kind}Item"
    elif operation in {"BatchGetItem", "BatchWriteItem"}:
        for name in parameters["RequestItems"]:
            yield _name(name), f"dynamodb:{operation}"
    elif "TableName" in parameters:
        yield _name(parameters["TableName"]), f"dynamodb:{operation}"


def _name(table: str) -> str:
    return table.rpartition("-")[2]


def beyond() -> list[Right]:
    """What a door did that its function's role would not have let it do; told once."""
    found = sorted(used - allowed(API))
    used.difference_update(found)
    return found


@contextmanager
def watched() -> Iterator[None]:
    """Notes what every door asks of the tables while the block runs."""
    client: Any = BaseClient
    opened: Any = endpoint.Opened
    call, answer = client._make_api_call, opened.__call__

    def noting(self: Any, operation: str, parameters: dict[str, Any]) -> Any:
        if _at_a_door.get():
            used.update(rights(operation, parameters))
        return call(self, operation, parameters)

    def answering(self: Any, **path: str) -> Any:
        token = _at_a_door.set(True)
        try:
            return answer(self, **path)
        finally:
            _at_a_door.reset(token)

    client._make_api_call, opened.__call__ = noting, answering
    try:
        yield
    finally:
        client._make_api_call, opened.__call__ = call, answer


# What IAM calls the operations that are called otherwise (service authorization reference).
NAMES = {"ListObjectsV2": "ListBucket", "DeleteObjects": "DeleteObject"}


@contextmanager
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[Right]]:
    """(table or service, action) for each call to AWS inside the block."""
    found = set[Right]()
    call: Any = BaseClient._make_api_call  # type: ignore[attr-defined]  # its type does not name it

    def noting(self: Any, operation: str, parameters: dict[str, Any]) -> Any:
        service = self.meta.service_model.service_name
        action = f"{service}:{NAMES.get(operation, operation)}"
        found.update(rights(operation, parameters) if service == "dynamodb" else [(service, action)])
        return call(self, operation, parameters)

    with monkeypatch.context() as patched:
        patched.setattr(BaseClient, "_make_api_call", noting)
        yield found
