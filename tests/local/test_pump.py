"""What AWS pumps is pumped, and nothing that goes wrong stops it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from queue import Queue
from typing import Any

import boto3
import pytest
from botocore.config import Config
from chalice.app import CloudWatchEvent, DynamoDBEvent

from chalicelib.kit import settings
from scripts.local import filling, pump, woken
from scripts.local.filling import Portal
from scripts.local.pump import Bell, Pump, Stream
from tests.callers import given_the_clinics
from tests.intake.makers import draft_of, publish_ours

NOW = datetime(2026, 11, 24, 15, 40, 9, tzinfo=UTC)


def a_client() -> Any:
    """The streams of moto, which knows no address that names an account."""
    return boto3.client("dynamodbstreams", config=Config(account_id_endpoint_mode="disabled"))


def put(number: int) -> None:
    """A row in the notices table, whose changes are streamed."""
    key = {"pk": {"S": f"C#north#NOTICE#{number}"}, "sk": {"S": "notice"}}
    boto3.client("dynamodb").put_item(TableName=settings.table("notices"), Item=key)


@pytest.mark.usefixtures("cloud")
def test_a_worker_gets_each_change_once_and_in_order() -> None:
    seen: list[str] = []

    def worker(event: dict[str, Any], context: Any) -> None:
        seen.extend(record.keys["pk"]["S"] for record in DynamoDBEvent(event, context))

    stream = Stream(a_client(), settings.table("notices"), worker)
    stream.turn()
    seen.clear()  # what other tests have left
    put(1)
    put(2)
    stream.turn()
    stream.turn()
    assert seen == ["C#north#NOTICE#1", "C#north#NOTICE#2"]
    put(3)
    stream.turn()
    assert seen[2:] == ["C#north#NOTICE#3"]


@pytest.mark.usefixtures("cloud")
@pytest.mark.usefixtures("cloud")
def test_a_published_form_wakes_the_publishing_and_a_draft_or_an_older_one_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    published: list[Portal] = []
    monkeypatch.setattr(filling, "publish", published.append)
    portal = filling.read()
    given_the_clinics()
    publish_ours("north", "gad-7")
    (forms,) = woken.pumps(a_client(), settings.table("questionnaires"), portal, Bell())
    forms.turn()
    draft_of("north", "gad-7")
    forms.turn()
    assert published == []
    publish_ours("north", "audit-c", "phq-9")
    forms.turn()
    assert published == [portal]


def test_a_record_is_told_as_lambda_tells_it() -> None:
    events: list[dict[str, Any]] = []
    put(7)
    Stream(a_client(), settings.table("notices"), lambda event, _: events.append(event)).turn()
    last = list(DynamoDBEvent(events[-1], None))[-1]
    assert (last.event_name, last.table_name) == ("INSERT", settings.table("notices"))
    assert isinstance(events[-1]["Records"][-1]["dynamodb"]["ApproximateCreationDateTime"], float)


def test_the_minute_is_told_as_eventbridge_tells_it() -> None:
    event = CloudWatchEvent(pump.event_of_minute(NOW), None)
    assert (event.source, event.detail_type, event.detail) == ("aws.events", "Scheduled Event", {})
    assert event.to_dict()["time"] == "2026-11-24T15:40:09Z"


def test_a_turn_that_fails_is_told_in_one_line_and_the_next_one_comes(caplog: pytest.LogCaptureFixture) -> None:
    turns: list[int] = []
    enough = threading.Event()

    def turn() -> None:
        turns.append(1)
        if len(turns) == 3:
            enough.set()
        raise RuntimeError("the first line\nthe second")

    with pump.running([Pump("example", 0.01, turn)]):
        assert enough.wait(10)
    assert caplog.messages[0] == "example: RuntimeError: the first line"
    assert len(turns) >= 3


def test_pumps_stand_still_once_the_run_ends() -> None:
    turns: list[int] = []
    with pump.running([Pump("example", 60, lambda: turns.append(1))]):
        pass
    assert len(turns) <= 1
    assert not [thread for thread in threading.enumerate() if thread.name == "example"]


def test_a_bell_turns_the_pumps_that_listen_to_it_and_one_that_did_something_rings_it() -> None:
    """Their own time, an hour, never comes."""
    turned: Queue[str] = Queue()
    bell, has_done = Bell(), iter([False, True, False, False])

    def came() -> bool:
        turned.put("came")
        return next(has_done)

    pumps = [Pump("came", 3600, came, bell), Pump("other", 3600, lambda: turned.put("other"), bell), Pump("deaf", 3600, lambda: None)]
    with pump.running(pumps):
        assert {turned.get(timeout=10), turned.get(timeout=10)} == {"came", "other"}, "all turn once at the beginning"
        bell.ring()
        heard = [turned.get(timeout=10) for _ in range(3)]
        while heard.count("came") < 2 or heard.count("other") < 1:
            heard.append(turned.get(timeout=10))
    assert set(heard) == {"came", "other"}


def test_what_a_worker_answers_rings_no_bell() -> None:
    turns: list[int] = []
    enough, bell = threading.Event(), Bell()

    def turn() -> Any:
        turns.append(1)
        if len(turns) == 3:
            enough.set()
        return {"documents": 0}

    heard = bell.heard()
    with pump.running([Pump("example", 0.01, turn, bell)]):
        assert enough.wait(10)
    assert not heard.is_set()


def test_notices_are_pumped_from_their_stream_and_each_minute() -> None:
    minutes: list[str] = []
    both = pump.pumps(None, "table", lambda *_: None, lambda event, _: minutes.append(event["time"]), lambda: NOW, Bell())
    assert [(each.name, each.seconds) for each in both] == [("notices stream", 2.0), ("due notices", 60.0)]
    both[1].turn()
    assert minutes == ["2026-11-24T15:40:09Z"]
