"""Deploying: what is refused in one plain sentence with nothing changed, what is shown before it happens, and the way back."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, NoCredentialsError, WaiterError
from botocore.stub import Stubber

from chalicelib.clinics import actions as clinics
from chalicelib.doors import edge
from chalicelib.identity import actions as identity
from scripts import deploy as command
from scripts.building import release
from scripts.deploying import after, back, checks, deploy, stages, wanted
from scripts.deploying.artifacts import Artifacts, Deployment
from scripts.deploying.stack import Change, Stack, shown
from scripts.deploying.stages import FirstManager, Stage
from scripts.local import filling
from scripts.local.environment import Plain
from tests.callers import given_the_clinics

ARN = "arn:aws:acm:us-east-1:123456789012:certificate/1"
A_STAGE: dict[str, Any] = {"region": "us-east-1", "sender": "clinic.example"}
HOSTS = {"patientOrigin": "https://visits.clinic.example", "staffOrigin": "https://staff.clinic.example"}


def written(folder: Path, told: Any) -> Path:
    """infra/stages.json with this in it."""
    file = folder / "stages.json"
    file.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("{", "has a mistake"),
        ({"dev": {"sender": "clinic.example"}}, "region"),
        ({"dev": {**A_STAGE, "region": "Virginia"}}, "region"),
        ({"dev": {**A_STAGE, "colour": "green"}}, "colour"),
        ({"prod": A_STAGE}, "has no stage 'dev'; it has prod"),
        ({"dev": {**A_STAGE, "patientOrigin": "https://visits.clinic.example"}}, "names one origin"),
        ({"dev": {**A_STAGE, **HOSTS, "staffOrigin": HOSTS["patientOrigin"], "certificate": ARN}}, "a host of its own"),
        ({"dev": {**A_STAGE, **HOSTS}}, "needs a certificate"),
        ({"dev": {**A_STAGE, **HOSTS, "certificate": ARN.replace("us-east-1", "eu-west-1")}}, "from us-east-1 alone"),
        ({"dev": {**A_STAGE, **HOSTS, "patientOrigin": "visits.clinic.example", "certificate": ARN}}, "patientOrigin"),
        ({"dev": {**A_STAGE, "firstManagers": [{"clinic": "north"}]}}, "firstManagers"),
        ({"dev": {**A_STAGE, "filesOrigin": "https://files.clinic.example"}}, "on S3's own host"),
    ],
)
def test_a_mistake_in_the_stages_is_told_with_its_place(tmp_path: Path, told: Any, sentence: str) -> None:
    with pytest.raises(Plain, match=sentence):
        stages.read("dev", written(tmp_path, told))


def test_a_stage_that_cannot_be_named_so_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Plain, match="cannot be a stage's name"):
        stages.read("Dev_1", written(tmp_path, {"Dev_1": A_STAGE}))
    with pytest.raises(Plain, match="cannot be read"):
        stages.read("dev", tmp_path / "nowhere.json")


@pytest.mark.parametrize("name", sorted(edge.UNGUARDED))
def test_a_name_under_which_the_edge_guards_nothing_is_none_of_a_stage_on_aws(tmp_path: Path, name: str) -> None:
    assert set(stages.UNGUARDED) == edge.UNGUARDED
    with pytest.raises(Plain, match="cannot be a stage on AWS"):
        stages.read(name, written(tmp_path, {name: A_STAGE}))


def test_the_stages_of_this_checkout_can_be_read() -> None:
    assert stages.parameters("dev", stages.read("dev"))["Stage"] == "dev"
    assert stages.read("prod").region


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_each_stage_of_this_checkout_sends_from_an_address_that_its_role_allows(name: str) -> None:
    stage = stages.read(name)
    sender = clinics.brand_at(checks.portal(stage).brand, stage.sender, stage.patient_origin).sender
    assert parseaddr(sender)[1].endswith(f"@{stage.sender}")


@pytest.mark.parametrize("sender", ["localhost", "https://clinic.example", "Clinic <visits@clinic.example>"])
def test_a_sender_that_no_mail_could_come_from_is_refused(sender: str) -> None:
    with pytest.raises(
        Plain, match=r"No mail could be sent: brand\.sender 'Harbour Health <.*make no mail address; .* or one whole address"
    ):
        checks.portal(Stage(region="us-east-1", sender=sender))


def test_what_is_empty_is_left_to_the_templates_default(tmp_path: Path) -> None:
    stage = stages.read("dev", written(tmp_path, {"dev": A_STAGE}))
    assert stages.parameters("dev", stage) == {"Stage": "dev", "SenderIdentity": "clinic.example"}


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (NoCredentialsError(), "There are no AWS credentials"),
        (ClientError({"Error": {"Code": "InvalidClientTokenId"}}, "GetCallerIdentity"), "does not take these credentials"),
    ],
)
def test_without_credentials_that_count_nothing_begins(monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str) -> None:
    class Nobody:
        def get_caller_identity(self) -> None:
            raise error

    monkeypatch.setattr(boto3, "client", lambda *_, **__: Nobody())
    with pytest.raises(Plain, match=sentence):
        checks.account("us-east-1")


def test_another_region_in_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    with pytest.raises(Plain, match="make them agree"):
        checks.region(Stage(region="us-east-1", sender="clinic.example"))


def test_a_wrong_app_json_is_told_before_anything_is_built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wrong = tmp_path / "app.json"
    wrong.write_text('{"brand": 1}', encoding="utf-8")
    monkeypatch.setenv("ANTEROOM_APP_JSON", str(wrong))
    with pytest.raises(Plain, match="has a mistake"):
        checks.portal(Stage(region="us-east-1", sender="clinic.example"))


def test_a_first_manager_of_no_clinic_is_refused() -> None:
    person = FirstManager("nowhere", "Nia", "nia@clinic.example")
    with pytest.raises(Plain, match="no such clinic"):
        checks.portal(Stage(region="us-east-1", sender="clinic.example", first_managers=(person,)))


def test_a_first_manager_without_a_mail_address_is_refused() -> None:
    person = FirstManager("north", "Nia", "nia at clinic.example")
    with pytest.raises(Plain, match=r"invites Nia at 'nia at clinic\.example', which is no mail address"):
        checks.portal(Stage(region="us-east-1", sender="clinic.example", first_managers=(person,)))


@pytest.mark.usefixtures("cloud")
def test_a_first_manager_is_invited_once_however_the_address_is_typed() -> None:
    given_the_clinics()
    typed = [FirstManager("north", "Wilma Ortiz", email) for email in ("Wilma@Example.com", " wilma@EXAMPLE.com", "wilma@example.com")]
    for person in typed:
        after.invite(Stage(region="us-east-1", sender="clinic.example", first_managers=(person,)))
    (member,) = [member for member in identity.members("north") if member.name == "Wilma Ortiz"]
    assert (member.email, member.version) == ("wilma@example.com", 1)


@pytest.mark.parametrize(("words", "builds"), [([], True), (["--roll-back"], False), (["--built", "somewhere"], False)])
def test_only_who_builds_needs_a_python_that_can(monkeypatch: pytest.MonkeyPatch, words: list[str], builds: bool) -> None:
    asked = list[str]()
    for owner, name in ((checks, "python"), (deploy, "deploy"), (back, "roll_back"), (deploy, "at")):
        monkeypatch.setattr(owner, name, lambda *_, name=name, **__: asked.append(name))
    monkeypatch.setenv("AWS_DEFAULT_REGION", stages.read("dev").region)
    wanted.run(command.read(["--stage", "dev", *words]))
    assert asked == [*(["python"] if builds else []), "at", "roll_back" if "--roll-back" in words else "deploy"]


class Formation:
    """CloudFormation as far as a deployment asks it. `states` are told one after the other, the last for ever."""

    def __init__(self, *states: str, reason: str = "", events: Any = ()) -> None:
        self.states, self.reason, self.events = list(states), reason, events
        self.called: list[str] = []
        self.told: list[dict[str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        def call(**told: Any) -> Any:
            self.called.append(name)
            self.told.append(told)
            return {"Id": "arn:change-set"}

        return call

    def describe_stacks(self, **_: Any) -> Any:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if not state:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "Stack does not exist"}}, "DescribeStacks")
        return {"Stacks": [{"StackStatus": state, "Outputs": [{"OutputKey": "PatientEdge", "OutputValue": "d1.cloudfront.net"}]}]}

    def describe_change_set(self, **_: Any) -> Any:
        return {"StatusReason": self.reason}

    def get_waiter(self, _: str) -> Any:
        reason = self.reason

        class Waiter:
            def wait(self, **_: Any) -> None:
                if reason:
                    raise WaiterError("ChangeSetCreateComplete", reason, {})

        return Waiter()

    def get_paginator(self, _: str) -> Any:
        events = self.events

        class Pages:
            def paginate(self, **_: Any) -> Any:
                return [{"StackEvents": events}]

        return Pages()


def test_a_stack_that_is_as_it_should_be_is_left_alone() -> None:
    client = Formation("UPDATE_COMPLETE", reason="The submitted information didn't contain changes.")
    assert Stack(client, "anteroom-dev").propose("https://template", {}) == ""
    assert client.called == ["create_change_set", "delete_change_set"]


@pytest.mark.parametrize(("state", "kind"), [("", "CREATE"), ("REVIEW_IN_PROGRESS", "CREATE"), ("UPDATE_COMPLETE", "UPDATE")])
def test_a_stack_that_was_never_made_is_made(state: str, kind: str) -> None:
    client = Formation(state)
    assert Stack(client, "anteroom-dev").propose("https://template", {}) == "arn:change-set"
    assert client.told[0]["ChangeSetType"] == kind


@pytest.mark.parametrize(
    ("state", "reason", "sentence"),
    [
        ("ROLLBACK_COMPLETE", "", "delete it in CloudFormation"),
        ("UPDATE_IN_PROGRESS", "", "is being changed"),
        ("UPDATE_COMPLETE", "Template error: unresolved", "will not take the template: Template error: unresolved. Nothing was changed"),
    ],
)
def test_a_stack_that_cannot_be_changed_says_why(state: str, reason: str, sentence: str) -> None:
    with pytest.raises(Plain, match=sentence):
        Stack(Formation(state, reason=reason), "anteroom-dev").propose("https://template", {})


def an_event(status: str, name: str, why: str = "") -> dict[str, Any]:
    """One event of a stack, of now."""
    return {"ResourceStatus": status, "LogicalResourceId": name, "ResourceStatusReason": why, "Timestamp": datetime.now(UTC)}


def test_a_change_that_fails_is_rolled_back_and_its_first_reason_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.deploying.stack.time.sleep", lambda _: None)
    newest_first = [
        an_event("UPDATE_ROLLBACK_COMPLETE", "anteroom-dev"),
        an_event("UPDATE_FAILED", "Second"),
        an_event("CREATE_FAILED", "Queue", "taken"),
    ]
    client = Formation("UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE", events=newest_first)
    with pytest.raises(Plain, match=r"UPDATE_ROLLBACK_COMPLETE: Queue: taken\. What was there before is in place again"):
        Stack(client, "anteroom-dev").carry_out("arn:change-set")


def test_what_would_be_lost_stands_first_and_says_so() -> None:
    changes = [
        Change("Add", "A", "Queue", replaced=False),
        Change("Modify", "B", "Table", replaced=True),
        Change("Remove", "C", "Alarm", replaced=False),
    ]
    assert shown(changes) == ["  ~ B (Table)  REPLACED", "  - C (Alarm)", "  + A (Queue)"]


@pytest.mark.parametrize(("said", "agreed"), [("y", True), (" YES ", True), ("", False), ("n", False), ("yep", False)])
def test_only_a_yes_is_a_yes(monkeypatch: pytest.MonkeyPatch, said: str, agreed: bool) -> None:
    monkeypatch.setattr("builtins.input", lambda _: said)
    assert deploy.agreed("Deploy?") is agreed


def test_without_a_terminal_nobody_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    assert not deploy.agreed("Deploy?")


@pytest.fixture
def artifacts(cloud: None) -> Iterator[Artifacts]:
    """A stage's bucket that is there."""
    made = Artifacts(boto3.client("s3"), "anteroom-test-artifacts-123456789012", "123456789012", "us-east-1")
    made.provide()
    made.provide()
    yield made
    bucket = boto3.resource("s3").Bucket(made.bucket)
    bucket.object_versions.delete()
    bucket.delete()


def test_a_package_is_kept_under_its_content_and_the_template_names_it(artifacts: Artifacts, tmp_path: Path) -> None:
    template, packages = a_build(tmp_path)
    key = artifacts.keep(template, packages)
    assert artifacts.keep(template, packages) == key
    text = artifacts.client.get_object(Bucket=artifacts.bucket, Key=key)["Body"].read().decode()
    codes = [each.split("\n")[0] for each in text.split(f"CodeUri: s3://{artifacts.bucket}/")[1:]]
    held = [artifacts.client.get_object(Bucket=artifacts.bucket, Key=code)["Body"].read() for code in codes]
    assert held == [b"deployment.zip", b"deployment.zip", b"publishing.zip", b"inspecting.zip"]
    for package in packages:
        package.write_bytes(b"other code")
        assert artifacts.keep(template, packages) != key
        package.write_bytes(package.name.encode())
    assert artifacts.keep(template, packages) == key


def test_every_call_says_whose_bucket_it_must_be(artifacts: Artifacts, tmp_path: Path) -> None:
    said: list[tuple[str, str | None]] = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        said.append((model.name, params.get("ExpectedBucketOwner")))

    artifacts.client.meta.events.register("provide-client-params.s3", note)
    artifacts.provide()
    artifacts.note(artifacts.keep(*a_build(tmp_path)), {}, "v1", datetime.now(UTC))
    assert len(said) > 6
    assert {owner for _, owner in said} == {"123456789012"}, said


def test_a_bucket_of_that_name_that_is_somebody_elses_is_told_in_one_sentence(artifacts: Artifacts) -> None:
    client = boto3.client("s3")
    with Stubber(client) as stub, pytest.raises(Plain, match="belongs to another account"):
        stub.add_client_error("head_bucket", http_status_code=403)
        replace(artifacts, client=client).provide()


def a_build(folder: Path) -> tuple[Path, tuple[Path, ...]]:
    """What a build leaves, as far as a deployment looks at it."""
    codes = ("deployment.zip", "deployment.zip", "publishing.zip", "inspecting.zip")
    (folder / "sam.yaml").write_text("".join(f"f{at}:\n  CodeUri: ./{code}\n" for at, code in enumerate(codes)), encoding="utf-8")
    for code in codes:
        (folder / code).write_bytes(code.encode())
    return checks.packages(folder)


def test_the_way_back_leads_to_the_newest_deployment_of_another_template(artifacts: Artifacts) -> None:
    with pytest.raises(Plain, match="no earlier deployment"):
        back.earlier([Deployment("1", "a", {}, "v1")])
    for template, version in (("a", "v1"), ("b", "v2"), ("c", "v3"), ("c", "v3")):
        artifacts.note(template, {"Stage": "test"}, version, datetime.now(UTC))
    assert back.earlier(artifacts.deployments()).version == "v2"


def a_place(artifacts: Artifacts, client: Any = None, target: str = "aws", **told: Any) -> deploy.Place:
    """A stage called `dev`, which says of itself what is told."""
    stage = Stage(**{"region": "us-east-1", "sender": "clinic.example", **told})
    return deploy.Place("dev", stage, Stack(client or Formation("UPDATE_COMPLETE"), "anteroom-dev"), artifacts, target)


def test_going_back_keeps_the_settings_of_today(
    monkeypatch: pytest.MonkeyPatch, artifacts: Artifacts, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (
        "Parameters:\n  Stage: {Type: String}\n  PatientOrigin: {Type: String}\n  SenderIdentity: {Type: String}\n  Old: {Type: String}\n"
    )
    before += "Resources:\n  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub '${Stage}-queue'}}\n"
    artifacts.client.put_object(Bucket=artifacts.bucket, Key="templates/a.yaml", Body=before.encode())
    artifacts.note("templates/a.yaml", {"Stage": "dev", "SenderIdentity": "old.example", "Old": "1"}, "v1", datetime.now(UTC))
    artifacts.note("templates/b.yaml", {"Stage": "dev", "SenderIdentity": "clinic.example"}, "v2", datetime.now(UTC))
    told = dict[str, Any]()
    monkeypatch.setattr(
        back, "change", lambda _, key, parameters, ask: told.update(key=key, parameters=parameters, said=capsys.readouterr().out)
    )
    monkeypatch.setattr(Stack, "outputs", lambda _: {"PatientEdge": "d1.cloudfront.net", "StaffEdge": "d2.cloudfront.net"})
    back.roll_back(a_place(artifacts, alarm_address="operator@clinic.example"), ask=True)
    kept = {"Stage": "dev", "SenderIdentity": "clinic.example", "PatientOrigin": "https://d1.cloudfront.net"}
    assert (told["key"], told["parameters"]) == ("templates/a.yaml", kept)
    assert told["said"].splitlines()[1:] == [
        "  Old stays at its default; it was 1 then",
        "  PatientOrigin stays https://d1.cloudfront.net; it was at its default then",
        "  SenderIdentity stays clinic.example; it was old.example then",
    ]
    assert artifacts.deployments()[-1].parameters == kept


def test_hosts_of_its_own_stay_when_a_stage_goes_back(artifacts: Artifacts) -> None:
    place = a_place(artifacts, patient_origin=HOSTS["patientOrigin"], staff_origin=HOSTS["staffOrigin"], certificate=ARN)
    assert back.present(place) == stages.parameters("dev", place.stage)


@pytest.mark.parametrize("target", ["aws", "here"])
def test_a_stack_on_aws_is_protected_from_being_deleted(artifacts: Artifacts, target: str) -> None:
    client = Formation("UPDATE_COMPLETE")
    deploy.protect(a_place(artifacts, client, target))
    asked = [{"StackName": "anteroom-dev", "EnableTerminationProtection": True}] if target == "aws" else []
    assert (client.called, client.told) == (["update_termination_protection"] * len(asked), asked)


def test_a_deployment_that_may_not_protect_its_stack_says_so_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, artifacts: Artifacts, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(code: str) -> Any:
        def call(_: Stack) -> None:
            raise ClientError({"Error": {"Code": code}}, "UpdateTerminationProtection")

        return call

    monkeypatch.setattr(Stack, "protect", refused("AccessDenied"))
    deploy.protect(a_place(artifacts))
    assert "is not protected from being deleted" in capsys.readouterr().out
    monkeypatch.setattr(Stack, "protect", refused("Throttling"))
    with pytest.raises(ClientError):
        deploy.protect(a_place(artifacts))


def test_a_deployment_is_noted_protected_and_only_then_finished(
    monkeypatch: pytest.MonkeyPatch, artifacts: Artifacts, tmp_path: Path
) -> None:
    template, packages = a_build(tmp_path)
    with zipfile.ZipFile(packages[0], "w") as archive:
        archive.writestr("release.txt", "v7\n")
    done = list[str]()
    for name in ("settle", "protect", "finish"):
        monkeypatch.setattr(deploy, name, lambda *_, name=name, **__: done.append(name))
    deploy.deploy(a_place(artifacts), filling.read(), template.parent, ask=False)
    assert done == ["settle", "protect", "finish"]
    assert artifacts.deployments()[-1].version == "v7"


def test_a_package_that_does_not_say_its_release_has_that_of_the_checkout(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "deployment.zip", "w") as archive:
        archive.writestr("app.py", "")
    assert release.of(tmp_path / "deployment.zip") == release.word() != ""


def test_a_no_changes_nothing(monkeypatch: pytest.MonkeyPatch, artifacts: Artifacts) -> None:
    client = Formation("UPDATE_COMPLETE")
    place = deploy.Place("test", Stage(region="us-east-1", sender="clinic.example"), Stack(client, "anteroom-test"), artifacts, "here")
    monkeypatch.setattr("builtins.input", lambda _: "n")
    with pytest.raises(Plain, match="Nothing was changed"):
        deploy.change(place, "templates/a.yaml", {}, ask=True)
    assert "execute_change_set" not in client.called
    assert "delete_change_set" in client.called


def test_hosts_of_cloudfront_are_told_to_the_functions_by_a_second_pass(monkeypatch: pytest.MonkeyPatch, artifacts: Artifacts) -> None:
    passes: list[dict[str, str]] = []
    monkeypatch.setattr(deploy, "change", lambda _, __, told, ask: passes.append(dict(told)))
    outputs: list[dict[str, str]] = [{}, {"PatientEdge": "d1.cloudfront.net", "StaffEdge": "d2.cloudfront.net"}]
    stack = Stack(Formation(""), "anteroom-test")
    monkeypatch.setattr(Stack, "outputs", lambda _: outputs.pop(0))
    place = deploy.Place("test", Stage(region="us-east-1", sender="clinic.example"), stack, artifacts, "here")
    deploy.settle(place, "key", {"Stage": "test"}, ask=False)
    assert passes == [
        {"Stage": "test"},
        {"Stage": "test", "PatientOrigin": "https://d1.cloudfront.net", "StaffOrigin": "https://d2.cloudfront.net"},
    ]


@pytest.mark.parametrize(
    ("status", "sentence"), [(503, r"answers 503\. Go back with --roll-back"), (0, r"does not answer\. .*custom-domain")]
)
def test_a_stage_that_does_not_answer_is_told_with_what_helps(monkeypatch: pytest.MonkeyPatch, status: int, sentence: str) -> None:
    monkeypatch.setattr(after, "PATIENCE", 0.05)
    monkeypatch.setattr(after, "PAUSE", 0.01)
    told = {"PatientOrigin": "https://visits.clinic.example", "StaffOrigin": "https://staff.clinic.example"}
    with pytest.raises(Plain, match=rf"It is deployed, but https://visits\.clinic\.example/api/health {sentence}") as found:
        after.look(told, filling.read(), lambda _: (status, b""))
    assert ("--roll-back" in str(found.value)) is bool(status)


@pytest.mark.parametrize("missing", ["sam.yaml", "deployment.zip", "publishing.zip", "inspecting.zip"])
def test_a_build_that_is_not_whole_is_refused(tmp_path: Path, missing: str) -> None:
    a_build(tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(Plain, match=rf"{re.escape(missing)} is missing; build it with"):
        checks.packages(tmp_path)
