"""Work on many things of which one may fail: the others are done all the same, and the failure is heard."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

log = logging.getLogger("anteroom.documents")

T = TypeVar("T")
R = TypeVar("R")


def each(things: Iterable[T], work: Callable[[T], R]) -> list[R]:
    """What the work makes of each thing. ExceptionGroup, at the end, of all that went wrong."""
    done, failed = list[R](), list[Exception]()
    for thing in things:
        try:
            done.append(work(thing))
        except Exception as error:
            log.exception("one of many could not be worked on; the others are")
            failed.append(error)
    if failed:
        raise ExceptionGroup(f"{len(failed)} of {len(failed) + len(done)} could not be worked on", failed)
    return done
