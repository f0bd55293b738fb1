"""Answers in words, as staff read them: page by page, with what changed since last time, what cannot wait, and who signed what."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta

from chalicelib.clinics.records import Clinic, Record
from chalicelib.intake.records import Evidence, Form, Item, ItemType, QuestionnaireResponse, RaisedFlag
from chalicelib.intake.rules import deciding, differing, labels, telling, values
from chalicelib.intake.rules.offering import Change
from chalicelib.intake.rules.telling import Told
from chalicelib.kit import text, zone


class TellingView(Record, frozen=True, kw_only=True):
    """Something that was asked, or words that stood there; `row`: a repetition of a group begins."""

    path: str
    depth: Annotated[int, Meta(description="0: a page of its own")]
    kind: Literal["group", "row", "words", "question"]
    words: str
    answers: list[str]
    note: Annotated[str, Meta(description="why the patient is asked for it again; empty if they are not")] = ""
    returnable: Annotated[bool, Meta(description="whether it can be asked for again")] = False
    sensitive: bool = False


class ChangedView(Record, frozen=True, kw_only=True):
    """An answer that differs from last time, in words."""

    path: str
    words: str
    before: list[str]
    after: list[str]


class RaisedView(Record, frozen=True, kw_only=True):
    """An answer that cannot wait: what it may mean, when it was given, and whether it is answered otherwise by now or was seen."""

    path: str
    words: str
    question: str
    at_label: str
    gone: bool
    seen_label: str


class SignedView(Record, frozen=True, kw_only=True):
    """Who signed what, and what shows it."""

    words: str
    how: str
    at_label: str
    language: str
    sha256: str
    identity: str
    withdrawn_label: str


class ToldToStaff(Record, frozen=True, kw_only=True):
    """A response in words of the reader's language; times as the clinic's clocks show them."""

    handed_in_label: Annotated[str, Meta(description="empty of a draft")]
    changed_label: str
    answers: list[TellingView]
    changes: list[ChangedView]
    raised: list[RaisedView]
    signed: list[SignedView]


def told(clinic: Clinic, form: Form, response: QuestionnaireResponse, changes: list[Change], today: str, tag: str) -> ToldToStaff:
    """What a patient said to a form; `changes` since last time."""
    clock = _Clock(clinic, tag)
    items = dict(differing.walked(form.items))
    notes = {each.path: each.note for each in response.returned}
    return ToldToStaff(
        handed_in_label=clock.label(response.authored),
        changed_label=clock.label(response.changed),
        answers=[_answer(each, notes, tag) for each in telling.told(form, response.items, today)],
        changes=[_change(items[differing.place(each.path)], each, tag) for each in changes],
        raised=[_raised(items, each, clock) for each in response.flags],
        signed=[_signed(items, each, clock) for each in response.evidence],
    )


class _Clock:
    """The clinic's, for a reader."""

    def __init__(self, clinic: Clinic, tag: str) -> None:
        self.zone, self.tag = clinic.zone, tag

    def label(self, at: datetime | None) -> str:
        """An instant in words; empty for none."""
        return text.short_label(zone.local(at, self.zone), self.tag) if at else ""


def _answer(each: Told, notes: dict[str, str], tag: str) -> TellingView:
    item = each.item
    given = deciding.is_given(item)
    return TellingView(
        path=each.path,
        depth=each.depth,
        kind="row" if each.number else _kind(item),
        words=f"{each.number}" if each.number else telling.question(item, tag),
        answers=[telling.answer(item, one, tag) for one in each.answers],
        note=notes.get(each.path, ""),
        returnable=each.is_question and not given,
        sensitive=item.sensitive,
    )


def _kind(item: Item) -> Literal["group", "words", "question"]:
    if item.type is ItemType.GROUP:
        return "group"
    return "words" if item.type is ItemType.DISPLAY else "question"


def _change(item: Item, change: Change, tag: str) -> ChangedView:
    return ChangedView(
        path=change.path,
        words=telling.question(item, tag),
        before=_said(item, change.before, tag),
        after=_said(item, change.after, tag),
    )


def _said(item: Item, given: list[dict[str, Any]], tag: str) -> list[str]:
    return [telling.answer(item, one, tag) for one in map(values.said, given) if one]


def _raised(items: dict[str, Item], flag: RaisedFlag, clock: _Clock) -> RaisedView:
    item = items.get(differing.place(flag.path))
    return RaisedView(
        path=flag.path,
        words=labels.flag(flag.code, clock.tag),
        question=telling.question(item, clock.tag) if item else flag.path,
        at_label=clock.label(flag.at),
        gone=flag.gone is not None,
        seen_label=clock.label(flag.seen),
    )


def _signed(items: dict[str, Item], evidence: Evidence, clock: _Clock) -> SignedView:
    item = items.get(differing.place(evidence.path))
    return SignedView(
        words=telling.question(item, clock.tag) if item else evidence.path,
        how=labels.say(evidence.kind.value, clock.tag).format(evidence.name),
        at_label=clock.label(evidence.at),
        language=labels.tongue(evidence.language, clock.tag),
        sha256=evidence.sha256,
        identity=labels.identity(evidence.proved, clock.tag),
        withdrawn_label=clock.label(evidence.withdrawn),
    )
