"""What AWS calls, called as AWS does: without app.py, with its own events."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.kit import clock, post, table
from chalicelib.kit.problem import TryAgain
from chalicelib.notices import actions as notices
from chalicelib.notices import store, workers
from chalicelib.notices.records import Notice, NoticeState
from tests.notices.conftest import PostOffice
from tests.overhearing import overheard

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


CONTEXT = SimpleNamespace(aws_request_id="r-1")


def facts(line: dict[str, Any]) -> dict[str, Any]:
    return {name: line[name] for name in ("request", "worker", "clinic", "notice") if name in line}


def test_every_line_of_the_stream_says_which_invocation_and_which_notice(post_office: PostOffice) -> None:
    post_office.fates = [post.NotSent("Throttling")]
    posted("n1")
    with overheard() as heard:
        workers.send_posted(stream(("INSERT", "n1")), CONTEXT)
    (line,), (counted,) = heard.lines, heard.metrics
    assert facts(line) == facts(counted) == {"request": "r-1", "worker": "send_posted", "clinic": "north", "notice": "n1"}


def test_a_record_that_stops_the_stream_says_which_invocation(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbling(*_: Any) -> None:
        raise TryAgain

    monkeypatch.setattr(notices, "send", stumbling)
    with overheard() as heard:
        workers.send_posted(stream(("INSERT", "n1")), CONTEXT)
    (line,) = heard.lines
    assert facts(line) == {"request": "r-1", "worker": "send_posted", "clinic": "north", "notice": "n1"}
    assert "TryAgain" in line["trace"]


def test_every_line_of_a_sweep_says_which_invocation_and_its_end_says_no_notice(post_office: PostOffice) -> None:
    posted("n1")
    with overheard() as heard:
        workers.sweep_due(MINUTE, CONTEXT)
    sent, ended = heard.metrics
    assert facts(sent) == {"request": "r-1", "worker": "sweep_due", "clinic": "north", "notice": "n1"}
    assert facts(ended) == {"request": "r-1", "worker": "sweep_due"}


def test_a_sweep_that_fails_is_none_that_came_to_its_end(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> datetime:
        raise TryAgain

    monkeypatch.setattr(store, "watermark", broken)
    with overheard() as heard, pytest.raises(TryAgain):
        workers.sweep_due(MINUTE, CONTEXT)
    assert heard.metrics == []
    assert facts(heard.lines[0]) == {"request": "r-1", "worker": "sweep_due"}


def test_lambda_needs_no_app_to_import_the_workers() -> None:
    backend = Path(workers.__file__).parents[2]
    code = "import sys; from chalicelib.notices import workers; print(callable(workers.sweep_due), callable(workers.send_posted), 'app' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], cwd=backend, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "True True False"
