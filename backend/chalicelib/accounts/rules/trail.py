"""How far back one may look, what fits a search, and how a cell of an export is made harmless."""

from __future__ import annotations

from datetime import date, timedelta

from chalicelib.accounts.records import TrailSearch
from chalicelib.audit.records import AuditEvent
from chalicelib.identity.records import Actor
from chalicelib.kit.problem import LookAgain

WEEK = timedelta(days=6)  # what is searched unless somebody says otherwise: today and the six days before
LONGEST_SEARCH, LONGEST_EXPORT = 92, 31  # local dates, both ends included
LARGEST_EXPORT = 5_000_000  # bytes: a function's answer ends at 6 MB
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def span(first: date | None, last: date | None, today: date, longest: int) -> tuple[date, date]:
    """The local dates to look at, both included; LookAgain where they are the wrong way round, or too many."""
    end = last or (max(first, today) if first else today)
    begin = first or end - WEEK
    if begin > end:
        raise LookAgain(errors=[{"field": "to", "detail": "Choose a day that is not before the first."}])
    if (end - begin).days >= longest or abs((end - today).days) > 36_600:
        raise LookAgain(errors=[{"field": "from", "detail": f"Choose at most {longest} days."}])
    return begin, end


def fits(event: AuditEvent, wanted: TrailSearch) -> bool:
    """Whether an event is what a search looks for (its patient is looked for by key)."""
    who = wanted.who.casefold()
    return (not who or who in event.name.casefold() or who == event.who.casefold()) and wanted.action in ("", event.action)


def concerns(event: AuditEvent, actor: Actor) -> bool:
    """Whether a patient's own access log tells of an event: all but their own looking, which would hide everybody else's."""
    return not (event.reading and is_own(event, actor))


def is_own(event: AuditEvent, actor: Actor) -> bool:
    """Whether a patient did it themselves, as whoever they were to the clinic then."""
    return event.who in {f"patient/{each}" for each in (*actor.patients, actor.account)}


def cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe stands before what would begin one."""
    return f"'{text}" if text.startswith(FORMULAS) else text
