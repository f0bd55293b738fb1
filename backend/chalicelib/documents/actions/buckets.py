"""The two buckets that files lie in, and who the trail says works with them."""

from __future__ import annotations

from chalicelib.documents.records import DocumentReference
from chalicelib.documents.rules import places
from chalicelib.kit import settings
from chalicelib.kit.bucket import Bucket

INSPECTOR = "function/inspector"  # who does it, in the audit trail


def quarantine() -> Bucket:
    """What nobody has looked at yet."""
    return Bucket(settings.bucket(places.QUARANTINE))


def documents() -> Bucket:
    """What those who may can read."""
    return Bucket(settings.bucket(places.DOCUMENTS))


def empty(document: DocumentReference) -> None:
    """Remove every version of every object of a file."""
    quarantine().purge(places.sent(document))
    quarantine().purge(places.made(document))
    documents().purge(places.released(document))
