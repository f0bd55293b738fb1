"""Ada's visit and what she sends for it, through the doors and the events of the real way."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from chalicelib.documents import store
from chalicelib.documents.actions import buckets, checking
from chalicelib.documents.records import DocumentReference, Verdict
from chalicelib.documents.rules import places
from scripts.local.wire import Answer
from tests.callers import Caller, body_of

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # Monday, 07:00 in New York
NORTH = "/clinics/north"


def book(caller: Caller, key: str = "a-key-of-adas", **changed: str) -> str:
    """A visit on Tuesday, by its id."""
    wanted = {"service": "visit", "start": "2026-11-24T10:40:00-05:00", "practitioner": "bea"} | changed
    return str(body_of(caller.post(f"{NORTH}/appointments", wanted, idempotency_key=key))["id"])


def ask(caller: Caller, visit: str, content: bytes, kind: str = "insurance-front", **changed: Any) -> Answer:
    """What the door says to somebody who wants to send this."""
    wanted = {"kind": kind, "name": "IMG_1.jpg", "type": "image/jpeg", "size": len(content)}
    wanted |= {"sha256": hashlib.sha256(content).hexdigest()} | changed
    return caller.post(f"{NORTH}/appointments/{visit}/documents", wanted)


def lay(document: str, content: bytes) -> str:
    """Put the bytes where the form would; the version of the object."""
    bucket = buckets.quarantine()
    return str(bucket.client.put_object(Bucket=bucket.name, Key=f"sent/north/{document}", Body=content)["VersionId"])


def check(document: str, version: str, verdict: Verdict = Verdict.CLEAN, now: datetime = NOW) -> None:
    """Both events that AWS tells of it."""
    checking.arrived(f"sent/north/{document}", version, now)
    checking.scanned(f"sent/north/{document}", version, verdict, now)


def send(caller: Caller, visit: str, content: bytes, kind: str = "insurance-front", **changed: Any) -> str:
    """Ask, send, and let it be checked; the id."""
    document = str(body_of(ask(caller, visit, content, kind, **changed))["document"]["id"])
    check(document, lay(document, content))
    return document


def stored(document: str) -> DocumentReference:
    """The row as it is."""
    found = store.get("north", document)
    assert found
    return found


def readable() -> list[str]:
    """What lies in the bucket that links lead to."""
    return list(buckets.documents().keys())


def released(document: str) -> str:
    """The beginning of its keys there."""
    return places.released(stored(document))
