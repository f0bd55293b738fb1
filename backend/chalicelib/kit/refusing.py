"""Why a file is not taken in. The words for people are the feature's that asks for files."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """What is wrong with a file, as far as its sender can do something about it."""

    EMPTY = "empty"
    FORMAT = "format"  # neither a photograph nor a PDF
    DIFFERENT = "different"  # not what it was said to be
    INCOMPLETE = "incomplete"  # it did not arrive whole
    UNREADABLE = "unreadable"  # it begins right and cannot be decoded
    LARGE = "large"  # more pixels, pages or content than we unpack
    LOCKED = "locked"  # a PDF with a password
    INFECTED = "infected"  # the malware scan found something
    UNCHECKED = "unchecked"  # no check had an answer for so long that we gave up


class Refused(Exception):
    """A file that is not taken in, and why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
