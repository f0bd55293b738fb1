"""What EventBridge tells of the quarantine bucket: each version of an object that came, what its scan said, and every five minutes.

Event shapes: Amazon S3 user guide, "EventBridge event message structure"; Amazon GuardDuty user guide, "Malware Protection for S3:
S3 object scan status". Nothing else is told, since nothing of ours listens to more.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.documents.records import Verdict
from chalicelib.documents.workers import CAME, SCANNED
from scripts.local import scanner
from scripts.local.pump import Bell, Pump, Worker, event_of_minute

log = logging.getLogger("scripts.local")

PREFIX = "sent/"  # of the keys that are told of, as the rules of infra/overlay.yaml have it
SECONDS, MINUTES = 2.0, 300.0  # a bell turns the first pump at once
TRIES = 3  # of one event, as the function's own configuration has it


@dataclass
class Arrivals:
    """Tells a worker of what lies in a bucket and was not told yet, the oldest first; after a restart, of all of it once more.

    What was told is remembered for as long as it lies there, which in quarantine is a week at most.
    """

    client: Any
    bucket: str
    worker: Worker
    now: Callable[[], datetime]
    scan: Callable[[bytes], Verdict] = scanner.verdict
    _told: set[tuple[str, str]] = field(default_factory=set)

    def turn(self) -> bool:
        """Tell all that has come since the last turn; whether there was any. An event that fails three times is given up."""
        there = sorted(self._versions(), key=lambda each: (each["LastModified"], each["Key"]))
        names = {(each["Key"], each["VersionId"]) for each in there}
        self._told &= names
        new = [each for each in there if (each["Key"], each["VersionId"]) not in self._told]
        for each in new:
            name = each["Key"], each["VersionId"]
            verdict = self._verdict(*name)  # before anybody is told: what counts for nothing is removed as soon as it is
            self._tell(event(CAME, "aws.s3", came(self.bucket, each), self.now()))
            self._tell(event(SCANNED, "aws.guardduty", scanned(self.bucket, each, verdict), self.now()))
            self._told.add(name)
        return bool(new)

    def _versions(self) -> list[dict[str, Any]]:
        """All that lies there, of each key the oldest first: S3 lists the newest first, and its times have whole seconds."""
        pages = self.client.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=PREFIX)
        return [each for page in pages for each in page.get("Versions", [])][::-1]

    def _verdict(self, key: str, version: str) -> Verdict:
        return self.scan(self.client.get_object(Bucket=self.bucket, Key=key, VersionId=version)["Body"].read())

    def _tell(self, told: dict[str, Any]) -> None:
        for _ in range(TRIES):
            try:
                self.worker(told, None)
            except Exception as error:
                log.warning("%s: %s: %s", told["detail-type"], type(error).__name__, str(error).split("\n")[0])
            else:
                return


def event(kind: str, source: str, detail: dict[str, Any], now: datetime) -> dict[str, Any]:
    """An event of EventBridge about something in the local cloud."""
    return event_of_minute(now) | {"id": str(uuid.uuid4()), "detail-type": kind, "source": source, "resources": [], "detail": detail}


def came(bucket: str, version: dict[str, Any]) -> dict[str, Any]:
    """What S3 says of an object that was posted; `version` as ListObjectVersions has it."""
    about = {"key": version["Key"], "size": version["Size"], "etag": version["ETag"].strip('"'), "version-id": version["VersionId"]}
    return {"version": "0", "bucket": {"name": bucket}, "object": about, "reason": "POST Object"}


def scanned(bucket: str, version: dict[str, Any], verdict: Verdict) -> dict[str, Any]:
    """What GuardDuty says once it has scanned it."""
    about = {"bucketName": bucket, "objectKey": version["Key"], "eTag": version["ETag"].strip('"'), "versionId": version["VersionId"]}
    result = {"scanResultStatus": verdict.value, "threats": [{"name": "EICAR-Test-File"}] if verdict is Verdict.INFECTED else None}
    return {
        "schemaVersion": "1.0",
        "scanStatus": "COMPLETED",
        "resourceType": "S3_OBJECT",
        "s3ObjectDetails": about | {"s3Throttled": False},
        "scanResultDetails": result,
    }


def pumps(arrivals: Arrivals, bell: Bell) -> list[Pump]:
    """What came, and the minutes in which the inspector looks for what got stuck."""
    return [
        Pump("files that came", SECONDS, arrivals.turn, bell),
        Pump("files under way", MINUTES, lambda: arrivals.worker(event_of_minute(arrivals.now()), None)),
    ]
