"""Remembers an answer for a while in this container: configuration that is read at every request and changes seldom."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")

log = logging.getLogger("anteroom.kit")

_forget: list[Callable[[], None]] = []  # one for each thing that remembers


class Kept(Generic[T]):
    """A function whose answers are kept for `seconds`; exceptions are not. `lasting`: an old answer outlives a source that fails."""

    def __init__(self, function: Callable[..., T], seconds: float, *, lasting: bool = False) -> None:
        self._function, self._seconds, self._lasting = function, seconds, lasting
        self._answers: dict[Hashable, tuple[float, T]] = {}
        self.forget = self._answers.clear
        _forget.append(self.forget)

    def __call__(self, *args: Hashable) -> T:
        """The kept answer, or a new one."""
        until, answer = self._answers.get(args, (0.0, None))
        if answer is not None and time.monotonic() < until:
            return answer
        try:
            made = self._function(*args)
        except Exception:
            if answer is None or not self._lasting:
                raise
            log.warning("%s cannot be read anew; what was known goes on to count", self._function.__name__, exc_info=True)
            made = answer
        self._answers[args] = (time.monotonic() + self._seconds, made)
        return made


def kept(seconds: float, *, lasting: bool = False) -> Callable[[Callable[..., T]], Kept[T]]:
    """Decorator: keep each answer of a function for so many seconds."""
    return lambda function: Kept(function, seconds, lasting=lasting)


def shelf() -> dict[Hashable, T]:
    """A dictionary of this container that is emptied whenever everything is forgotten."""
    made: dict[Hashable, T] = {}
    _forget.append(made.clear)
    return made


def forget() -> None:
    """Forget everything at once: after a change that must show now, and between tests."""
    for clear in _forget:
        clear()
