"""Handing a form in, and changing what was handed in: everything is checked anew, and who signed what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from chalicelib.doors.records import Limit
from chalicelib.identity.records import Actor
from chalicelib.intake.records import (
    Answered,
    Evidence,
    Form,
    Letterhead,
    QuestionnaireResponse,
    ResponseStatus,
    ReturnedItem,
    Review,
)
from chalicelib.intake.rules import consents, deciding, differing, enclosing, flagging, paging, signing, wording
from chalicelib.intake.rules.deciding import Tree
from chalicelib.intake.rules.enclosing import Enclosed
from chalicelib.intake.rules.flagging import Flagged
from chalicelib.intake.rules.saving import AlreadySent
from chalicelib.intake.rules.signing import Signed
from chalicelib.kit.problem import LookAgain, Problem

AMENDMENTS = (Limit(name="amendments", most=20, seconds=24 * 60 * 60),)


class FilesUnderWay(Problem):
    """Everything is answered, and a file of it is still being checked."""

    title = "A file of yours is still being checked."


class NotSentYet(Problem):
    """Only what was handed in can be amended."""

    status = 409
    title = "You have not sent this form yet."


class Handed(NamedTuple):
    """What somebody hands in. `proved`: by which methods they are signed in.

    `letterhead`: what copies of it say of the clinic and of whose it is. The last three are of an amendment.
    """

    items: Answered
    seen: Sequence[str]
    language: str
    signatures: Sequence[Signed]
    files: Mapping[str, Enclosed]
    actor: Actor
    proved: tuple[str, ...] = ()
    letterhead: Letterhead | None = None
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
    _check(form, before, handed, _complaints(form, handed, today))
    return _filed(form, before, handed, _evidence(form, handed, now), (), ResponseStatus.COMPLETED, today, now)


def amended(form: Form, before: QuestionnaireResponse, handed: Handed, today: str, now: datetime) -> Filed:
    """What was handed in, changed. NotSentYet; else as `submitted`, and every answer that was asked for again is changed or confirmed.

    Who takes a signature back and changes nothing else is stopped by nothing else that may be wrong; what was asked for again stays so.
    """
    if before.status is ResponseStatus.IN_PROGRESS:
        raise NotSentYet
    stood = consents.taken_back(form, before.items, handed.withdrawn, today)
    handed = handed._replace(items=consents.taken_back(form, handed.items, handed.withdrawn, today))
    changed = [each.path for each in differing.differences(form.items, stood, handed.items)]
    unsettled = [each for each in before.returned if not _is_settled(each, changed, handed.kept)]
    standing = {path for path, each in signing.last(before.evidence).items() if each.withdrawn is None}
    wrong = [(path, "unknown") for path in handed.withdrawn if path not in standing]
    if is_taking_back(form, before, handed, today):
        _refuse(wrong, handed.language)
    else:
        wrong += _complaints(form, handed, today, _Amending(before, changed))
        wrong += [(each.path, "returned") for each in unsettled if not handed.withdrawn]
        _check(form, before, handed, wrong)
    old = tuple(_withdrawn(each, handed, now) for each in before.evidence)
    evidence = (*old, *_evidence(form, handed, now))
    return _filed(form, before, handed, evidence, tuple(unsettled), ResponseStatus.AMENDED, today, now)


def is_taking_back(form: Form, before: QuestionnaireResponse, handed: Handed, today: str) -> bool:
    """Whether a signature is taken back, and nothing else is changed."""
    if not handed.withdrawn or handed.signatures:
        return False
    then, now = (consents.taken_back(form, items, handed.withdrawn, today) for items in (before.items, handed.items))
    return then == now


def _is_settled(returned: ReturnedItem, changed: Sequence[str], kept: Sequence[str]) -> bool:
    return returned.path in kept or any(differing.is_at(path, returned.path) for path in changed)


def _check(form: Form, before: QuestionnaireResponse, handed: Handed, wrong: Iterable[tuple[str, str]]) -> None:
    """LookAgain with every place, or FilesUnderWay with those of files that nobody can look at yet."""
    named, known = differing.files(form.items, handed.items), before.items if before.edition else []
    _refuse([*wrong, *enclosing.wrong(form, named, handed.files, known)], handed.language)
    if waiting := enclosing.waiting(form, handed.items, handed.files):
        raise FilesUnderWay(errors=wording.errors(waiting, handed.language))


def _refuse(wrong: Sequence[tuple[str, str]], language: str) -> None:
    if wrong:
        raise LookAgain(errors=wording.errors(dict.fromkeys(wrong), language))


class _Amending:
    """What of an amendment needs no new yes and no new signature."""

    def __init__(self, before: QuestionnaireResponse, changed: Sequence[str]) -> None:
        self.before, self.changed = before, {differing.place(path) for path in changed}

    def excused(self, form: Form, handed: Handed, tree: Tree) -> tuple[set[str], set[str]]:
        """Consents that may be a No, and places that are not signed anew.

        A consent may be a No where its signature is taken back, now or before, and is not given again. A signature that stands is
        not asked for again as long as no answer up to it was changed, and one that was taken back not without a yes that it covers.
        """
        last, signed = signing.last(self.before.evidence), {each.path for each in handed.signatures}
        covered = consents.covered(tree, last)
        gone = {path for path, each in last.items() if each.withdrawn is not None or path in handed.withdrawn} - signed
        said = {node.path for node in tree.nodes for one in tree.answers(node) if one.value is True}
        places = [place for place, _ in differing.walked(form.items)]
        first = min((places.index(place) for place in self.changed), default=len(places))
        stand = {path for path in last if path not in gone and first > places.index(differing.place(path))}
        idle = {path for path in gone if path in handed.withdrawn or said.isdisjoint(covered.get(path, ()))}
        return {path for each in gone for path in covered.get(each, ())}, stand | idle


def _complaints(form: Form, handed: Handed, today: str, amending: _Amending | None = None) -> Iterator[tuple[str, str]]:
    """What the form says of the answers, and of their signatures."""
    tree = Tree(form.items, handed.items, today)
    no, unsigned = amending.excused(form, handed, tree) if amending else (set[str](), set[str]())
    for each in deciding.decide(form.items, handed.items, today, complete=True):
        yield from ((each.path, code) for code in each.complaints if code != "consent" or each.path not in no)
    yield from signing.complaints(tree, handed.signatures, unsigned)
    yield from ((each.path, "unknown") for each in handed.signatures if each.path in handed.withdrawn)


def _evidence(form: Form, handed: Handed, now: datetime) -> tuple[Evidence, ...]:
    return signing.evidence(form, handed.signatures, handed.language, handed.actor.who, handed.proved, now)


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
        letterhead=handed.letterhead,
        changed=now,
        authored=now,
        review=Review.NONE,
        reviewed=None,
        reviewed_by="",
        edition=before.edition + 1,
        version=before.version + 1,
    )
    return Filed(after, flagged)
