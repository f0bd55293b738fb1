"""What tests/quick_moto.py makes quick is still what moto does: a transaction that fails leaves all as it was, and copies are copies."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import boto3
import pytest
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID

from chalicelib.kit import settings

pytestmark = pytest.mark.usefixtures("cloud")

TABLE = settings.table("notices")  # one with a stream
ROW = {"pk": {"S": "C#north"}, "sk": {"S": "one"}}
# One of each kind that DynamoDB knows, and of each in each.
VALUES: dict[str, Any] = {
    "text": {"S": "ä"},
    "amount": {"N": "1.50"},
    "bytes": {"B": b"\x00\xff"},
    "texts": {"SS": ["a", "b"]},
    "numbers": {"NS": ["1", "2"]},
    "all": {"BS": [b"\x00", b"\x01"]},
    "true": {"BOOL": True},
    "false": {"BOOL": False},
    "nothing": {"NULL": True},
    "list": {"L": [{"S": ""}, {"M": {"S": {"S": "x"}, "L": {"L": []}}}, {"N": "0"}]},
    "map": {"M": {"M": {"M": {"S": {"N": "3"}}}, "BOOL": {"BOOL": False}}},
}


def client() -> Any:
    """DynamoDB itself, without our own layers."""
    return boto3.client("dynamodb")


def row() -> dict[str, Any]:
    """The row as it is now."""
    found: dict[str, Any] = client().get_item(TableName=TABLE, Key=ROW, ConsistentRead=True)["Item"]
    return found


def changed() -> list[Any]:
    """What the table's stream has told so far."""
    shard: Any = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID]["us-east-1"].tables[TABLE].stream_shard
    return [each.record["eventName"] for each in shard.items]


def test_every_kind_of_value_comes_back_as_it_was() -> None:
    client().put_item(TableName=TABLE, Item=ROW | VALUES)
    queried = client().query(TableName=TABLE, KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": ROW["pk"]})
    for found in (row(), *queried["Items"]):
        assert found == ROW | VALUES
    assert queried["Count"] == 1


def an_update(words: str, **values: Any) -> dict[str, Any]:
    """An update of the row."""
    return {"TableName": TABLE, "Key": ROW, "UpdateExpression": words} | (
        {"ExpressionAttributeValues": {f":{name}": each for name, each in values.items()}} if values else {}
    )


def test_a_transaction_that_fails_leaves_rows_and_stream_as_they_were() -> None:
    client().put_item(TableName=TABLE, Item=ROW | VALUES)
    other = {"pk": {"S": "C#north"}, "sk": {"S": "two"}}
    missing = {"TableName": TABLE, "Key": {**ROW, "sk": {"S": "none"}}, "ConditionExpression": "attribute_exists(pk)"}
    with pytest.raises(client().exceptions.TransactionCanceledException):
        client().transact_write_items(
            TransactItems=[
                {
                    "Update": an_update("SET amount = :n, #m.extra = :n REMOVE texts", n={"N": "9"})
                    | {"ExpressionAttributeNames": {"#m": "map"}}
                },
                {"Put": {"TableName": TABLE, "Item": other}},
                {"ConditionCheck": missing},
            ]
        )
    assert row() == ROW | VALUES
    assert "Item" not in client().get_item(TableName=TABLE, Key=other)
    assert changed() == ["INSERT"]


def test_a_transaction_that_succeeds_changes_rows_and_stream() -> None:
    client().put_item(TableName=TABLE, Item=ROW | VALUES)
    client().transact_write_items(TransactItems=[{"Update": an_update("SET amount = amount + :n", n={"N": "1"})}])
    client().update_item(**an_update("ADD amount :n", n={"N": "1"}))
    client().update_item(**an_update("ADD amount :n", n={"N": "1"}))  # the same words again: what was parsed is not worn out
    assert Decimal(row()["amount"]["N"]) == Decimal("4.50")
    assert changed() == ["INSERT", "MODIFY", "MODIFY", "MODIFY"]
    client().delete_item(TableName=TABLE, Key=ROW)
    assert changed()[4:] == ["REMOVE"]


def test_what_was_kept_stays_when_rows_change() -> None:
    client().put_item(TableName=TABLE, Item=ROW | VALUES)
    table = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID]["us-east-1"].tables[TABLE]
    kept = copy.deepcopy(table)
    client().update_item(**an_update("SET amount = :n", n={"N": "9"}))
    client().update_item(TableName=TABLE, Key=ROW, AttributeUpdates={"text": {"Value": {"S": "new"}, "Action": "PUT"}})
    ((before, after),) = [(one, two) for one, two in zip(kept.all_items(), table.all_items(), strict=True)]
    assert (before.attrs["amount"].value, before.attrs["text"].value) == ("1.50", "ä")
    assert (after.attrs["amount"].value, after.attrs["text"].value) == ("9", "new")
