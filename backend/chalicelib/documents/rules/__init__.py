"""How a file comes from a phone to those who may look at it: which steps there are, and in which order none does harm."""

from chalicelib.documents.rules.progress import (
    AGAIN_AFTER,
    MOST_TRIES,
    ORPHANED_AFTER,
    NotSent,
    arrived,
    finished,
    inspected,
    is_orphan,
    overdue,
    refused,
    scanned,
)

__all__ = [
    "AGAIN_AFTER",
    "MOST_TRIES",
    "ORPHANED_AFTER",
    "NotSent",
    "arrived",
    "finished",
    "inspected",
    "is_orphan",
    "overdue",
    "refused",
    "scanned",
]
