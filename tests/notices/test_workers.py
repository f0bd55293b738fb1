"""What AWS calls, called as AWS does: without app.py, with its own events."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.kit import clock, table
from chalicelib.kit.problem import TryAgain
from chalicelib.notices import actions as notices
from chalicelib.notices import store, workers
from chalicelib.notices.records import Notice, NoticeState
from tests.notices.conftest import PostOffice

NOW = datetime(2026, 11, 21, 15, 0, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_three(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def posted(notice_id: str) -> None:
    notice = Notice(id=notice_id, clinic="north", to="ada@example.com", language="en-US", subject="Hello", text="Hi", due=NOW)
    with table.together() as tx:
        notices.post(tx, notice)


def state(notice_id: str) -> NoticeState:
    found = store.get("north", notice_id)
    assert found is not None
    return found.state


def stream(*records: tuple[str, str]) -> dict[str, Any]:
    """A stream event of (event name, notice id)."""
    return {
        "Records": [
            {
                "eventID": str(number),
                "eventName": name,
                "awsRegion": "us-east-1",
                "eventSourceARN": workers.STREAM,
                "dynamodb": {
                    "ApproximateCreationDateTime": 1.0,
                    "Keys": {"pk": {"S": f"C#north#NOTICE#{notice_id}"}, "sk": {"S": "notice"}},
                    "SequenceNumber": f"{number}00",
                    "SizeBytes": 1,
                    "StreamViewType": "KEYS_ONLY",
                },
            }
            for number, (name, notice_id) in enumerate(records, 1)
        ]
    }


MINUTE = {
    "version": "0",
    "id": "1",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "0",
    "time": "",
    "region": "",
    "resources": [],
    "detail": {},
}


def test_the_stream_sends_what_was_just_written(post_office: PostOffice) -> None:
    posted("n1")
    assert workers.send_posted(stream(("INSERT", "n1")), None) == {"batchItemFailures": []}
    assert state("n1") is NoticeState.SENT


def test_the_streams_echo_of_our_own_changes_is_not_listened_to(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "send", lambda *_: pytest.fail("sent"))
    assert workers.send_posted(stream(("MODIFY", "n1"), ("REMOVE", "n1")), None) == {"batchItemFailures": []}


def test_the_stream_goes_on_where_it_stopped(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    for notice_id in ("n1", "n2", "n3"):
        posted(notice_id)
    sending = notices.send

    def stumbling(clinic: str, notice_id: str, now: datetime) -> Notice | None:
        if notice_id == "n2":
            raise TryAgain
        return sending(clinic, notice_id, now)

    monkeypatch.setattr(notices, "send", stumbling)
    answer = workers.send_posted(stream(("INSERT", "n1"), ("INSERT", "n2"), ("INSERT", "n3")), None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "200"}]}
    assert [state(notice_id) for notice_id in ("n1", "n2", "n3")] == [NoticeState.SENT, NoticeState.PENDING, NoticeState.PENDING]


def test_each_minute_what_is_due_is_sent(post_office: PostOffice) -> None:
    posted("n1")
    workers.sweep_due(MINUTE, None)
    assert state("n1") is NoticeState.SENT


def test_a_sweep_that_fails_says_so_and_fails(cloud: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: datetime) -> None:
        raise TryAgain

    monkeypatch.setattr(notices, "sweep", broken)
    with pytest.raises(TryAgain):
        workers.sweep_due(MINUTE, None)
    assert "the sweep stopped" in caplog.text


def test_lambda_needs_no_app_to_import_the_workers() -> None:
    backend = Path(workers.__file__).parents[2]
    code = "import sys; from chalicelib.notices import workers; print(callable(workers.sweep_due), callable(workers.send_posted), 'app' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], cwd=backend, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "True True False"
