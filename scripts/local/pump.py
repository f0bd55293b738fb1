"""What AWS pumps by itself: the stream of the notices table, and the minute. Each pump turns on a thread of its own."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

log = logging.getLogger("scripts.local")

Worker = Callable[[dict[str, Any], Any], Any]  # as Lambda calls it: event, context
STREAM_SECONDS, MINUTE = 2.0, 60.0  # a bell turns the stream's pump at once


class Bell:
    """Rung when something may have been written: pumps that listen to it turn at once, not only when their time has come."""

    def __init__(self) -> None:
        self._listening: list[threading.Event] = []

    def ring(self) -> None:
        """Something may have come."""
        for each in self._listening:
            each.set()

    def heard(self) -> threading.Event:
        """What is set from now on whenever it rings."""
        heard = threading.Event()
        self._listening.append(heard)
        return heard


@dataclass(frozen=True)
class Pump:
    """Something that happens again and again. A turn that fails is told in one line; the next one comes all the same."""

    name: str
    seconds: float
    turn: Callable[[], bool | None]  # true where it has done something that another pump may be waiting for
    bell: Bell = field(default_factory=Bell)

    def keep_turning(self, stopped: threading.Event, called: threading.Event) -> None:
        """Turn at once, and then whenever it is called, or after so many seconds, until stopped."""
        while not stopped.is_set():
            called.clear()
            try:
                if self.turn() is True:  # a worker's answer is not
                    self.bell.ring()
            except Exception as error:
                log.warning("%s: %s: %s", self.name, type(error).__name__, str(error).split("\n")[0])
            called.wait(self.seconds)


@contextmanager
def running(pumps: Sequence[Pump]) -> Iterator[None]:
    """All pumps turn while the block runs; each finishes its turn when it ends."""
    stopped = threading.Event()
    called = [each.bell.heard() for each in pumps]
    threads = [
        threading.Thread(target=each.keep_turning, args=(stopped, heard), name=each.name, daemon=True)
        for each, heard in zip(pumps, called, strict=True)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for heard in called:
            heard.set()
        for thread in threads:
            thread.join(5)


@dataclass
class Stream:
    """Reads a table's stream from its oldest record on (or from now on, "LATEST") and hands every batch to a worker, as Lambda does.

    Records that the worker has seen before a restart come again: workers are written for that.
    """

    client: Any
    table: str
    worker: Worker
    begin: str = "TRIM_HORIZON"
    _places: dict[str, str | None] = field(default_factory=dict)

    def turn(self) -> None:
        """Everything that has come since the last turn."""
        for stream in self.client.list_streams(TableName=self.table)["Streams"]:
            arn = stream["StreamArn"]
            for shard in self.client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
                self._drain(arn, shard["ShardId"])

    def _drain(self, arn: str, shard: str) -> None:
        if shard not in self._places:
            first = self.client.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType=self.begin)
            self._places[shard] = first["ShardIterator"]
        while place := self._places[shard]:
            page = self.client.get_records(ShardIterator=place, Limit=100)
            self._places[shard] = page.get("NextShardIterator")
            if not page["Records"]:
                return
            self.worker(event_of_records(page["Records"], arn), None)


def event_of_records(records: Sequence[dict[str, Any]], arn: str) -> dict[str, Any]:
    """Stream records as Lambda gets them (AWS documentation, "Using AWS Lambda with Amazon DynamoDB")."""

    def plain(changes: dict[str, Any]) -> dict[str, Any]:
        return changes | {"ApproximateCreationDateTime": changes["ApproximateCreationDateTime"].timestamp()}

    return {"Records": [record | {"dynamodb": plain(record["dynamodb"]), "eventSourceARN": arn} for record in records]}


def event_of_minute(now: datetime) -> dict[str, Any]:
    """A scheduled event of EventBridge."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "us-east-1",
        "resources": ["arn:aws:events:us-east-1:000000000000:rule/every-minute"],
        "detail": {},
    }


def pumps(streams: Any, notices_table: str, send_posted: Worker, sweep_due: Worker, now: Callable[[], datetime], bell: Bell) -> list[Pump]:
    """Notices, from their stream and by the minute. What comes into a bucket is pumped beside them (arrivals.py)."""
    return [
        Pump("notices stream", STREAM_SECONDS, Stream(streams, notices_table, send_posted).turn, bell),
        Pump("due notices", MINUTE, lambda: sweep_due(event_of_minute(now()), None)),
    ]
