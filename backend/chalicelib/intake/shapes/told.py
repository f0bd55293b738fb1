"""Answers in words, as staff read them: page by page, with what changed since last time, what cannot wait, and who signed what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from msgspec import Meta

from chalicelib.clinics.records import Clinic, Record
from chalicelib.intake.records import Evidence, Form, Item, ItemType, QuestionnaireResponse, RaisedFlag
from chalicelib.intake.rules import calling, deciding, differing, labels, scoring, summing, telling, values
from chalicelib.intake.rules.offering import Change
from chalicelib.intake.rules.saving import Shown
from chalicelib.intake.rules.scoring import Score
from chalicelib.intake.rules.telling import Told
from chalicelib.intake.shapes.spoken import Spoken


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
    files: Annotated[list[str], Meta(description="ids of the documents that its answers name, in order; empty where one is gone")] = []


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
    seen_by: Annotated[str, Meta(description="who has seen it; empty if nobody has")]
    then: Annotated[str, Meta(description="when it was given, and what became of it")]


class CallView(Record, frozen=True, kw_only=True):
    """Somebody to call where an answer cannot wait: the patient, or whom they named for an emergency."""

    about: str
    telephone: Annotated[str, Meta(description="empty where none is known")]


class SummaryView(Record, frozen=True, kw_only=True):
    """What is read first: a question, and its answers in words."""

    words: str
    answers: list[str]


class SignedView(Record, frozen=True, kw_only=True):
    """Who signed what, and what shows it."""

    words: str
    how: str
    at_label: str
    language: str
    sha256: str
    identity: str
    withdrawn_label: str
    then: Annotated[str, Meta(description="when, and in which language")]
    withdrawn: Annotated[str, Meta(description="when it was taken back; empty if it was not")]


class ToldToStaff(Record, frozen=True, kw_only=True):
    """A response in words of the reader's language; times as the clinic's clocks show them."""

    handed_in_label: Annotated[str, Meta(description="empty of a draft")]
    changed_label: str
    state: Annotated[str, Meta(description="when it was handed in, or changed last")]
    answers: list[TellingView]
    changes: Annotated[list[ChangedView], Meta(description="since the patient's last visit with this form")]
    amended: Annotated[list[ChangedView], Meta(description="since it was handed in the time before, for the same visit")]
    summary: Annotated[list[SummaryView], Meta(description="why they come, allergies, medicines: as far as the form asks")]
    scores: list[str]
    call: Annotated[list[CallView], Meta(description="whom to call, where an answer cannot wait")]
    raised: list[RaisedView]
    signed: list[SignedView]


def told(clinic: Clinic, form: Form, shown: Shown, changes: list[Change], today: str, tag: str) -> ToldToStaff:
    """What a patient said to a form; `changes` since last time."""
    words = Spoken(clinic, shown.beside, tag)
    response, items = shown.response, dict(differing.walked(form.items))
    notes = {each.path: each.note for each in response.returned}
    return ToldToStaff(
        handed_in_label=words.label(response.authored),
        changed_label=words.label(response.changed),
        state=_state(response, words),
        answers=[_answer(each, notes, words) for each in telling.told(form, response.items, today)],
        changes=[_change(items[differing.place(each.path)], each, words) for each in changes],
        amended=list(_amended(form, items, shown, words)),
        summary=[SummaryView(words=each.words, answers=each.answers) for each in summing.summary(form, response.items, today, tag)],
        scores=[_score(each, tag) for each in scoring.scores(form.items, response.items, today)],
        call=list(_call(shown, words)) if response.flags else [],
        raised=[_raised(items, each, words) for each in response.flags],
        signed=[_signed(items, each, words) for each in response.evidence],
    )


def _answer(each: Told, notes: dict[str, str], words: Spoken) -> TellingView:
    item, tag = each.item, words.tag
    given = deciding.is_given(item)
    return TellingView(
        path=each.path,
        depth=each.depth,
        kind="row" if each.number else _kind(item),
        words=labels.say("number", tag).format(each.number) if each.number else telling.question(item, tag),
        answers=[words.answer(item, one) for one in each.answers],
        files=words.files(each),
        note=notes.get(each.path, ""),
        returnable=each.is_question and not given,
        sensitive=item.sensitive,
    )


def _kind(item: Item) -> Literal["group", "words", "question"]:
    if item.type is ItemType.GROUP:
        return "group"
    return "words" if item.type is ItemType.DISPLAY else "question"


def _change(item: Item, change: Change, words: Spoken) -> ChangedView:
    return ChangedView(
        path=change.path,
        words=telling.question(item, words.tag),
        before=_said(item, change.before, words),
        after=_said(item, change.after, words),
    )


def _said(item: Item, given: list[dict[str, Any]], words: Spoken) -> list[str]:
    return [words.answer(item, one) for one in map(values.said, given) if one]


def _amended(form: Form, items: dict[str, Item], shown: Shown, words: Spoken) -> Iterator[ChangedView]:
    """What the patient has changed since they handed it in the time before; what is reckoned follows from it."""
    before = shown.beside.before
    for each in differing.differences(form.items, before, shown.response.items) if before is not None else ():
        item = items[differing.place(each.path)]
        if not deciding.is_given(item) and not item.hidden:
            said = [[words.answer(item, one) for one in given] for given in (each.before, each.after)]
            yield ChangedView(path=each.path, words=telling.question(item, words.tag), before=said[0], after=said[1])


def _score(score: Score, tag: str) -> str:
    band = labels.say(score.band if score.complete else "unfinished", tag)
    return labels.say("banded", tag).format(labels.NAMES.get(score.name, score.name), score.value, score.most, band)


def _call(shown: Shown, words: Spoken) -> Iterator[CallView]:
    telephone = shown.patient.telephone if shown.patient else ""
    yield CallView(about=labels.say("call-patient" if telephone else "no-number", words.tag), telephone=telephone)
    if shown.beside.emergency:
        form, response = shown.beside.emergency
        found = calling.contact(form, response, telling.day(response, words.zone), words.tag)
        if found:
            yield CallView(about=found.about, telephone=found.telephone)


def _state(response: QuestionnaireResponse, words: Spoken) -> str:
    if response.authored is None:
        return labels.say("begun", words.tag).format(words.label(response.changed))
    return labels.say("handed-in", words.tag).format(words.label(response.authored), response.form_version)


def _then(flag: RaisedFlag, words: Spoken) -> str:
    """What became of an answer that cannot wait."""
    name = words.beside.names.get(flag.seen_by, "")
    seen = "flag-seen-by" if name else "flag-seen"
    said = seen if flag.seen else "flag-gone" if flag.gone else "flag-then"
    return labels.say(said, words.tag).format(words.label(flag.at), words.label(flag.seen), name)


def _raised(items: dict[str, Item], flag: RaisedFlag, words: Spoken) -> RaisedView:
    item = items.get(differing.place(flag.path))
    return RaisedView(
        path=flag.path,
        words=labels.flag(flag.code, words.tag),
        question=telling.question(item, words.tag) if item else flag.path,
        at_label=words.label(flag.at),
        gone=flag.gone is not None,
        seen_label=words.label(flag.seen),
        seen_by=words.beside.names.get(flag.seen_by, ""),
        then=_then(flag, words),
    )


def _signed(items: dict[str, Item], evidence: Evidence, words: Spoken) -> SignedView:
    item = items.get(differing.place(evidence.path))
    return SignedView(
        words=telling.question(item, words.tag) if item else evidence.path,
        how=labels.say(evidence.kind.value, words.tag).format(evidence.name),
        at_label=words.label(evidence.at),
        language=labels.tongue(evidence.language, words.tag),
        sha256=evidence.sha256,
        identity=labels.identity(evidence.proved, words.tag),
        withdrawn_label=words.label(evidence.withdrawn),
        then=labels.say("signed-on", words.tag).format(words.label(evidence.at), labels.tongue(evidence.language, words.tag)),
        withdrawn=labels.say("withdrawn", words.tag).format(words.label(evidence.withdrawn)) if evidence.withdrawn else "",
    )
