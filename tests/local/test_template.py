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


def allowed(host: str, files: str = "") -> dict[str, list[str]]:
    """What the policy of a host's pages allows, by the kind of thing."""
    policy = template.headers(STAGE, host, files)["Content-Security-Policy"]
    return {name: places for name, *places in (each.split() for each in policy.split(";"))}


@pytest.mark.parametrize("host", ["patient", "staff"])
def test_pages_may_reach_their_own_host_and_that_of_files_and_nothing_else(host: str) -> None:
    strict, local = allowed(host), allowed(host, "http://files.localhost:8000")
    assert (strict["connect-src"], strict["img-src"]) == (["'self'"], ["'self'", "data:", "blob:"])
    assert set(local["connect-src"]) == {"'self'", "http://files.localhost:8000"}
    assert local["img-src"] == ["'self'", "data:", "blob:", "http://files.localhost:8000"]
    for name in ("connect-src", "img-src"):
        del strict[name], local[name]
    assert strict == local, "all else is as strict"


def rules(bucket: str) -> list[dict[str, Any]]:
    """Who may ask a bucket for what from a page: method, origins, headers."""
    told = boto3.client("s3").get_bucket_cors(Bucket=settings.bucket(bucket))["CORSRules"]
    return [
        {name: value for name, value in rule.items() if name in ("AllowedMethods", "AllowedOrigins", "AllowedHeaders")} for rule in told
    ]


@pytest.mark.usefixtures("cloud")
def test_patients_pages_may_send_and_both_hosts_pages_may_read() -> None:
    patient, staff = "http://localhost:8000", "http://staff.localhost:8000"
    assert rules(places.QUARANTINE) == [{"AllowedMethods": ["POST"], "AllowedOrigins": [patient], "AllowedHeaders": ["Content-Type"]}]
    assert rules(places.DOCUMENTS) == [{"AllowedMethods": ["GET"], "AllowedOrigins": [patient, staff]}]


@pytest.mark.usefixtures("cloud")
def test_on_another_port_the_pages_there_may_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as changed:
        changed.setenv("ANTEROOM_PATIENT_ORIGIN", "http://localhost:9000")
        assert template.create(STAGE) == []
        assert rules(places.QUARANTINE)[0]["AllowedOrigins"] == ["http://localhost:9000"]
    template.create(STAGE)
