"""The template that goes to AWS says what the local run, the tests and the app say, and gives nobody more than they need."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from app import app
from chalicelib.doors import endpoint
from scripts.deploying import api
from scripts.local import template
from scripts.local.environment import ROOT
from scripts.local.shelf import Shelf
from scripts.local.wire import Request
from tests.deploy.building import Resources

pytestmark = pytest.mark.cloud

OfKind = Callable[[str], Resources]
FUNCTIONS = {"APIHandler": "ApiHandlerRole", "SendPosted": "SendPostedRole", "SweepDue": "SweepDueRole"}
METHODS = {"get", "post", "put", "patch", "delete"}


def statements(merged: dict[str, Any], role: str) -> list[dict[str, Any]]:
    """Every statement of a role's own policies."""
    policies = merged["Resources"][role]["Properties"]["Policies"]
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def listed(value: Any) -> list[Any]:
    """One or many, as many."""
    return value if isinstance(value, list) else [value]


def test_chalices_own_names_are_those_that_the_overlay_means(merged: dict[str, Any], of_kind: OfKind) -> None:
    assert set(of_kind("AWS::Serverless::Function")) == set(FUNCTIONS)
    assert set(of_kind("AWS::IAM::Role")) == set(FUNCTIONS.values())
    assert {name: each["Properties"]["Role"] for name, each in of_kind("AWS::Serverless::Function").items()} == {
        name: {"Fn::GetAtt": [role, "Arn"]} for name, role in FUNCTIONS.items()
    }
    assert all("Type" in each for each in merged["Resources"].values()), "what is merged into nothing has no type"


def test_tables_buckets_and_queues_are_those_of_the_local_run_and_of_the_tests(cloud: None, of_kind: OfKind) -> None:
    told = {each["Properties"]["TableName"]["Fn::Sub"].replace("${Stage}", "test") for each in of_kind("AWS::DynamoDB::Table").values()}
    made = set(boto3.client("dynamodb").list_tables()["TableNames"])
    assert told == made == {arguments["TableName"] for arguments in template.tables("test")}
    names = {each["Properties"]["BucketName"]["Fn::Sub"] for each in of_kind("AWS::S3::Bucket").values()}
    buckets = {name.replace("${Stage}", "test").replace("${AWS::AccountId}", template.ACCOUNT) for name in names}
    assert buckets == {bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]} == set(template.buckets("test"))
    queues = {each["Properties"]["QueueName"]["Fn::Sub"].replace("${Stage}", "test") for each in of_kind("AWS::SQS::Queue").values()}
    assert queues == {url.rpartition("/")[2] for url in boto3.client("sqs").list_queues()["QueueUrls"]} == set(template.queues("test"))


def test_keys_indexes_and_streams_are_those_of_the_local_run(cloud: None, of_kind: OfKind) -> None:
    dynamodb = boto3.client("dynamodb")
    for each in of_kind("AWS::DynamoDB::Table").values():
        wanted = each["Properties"]
        made = dynamodb.describe_table(TableName=wanted["TableName"]["Fn::Sub"].replace("${Stage}", "test"))["Table"]
        assert made["KeySchema"] == wanted["KeySchema"]
        assert made["AttributeDefinitions"] == wanted["AttributeDefinitions"]
        assert made.get("GlobalSecondaryIndexes", []) == wanted.get("GlobalSecondaryIndexes", [])
        assert made.get("StreamSpecification", {}).get("StreamViewType") == wanted.get("StreamSpecification", {}).get("StreamViewType")


def test_every_table_can_be_put_back_is_sealed_with_our_key_and_outlives_its_stack(of_kind: OfKind) -> None:
    for name, each in of_kind("AWS::DynamoDB::Table").items():
        about = each["Properties"]
        assert about["BillingMode"] == "PAY_PER_REQUEST", name
        assert about["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, name
        assert about["SSESpecification"]["KMSMasterKeyId"] == {"Fn::GetAtt": ["Key", "Arn"]}, name
        assert about["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}, name
        assert (each["DeletionPolicy"], each["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain"), name


def test_routes_of_the_template_of_the_app_and_of_the_document_are_the_same(merged: dict[str, Any]) -> None:
    paths = merged["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    deployed = {(method, path) for path, methods in paths.items() for method in METHODS & set(methods)}
    ours = {(method.lower(), path) for path, methods in app.routes.items() for method in methods}
    described = {
        (entry.view_function.operation.method.lower(), path)
        for path, methods in app.routes.items()
        for entry in methods.values()
        if isinstance(entry.view_function, endpoint.Opened)
    }
    assert deployed == ours == described | {("get", "/api/openapi.json")}


def test_headers_of_a_page_are_those_of_the_edge(cloud: None, of_kind: OfKind) -> None:
    policy = of_kind("AWS::CloudFront::ResponseHeadersPolicy")["PortalHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    boto3.client("s3").put_object(
        Bucket="anteroom-test-portals-000000000000", Key="patient/index.html", Body=b"<p>", ContentType="text/html"
    )
    shelf = Shelf(boto3.client("s3"), "anteroom-test-portals-000000000000", "patient/", {}, template.headers("test"))
    served = dict(shelf.answer(Request("GET", "/")).headers)
    assert served["Content-Security-Policy"] == policy["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    assert {item["Header"]: item["Value"] for item in policy["CustomHeadersConfig"]["Items"]}.items() <= served.items()
    assert len([name for name in served if name not in ("Content-Type", "ETag")]) == 5 + len(policy["CustomHeadersConfig"]["Items"])


def test_every_header_that_the_code_reads_is_handed_on() -> None:
    read = set()
    for path in (ROOT / "backend" / "chalicelib").rglob("*.py"):
        read |= set(re.findall(r"headers\.get\(\"([a-z-]+)\"", path.read_text(encoding="utf-8")))
    assert read | {"cookie", "cloudfront-viewer-address"} <= api.handed_on()
    policy = dict(template.resources("AWS::CloudFront::OriginRequestPolicy", "test"))["ApiHeaders"]["OriginRequestPolicyConfig"]
    assert len(policy["HeadersConfig"]["Headers"]) <= 10, "as many as a policy takes (CloudFront quotas)"


def test_an_answer_of_the_api_is_never_cached_and_never_replaced(of_kind: OfKind) -> None:
    for each in of_kind("AWS::CloudFront::Distribution").values():
        about = each["Properties"]["DistributionConfig"]
        (behaviour,) = about["CacheBehaviors"]
        assert behaviour["PathPattern"] == "/api/*"
        assert behaviour["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
        assert "FunctionAssociations" not in behaviour
        assert "CustomErrorResponses" not in about


def every_statement(merged: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(role, statement) for all functions."""
    for role in FUNCTIONS.values():
        for statement in statements(merged, role):
            yield role, statement


def test_no_function_may_do_anything_wholesale(merged: dict[str, Any]) -> None:
    for role, statement in every_statement(merged):
        assert statement["Effect"] == "Allow", (role, statement)
        assert not [action for action in listed(statement["Action"]) if "*" in action], (role, statement)
        assert not {"dynamodb:Scan", "dynamodb:DeleteTable", "dynamodb:PartiQLSelect"} & set(listed(statement["Action"]))
        assert "*" not in listed(statement["Resource"]), (role, statement)


def test_nobody_changes_or_removes_what_was_written_down(merged: dict[str, Any]) -> None:
    audit = {"Fn::GetAtt": ["AuditTable", "Arn"]}
    for role, statement in every_statement(merged):
        if audit in listed(statement["Resource"]):
            assert not {"dynamodb:DeleteItem", "dynamodb:UpdateItem"} & set(listed(statement["Action"])), role


def test_workers_reach_no_table_but_the_notices_and_the_clinics(merged: dict[str, Any]) -> None:
    for role in ("SendPostedRole", "SweepDueRole"):
        named = {
            str(place["Fn::GetAtt"][0]) for each in statements(merged, role) for place in listed(each["Resource"]) if "Fn::GetAtt" in place
        }
        assert {name for name in named if name.endswith("Table")} == {"NoticesTable", "DueTable", "ClinicsTable"}


def test_every_function_is_told_the_same_and_writes_into_a_sealed_log(merged: dict[str, Any], of_kind: OfKind) -> None:
    told = [each["Properties"]["Environment"]["Variables"] for each in of_kind("AWS::Serverless::Function").values()]
    assert set(told[0]) == {
        "ANTEROOM_STAGE", "ANTEROOM_PATIENT_ORIGIN", "ANTEROOM_STAFF_ORIGIN", "ANTEROOM_KEYS_SECRET", "ANTEROOM_EDGE_SECRET"
    }  # fmt: skip
    assert all(each == told[0] for each in told)
    for name, each in of_kind("AWS::Logs::LogGroup").items():
        assert each["Properties"]["KmsKeyId"] == {"Fn::GetAtt": ["Key", "Arn"]}, name
        assert each["Properties"]["RetentionInDays"] >= 30, name
    for each in of_kind("AWS::Serverless::Function").values():
        assert each["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] in of_kind("AWS::Logs::LogGroup")


def test_no_secret_is_written_in_the_template(built: tuple[Path, Path]) -> None:
    text = built[0].read_text(encoding="utf-8")
    assert "ANTEROOM_KEYS:" not in text
    assert "{{resolve:secretsmanager:${EdgeSecret}}}" in text


def test_without_tls_nothing_is_taken(of_kind: OfKind) -> None:
    for kind in ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy"):
        for name, each in of_kind(kind).items():
            denied = [s for s in each["Properties"]["PolicyDocument"]["Statement"] if s["Effect"] == "Deny"]
            assert [s["Condition"] for s in denied] == [{"Bool": {"aws:SecureTransport": "false"}}], name
    for each in of_kind("AWS::CloudFront::Distribution").values():
        about = each["Properties"]["DistributionConfig"]
        assert {b["ViewerProtocolPolicy"] for b in (about["DefaultCacheBehavior"], *about["CacheBehaviors"])} <= {
            "redirect-to-https",
            "https-only",
        }


def test_the_edge_template_is_for_the_region_of_certificates() -> None:
    edge = yaml.load((ROOT / "infra" / "edge.yaml").read_text(encoding="utf-8"), template.Loader)
    assert {each["Type"] for each in edge["Resources"].values()} == {"AWS::CertificateManager::Certificate", "AWS::WAFv2::WebACL"}
