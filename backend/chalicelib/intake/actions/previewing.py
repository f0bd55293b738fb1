"""Trying a draft: what would be decided about answers to it. Nothing is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from chalicelib.clinics.records import Clinic
from chalicelib.identity.records import Actor
from chalicelib.intake.actions import managing
from chalicelib.intake.records import Form
from chalicelib.intake.rules import answers, deciding, publishing, scoring
from chalicelib.kit import zone


class Tried(NamedTuple):
    """The form, what was decided about each of its items, what was refused, and what the answers weigh."""

    form: Form
    decisions: list[deciding.Decision]
    refused: tuple[answers.Refusal, ...]
    scores: list[scoring.Score]
    flags: list[scoring.Flag]


def preview_questionnaire(
    clinic: Clinic, actor: Actor, questionnaire: str, given: list[dict[str, Any]], language: str, now: datetime, *, complete: bool
) -> Tried:
    """What the draft says of `given` (`item` of a QuestionnaireResponse). What the form cannot mean is named, and counts for nothing."""
    form = publishing.taken(managing.drafted(clinic, actor, questionnaire).reading, questionnaire)
    taken = answers.take(form.items, given, language)
    today = zone.local_date(now, clinic.zone).isoformat()
    return Tried(
        form,
        deciding.decide(form.items, taken.items, today, complete=complete),
        taken.refused,
        scoring.scores(form.items, taken.items, today),
        scoring.flags(form.items, taken.items, today),
    )
