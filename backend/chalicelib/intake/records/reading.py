"""What reading a form that was brought along says of it, item by item."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.intake.records.forms import Form, Plain


class Verdict(StrEnum):
    """What becomes of a feature of a form that was brought along."""

    WORKS = "works"
    IGNORED = "ignored"
    REFUSED = "refused"


class Line(Plain, frozen=True):
    """What was noticed at a place of a form: a path of link ids ("group/question"), or "" for the form itself.

    `feature` is a short name of ours, `why` a sentence for whoever manages the clinic. What simply works has no line; one that
    works and has a line should be looked at.
    """

    place: str
    link_id: str
    feature: str
    verdict: Verdict
    why: str


class Reading(Plain, frozen=True):
    """A document as it was read: no form exactly where a line is refused. `level`: the highest that a feature needs, L0 to L5 or rest."""

    form: Form | None
    lines: tuple[Line, ...]
    level: str
