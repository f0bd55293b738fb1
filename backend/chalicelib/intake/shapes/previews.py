"""Trying answers with a draft, as it crosses the wire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chalicelib.clinics.records import Record
from chalicelib.intake.records import Form, Value
from chalicelib.intake.rules.answers import Refusal
from chalicelib.intake.rules.deciding import Decision
from chalicelib.intake.rules.scoring import Flag, Score


class Preview(Record, frozen=True, kw_only=True):
    """Answers to try the draft with: `item` of a QuestionnaireResponse of FHIR R4; `complete`: as if they were handed in."""

    item: list[dict[str, Any]] = []
    complete: bool = True


class DecisionView(Record, frozen=True, kw_only=True):
    """Of one item: whether it is asked, its value where it is reckoned, and what is wrong with its answer."""

    path: str
    enabled: bool
    value: Value | None
    complaints: list[str]


class RefusalView(Record, frozen=True, kw_only=True):
    """An answer that the form cannot mean."""

    path: str
    code: str


class ScoreView(Record, frozen=True, kw_only=True):
    """The sum so far of an instrument; its band once all of it was answered."""

    path: str
    name: str
    value: int
    most: int
    band: str
    complete: bool


class FlagView(Record, frozen=True, kw_only=True):
    """An answer that could not wait."""

    path: str
    code: str


class Previewed(Record, frozen=True, kw_only=True):
    """What is decided about the answers, and the form as its page gets it."""

    decisions: list[DecisionView]
    refused: list[RefusalView]
    scores: list[ScoreView]
    flags: list[FlagView]
    form: Annotated[dict[str, Any], Meta(description="records.Form: every item with what decides about it, and with its words")]


def previewed(
    form: Form, decisions: Sequence[Decision], refused: Sequence[Refusal], scores: Sequence[Score], flags: Sequence[Flag]
) -> Previewed:
    """What is decided of answers that were tried."""
    return Previewed(
        decisions=[
            DecisionView(path=each.path, enabled=each.enabled, value=each.value, complaints=list(each.complaints)) for each in decisions
        ],
        refused=[RefusalView(path=each.path, code=each.code) for each in refused],
        scores=[ScoreView(**each._asdict()) for each in scores],
        flags=[FlagView(path=each.path, code=each.code) for each in flags],
        form=msgspec.to_builtins(form),
    )


# Examples, as the API's description shows them.
PREVIEW = Preview(item=[{"linkId": "asthma", "answer": [{"valueBoolean": True}]}])
PREVIEWED = Previewed(
    decisions=[DecisionView(path="asthma", enabled=True, value=None, complaints=[])],
    refused=[],
    scores=[],
    flags=[],
    form={"id": "asthma", "items": [{"linkId": "asthma", "type": "boolean", "text": {"en": "Do you have asthma?"}, "required": True}]},
)
