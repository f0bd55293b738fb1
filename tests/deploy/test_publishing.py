"""Publishing to a deployed stage: what is asked of AWS, and what is said when it cannot be."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection
from io import BytesIO
from types import SimpleNamespace
from typing import Any, NoReturn

import boto3
import pytest
from botocore.exceptions import ClientError, NoCredentialsError
from botocore.stub import Stubber

from chalicelib.kit import settings
from chalicelib.kit.bucket import Bucket
from chalicelib.portals.actions import writing
from chalicelib.portals.records import Page, Published
from scripts.local.environment import Plain
from scripts.publishing import command, deployed, telling, there

ARN = "arn:aws:cloudfront::123456789012:key-value-store/0e6c1b6f-1f0f-4d2a-9d3e-0123456789ab"


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
    assert telling.summed(done.counts) == f"  {told}"
    assert list(telling.listed(done)) == ["  + a", "  + b", "  = north", "  - c", "  x patient/*"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--dry-run"], "a dry run is for a stage"),
        (["--stage", "local"], "scripts/deploy.py --stage local does, which publishes it"),
        (["--there"], "the worker is a stage's"),
        (["--stage", "dev", "--there", "--dry-run"], "the worker makes no dry run"),
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
    asked: list[tuple[str, bool, bool]] = []

    def to_stage(stage: str, *, dry_run: bool, there: bool) -> None:
        asked.append((stage, dry_run, there))
        if met:
            raise met

    monkeypatch.setattr(command, "to_stage", to_stage)
    monkeypatch.setattr(sys, "argv", ["publish.py", "--stage", "dev", "--dry-run"])
    assert (command.main(), asked) == (code, [("dev", True, False)])
    assert capsys.readouterr().err == sentence


class Worker:
    """Lambda, which answers so, or raises."""

    def __init__(self, answer: dict[str, Any] | Exception) -> None:
        self.answer = answer
        self.exceptions = SimpleNamespace(TooManyRequestsException=Busy)

    def invoke(self, **told: Any) -> dict[str, Any]:
        assert told == {"FunctionName": "anteroom-test-publishing", "Payload": b"{}"}
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Busy(ClientError):
    """As Lambda refuses a second at a time."""

    def __init__(self) -> None:
        super().__init__({"Error": {"Code": "TooManyRequestsException", "Message": "Rate exceeded"}}, "Invoke")


def an_answer(told: dict[str, Any], **more: str) -> dict[str, Any]:
    return {"StatusCode": 200, "Payload": BytesIO(json.dumps(told).encode()), **more}


@pytest.fixture
def worker(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any] | Exception], None]:
    """`worker(answer)`: what the stage's worker answers."""
    stack({"PublishingFunction": "anteroom-test-publishing"})
    known = boto3.client

    def answering(answer: dict[str, Any] | Exception) -> None:
        monkeypatch.setattr(boto3, "client", lambda name, **options: Worker(answer) if name == "lambda" else known(name, **options))

    return answering


def test_what_the_worker_did_is_said_in_the_same_words(worker: Any, capsys: pytest.CaptureFixture[str]) -> None:
    worker(an_answer({"written": 2, "removed": 1, "kept": 7, "languages": 1, "forgotten": 3}))
    there.publish("test", "us-east-1")
    told = "files written: 2, removed: 1, as they were: 7; clinics told to the edge: 1, addresses forgotten: 3"
    assert capsys.readouterr().out == f"Letting the deployed worker publish the portals\n  {told}\n"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Busy(), "The worker is publishing already; what has changed since shows after: python3 scripts/publish.py --stage test --there"),
        (refused("AccessDenied", "You may not."), "AWS did not let the portals be published: You may not. Start it again"),
        (
            an_answer({"errorType": "NoClinics", "errorMessage": "The table\nis empty."}, FunctionError="Unhandled"),
            "The worker broke off: NoClinics: The table is empty. The log /anteroom/test/publishing says where, docs/runbook.md what to do.",
        ),
        (an_answer({}, FunctionError="Unhandled"), "The worker broke off: Lambda does not say why. "),
    ],
)
def test_what_stands_in_the_workers_way_is_said_in_one_sentence(worker: Any, answer: dict[str, Any] | Exception, sentence: str) -> None:
    worker(answer)
    with pytest.raises(Plain) as plain:
        there.publish("test", "us-east-1")
    assert str(plain.value).startswith(sentence)
    assert "\n" not in str(plain.value)


def test_a_stage_of_before_has_no_worker(stack: Stack) -> None:
    stack(OUTPUTS)
    with pytest.raises(Plain, match=r"The stack anteroom-test does not tell its PublishingFunction; deploy it with: "):
        there.publish("test", "us-east-1")
