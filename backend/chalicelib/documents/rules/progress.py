"""From asked-for to released or refused. Events come twice, late, in any order, or never: each function is safe to call again.

A file is released when two things are known of one and the same stored version: the scan found nothing, and it was made anew.
Case numbers are those that the tests in tests/documents name.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.documents.records import UNDER_WAY, DocumentReference, DocumentState, Remade, Verdict
from chalicelib.kit.problem import Problem
from chalicelib.kit.refusing import Reason

AGAIN_AFTER = timedelta(minutes=10)  # without an answer a check is asked for again, and staff see that it is stuck (case 42)
MOST_TRIES = 9  # each after twice the time: 10 minutes, 30, 70 and so on; the last gives up a week after it came, as quarantine does
ORPHANED_AFTER = timedelta(hours=24)  # nothing came, though a way to send it was given


class NotSent(Problem):
    """Said to be sent, and nothing is there (case 36)."""

    status = 409
    title = "That file has not arrived yet."


def finished(document: DocumentReference, *, there: bool) -> DocumentReference:
    """Its sender says that it is there. NotSent where it is not; later than that it changes nothing."""
    if document.state is DocumentState.SUPERSEDED:
        raise NotSent("Another file was sent in its place.")
    if document.state is not DocumentState.AWAITING:
        return document
    if not there:
        raise NotSent("Please send it again.")
    return _next(document, state=DocumentState.UPLOADED)


def arrived(document: DocumentReference, stored: str, now: datetime) -> DocumentReference:
    """An object was stored. The first version is the one that counts; of another nothing comes (cases 30, 31)."""
    if document.state not in UNDER_WAY or document.stored:
        return document
    return _next(document, state=DocumentState.SCANNING, stored=stored, arrived=now)


def inspected(document: DocumentReference, stored: str, outcome: Remade | Reason, now: datetime) -> DocumentReference:
    """It was made anew, or could not be; of another version than the one that counts this says nothing."""
    if not _is_about(document, stored) or document.remade is not None:
        return document
    if isinstance(outcome, Reason):
        return refused(document, outcome)
    return _settled(replace(document, remade=outcome), now)


def scanned(document: DocumentReference, stored: str, verdict: Verdict, now: datetime) -> DocumentReference:
    """What the scan said. Something found refuses it; no usable answer leaves it where it is, for staff to see (case 42)."""
    if not _is_about(document, stored) or document.verdict in (Verdict.CLEAN, Verdict.INFECTED):
        return document
    if verdict is Verdict.INFECTED:
        return replace(refused(document, Reason.INFECTED), verdict=verdict)
    if verdict is not Verdict.CLEAN:
        return document if (document.verdict, document.stuck) == (verdict, True) else _next(document, verdict=verdict, stuck=True)
    return _settled(replace(document, verdict=verdict), now)


def refused(document: DocumentReference, reason: Reason) -> DocumentReference:
    """Not taken in, and why; nothing that came after counts any more."""
    return _next(document, state=DocumentState.REFUSED, reason=reason, stuck=False)


def overdue(document: DocumentReference, now: datetime) -> DocumentReference | None:
    """The file with one more try to its name, or refused after the last, if its checks had no answer for so long; None: nothing."""
    if document.state is not DocumentState.SCANNING or document.arrived is None:
        return None
    if now < document.arrived + AGAIN_AFTER * (2 ** (document.tries + 1) - 1):
        return None
    if document.tries >= MOST_TRIES:
        return refused(document, Reason.UNCHECKED)
    return _next(document, tries=document.tries + 1, stuck=True)


def is_orphan(document: DocumentReference, now: datetime) -> bool:
    """Whether nothing ever came of it."""
    return document.state in (DocumentState.AWAITING, DocumentState.UPLOADED) and now >= document.asked + ORPHANED_AFTER


def _is_about(document: DocumentReference, stored: str) -> bool:
    return document.state is DocumentState.SCANNING and document.stored == stored


def _settled(document: DocumentReference, now: datetime) -> DocumentReference:
    """Released once both answers are there; else one step nearer. What its sender took back goes no further."""
    if document.remade is None or document.verdict is not Verdict.CLEAN or document.withdrawn is not None:
        return _next(document)
    return _next(document, state=DocumentState.RELEASED, released=now, stuck=False)


def _next(document: DocumentReference, **changed: object) -> DocumentReference:
    return replace(document, version=document.version + 1, **changed)
