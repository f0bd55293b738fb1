"""The tables' answers are read as they come, and say the same as botocore would make of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.kit import answers, table

NAME = "anteroom-test-visits"
KEY = {"pk": {"S": "C#north#X"}, "sk": {"S": "1"}}
ITEM: dict[str, Any] = {
    **KEY,
    "text": {"S": "Ñandú \u2028 \U0001f600"},
    "number": {"N": "-12.50"},
    "large": {"N": "9007199254740993"},
    "truth": {"BOOL": True},
    "nothing": {"NULL": True},
    "list": {"L": [{"S": "a"}, {"N": "1"}, {"L": []}]},
    "map": {"M": {"b": {"M": {}}, "c": {"BOOL": False}}},
    "set": {"SS": ["x", "y"]},
    "empty": {"S": ""},
}
PUT: Any = {"Put": {"TableName": NAME, "Item": ITEM}}
OTHER: Any = {"Put": {"TableName": NAME, "Item": ITEM | {"sk": {"S": "2"}}}}
ONCE = {"ConditionExpression": "attribute_not_exists(pk)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
BY_KEY: Any = {"TableName": NAME, "Key": KEY}
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("put_item", {"TableName": NAME, "Item": ITEM, "ReturnValues": "ALL_OLD", "ReturnConsumedCapacity": "TOTAL"}),
    ("get_item", BY_KEY | {"ConsistentRead": True, "ReturnConsumedCapacity": "TOTAL"}),
    ("get_item", BY_KEY | {"Key": KEY | {"sk": {"S": "none"}}}),
    ("query", {"TableName": NAME, "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": KEY["pk"]}, "Limit": 1}),
    ("query", {"TableName": NAME, "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "none"}}}),
    ("batch_get_item", {"RequestItems": {NAME: {"Keys": [KEY, KEY | {"sk": {"S": "none"}}]}}}),
    (
        "update_item",
        BY_KEY | {"UpdateExpression": "SET amount = :n", "ExpressionAttributeValues": {":n": {"N": "3"}}, "ReturnValues": "ALL_NEW"},
    ),
    ("transact_write_items", {"TransactItems": [PUT]}),
    ("delete_item", BY_KEY | {"Key": KEY | {"sk": {"S": "2"}}, "ReturnValues": "ALL_OLD"}),
]


@pytest.fixture
def filled(cloud: None) -> None:
    """Two rows."""
    boto3.client("dynamodb").transact_write_items(TransactItems=[PUT, OTHER])


def said(client: Any, name: str, told: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """All of an answer but what chance gave it."""
    answer = getattr(client, name)(**told)
    about = answer.pop("ResponseMetadata")
    return answer, [*sorted(about), str(about["HTTPStatusCode"])]


def test_every_operation_that_is_read_plainly_is_compared() -> None:
    assert {name.replace("_", "") for name, _ in CALLS} == {name.lower() for name in answers.PLAIN}


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(("name", "told"), CALLS, ids=[f"{name}-{number}" for number, (name, _) in enumerate(CALLS)])
def test_an_answer_is_what_botocore_would_make_of_it(name: str, told: dict[str, Any]) -> None:
    ours = said(table.connection().client, name, told)
    boto3.client("dynamodb").transact_write_items(TransactItems=[PUT, OTHER])  # as it was
    assert ours == said(boto3.client("dynamodb"), name, told)


@pytest.mark.usefixtures("filled")
def test_a_refusal_is_botocores_own_with_its_reasons() -> None:
    told = {"TransactItems": [{"Put": PUT["Put"] | ONCE}]}
    clients: list[Any] = [table.connection().client, boto3.client("dynamodb")]
    raised = []
    for client in clients:
        with pytest.raises(ClientError) as caught:
            client.transact_write_items(**told)
        raised.append((caught.value.response["Error"], caught.value.response["CancellationReasons"]))
    assert raised[0] == raised[1]


@pytest.mark.parametrize(
    ("status", "name", "body"), [(200, "Query", b"<html>"), (500, "Query", b"{}"), (200, "DescribeTable", b'{"a": 1}')]
)
def test_what_is_no_plain_answer_is_left_to_botocore(status: int, name: str, body: bytes) -> None:
    answer, read = {"status_code": status, "body": body}, dict[str, Any]()
    about = {"operation_model": SimpleNamespace(name=name), "response_dict": answer, "customized_response_dict": read}
    table.connection().client.meta.events.emit(f"before-parse.dynamodb.{name}", **about)
    assert (answer["body"], read) == (body, {})


@pytest.mark.usefixtures("filled")
def test_calls_carry_our_own_short_name() -> None:
    names: list[bytes] = []
    client: Any = table.connection().client

    def noted(request: Any, **_: Any) -> None:
        names.append(request.headers["User-Agent"])

    client.meta.events.register("before-send.dynamodb", noted)
    try:
        client.get_item(**BY_KEY)
    finally:
        client.meta.events.unregister("before-send.dynamodb", noted)
    assert names == [b"anteroom"]
