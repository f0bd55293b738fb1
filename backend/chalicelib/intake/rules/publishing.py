"""What becomes of a draft when it is published."""

from __future__ import annotations

from typing import Any


def stamped(document: dict[str, Any], url: str, version: int) -> dict[str, Any]:
    """A document as it is published: answers will name its url and this version, which is ours and counts from 1."""
    return document | {"url": url, "version": str(version), "status": "active"}
