"""What EventBridge tells of the quarantine is told: each version once, the oldest first, then what its scan says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from chalicelib.documents.records import Verdict
from chalicelib.documents.rules import places
from chalicelib.documents.workers import CAME, MINUTES, SCANNED, inspect
from chalicelib.kit import settings
from scripts.local import arrivals, template
from scripts.local.arrivals import Arrivals
from scripts.local.pump import Bell
from tests.documents import samples
from tests.documents.makers import a_document

NOW = datetime(2026, 11, 24, 15, 40, 9, tzinfo=UTC)
BUCKET = settings.bucket(places.QUARANTINE)


class Inspector:
    """A worker that remembers what it was told, and fails as often as it is asked to."""

    def __init__(self, fails: int = 0) -> None:
        self.events: list[dict[str, Any]] = []
        self._fails = fails

    def __call__(self, event: dict[str, Any], context: Any) -> None:
        self.events.append(event)
        if len(self.events) <= self._fails:
            raise RuntimeError("the first line\nthe second")

    @property
    def heard(self) -> list[tuple[str, str]]:
        """(what happened, the key or the verdict) of each event."""
        return [
            (each["detail-type"], each["detail"].get("object", {}).get("key") or each["detail"]["scanResultDetails"]["scanResultStatus"])
            for each in self.events
        ]


def put(key: str, content: bytes = b"photograph") -> str:
    """The version that a stored object got."""
    return boto3.client("s3").put_object(Bucket=BUCKET, Key=key, Body=content)["VersionId"]


def an_arrivals(worker: Any) -> Arrivals:
    return Arrivals(boto3.client("s3"), BUCKET, worker, lambda: NOW)


@pytest.mark.usefixtures("cloud")
def test_each_version_is_told_once_with_what_its_scan_says_and_again_after_a_restart() -> None:
    inspector = Inspector()
    pumped = an_arrivals(inspector)
    versions = [put("sent/north/one"), put("sent/north/two", samples.EICAR)]
    pumped.turn()
    pumped.turn()
    expected = [(CAME, "sent/north/one"), (SCANNED, Verdict.CLEAN), (CAME, "sent/north/two"), (SCANNED, Verdict.INFECTED)]
    assert inspector.heard == expected
    assert [each["detail"]["object"]["version-id"] for each in inspector.events if each["detail-type"] == CAME] == versions
    put("sent/north/one")
    pumped.turn()
    assert inspector.heard[4:] == expected[:2]
    restarted = Inspector()
    an_arrivals(restarted).turn()
    assert len(restarted.events) == 6


@pytest.mark.usefixtures("cloud")
def test_what_was_made_anew_is_not_told_and_what_is_gone_is_forgotten() -> None:
    inspector = Inspector()
    pumped = an_arrivals(inspector)
    put("made/north/one/file")
    version = put("sent/north/one")
    pumped.turn()
    assert inspector.heard == [(CAME, "sent/north/one"), (SCANNED, Verdict.CLEAN)]
    boto3.client("s3").delete_object(Bucket=BUCKET, Key="sent/north/one", VersionId=version)
    pumped.turn()
    assert pumped._told == set()


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(
    ("fails", "events"), [(2, [CAME, CAME, CAME, SCANNED]), (99, [CAME, CAME, CAME, SCANNED, SCANNED, SCANNED])], ids=["at-last", "never"]
)
def test_an_event_that_fails_is_told_three_times_and_keeps_nothing_back(
    fails: int, events: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    inspector = Inspector(fails)
    pumped = an_arrivals(inspector)
    put("sent/north/one")
    pumped.turn()
    pumped.turn()
    assert [each["detail-type"] for each in inspector.events] == events
    assert caplog.messages[0] == f"{CAME}: RuntimeError: the first line"


@pytest.mark.usefixtures("cloud")
def test_the_inspector_understands_every_event() -> None:
    document = a_document()
    version = {"Key": places.sent(document), "VersionId": put(places.sent(document)), "Size": 10, "ETag": '"1"'}
    for kind, source, detail in (
        (CAME, "aws.s3", arrivals.came(BUCKET, version)),
        (SCANNED, "aws.guardduty", arrivals.scanned(BUCKET, version, Verdict.INFECTED)),
    ):
        assert inspect(arrivals.event(kind, source, detail, NOW), None) == {"documents": 0}, "there is no such file"


@pytest.mark.parametrize("rule", ["Came", "Scanned"])
def test_events_are_those_that_the_rules_of_the_template_let_through(rule: str) -> None:
    rules = dict(template.resources("AWS::Serverless::Function", "test"))["InspectDocuments"]["Events"]
    pattern = rules[rule]["Properties"]["Pattern"]
    version = {"Key": "sent/north/one", "VersionId": "v", "Size": 10, "ETag": '"1"'}
    told = {
        "Came": arrivals.event(CAME, "aws.s3", arrivals.came(BUCKET, version), NOW),
        "Scanned": arrivals.event(SCANNED, "aws.guardduty", arrivals.scanned(BUCKET, version, Verdict.CLEAN), NOW),
    }[rule]
    assert pattern["source"] == [told["source"]]
    assert pattern["detail-type"] == [told["detail-type"]]
    if rule == "Came":
        assert pattern["detail"]["object"]["key"] == [{"prefix": arrivals.PREFIX}]
        assert {"bucket", "object"} <= set(told["detail"])
    else:
        assert list(pattern["detail"]["s3ObjectDetails"]) == ["bucketName"]
        assert told["detail"]["s3ObjectDetails"]["bucketName"] == BUCKET


def test_the_minutes_are_those_of_the_template() -> None:
    rules = dict(template.resources("AWS::Serverless::Function", "test"))["InspectDocuments"]["Events"]
    assert rules["Minutes"]["Properties"]["Schedule"] == f"rate({arrivals.MINUTES // 60:.0f} minutes)"
    heard: list[str] = []
    both = arrivals.pumps(Arrivals(None, BUCKET, lambda event, _: heard.append(event["detail-type"]), lambda: NOW), Bell())
    both[1].turn()
    assert ([each.name for each in both], heard) == (["files that came", "files under way"], [MINUTES])
