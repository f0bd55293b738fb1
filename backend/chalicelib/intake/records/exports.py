"""A form as somebody answered it, as a file."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Format(StrEnum):
    """What it is taken out as."""

    FHIR = "fhir"
    PDF = "pdf"
    CSV = "csv"


class Exported(NamedTuple):
    """A file: its name, media type, bytes, and their SHA-256 (hex)."""

    name: str
    content_type: str
    body: bytes
    sha256: str
