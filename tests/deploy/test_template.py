"""The template that goes to AWS says what the local run, the tests and the app say, and gives nobody more than they need."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from botocore.exceptions import ClientError

from app import app
from chalicelib.documents.rules import places
from chalicelib.doors import endpoint
from chalicelib.kit import table
from chalicelib.portals import workers
from scripts.deploying import api
from scripts.local import arrivals, template, woken
from scripts.local.environment import ROOT
from scripts.local.shelf import Shelf
from scripts.local.wire import Request
from tests.deploy.building import Resources
from tests.documents.makers import a_document

pytestmark = pytest.mark.cloud

OfKind = Callable[[str], Resources]
FUNCTIONS = {"APIHandler": "ApiHandlerRole", "SendPosted": "SendPostedRole", "SweepDue": "SweepDueRole"}
OURS = {"PublishPortals": "PublishPortalsRole", "InspectDocuments": "InspectDocumentsRole"}  # not Chalice's
METHODS = {"get", "post", "put", "patch", "delete"}


def statements(merged: dict[str, Any], role: str) -> list[dict[str, Any]]:
    """Every statement of a role's own policies."""
    policies = merged["Resources"][role]["Properties"]["Policies"]
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def listed(value: Any) -> list[Any]:
    """One or many, as many."""
    return value if isinstance(value, list) else [value]


def test_chalices_own_names_are_those_that_the_overlay_means(merged: dict[str, Any], of_kind: OfKind) -> None:
    assert set(of_kind("AWS::Serverless::Function")) == set(FUNCTIONS | OURS)
    assert set(of_kind("AWS::IAM::Role")) == set((FUNCTIONS | OURS).values())
    assert {name: each["Properties"]["Role"] for name, each in of_kind("AWS::Serverless::Function").items()} == {
        name: {"Fn::GetAtt": [role, "Arn"]} for name, role in (FUNCTIONS | OURS).items()
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
    policy = of_kind("AWS::CloudFront::ResponseHeadersPolicy")["PatientHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    boto3.client("s3").put_object(
        Bucket="anteroom-test-portals-000000000000", Key="patient/index.html", Body=b"<p>", ContentType="text/html"
    )
    shelf = Shelf(boto3.client("s3"), "anteroom-test-portals-000000000000", "patient/", {}, template.headers("test"))
    served = dict(shelf.answer(Request("GET", "/")).headers)
    told = policy["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"][0]
    assert served["Content-Security-Policy"] == re.sub(r" \$\{\w+\}", "", told)
    assert {item["Header"]: item["Value"] for item in policy["CustomHeadersConfig"]["Items"]}.items() <= served.items()
    assert len([name for name in served if name not in ("Content-Type", "ETag")]) == 5 + len(policy["CustomHeadersConfig"]["Items"])


BUCKET_HOSTS = {"Quarantine": "QuarantineBucket", "Documents": "DocumentsBucket"}


@pytest.mark.parametrize(
    ("host", "connect", "img"),
    [("Patient", ["'self'", "${Quarantine}", "${Documents}"], "${Documents}"), ("Staff", ["'self'", "${Documents}"], "${Documents}")],
)
def test_pages_reach_the_buckets_of_files_and_no_other_host(host: str, connect: list[str], img: str, of_kind: OfKind) -> None:
    policy = of_kind("AWS::CloudFront::ResponseHeadersPolicy")[f"{host}Headers"]["Properties"]["ResponseHeadersPolicyConfig"]
    words, places = policy["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    rules = {name: sources for name, *sources in (each.split() for each in words.split(";"))}
    assert (rules["connect-src"], rules["img-src"]) == (connect, ["'self'", "data:", "blob:", img])
    assert "${" not in " ".join(" ".join(sources) for name, sources in rules.items() if name not in ("connect-src", "img-src"))
    for name, place in places.items():
        own = {"Fn::Sub": f"https://${{{BUCKET_HOSTS[name]}.RegionalDomainName}}"}
        assert place == {"Fn::If": ["HasFilesOrigin", {"Ref": "FilesOrigin"}, own]}
    pages = of_kind("AWS::CloudFront::Distribution")[f"{host}Distribution"]["Properties"]["DistributionConfig"]["DefaultCacheBehavior"]
    assert pages["ResponseHeadersPolicyId"] == {"Ref": f"{host}Headers"}


def test_pages_of_both_hosts_have_the_same_headers_but_for_what_they_may_reach(of_kind: OfKind) -> None:
    policies = of_kind("AWS::CloudFront::ResponseHeadersPolicy")
    patient, staff = (policies[f"{host}Headers"]["Properties"]["ResponseHeadersPolicyConfig"] for host in ("Patient", "Staff"))
    for policy in (patient, staff):
        del policy["SecurityHeadersConfig"]["ContentSecurityPolicy"], policy["Name"]
    assert patient == staff


def test_a_bucket_of_files_answers_the_pages_that_have_to_do_with_it(of_kind: OfKind) -> None:
    buckets = {name: each["Properties"].get("CorsConfiguration") for name, each in of_kind("AWS::S3::Bucket").items()}
    patient, staff = {"Ref": "PatientOrigin"}, {"Ref": "StaffOrigin"}
    sending = {"AllowedMethods": ["POST"], "AllowedOrigins": [patient], "AllowedHeaders": ["Content-Type"], "MaxAge": 3000}
    reading = {"AllowedMethods": ["GET"], "AllowedOrigins": [patient, staff], "MaxAge": 3000}
    assert buckets == {"PortalBucket": None, "QuarantineBucket": {"CorsRules": [sending]}, "DocumentsBucket": {"CorsRules": [reading]}}


def test_the_api_signs_for_what_is_sent_and_what_may_be_read_and_reads_nothing_of_what_was_sent(merged: dict[str, Any]) -> None:
    """A form or a link may do what its signer may, so these are the rights of patients' and staff's browsers too."""
    files = [each for each in statements(merged, "ApiHandlerRole") if listed(each["Action"])[0].startswith("s3:")]
    assert [(listed(each["Action"]), each["Resource"], each.get("Condition")) for each in files] == [
        (["s3:PutObject"], {"Fn::Sub": "${QuarantineBucket.Arn}/sent/*"}, None),
        (["s3:ListBucketVersions"], {"Fn::GetAtt": ["QuarantineBucket", "Arn"]}, {"StringLike": {"s3:prefix": "sent/*"}}),
        (["s3:GetObject"], {"Fn::Sub": "${DocumentsBucket.Arn}/released/*"}, None),
    ]
    document = a_document()
    assert fnmatch(places.sent(document), "sent/*")
    assert fnmatch(places.released(document), "released/*")
    may = {action for each in statements(merged, "ApiHandlerRole") for action in listed(each["Action"])}
    assert {"kms:Decrypt", "kms:GenerateDataKey"} <= may, "the buckets are sealed with our key"


GUARD = yaml.load((ROOT / "infra" / "guard.yaml").read_text(encoding="utf-8"), template.Loader)
PLAN = "AWS::GuardDuty::MalwareProtectionPlan"


def test_the_guard_scans_what_is_sent_to_the_quarantine_of_its_stage_and_nothing_else(of_kind: OfKind) -> None:
    assert {each["Type"] for each in GUARD["Resources"].values()} == {PLAN, "AWS::IAM::Role"}
    bucket = GUARD["Resources"]["Scan"]["Properties"]["ProtectedResource"]["S3Bucket"]
    assert bucket["ObjectPrefixes"] == [arrivals.PREFIX]
    assert bucket["BucketName"]["!Sub"] == of_kind("AWS::S3::Bucket")["QuarantineBucket"]["Properties"]["BucketName"]["Fn::Sub"]


def test_aws_is_given_no_aliases_beside_the_stage_either() -> None:
    for name in ("edge.yaml", "guard.yaml"):
        events = yaml.parse((ROOT / "infra" / name).read_text(encoding="utf-8"))
        assert [event for event in events if isinstance(event, yaml.AliasEvent)] == [], name


def test_the_guard_reads_what_was_sent_and_changes_none_of_it() -> None:
    (policy,) = GUARD["Resources"]["ScanRole"]["Properties"]["Policies"]
    may = {action: each for each in policy["PolicyDocument"]["Statement"] for action in listed(each["Action"])}
    assert not [action for action in may if "*" in action or ("Delete" in action and action != "events:DeleteRule")]
    assert may["s3:GetObjectVersion"]["Resource"]["!Sub"].endswith("-quarantine-${AWS::AccountId}/sent/*")
    assert may["s3:PutObject"]["Resource"]["!Sub"].endswith("/malware-protection-resource-validation-object")
    assert not [each["Sid"] for each in may.values() for place in listed(each["Resource"]) if place == "*"]
    (trusting,) = GUARD["Resources"]["ScanRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trusting["Principal"] == {"Service": "malware-protection-plan.guardduty.amazonaws.com"}


def test_the_local_cloud_knows_no_such_plan(ministack: str) -> None:
    """Why it is a template of its own; the pump scans there (scripts/local/scanner.py)."""
    cloudformation = boto3.client("cloudformation", endpoint_url=ministack)
    alone = {"Resources": {"Scan": {"Type": PLAN, "Properties": {"Role": "r", "ProtectedResource": {"S3Bucket": {"BucketName": "b"}}}}}}
    with pytest.raises(ClientError, match=PLAN):
        cloudformation.create_stack(StackName="guard", TemplateBody=json.dumps(alone))


def test_every_header_that_the_code_reads_is_handed_on() -> None:
    read = set()
    for path in (ROOT / "backend" / "chalicelib").rglob("*.py"):
        read |= set(re.findall(r"headers\.get\(\"([a-z-]+)\"", path.read_text(encoding="utf-8")))
    assert read | {"cookie", "cloudfront-viewer-address"} <= api.handed_on()
    policy = dict(template.resources("AWS::CloudFront::OriginRequestPolicy", "test"))["ApiHeaders"]["OriginRequestPolicyConfig"]
    assert len(policy["HeadersConfig"]["Headers"]) <= 10, "as many as a policy takes (CloudFront quotas)"


# Whatever CloudFront would otherwise keep for ten seconds (its documentation, "HTTP status codes that CloudFront caches").
ERRORS = (400, 403, 404, 405, 414, 500, 501, 502, 503, 504)


def test_an_answer_of_the_api_is_never_cached_and_never_replaced(of_kind: OfKind) -> None:
    for each in of_kind("AWS::CloudFront::Distribution").values():
        about = each["Properties"]["DistributionConfig"]
        (behaviour,) = about["CacheBehaviors"]
        assert behaviour["PathPattern"] == "/api/*"
        assert behaviour["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
        assert "FunctionAssociations" not in behaviour
        kept = {error["ErrorCode"]: error for error in about["CustomErrorResponses"]}
        assert kept == {code: {"ErrorCode": code, "ErrorCachingMinTTL": 0} for code in ERRORS}, (
            "an error is kept, or a page takes its place"
        )


def test_aws_is_given_no_aliases_which_it_refuses(built: tuple[Path, Path]) -> None:
    text = built[0].read_text(encoding="utf-8")
    assert [event for event in yaml.parse(text) if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None)] == []


def test_there_is_one_stage_of_the_api_and_its_name_is_the_deployments(of_kind: OfKind) -> None:
    (about,) = (each["Properties"] for each in of_kind("AWS::Serverless::Api").values())
    assert str(about["OpenApiVersion"]) == "2.0", "without it SAM makes a second stage, which no throttle knows"
    assert (about["StageName"], about["Name"]) == ("v1", {"Fn::Sub": "anteroom-${Stage}"})


def every_statement(merged: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(role, statement) for all functions."""
    for role in (FUNCTIONS | OURS).values():
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


def test_the_publishing_worker_reaches_practitioners_but_no_patient_and_pages_but_no_other_bucket(merged: dict[str, Any]) -> None:
    may = {action: each for each in statements(merged, "PublishPortalsRole") for action in listed(each["Action"])}
    tables = [each for each in statements(merged, "PublishPortalsRole") if listed(each["Action"])[0].startswith("dynamodb:")]
    stream = [each for each in tables if "Stream" in str(each["Action"])]
    assert [each["Sid"] for each in stream] == ["WhichFormsArePublished", "AllStreamsOfTheTable"]
    assert all("QuestionnairesTable" in str(each["Resource"]) for each in stream)
    assert [(each["Action"], each["Resource"]["Fn::GetAtt"][0], each.get("Condition")) for each in tables if each not in stream] == [
        ("dynamodb:Query", "ClinicsTable", None),
        (["dynamodb:GetItem", "dynamodb:Query"], "QuestionnairesTable", None),
        ("dynamodb:Query", "PeopleTable", {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["C#*#PRACTITIONERS"]}}),
    ]
    pages = [str(each["Resource"]) for action, each in may.items() if action.startswith("s3:")]
    assert len(pages) == 4
    assert [place for place in pages if "PortalBucket" not in place] == []
    assert may["cloudfront-keyvaluestore:UpdateKeys"]["Resource"] == {"Fn::GetAtt": ["Clinics", "Arn"]}
    caches = [each["Fn::Sub"].rpartition("/")[2] for each in may["cloudfront:CreateInvalidation"]["Resource"]]
    assert caches == ["${PatientDistribution}", "${StaffDistribution}"]


def test_a_published_form_wakes_the_publishing_worker_and_a_draft_does_not(of_kind: OfKind) -> None:
    event = of_kind("AWS::Serverless::Function")["PublishPortals"]["Properties"]["Events"]["FormPublished"]
    assert (event["Type"], event["Properties"]["Stream"]) == ("DynamoDB", {"Fn::GetAtt": ["QuestionnairesTable", "StreamArn"]})
    (pattern,) = (json.loads(each["Pattern"]) for each in event["Properties"]["FilterCriteria"]["Filters"])
    assert pattern == {"dynamodb": {"Keys": {"sk": {"S": [{"prefix": woken.BEGINS}]}}}}


def test_the_keys_that_the_publishing_worker_may_ask_for_are_those_of_practitioners() -> None:
    assert fnmatch(table.key("north", "PRACTITIONERS"), "C#*#PRACTITIONERS")
    assert not any(fnmatch(table.key("north", *parts), "C#*#PRACTITIONERS") for parts in (("NAMES",), ("PATIENT", "p1")))


def test_the_publishing_worker_runs_on_the_machine_of_the_others_alone_and_is_tried_again(of_kind: OfKind) -> None:
    functions = {name: each["Properties"] for name, each in of_kind("AWS::Serverless::Function").items()}
    ours = functions["PublishPortals"]
    assert {(each["Runtime"], *each["Architectures"]) for each in functions.values()} == {(ours["Runtime"], *ours["Architectures"])}
    assert ours["Handler"] == f"{workers.__name__}.{workers.publish.__name__}"
    assert (ours["CodeUri"], ours["ReservedConcurrentExecutions"]) == ("./publishing.zip", 1)
    assert ours["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["DeadLetters", "Arn"]}


def test_nothing_refers_to_the_publishing_worker_but_what_looks_at_it(merged: dict[str, Any]) -> None:
    """It refers to the distributions and they to the API: a way back from there would be a circle."""
    naming = {name for name, each in merged["Resources"].items() if "'PublishPortals'" in str(each) or "${PublishPortals}" in str(each)}
    assert naming == {"PublishingFailedAlarm", "Dashboard"}


def test_every_function_is_told_what_it_needs_and_writes_into_a_sealed_log(merged: dict[str, Any], of_kind: OfKind) -> None:
    functions = of_kind("AWS::Serverless::Function")
    told = [functions[name]["Properties"]["Environment"]["Variables"] for name in FUNCTIONS]
    assert set(functions["PublishPortals"]["Properties"]["Environment"]["Variables"]) == {
        "ANTEROOM_STAGE", "ANTEROOM_ACCOUNT", "ANTEROOM_EDGE_STORE", "ANTEROOM_PATIENT_DISTRIBUTION", "ANTEROOM_STAFF_DISTRIBUTION"
    }  # fmt: skip
    assert set(told[0]) == {
        "ANTEROOM_STAGE", "ANTEROOM_ACCOUNT", "ANTEROOM_PATIENT_ORIGIN", "ANTEROOM_STAFF_ORIGIN", "ANTEROOM_FILES_ORIGIN",
        "ANTEROOM_KEYS_SECRET", "ANTEROOM_EDGE_SECRET", "ANTEROOM_SENDER",
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
