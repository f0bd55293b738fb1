"""What becomes of a draft: whether it may be written, and what it is when it is published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.doors.records import By, Limit
from chalicelib.identity.records import Actor
from chalicelib.intake.records import Draft, Form, PublicationStatus, Published, Reading, Verdict
from chalicelib.kit.problem import LookAgain, Problem

READINGS = (Limit(name="form-readings", most=60, seconds=600), Limit(name="form-readings-of-all", most=300, seconds=600, by=By.CLINIC))
TRIALS = (Limit(name="form-trials", most=120, seconds=600), Limit(name="form-trials-of-all", most=600, seconds=600, by=By.CLINIC))
RESERVED = frozenset({"import"})  # what our own addresses have in the place of a form's id


class DraftThere(Problem):
    """Somebody works on the next version of this form already."""

    status = 409
    title = "There is a draft of this form already."


class NoDraft(Problem):
    """There is no draft that could be looked at or published."""

    status = 409
    title = "This form has no draft."


def stamped(document: dict[str, Any], url: str, version: int) -> dict[str, Any]:
    """A document as it is published: answers will name its url and this version, which is ours and counts from 1."""
    return document | {"url": url, "version": str(version), "status": "active"}


def taken(reading: Reading, questionnaire: str) -> Form:
    """The form that was read; LookAgain names every place that was refused, or says that it is another form than the one meant."""
    errors = [{"field": each.place, "detail": f"{each.feature}: {each.why}"} for each in reading.lines if each.verdict is Verdict.REFUSED]
    if reading.form is None:
        raise LookAgain("This cannot be a form here as it stands.", errors=errors)
    if reading.form.id != questionnaire:
        raise LookAgain(errors=[{"field": "", "detail": f"url: It names the form {reading.form.id}, and this is {questionnaire}."}])
    return reading.form


def must_be_the_same(form: Form, url: str) -> None:
    """LookAgain if a clinic's form of this name is another one: a form is named by the last part of its `url` alone. Empty: none."""
    if url not in ("", form.url):
        detail = f"url: The clinic's form {form.id} is {url}, and this is {form.url}. Give the new one a url with another last part."
        raise LookAgain(errors=[{"field": "document", "detail": detail}])


def too_large() -> LookAgain:
    """What is said of a form that can be read and is more than a row, or a page, can hold."""
    return LookAgain(errors=[{"field": "document", "detail": "This form is too large: make two of it, or fewer and shorter lists."}])


def drafted(form: Form, level: str, known: Sequence[Published], before: Draft | None, actor: Actor, now: datetime) -> Draft:
    """The draft as it is to be. Its changes count on, so that nobody who saw an earlier one writes over a later one."""
    last = before.version if before else max((each.draft for each in known), default=0)
    return Draft(id=form.id, title=form.title, level=level, changed=now, by=actor.who, name=actor.name, version=last + 1)


def published(form: Form, level: str, known: Sequence[Published], draft: Draft, actor: Actor, now: datetime) -> Published:
    """The next version of a form, of which `known` is all that was published so far."""
    return Published(
        id=form.id,
        version=number_after(known),
        title=form.title,
        level=level,
        draft=draft.version,
        published=now,
        by=actor.who,
        name=actor.name,
    )


def number_after(known: Sequence[Published]) -> int:
    """1, 2, 3."""
    return max((each.version for each in known), default=0) + 1


def retired(known: Sequence[Published], actor: Actor, now: datetime) -> list[Published]:
    """Those of the versions that are offered no more from now on, as they are to be."""
    active = (each for each in known if each.status is PublicationStatus.ACTIVE)
    return [replace(each, status=PublicationStatus.RETIRED, retired=now, retired_by=actor.who) for each in active]
