"""Events as EventBridge has them, and what becomes of them."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.documents import workers
from chalicelib.documents.actions import buckets, checking
from chalicelib.documents.records import DocumentReference, DocumentState
from chalicelib.documents.rules import places
from chalicelib.kit import clock
from tests.callers import given_the_clinics
from tests.documents.makers import NOW
from tests.documents.test_checking import asked, now_is, quick, sent

__all__ = ["quick"]

pytestmark = pytest.mark.usefixtures("cloud", "quick", "clock_stands")
QUARANTINE = "anteroom-test-quarantine-000000000000"


@pytest.fixture
def clock_stands(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    given_the_clinics()


def told(kind: str, detail: dict[str, Any]) -> int:
    """What the function answers to an event."""
    event = {"version": "0", "id": "1", "detail-type": kind, "source": "aws.s3", "account": "1", "region": "us-east-1", "detail": detail}
    return workers.inspect(event, SimpleNamespace(aws_request_id="1"))["documents"]


def came(document: DocumentReference, version: str, bucket: str = QUARANTINE) -> int:
    """The event of S3 (user guide, "EventBridge event message structure")."""
    about = {"key": places.sent(document), "size": document.size, "etag": "e", "version-id": version, "sequencer": "00"}
    return told("Object Created", {"version": "0", "bucket": {"name": bucket}, "object": about, "reason": "PostObject"})


def scanned(document: DocumentReference, version: str, status: str, bucket: str = QUARANTINE) -> int:
    """The event of GuardDuty (user guide, "Monitoring S3 object scans with Amazon EventBridge")."""
    about = {"bucketName": bucket, "objectKey": places.sent(document), "eTag": "e", "versionId": version, "s3Throttled": False}
    found = {"scanResultStatus": status, "threats": None}
    return told(
        "GuardDuty Malware Protection Object Scan Result",
        {
            "schemaVersion": "1.0",
            "scanStatus": "COMPLETED",
            "resourceType": "S3_OBJECT",
            "s3ObjectDetails": about,
            "scanResultDetails": found,
        },
    )


def test_an_object_and_its_scan_release_a_file() -> None:
    document = asked()
    version = sent(document)
    assert (came(document, version), scanned(document, version, "NO_THREATS_FOUND")) == (1, 1)
    assert now_is(document).state is DocumentState.RELEASED


@pytest.mark.parametrize(
    ("status", "state"),
    [("THREATS_FOUND", "refused"), ("UNSUPPORTED", "scanning"), ("ACCESS_DENIED", "scanning"), ("FAILED", "scanning")],
)
def test_any_other_scan_releases_nothing(status: str, state: str) -> None:
    document = asked()
    version = sent(document)
    came(document, version)
    scanned(document, version, status)
    assert (now_is(document).state, list(buckets.documents().keys())) == (state, [])


def test_events_of_other_buckets_and_of_what_was_made_are_nobodys() -> None:
    document = asked()
    version = sent(document)
    assert came(document, version, "anteroom-test-documents-000000000000") == 0
    assert scanned(document, version, "NO_THREATS_FOUND", "somebody-elses") == 0
    assert told("Object Created", {"bucket": {"name": QUARANTINE}, "object": {"key": "made/north/d/file", "version-id": "1"}}) == 0
    assert told("Object Deleted", {}) == 0
    assert now_is(document) == document


def test_every_few_minutes_all_clinics_are_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [asked(id="a"), asked(id="b", clinic="south", patient="mia")]
    assert told("Scheduled Event", {}) == 0
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=24))
    assert told("Scheduled Event", {}) == 2
    assert {now_is(document).state for document in documents} == {DocumentState.DELETED}


def test_a_fault_is_told_and_stays_a_fault(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(KeyError):
        told("Object Created", {})
    assert "the inspection stopped" in caplog.text


def test_a_file_that_cannot_be_worked_on_keeps_no_other_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the same clinic and in the next; and that it could not be is an error of the function, which raises the alarm."""
    documents = [asked(id="a"), asked(id="b"), asked(id="c", clinic="south", patient="mia")]
    for document in documents:
        sent(document)
    arrived = checking.arrived

    def falls(key: str, *told: Any) -> DocumentReference | None:
        if key.endswith("/a"):
            raise ConnectionError
        return arrived(key, *told)

    monkeypatch.setattr(checking, "arrived", falls)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=10))
    with pytest.raises(ExceptionGroup):
        told("Scheduled Event", {})
    assert [now_is(document).state.value for document in documents] == ["awaiting", "scanning", "scanning"]


def test_each_clinic_is_the_first_one_in_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    swept = list[str]()

    def sweep(clinic: str, _: object) -> list[DocumentReference]:
        swept.append(clinic)
        return []

    monkeypatch.setattr(checking, "sweep", sweep)
    first = set[str]()
    for turn in range(3):
        swept.clear()
        monkeypatch.setattr(clock, "now", lambda turn=turn: NOW + timedelta(minutes=5 * turn))
        told("Scheduled Event", {})
        assert sorted(swept) == ["north", "prairie", "south"]
        first.add(swept[0])
    assert len(first) == 3
