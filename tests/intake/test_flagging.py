"""Answers that cannot wait: told once, kept for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.intake.records import RaisedFlag
from chalicelib.intake.rules import flagging
from tests.intake.answering import NOW, our_form, phq_9

FORM = our_form("phq-9")
LATER = NOW + timedelta(minutes=5)
RAISED = RaisedFlag(path="phq-9-items/phq-9-9", code="suicidal-thoughts", at=NOW)
GONE, SEEN = replace(RAISED, gone=NOW), replace(RAISED, seen=NOW, seen_by="manager/cyrus")
SEEN_AND_GONE = replace(SEEN, gone=NOW)
AGAIN = replace(RAISED, at=LATER)


@pytest.mark.parametrize(
    ("why", "before", "answer", "after", "news"),
    [
        ("nothing", (), "not-at-all", (), 0),
        ("not answered", (), "", (), 0),
        ("raised", (), "several", (AGAIN,), 1),
        ("saved once more", (RAISED,), "several", (RAISED,), 0),
        ("worse than before is the same flag", (RAISED,), "nearly-every", (RAISED,), 0),
        ("answered otherwise", (RAISED,), "not-at-all", (replace(RAISED, gone=LATER),), 0),
        ("cleared", (RAISED,), "", (replace(RAISED, gone=LATER),), 0),
        ("still gone", (GONE,), "not-at-all", (GONE,), 0),
        ("back before anybody saw it", (GONE,), "several", (RAISED,), 0),
        ("staff have seen it", (SEEN,), "several", (SEEN,), 0),
        ("seen, then gone", (SEEN,), "not-at-all", (replace(SEEN, gone=LATER),), 0),
        ("back after staff saw it", (SEEN_AND_GONE,), "several", (SEEN_AND_GONE, AGAIN), 1),
        ("back twice", (SEEN_AND_GONE, RAISED), "several", (SEEN_AND_GONE, RAISED), 0),
    ],
)
def test_flags_are_raised_once_and_never_taken_off(
    why: str, before: tuple[RaisedFlag, ...], answer: str, after: tuple[RaisedFlag, ...], news: int
) -> None:
    found = flagging.flagged(FORM, phq_9(last=answer), before, "2026-11-24", LATER)
    assert (found.flags, len(found.news)) == (after, news), why


def test_what_staff_have_not_seen_waits_for_them_even_when_it_is_gone() -> None:
    flags = (RAISED, GONE, SEEN, SEEN_AND_GONE)
    assert flagging.unseen(flags) == [RAISED, GONE]
    assert flagging.standing(flags) == [RAISED, SEEN]


def test_what_was_deliberately_not_asked_raises_nothing() -> None:
    form = our_form("new-patient")
    assert flagging.flagged(form, [], (), "2026-11-24", NOW) == ((), ())


@pytest.mark.parametrize(
    ("flags", "news", "kinds"),
    [
        ((RAISED,), (RAISED,), {RAISED.code}),
        ((RAISED, replace(RAISED, path="other")), (replace(RAISED, path="other"),), set()),
        ((replace(GONE, path="other"), RAISED), (RAISED,), set()),
        ((SEEN, RAISED), (RAISED,), {RAISED.code}),
        ((RAISED, replace(RAISED, code="another")), (replace(RAISED, code="another"),), {"another"}),
        ((RAISED,), (), set()),
    ],
    ids=["the first", "a second row", "one that is gone and unseen", "the last was seen", "of another kind", "nothing new"],
)
def test_staff_are_told_of_a_kind_once_until_it_was_seen(
    flags: tuple[RaisedFlag, ...], news: tuple[RaisedFlag, ...], kinds: set[str]
) -> None:
    assert flagging.kinds(flagging.Flagged(flags, news)) == kinds
