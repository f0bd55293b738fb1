"""What the files of patients cost on their way: counted while the inspecting function takes one in, releases it, and finds nothing to do.

It is not played again as operations are: what makes a file anew is in a package of its own. Its processor time is measured here,
in the process that decodes, which is nearly all of it.
"""

from __future__ import annotations

import hashlib
import resource
import statistics
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from scripts.benching import tape
from scripts.benching.capacity import Units
from scripts.benching.tape import Call, Recorder

FILES = 3  # the median of so many
PICTURE = (2000, 1500)  # pixels: what the page makes of a photograph before it is sent
UPLOADS, READINGS = ("PutObject", "ListObjectVersions"), ("GetObject", "HeadObject")


@dataclass(frozen=True)
class Inspected:
    """Calls and units of one file, of both of its events; milliseconds of the process that decodes; bytes sent and kept."""

    calls: dict[str, int]
    units: Units
    ms: float
    sent: int
    kept: int
    sweep_calls: dict[str, int]
    sweep_units: Units

    def asked(self, names: tuple[str, ...]) -> int:
        """How many of these calls."""
        return sum(self.calls.get(name, 0) for name in names)


@lru_cache(maxsize=1)
def photograph() -> bytes:
    """Something like a card, of the size that a phone's page sends."""
    from tests.documents import samples

    return samples.saved(samples.a_photo(*PICTURE), "JPEG", quality=80)


def wanted(kind: str) -> dict[str, Any]:
    """What is said of it before it is sent."""
    content = photograph()
    about = {"kind": kind, "name": "IMG_2041.jpg", "type": "image/jpeg", "size": len(content)}
    return about | {"sha256": hashlib.sha256(content).hexdigest()}


def send(document: str) -> tuple[str, str]:
    """Lay the bytes where the form would; their key and version."""
    from chalicelib.documents.actions import buckets

    bucket, key = buckets.quarantine(), f"sent/north/{document}"
    return key, str(bucket.client.put_object(Bucket=bucket.name, Key=key, Body=photograph())["VersionId"])


def release(document: str) -> None:
    """All the way, as AWS tells of it."""
    for event in _events(*send(document)):
        _inspect(event)


def counted(recorder: Recorder, request: Callable[[], str]) -> Inspected:
    """Some files, whose uploads `request` asks for, and a sweep."""
    files = [_one(recorder, request()) for _ in range(FILES)]
    with recorder.taping() as sweep:
        _inspect(_event("Scheduled Event", {}))
    calls, _, kept = files[0]
    return Inspected(
        calls=dict(Counter(call["name"] for call in calls)),
        units=tape.charged(calls),
        ms=1000 * statistics.median(seconds for _, seconds, _ in files),
        sent=len(photograph()),
        kept=kept,
        sweep_calls=dict(Counter(call["name"] for call in sweep)),
        sweep_units=tape.charged(sweep),
    )


def _one(recorder: Recorder, document: str) -> tuple[list[Call], float, int]:
    """Its calls, the seconds of the process that decodes, and the bytes that are kept."""
    events, before = _events(*send(document)), _decoded()
    with recorder.taping() as calls:
        for event in events:
            _inspect(event)
    return calls, _decoded() - before, _kept(document)


def _decoded() -> float:
    """Seconds of CPU of the processes that have ended; the decoding one is the only kind there is."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _kept(document: str) -> int:
    from chalicelib.documents.actions import buckets

    bucket = buckets.documents()
    return len(bucket.client.get_object(Bucket=bucket.name, Key=f"released/north/{document}/file")["Body"].read())


def _events(key: str, version: str) -> list[dict[str, Any]]:
    """That it came, and that nothing was found in it."""
    from chalicelib.documents.actions import buckets

    name = buckets.quarantine().name
    scanned = {"s3ObjectDetails": {"bucketName": name, "objectKey": key, "versionId": version}}
    return [
        _event("Object Created", {"bucket": {"name": name}, "object": {"key": key, "version-id": version}}),
        _event(
            "GuardDuty Malware Protection Object Scan Result", scanned | {"scanResultDetails": {"scanResultStatus": "NO_THREATS_FOUND"}}
        ),
    ]


def _event(kind: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {"detail-type": kind, "detail": detail}


def _inspect(event: dict[str, Any]) -> None:
    from chalicelib.documents import workers

    workers.inspect(event, SimpleNamespace(aws_request_id="bench"))
