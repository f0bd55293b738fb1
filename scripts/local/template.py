"""Reads infra/overlay.yaml, the one definition of tables, buckets, queues and headers, for the local cloud and the tests."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import boto3
import yaml

from chalicelib.kit import settings

ACCOUNT = "0" * 12  # the local cloud's
ORIGINS = {"PatientOrigin": "patient", "StaffOrigin": "staff"}  # the template's parameters, and whose address each is
OVERLAY = Path(__file__).resolve().parents[2] / "infra" / "overlay.yaml"


class Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]  # three times as fast
    """YAML with CloudFormation's short tags, each kept as {"!Tag": what it holds}."""


def _tagged(loader: Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {f"!{suffix}": loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {f"!{suffix}": loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {f"!{suffix}": loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", _tagged)


def resources(kind: str, stage: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Logical name and properties of every resource of a type, with the stage's name put in."""
    for name, resource in _read(OVERLAY.read_text(encoding="utf-8"))["Resources"].items():
        if resource.get("Type") == kind:  # what is merged into a resource of Chalice's has none
            yield name, _resolved(resource["Properties"], stage)


@lru_cache(maxsize=1)
def _read(words: str) -> dict[str, Any]:
    """The document, read once and shared by all who ask: nobody changes it."""
    document: dict[str, Any] = yaml.load(words, Loader)
    return document


def _resolved(value: Any, stage: str) -> Any:
    if isinstance(value, dict):
        if set(value) == {"!Sub"} and isinstance(value["!Sub"], str):
            return value["!Sub"].replace("${Stage}", stage).replace("${AWS::AccountId}", ACCOUNT)
        if set(value) == {"!Ref"} and value["!Ref"] in ORIGINS:
            return settings.origin(ORIGINS[value["!Ref"]])
        return {name: _resolved(inner, stage) for name, inner in value.items()}
    return [_resolved(inner, stage) for inner in value] if isinstance(value, list) else value


def tables(stage: str) -> list[dict[str, Any]]:
    """Arguments of CreateTable for every table; `TimeToLiveSpecification` is not among them (see `create`)."""
    taken = ("TableName", "BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    found = []
    for _, properties in resources("AWS::DynamoDB::Table", stage):
        arguments = {name: properties[name] for name in taken if name in properties}
        if "StreamSpecification" in properties:
            arguments["StreamSpecification"] = {"StreamEnabled": True, **properties["StreamSpecification"]}
        found.append(arguments)
    return found


def buckets(stage: str) -> list[str]:
    """Names of all buckets."""
    return [properties["BucketName"] for _, properties in resources("AWS::S3::Bucket", stage)]


def queues(stage: str) -> dict[str, dict[str, str]]:
    """Attributes of every queue by its name. Our key is none of them: emulators seal nothing."""
    return {
        properties["QueueName"]: {"MessageRetentionPeriod": str(properties["MessageRetentionPeriod"])}
        for _, properties in resources("AWS::SQS::Queue", stage)
    }


def create(stage: str) -> list[str]:
    """Create what is missing in the cloud that the environment names; returns the names of what was made."""
    dynamodb, s3, sqs = boto3.client("dynamodb"), boto3.client("s3"), boto3.client("sqs")
    known = set(dynamodb.list_tables(Limit=100)["TableNames"]) | {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    known |= {url.rpartition("/")[2] for url in sqs.list_queues().get("QueueUrls", [])}
    made = []
    for arguments in tables(stage):
        if arguments["TableName"] not in known:
            dynamodb.create_table(**arguments)
            made.append(arguments["TableName"])
    for _, properties in resources("AWS::DynamoDB::Table", stage):
        if properties["TableName"] in made and "TimeToLiveSpecification" in properties:
            dynamodb.update_time_to_live(TableName=properties["TableName"], TimeToLiveSpecification=properties["TimeToLiveSpecification"])
    for _, properties in resources("AWS::S3::Bucket", stage):
        if properties["BucketName"] not in known:
            s3.create_bucket(Bucket=properties["BucketName"])
            s3.put_bucket_versioning(Bucket=properties["BucketName"], VersioningConfiguration=properties["VersioningConfiguration"])
            made.append(properties["BucketName"])
        if "CorsConfiguration" in properties:  # each time: with another port the pages have another origin
            s3.put_bucket_cors(Bucket=properties["BucketName"], CORSConfiguration=_cors(properties["CorsConfiguration"]))
    for name, attributes in queues(stage).items():
        if name not in known:
            sqs.create_queue(QueueName=name, Attributes=attributes)
            made.append(name)
    return made


def _cors(configuration: dict[str, Any]) -> Any:
    """The template's words for a bucket's rules in those of S3's own API."""
    words = {"MaxAge": "MaxAgeSeconds"}
    return {"CORSRules": [{words.get(name, name): value for name, value in rule.items()} for rule in configuration["CorsRules"]]}


def headers(stage: str, host: str = "patient", files: str = "") -> dict[str, str]:
    """The headers that CloudFront adds to every page of the patients' or the staff's host; `files` is the origin where files lie."""
    policy = dict(resources("AWS::CloudFront::ResponseHeadersPolicy", stage))[f"{host.title()}Headers"]["ResponseHeadersPolicyConfig"]
    security = policy["SecurityHeadersConfig"]
    transport = security["StrictTransportSecurity"]
    parts = [f"max-age={transport['AccessControlMaxAgeSec']}"]
    parts += ["includeSubDomains"] if transport.get("IncludeSubdomains") else []
    parts += ["preload"] if transport.get("Preload") else []
    return {
        "Content-Security-Policy": _with_files(security["ContentSecurityPolicy"]["ContentSecurityPolicy"], files),
        "Strict-Transport-Security": "; ".join(parts),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": security["FrameOptions"]["FrameOption"],
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        **{item["Header"]: item["Value"] for item in policy["CustomHeadersConfig"]["Items"]},
    }


def _with_files(policy: dict[str, Any], files: str) -> str:
    """The policy with one origin in the place of each bucket's; without any it allows none."""
    words, places = policy["!Sub"]
    for name in places:
        words = words.replace(f" ${{{name}}}", f" {files}" if files else "")
    return str(words)
