"""Answers that cannot wait: which are new, which are gone, and which nobody of the staff has seen yet.

Nothing is ever taken off the list. Somebody who answers otherwise a moment later may have been frightened by what they wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec.structs import replace

from chalicelib.intake.records import Form, RaisedFlag
from chalicelib.intake.rules import scoring


class Flagged(NamedTuple):
    """The list as it is to be kept, and what of it is news: staff are told of each flag once."""

    flags: tuple[RaisedFlag, ...]
    news: tuple[RaisedFlag, ...]


def flagged(form: Form, items: Sequence[dict[str, Any]], before: Sequence[RaisedFlag], today: str, now: datetime) -> Flagged:
    """What answers raise, on top of what they have raised so far.

    One that was gone and comes back before anybody looked at it is the same flag; one that staff have dealt with is raised anew.
    """
    found = {(each.path, each.code) for each in scoring.flags(form.items, items, today)}
    kept = [_settled(each, (each.path, each.code) in found, now) for each in before]
    standing = {(each.path, each.code) for each in kept if each.gone is None}
    news = tuple(RaisedFlag(path=path, code=code, at=now) for path, code in sorted(found - standing))
    return Flagged((*kept, *news), news)


def kinds(found: Flagged) -> set[str]:
    """Codes of what is news and of which nothing else waits to be seen: whoever should act was told of that already."""
    waits = {each.code for each in unseen(found.flags) if each not in found.news}
    return {each.code for each in found.news} - waits


def _settled(flag: RaisedFlag, is_there: bool, now: datetime) -> RaisedFlag:  # noqa: FBT001 - one of two states
    if is_there and flag.gone is not None and flag.seen is None:
        return replace(flag, gone=None)
    return replace(flag, gone=now) if not is_there and flag.gone is None else flag


def unseen(flags: Sequence[RaisedFlag]) -> list[RaisedFlag]:
    """What no member of staff has said that they have seen, whether it stands or is gone."""
    return [each for each in flags if each.seen is None]


def standing(flags: Sequence[RaisedFlag]) -> list[RaisedFlag]:
    """What the answers say as they are now."""
    return [each for each in flags if each.gone is None]
