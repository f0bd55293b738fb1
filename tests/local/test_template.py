"""One set of definitions: what deploys to AWS is what is created here, and what the rows expect."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import boto3
import pytest

import chalicelib
from chalicelib.documents.rules import places
from chalicelib.kit import settings, table
from scripts.local import template

STAGE = "test"


def row_classes() -> list[type[table.Row]]:
    """Every row that a store declares."""
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        if ".store" in module.name:
            importlib.import_module(module.name)
    return [row for row in table.Row.__subclasses__() if row.__module__.startswith("chalicelib.")]


def keys_of(arguments: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(name, HASH or RANGE, type) of each key."""
    types = {each["AttributeName"]: each["AttributeType"] for each in arguments["AttributeDefinitions"]}
    return [(each["AttributeName"], each["KeyType"], types[each["AttributeName"]]) for each in arguments["KeySchema"]]


TABLES = {arguments["TableName"]: arguments for arguments in template.tables(STAGE)}


def test_every_row_lies_in_a_table_of_the_template_and_every_table_has_rows() -> None:
    assert {row.Meta.table_name for row in row_classes()} == set(TABLES)


@pytest.mark.parametrize("row", row_classes(), ids=lambda row: row.__name__)
def test_a_row_has_the_keys_of_its_table(row: type[table.Row]) -> None:
    attributes = row.get_attributes().values()
    declared = [(each.attr_name, "HASH", each.attr_type) for each in attributes if each.is_hash_key]
    declared += [(each.attr_name, "RANGE", each.attr_type) for each in attributes if each.is_range_key]
    assert keys_of(TABLES[row.Meta.table_name]) == declared


def test_housekeeping_looks_at_the_attribute_that_rows_set() -> None:
    for _, properties in template.resources("AWS::DynamoDB::Table", STAGE):
        assert properties["TimeToLiveSpecification"] == {"AttributeName": table.Row.expires.attr_name, "Enabled": True}


def test_the_buckets_are_those_the_code_asks_for() -> None:
    assert template.buckets(STAGE) == [settings.bucket(name) for name in ("portals", places.QUARANTINE, places.DOCUMENTS)]


Made = dict[str, tuple[Any, ...]]
# By name: a table's keys, its stream and what housekeeping looks at; whether a bucket keeps versions; how long a queue keeps.
WANTED: Made = {
    **{name: (keys_of(wanted), wanted.get("StreamSpecification", {}), "ENABLED", "expires") for name, wanted in TABLES.items()},
    **dict.fromkeys(template.buckets(STAGE), ("Enabled",)),
    **{name: (attributes["MessageRetentionPeriod"],) for name, attributes in template.queues(STAGE).items()},
}


def created() -> Made:
    """All that the cloud has which AWS_ENDPOINT_URL names."""
    dynamodb, s3, sqs = boto3.client("dynamodb"), boto3.client("s3"), boto3.client("sqs")
    found: Made = {}
    for name in dynamodb.list_tables(Limit=100)["TableNames"]:
        made: Any = dynamodb.describe_table(TableName=name)["Table"]
        expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        found[name] = (keys_of(made), made.get("StreamSpecification", {}), expiry["TimeToLiveStatus"], expiry.get("AttributeName"))
    for bucket in s3.list_buckets()["Buckets"]:
        found[bucket["Name"]] = (s3.get_bucket_versioning(Bucket=bucket["Name"]).get("Status"),)
    for url in sqs.list_queues().get("QueueUrls", []):
        told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["MessageRetentionPeriod"])["Attributes"]
        found[url.rpartition("/")[2]] = (told["MessageRetentionPeriod"],)
    return found


@pytest.mark.usefixtures("cloud")
def test_moto_has_what_the_template_says() -> None:
    assert created() == WANTED


@pytest.mark.cloud
@pytest.mark.usefixtures("ministack")
def test_ministack_has_what_the_template_says() -> None:
    assert created() == WANTED


@pytest.mark.usefixtures("cloud")
def test_creating_again_makes_nothing_anew() -> None:
    assert template.create(STAGE) == []


def test_pages_get_the_headers_that_the_edge_adds() -> None:
    headers = template.headers(STAGE)
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
    assert headers["X-Frame-Options"] == "DENY"
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "\n" not in "".join(headers.values())
