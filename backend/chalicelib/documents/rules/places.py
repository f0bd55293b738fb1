"""Where a file lies. A key is made of our own ids alone, and the clinic comes first."""

from __future__ import annotations

from chalicelib.documents.records import DocumentReference

QUARANTINE, DOCUMENTS = "quarantine", "documents"  # the two buckets, as settings.bucket names them


def sent(document: DocumentReference) -> str:
    """In quarantine: what the patient sent."""
    return f"sent/{document.clinic}/{document.id}"


def made(document: DocumentReference) -> str:
    """In quarantine: what was made of it and waits for the scan's answer; the beginning of several keys."""
    return f"made/{document.clinic}/{document.id}/"


def released(document: DocumentReference) -> str:
    """Among the documents: what may be read; the beginning of the same keys."""
    return f"released/{document.clinic}/{document.id}/"


def names(pages: int) -> list[str]:
    """What these beginnings go on with: the file, and a picture of each page."""
    return ["file", *(f"page-{page}.jpg" for page in range(1, pages + 1))]


def parsed(key: str) -> tuple[str, str] | None:
    """The clinic and the id of a key of what was sent; None for any other key."""
    parts = key.split("/")
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == "sent" and all(parts) else None
