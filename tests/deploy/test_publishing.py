"""Publishing to a deployed stage: what is asked of AWS, how it is signed, and what is said when it cannot be."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any, NoReturn

import boto3
import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, NoCredentialsError
from botocore.stub import Stubber
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.kit import settings
from chalicelib.kit.bucket import Bucket
from chalicelib.portals.actions import writing
from chalicelib.portals.records import Page, Published
from scripts.local.environment import Plain
from scripts.publishing import cloudfront, command, deployed, signing, telling
from scripts.publishing.cloudfront import CloudFront

ARN = "arn:aws:cloudfront::123456789012:key-value-store/0e6c1b6f-1f0f-4d2a-9d3e-0123456789ab"
STORE = "/key-value-stores/arn%3Aaws%3Acloudfront%3A%3A123456789012%3Akey-value-store%2F0e6c1b6f-1f0f-4d2a-9d3e-0123456789ab"
HOST = "123456789012.cloudfront-kvs.global.api.aws"
CHANGE = {"If-Match": "KV1PA6795UKMFR9", "Content-Type": "application/json"}
PUT, DELETE = b'{"Puts": [{"Key": "north", "Value": "en,es"}]}', b'{"Deletes": [{"Key": "north"}]}'
KEYS = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")  # the ones of AWS's own examples
NOW = datetime(2026, 11, 22, 8, 15, 30, tzinfo=UTC)
# What awscrt 0.38.0 signs such requests with at that time: method, path, headers, body, token, which headers, signature.
SIGNED = [
    ("GET", STORE, {}, b"", None, "host;x-amz-date;x-amz-region-set",
     "3046022100e82584db207731dae08168066dd8854b10ff6b625b83a016b7fdf64c5de017760221009dfd4cf25aa5834a2abe6a2404de9d5aa9abece0f029c403696d4c54246d215f"),
    ("GET", f"{STORE}/keys?MaxResults=50&NextToken=bm9ydGg%3D%2B%2F", {}, b"", None, "host;x-amz-date;x-amz-region-set",
     "30450220082f6727f73998f86a2751baf6f5c02e7e5068ccb84b620426f003f37aced92c022100b264766c8172841bef2f462e3ce90f6dfb998a72b61f0fdd68fb945ff140fa75"),
    ("POST", f"{STORE}/keys", CHANGE, PUT, None, "content-type;host;if-match;x-amz-date;x-amz-region-set",
     "3045022100f60dcf6ec35a645990dc634a72a628cfb7f4a914c332c6f31306059f66814c37022007323b57fdcf883af91cdbe4d7c570e1ccd6433a0acb3c1ace116555de10b193"),
    ("POST", f"{STORE}/keys", CHANGE, DELETE, "IQoJb3JpZ2luX2VjEXAMPLE//token==", "content-type;host;if-match;x-amz-date;x-amz-region-set;x-amz-security-token",
     "304402203f565392155a1c3a79864e46342a886998c56d8b71d4de554354189a498f061f02204fdee5316625ef126f6f0959dcf8a95428db3abe425c02787c14b2391b7e0657"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "headers", "body", "token", "names", "signature"), SIGNED)
def test_a_request_is_signed_as_awscrt_signs_it(
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes,
    token: str | None,
    names: str,
    signature: str,
) -> None:
    monkeypatch.setattr(auth, "get_current_datetime", lambda: NOW)
    signer = signing.Asymmetric(Credentials(*KEYS, token), "cloudfront-keyvaluestore", "*")
    request = AWSRequest(method=method, url=f"https://{HOST}{path}", headers=dict(headers), data=body)
    for _ in range(2):  # as botocore does when it tries again
        signer.add_auth(request)
    assert request.headers.get_all("X-Amz-Region-Set") == ["*"]
    told = request.headers["Authorization"]
    assert request.headers.get_all("Authorization") == [told]
    own = told.rpartition("=")[2]
    scope = "AKIDEXAMPLE/20261122/cloudfront-keyvaluestore/aws4_request"
    assert told == f"AWS4-ECDSA-P256-SHA256 Credential={scope}, SignedHeaders={names}, Signature={own}"
    del request.headers["Authorization"]
    said = signer.string_to_sign(request, signer.canonical_request(request)).encode()
    key = signing.private_key(*KEYS).public_key()
    for made in (signature, own):
        key.verify(bytes.fromhex(made), said, ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        key.verify(bytes.fromhex(signature), said + b" ", ec.ECDSA(hashes.SHA256()))


def test_no_key_is_made_of_a_number_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "ORDER", 1)
    with pytest.raises(ValueError, match="no key"):
        signing.private_key("another", "secret")


@pytest.fixture
def edge(ministack: str) -> CloudFront:
    """A store and two distributions on the local cloud."""
    client = boto3.client("cloudfront")
    known = {store["Name"]: store["ARN"] for store in client.list_key_value_stores()["KeyValueStoreList"].get("Items", [])}
    arn = known.get("clinics") or client.create_key_value_store(Name="clinics")["KeyValueStore"]["ARN"]
    made = CloudFront(arn, {host: a_distribution(client, host) for host in ("patient", "staff")})
    made.tell({}, made.languages())
    return made


def a_distribution(client: Any, name: str) -> str:
    """The id of a new distribution, of which nothing is asked but to be there."""
    origin = {"Id": "o", "DomainName": "pages.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
    behaviour = {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only", "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"}
    config = {"CallerReference": name, "Comment": name, "Enabled": True, "Origins": {"Quantity": 1, "Items": [origin]}}
    made: str = client.create_distribution(DistributionConfig={**config, "DefaultCacheBehavior": behaviour})["Distribution"]["Id"]
    return made


@pytest.mark.cloud
def test_the_store_holds_what_the_edge_was_told_whatever_the_number(edge: CloudFront) -> None:
    told = {f"clinic-{number}": "en,es" for number in range(120)}
    edge.tell(told, ())
    assert edge.languages() == told
    edge.tell({"clinic-7": "es"}, [f"clinic-{number}" for number in range(8, 120)])
    assert edge.languages() == {**{f"clinic-{number}": "en,es" for number in range(7)}, "clinic-7": "es"}


@pytest.mark.cloud
def test_two_who_publish_cannot_mix_what_they_tell(edge: CloudFront, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloudfront, "BATCH", 1)
    update = edge._keys.update_keys

    def somebody_else_first(**wanted: Any) -> Any:
        update(**{**wanted, "Puts": [{"Key": "theirs", "Value": "en"}]})
        return update(**wanted)

    monkeypatch.setattr(edge._keys, "update_keys", somebody_else_first)
    with pytest.raises(ClientError, match="ConflictException"):
        edge.tell({"ours": "en"}, ())
    assert edge.languages() == {"theirs": "en"}


@pytest.mark.cloud
def test_the_caches_of_each_host_are_told_what_to_forget(edge: CloudFront) -> None:
    edge.forget("patient", ["/north/en/", "/north/en/index.html"])
    edge.forget("staff", ["/*"])
    edge.forget("staff", ["/*"])
    client = boto3.client("cloudfront")
    found = {}
    for host, name in edge._distributions.items():
        items = client.list_invalidations(DistributionId=name)["InvalidationList"]["Items"]
        batches = [client.get_invalidation(DistributionId=name, Id=item["Id"])["Invalidation"]["InvalidationBatch"] for item in items]
        found[host] = [batch["Paths"]["Items"] for batch in batches]
    assert found == {"patient": [["/north/en/", "/north/en/index.html"]], "staff": [["/*"], ["/*"]]}


@pytest.mark.cloud
def test_the_local_cloud_too_lists_what_lies_there_by_its_md5(ministack: str) -> None:
    bucket = Bucket(settings.bucket("portals"))
    page = Page(body=b"some words", content_type="text/html", cache_control="no-store", status=404)
    writing.put(bucket, "elsewhere/404.html", page)
    assert list(bucket.tags("elsewhere/")) == [("elsewhere/404.html", page.tag)]
    found = bucket.client.head_object(Bucket=bucket.name, Key="elsewhere/404.html")
    assert (found["Metadata"], found["ContentType"], found["CacheControl"]) == ({"status": "404"}, "text/html", "no-store")


Stack = Callable[[dict[str, str] | Exception], None]


@pytest.fixture
def stack(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """`stack({...})`: what the stack tells; an exception is raised instead."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")  # what publishing sets is put back after the test
    real = boto3.client

    def told(outputs: dict[str, str] | Exception) -> None:
        class Client:
            def describe_stacks(self, **_: str) -> dict[str, Any]:
                if isinstance(outputs, Exception):
                    raise outputs
                return {"Stacks": [{"Outputs": [{"OutputKey": key, "OutputValue": text} for key, text in outputs.items()]}]}

        monkeypatch.setattr(boto3, "client", lambda name, **options: Client() if name == "cloudformation" else real(name, **options))

    return told


OUTPUTS = {
    "PortalBucket": settings.bucket("portals"),
    "ClinicsStore": ARN,
    "PatientDistributionId": "E1",
    "StaffDistributionId": "E2",
}


class Recorded:
    """An edge that knows nothing and notes what it is told."""

    def __init__(self, store: str, distributions: dict[str, str]) -> None:
        self.about = (store, distributions)
        RECORDED.append(self)

    def languages(self) -> dict[str, str]:
        return {}

    def tell(self, languages: dict[str, str], gone: Collection[str]) -> None:
        assert not gone
        self.told = languages

    def forget(self, host: str, addresses: list[str]) -> NoReturn:
        raise AssertionError((host, addresses))


RECORDED: list[Recorded] = []


@pytest.mark.thorough
def test_a_stage_gets_its_pages_and_its_languages(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stack(OUTPUTS)
    monkeypatch.setattr(deployed, "CloudFront", Recorded)
    dry = deployed.publish("test", "us-east-1", dry_run=True)
    assert list(Bucket(settings.bucket("portals")).keys()) == []
    said = capsys.readouterr().out
    assert "Publishing the portals (nothing will be written)\n" in said
    assert "  + patient/north/en/index.html\n" in said
    files = f"files written: {len(dry.written)}, removed: 0, as they were: 0"
    assert f"  would be: {files}; clinics told to the edge: 3, addresses forgotten: 0\n" in said
    assert deployed.publish("test", "us-east-1") == dry
    assert RECORDED[-1].about == (ARN, {"patient": "E1", "staff": "E2"})
    assert RECORDED[-1].told == {"north": "en,es", "prairie": "en", "south": "en"}
    assert {*Bucket(settings.bucket("portals")).keys()} == {*dry.written, "published.json"}


def refused(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Any")


@pytest.mark.parametrize(
    ("outputs", "sentence"),
    [
        (
            refused("ValidationError", "Stack with id anteroom-test does not exist"),
            "There is no stack anteroom-test in us-east-1; deploy it with: python3 scripts/deploy.py --stage test",
        ),
        ({"ClinicsStore": ARN, "PortalBucket": "any"}, "The stack anteroom-test does not tell its PatientDistributionId; deploy it with: "),
        (NoCredentialsError(), "AWS did not let the portals be published: Unable to locate credentials. Start it again"),
        (refused("AccessDenied", "You may not."), "AWS did not let the portals be published: You may not. Start it again"),
        (refused("Strange", ""), "AWS did not let the portals be published: An error occurred"),
    ],
)
def test_what_stands_in_the_way_is_said_in_one_sentence(stack: Stack, outputs: dict[str, str] | Exception, sentence: str) -> None:
    stack(outputs)
    with pytest.raises(Plain) as plain:
        deployed.publish("test", "us-east-1")
    assert str(plain.value).startswith(sentence)
    assert "\n" not in str(plain.value)
    assert list(Bucket(settings.bucket("portals")).keys()) == []


def test_a_portal_that_cannot_be_rendered_is_not_published(stack: Stack, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    stack(OUTPUTS)
    monkeypatch.setattr(deployed, "CloudFront", Recorded)
    text = settings.app_json().read_text("utf-8")
    assert '"icon": "' in text
    (tmp_path / "app.json").write_text(text.replace('"icon": "', '"icon": "unicorn-', 1), "utf-8")
    monkeypatch.setenv("ANTEROOM_APP_JSON", str(tmp_path / "app.json"))
    with pytest.raises(Plain, match=r"^The portals cannot be rendered, so nothing was written: .*'unicorn-"):
        deployed.publish("test", "us-east-1")
    assert list(Bucket(settings.bucket("portals")).keys()) == []


def test_what_s3_will_not_remove_is_no_success(cloud: None) -> None:
    bucket = Bucket(settings.bucket("portals"))
    with Stubber(bucket.client) as stub:
        stub.add_response("delete_objects", {"Errors": [{"Key": "a", "Code": "AccessDenied", "Message": "You may not."}]})
        with pytest.raises(ClientError, match="You may not"):
            bucket.delete(["a"])


def test_a_bar_is_drawn_for_each_thing_that_is_done(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    bars = telling.Bars()
    for step in (("Rendering", 1, 2), ("Rendering", 2, 2), ("Writing", 1, 3)):
        bars.see(*step)
    bars.close()
    drawn = capsys.readouterr().err
    assert "Rendering: 100%" in drawn
    assert "Writing:  33%" in drawn


def test_what_was_done_is_said_in_one_line() -> None:
    done = Published(written=("a", "b"), removed=("c",), kept=7, languages=("north",), forgotten=("patient/*",))
    told = "files written: 2, removed: 1, as they were: 7; clinics told to the edge: 1, addresses forgotten: 1"
    assert telling.summed(done, dry_run=False) == f"  {told}"
    assert list(telling.listed(done)) == ["  + a", "  + b", "  = north", "  - c", "  x patient/*"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--dry-run"], "a dry run is for a stage"),
        (["--stage", "local"], "scripts/deploy.py --stage local does, which publishes it"),
        (["--stage", "dev", "--data", "x"], "not with --stage: --data"),
        (["--stage", "dev", "--seed", "empty"], "not with --stage: --seed empty"),
    ],
)
def test_options_that_do_not_go_together_are_refused(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.read(words)
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("met", "code", "sentence"),
    [
        (None, 0, ""),
        (Plain("No."), 2, "No.\n"),
        (KeyboardInterrupt(), 130, "Stopped. What is there fits together; start it again to finish.\n"),
    ],
)
def test_the_command_ends_as_its_outcome(
    met: BaseException | None, code: int, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, bool]] = []

    def to_stage(stage: str, *, dry_run: bool) -> None:
        asked.append((stage, dry_run))
        if met:
            raise met

    monkeypatch.setattr(command, "to_stage", to_stage)
    monkeypatch.setattr(sys, "argv", ["publish.py", "--stage", "dev", "--dry-run"])
    assert (command.main(), asked) == (code, [("dev", True)])
    assert capsys.readouterr().err == sentence
