"""Handing a form in, and changing what was handed in: everything is checked anew, and who signed what is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple

from msgspec import Meta
from msgspec.structs import replace

from chalicelib.clinics.records import Record
from chalicelib.doors.records import Limit
from chalicelib.identity.records import Actor
from chalicelib.intake.records import (
    Answered,
    Evidence,
    Form,
    Item,
    QuestionnaireResponse,
    ResponseStatus,
    ReturnedItem,
    Review,
    Signature,
)
from chalicelib.intake.rules import consents, deciding, differing, flagging, paging, wording
from chalicelib.intake.rules.deciding import Tree
from chalicelib.intake.rules.flagging import Flagged
from chalicelib.intake.rules.saving import AlreadySent
from chalicelib.kit.problem import LookAgain, Problem

AMENDMENTS = (Limit(name="amendments", most=20, seconds=24 * 60 * 60),)
MOST_POINTS = 20_000  # numbers of a drawn name, all strokes together: many times a long name
WIDE, HIGH = 1000, 300  # of the field that a name is drawn in


class FilesUnderWay(Problem):
    """Everything is answered, and a file of it is still being checked."""

    title = "A file of yours is still being checked."


class NotSentYet(Problem):
    """Only what was handed in can be amended."""

    status = 409
    title = "You have not sent this form yet."


class FileStanding(StrEnum):
    """What is known of a document that an answer names."""

    READY = "ready"
    UNDER_WAY = "under-way"
    GONE = "gone"  # another patient's, another visit's, taken back, refused, or none


class Signed(Record, frozen=True, kw_only=True):
    """A signature as a page sends it: where, how, and the name; a drawn one with its strokes (x and y in turn, whole numbers)."""

    path: Annotated[str, Meta(max_length=500)]
    kind: Signature
    name: Annotated[str, Meta(max_length=200)]
    strokes: Annotated[tuple[tuple[int, ...], ...], Meta(max_length=500)] = ()


class Handed(NamedTuple):
    """What somebody hands in. `proved`: by which methods they are signed in. The last three are of an amendment."""

    items: Answered
    seen: Sequence[str]
    language: str
    signatures: Sequence[Signed]
    files: Mapping[str, FileStanding]
    actor: Actor
    proved: tuple[str, ...] = ()
    withdrawn: Sequence[str] = ()
    kept: Sequence[str] = ()
    reason: str = ""


class Filed(NamedTuple):
    """The response as it is to be, and which flags are news."""

    response: QuestionnaireResponse
    flagged: Flagged


def check_places(form: Form, signatures: Sequence[Signed], withdrawn: Sequence[str] = (), kept: Sequence[str] = ()) -> None:
    """LookAgain where a place is named that the form does not have: nothing is signed there, taken back or confirmed."""
    known = {path for path, _ in differing.walked(form.items)}
    given = {"signatures": [each.path for each in signatures], "withdrawn": withdrawn, "kept": kept}
    wrong = [field for field, paths in given.items() if not known.issuperset(differing.place(path) for path in paths)]
    if wrong:
        raise LookAgain(errors=[{"field": field, "code": "unknown", "detail": "The form has no such question."} for field in wrong])


def submitted(form: Form, before: QuestionnaireResponse, handed: Handed, today: str, now: datetime) -> Filed:
    """A draft handed in. AlreadySent; LookAgain with every place, FilesUnderWay where nothing else is wrong."""
    if before.status is not ResponseStatus.IN_PROGRESS:
        raise AlreadySent("Change it and send it again instead.")
    _check(form, handed, today, _complaints(form, handed, today))
    evidence = _evidence(form, handed, now)
    return _filed(form, before, handed, evidence, (), ResponseStatus.COMPLETED, today, now)


def amended(form: Form, before: QuestionnaireResponse, handed: Handed, today: str, now: datetime) -> Filed:
    """What was handed in, changed. NotSentYet; else as `submitted`, and every answer that was asked for again is changed or confirmed."""
    if before.status is ResponseStatus.IN_PROGRESS:
        raise NotSentYet
    changed = [each.path for each in differing.differences(form.items, before.items, handed.items)]
    standing = {each.path for each in before.evidence if each.withdrawn is None}
    wrong = list(_complaints(form, handed, today))
    wrong += [(path, "unknown") for path in handed.withdrawn if path not in standing]
    wrong += [(each.path, "returned") for each in before.returned if not _is_settled(each, changed, handed.kept)]
    _check(form, handed, today, wrong)
    old = tuple(_withdrawn(each, handed, now) for each in before.evidence)
    return _filed(form, before, handed, (*old, *_evidence(form, handed, now)), (), ResponseStatus.AMENDED, today, now)


def _is_settled(returned: ReturnedItem, changed: Sequence[str], kept: Sequence[str]) -> bool:
    return returned.path in kept or any(differing.is_at(path, returned.path) for path in changed)


def _check(form: Form, handed: Handed, today: str, wrong: Iterator[tuple[str, str]] | Sequence[tuple[str, str]]) -> None:
    """LookAgain with every place, or FilesUnderWay with those of files that nobody can look at yet."""
    found = list(wrong)
    files = [(path, handed.files.get(file, FileStanding.GONE)) for path, file in differing.files(form.items, handed.items)]
    found += [(path, "no-file") for path, standing in files if standing is FileStanding.GONE]
    if found:
        raise LookAgain(errors=wording.errors(dict.fromkeys(found), handed.language))
    if waiting := [(path, "file-under-way") for path, standing in files if standing is FileStanding.UNDER_WAY]:
        raise FilesUnderWay(errors=wording.errors(waiting, handed.language))


def _complaints(form: Form, handed: Handed, today: str) -> Iterator[tuple[str, str]]:
    """What the form says of the answers, and of their signatures. Who takes a consent back need not say yes to it any more."""
    excused = {"consent"} if handed.withdrawn else set()
    for each in deciding.decide(form.items, handed.items, today, complete=True):
        yield from ((each.path, code) for code in each.complaints if code not in excused)
    by_path, expected = {each.path: each for each in handed.signatures}, dict(_names(form, handed, today))
    for path, (item, name) in expected.items():
        if path not in by_path or not _is_signed(item, name, by_path[path]):
            yield path, "signature"
    yield from ((path, "unknown") for path in by_path if path not in expected)


def _names(form: Form, handed: Handed, today: str) -> Iterator[tuple[str, tuple[Item, str]]]:
    """Each place that is signed with these answers, and the name there; one whose signature is taken back wants no new one."""
    tree = Tree(form.items, handed.items, today)
    for node in tree.nodes:
        if node.item.signature and node.path not in handed.withdrawn:
            yield from ((node.path, (node.item, str(one.value))) for one in tree.answers(node)[:1])


def _is_signed(item: Item, name: str, signed: Signed) -> bool:
    if signed.kind not in item.signature or " ".join(signed.name.split()) != " ".join(name.split()):
        return False
    return _is_drawn(signed.strokes) if signed.kind is Signature.DRAWN else not signed.strokes


def _is_drawn(strokes: Sequence[Sequence[int]]) -> bool:
    """Lines of whole points that lie on the field: a single touch is no name."""
    within = all(0 <= number <= (HIGH if place % 2 else WIDE) for stroke in strokes for place, number in enumerate(stroke))
    points = sum(len(stroke) for stroke in strokes)
    return within and all(len(stroke) % 2 == 0 and stroke for stroke in strokes) and 4 <= points <= MOST_POINTS


def _evidence(form: Form, handed: Handed, now: datetime) -> tuple[Evidence, ...]:
    """What shows each signature, once all of them were checked."""
    return tuple(
        Evidence(
            path=each.path,
            kind=each.kind,
            name=" ".join(each.name.split()),
            strokes=each.strokes,
            at=now,
            language=handed.language,
            canonical=form.canonical,
            sha256=consents.sha256(form, each.path, handed.language),
            by=handed.actor.who,
            proved=handed.proved,
        )
        for each in handed.signatures
    )


def _withdrawn(evidence: Evidence, handed: Handed, now: datetime) -> Evidence:
    if evidence.path not in handed.withdrawn or evidence.withdrawn is not None:
        return evidence
    return replace(evidence, withdrawn=now, withdrawn_why=handed.reason)


def _filed(
    form: Form,
    before: QuestionnaireResponse,
    handed: Handed,
    evidence: tuple[Evidence, ...],
    returned: tuple[ReturnedItem, ...],
    status: ResponseStatus,
    today: str,
    now: datetime,
) -> Filed:
    flagged = flagging.flagged(form, handed.items, before.flags, today, now)
    seen = {*before.seen, *handed.seen}
    after = replace(
        before,
        items=handed.items,
        seen=tuple(page.id for page in paging.pages(form.items) if page.id in seen),
        page="",
        language=handed.language,
        status=status,
        evidence=evidence,
        returned=returned,
        flags=flagged.flags,
        changed=now,
        authored=now,
        review=Review.NONE,
        reviewed=None,
        reviewed_by="",
        edition=before.edition + 1,
        version=before.version + 1,
    )
    return Filed(after, flagged)
