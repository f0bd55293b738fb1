"""Our own extensions: what FHIR has no word for. What cannot be read of them is refused, for nobody else means anything by them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from chalicelib.intake.records import ItemType, Prefill, RedFlag, Signature, Sum
from chalicelib.intake.rules import answers, values
from chalicelib.intake.rules.reading import conditions
from chalicelib.intake.rules.reading.element import Extension
from chalicelib.intake.rules.reading.outline import Entry

SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")
SCORES = {"phq-9": 9, "gad-7": 7, "audit-c": 3}  # the questions that each of them adds up
SOURCES = ("last", "profile")
LONGEST_LIFE = 36_500  # days
ANY = frozenset(ItemType)
QUESTIONS = ANY - {ItemType.GROUP, ItemType.DISPLAY}
CHOSEN = frozenset({ItemType.CHOICE, ItemType.OPEN_CHOICE})

Reader = Callable[[Entry, Extension], None]


def _slug(extension: Extension) -> str:
    found = extension.written()
    if found and not SLUG.fullmatch(found):
        extension.wrong("It is named by small letters, digits and hyphens.")
    return found


def _part(extension: Extension, name: str) -> str:
    found = extension.one(name)
    return found.written() if found else ""


def required_when(entry: Entry, extension: Extension) -> None:
    """One of the conditions that all must hold for an answer to be needed."""
    question, operator, answer = _part(extension, "question"), _part(extension, "operator"), extension.one("answer")
    typed = answer.typed("value", conditions.COMPARED) if answer else None
    if made := conditions.made(extension, "requiredWhen", question, operator, typed):
        entry.about["required_when"] = (*entry.about.get("required_when", ()), made)


def document_kind(entry: Entry, extension: Extension) -> None:
    """Which document a file is, by the clinic's own word."""
    entry.about["document_kind"] = _slug(extension)


def consent(entry: Entry, extension: Extension) -> None:
    """Only a yes will do, where it is required."""
    entry.about["consent"] = extension.told()


def permission(entry: Entry, extension: Extension) -> None:
    """What may be refused, and is a No again once the signature after it is taken back."""
    entry.about["permission"] = extension.told()


def not_after(entry: Entry, extension: Extension) -> None:
    """A bound that moves: the day of the answer, in the clinic."""
    found = extension.written()
    if found and found != values.TODAY:
        extension.wrong("The only day that is known by its name is today.")
    entry.about["not_after"] = found


def signature(entry: Entry, extension: Extension) -> None:
    """One of the ways to sign."""
    found = extension.written()
    if found in set(Signature):
        entry.about["signature"] = (*entry.about.get("signature", ()), Signature(found))
    else:
        extension.wrong("One signs drawn or typed.")


def prefill_from(entry: Entry, extension: Extension) -> None:
    """Where an answer may be offered from."""
    source, days = _part(extension, "source"), extension.below("days")
    if source not in SOURCES:
        extension.wrong("Answers are offered from the last ones or from the profile.")
    age = days[0].number(0, LONGEST_LIFE) if days else 0
    entry.about["prefill"] = Prefill(source=source, days=int(age or 0))


def sensitive(entry: Entry, extension: Extension) -> None:
    """What only those see who must."""
    entry.about["sensitive"] = extension.told()


def page(entry: Entry, extension: Extension) -> None:
    """Here a page begins, and this is its title."""
    if entry.type is not ItemType.GROUP and entry.above:
        extension.wrong("A page begins with a group or with a question that is in no group.")
    title = extension.words("valueString")
    if not title:
        extension.wrong("A page needs a title.")
    if entry.above:
        extension.ignored("A page begins at the top of the form: what is in a group stands on that group's page.")
    else:
        entry.about["page"] = title


def calculated(entry: Entry, extension: Extension) -> None:
    """How a number is reckoned, and of what; whether that is there is asked when all is known."""
    extension.needs("L4")
    kind, parts = _part(extension, "kind"), extension.below("of")
    if kind not in set(Sum) or not parts:
        extension.wrong("It needs a kind (sum, bmi or age) and the link ids of what it is reckoned of.")
        return
    entry.about["reckoned"] = (Sum(kind), tuple(each.written() for each in parts), extension)


def score(entry: Entry, extension: Extension) -> None:
    """A named score: the weights of all choices of its group, added up."""
    extension.needs("L4")
    found = extension.written()
    if found not in SCORES:
        extension.wrong(f"The scores that we know are {', '.join(SCORES)}.")
    entry.about["score"] = found
    entry.about["scored"] = extension


def red_flag(entry: Entry, extension: Extension) -> None:
    """What cannot wait."""
    code, least = extension.one("code"), extension.below("atLeast")
    number = least[0].number(-answers.LARGEST, answers.LARGEST, whole=False) if least else 1.0
    if code:
        entry.about["red_flag"] = RedFlag(code=_slug(code), at_least=1.0 if number is None else float(number))


# By the last part of the url: what reads it, the types that it can be on, and whether it can be there several times.
READERS: dict[str, tuple[Reader, frozenset[ItemType], bool]] = {
    "requiredWhen": (required_when, QUESTIONS | {ItemType.GROUP}, True),
    "documentKind": (document_kind, frozenset({ItemType.ATTACHMENT}), False),
    "consent": (consent, frozenset({ItemType.BOOLEAN}), False),
    "permission": (permission, frozenset({ItemType.BOOLEAN}), False),
    "notAfter": (not_after, frozenset({ItemType.DATE, ItemType.DATE_TIME, ItemType.INTEGER}), False),
    "signature": (signature, frozenset({ItemType.STRING}), True),
    "prefillFrom": (prefill_from, QUESTIONS, False),
    "sensitive": (sensitive, ANY, False),
    "page": (page, ANY, False),
    "calculated": (calculated, frozenset({ItemType.INTEGER, ItemType.DECIMAL}), False),
    "score": (score, frozenset({ItemType.INTEGER}), False),
    "redFlag": (red_flag, CHOSEN | {ItemType.BOOLEAN}, False),
}


def settle(entry: Entry) -> None:
    """A flag that can never be raised is worse than none."""
    flag: RedFlag | None = entry.about.get("red_flag")
    if flag is None:
        return
    weights = (
        [1.0] if entry.type is ItemType.BOOLEAN else [each.ordinal for each in entry.about.get("options", ()) if each.ordinal is not None]
    )
    if max(weights, default=-math.inf) < flag.at_least:
        entry.element.refuse("extension redFlag", "No answer has this weight (ordinalValue), so that it would never be raised.")
