"""Reads the tables' answers as they come: what DynamoDB says of an item on the wire is what botocore makes of it.

botocore walks through every value of an answer with the service's model in hand, which costs more than all the rest of a
long Query. Here the JSON itself is the answer. That holds for text, numbers, truth, lists and maps; bytes stay base64, which
kit.packed knows; times would have to be converted, so nothing of ours keeps any, and only the operations named here are read so.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import msgspec

PLAIN = frozenset({"BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query", "TransactWriteItems", "UpdateItem"})
EMPTY = b"{}"  # what is left for botocore to walk through


def read_plainly(client: Any) -> None:
    """Let this DynamoDB client read its answers so; refusals are left to botocore."""
    client.meta.events.register("before-parse.dynamodb", _read)


def _read(operation_model: Any, response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    if response_dict["status_code"] == 200 and operation_model.name in PLAIN:
        with suppress(msgspec.DecodeError):  # what is no JSON is botocore's to judge
            customized_response_dict.update(msgspec.json.decode(response_dict["body"]))
            response_dict["body"] = EMPTY


def plain(item: dict[str, dict[str, str]]) -> dict[str, str]:
    """An item as plain strings by attribute."""
    return {name: text for name, value in item.items() for text in value.values()}  # of which each has one
