"""What staff say of answers: that they will do, that one is wanted again, that what cannot wait was seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from msgspec.structs import replace

from chalicelib.intake.records import Form, ItemType, QuestionnaireResponse, ResponseStatus, ReturnedItem, Review
from chalicelib.intake.rules import deciding, flagging
from chalicelib.intake.rules.deciding import Tree
from chalicelib.kit.problem import LookAgain, Problem

LONGEST_NOTE = 500  # characters
MOST_RETURNED = 50  # answers of one form


class NotHandedIn(Problem):
    """It is being filled in still: whatever staff would say of it can change by itself."""

    status = 409
    title = "That form was not handed in yet."


class FlagsFirst(Problem):
    """An answer that cannot wait, and nobody has said that they have seen it."""

    status = 409
    title = "Look at the answers that cannot wait first."


class What(StrEnum):
    """What of a response is accepted."""

    ANSWERS = "answers"  # all of it will do
    FLAGS = "flags"  # what cannot wait was seen, and is being acted on


def returned(
    form: Form, response: QuestionnaireResponse, path: str, note: str, who: str, today: str, now: datetime
) -> QuestionnaireResponse:
    """One answer is asked for again, and why, in words for the patient. NotHandedIn; LookAgain for what was not asked, or no words."""
    plain = " ".join(note.split())
    wrong = [("path", "Choose a question that was asked.")] if path not in set(_questions(form, response, today)) else []
    if not plain or len(plain) > LONGEST_NOTE:
        wrong.append(("note", f"Say what is wrong with it, in at most {LONGEST_NOTE} characters."))
    others = [each for each in response.returned if each.path != path]
    if len(others) >= MOST_RETURNED:
        wrong.append(("path", "That many questions are better asked by telephone."))
    if wrong:
        raise LookAgain(errors=[{"field": field, "detail": detail} for field, detail in wrong])
    _must_be_handed_in(response)
    if any((each.path, each.note) == (path, plain) for each in response.returned):
        return response
    again = (*others, ReturnedItem(path=path, note=plain, by=who, at=now))
    return replace(response, returned=again, review=Review.NONE, reviewed=None, reviewed_by="", version=response.version + 1)


def accepted(response: QuestionnaireResponse, who: str, now: datetime) -> QuestionnaireResponse:
    """All of it will do, and nothing is asked for again any more. NotHandedIn, FlagsFirst; once more changes nothing."""
    _must_be_handed_in(response)
    if flagging.unseen(response.flags):
        raise FlagsFirst
    if response.review is Review.ACCEPTED:
        return response
    return replace(response, returned=(), review=Review.ACCEPTED, reviewed=now, reviewed_by=who, version=response.version + 1)


def seen(response: QuestionnaireResponse, who: str, now: datetime) -> QuestionnaireResponse:
    """Somebody acts on what cannot wait, in a draft too; what was seen before stays theirs who saw it."""
    if not flagging.unseen(response.flags):
        return response
    flags = tuple(each if each.seen else replace(each, seen=now, seen_by=who) for each in response.flags)
    return replace(response, flags=flags, version=response.version + 1)


def _must_be_handed_in(response: QuestionnaireResponse) -> None:
    if response.status not in (ResponseStatus.COMPLETED, ResponseStatus.AMENDED):
        raise NotHandedIn


def _questions(form: Form, response: QuestionnaireResponse, today: str) -> Iterator[str]:
    """The places that a patient can answer, given what they answered."""
    tree = Tree(form.items, response.items, today)
    for node in tree.nodes:
        if node.item.type not in (ItemType.GROUP, ItemType.DISPLAY) and not deciding.is_given(node.item) and tree.enabled(node):
            yield node.path
