"""Problems: things a person can put right, told in words they can act on (RFC 9457)."""

from __future__ import annotations

import re
from typing import ClassVar

type_of_extra = str | int | bool | list[dict[str, str]] | list[str] | None


class Problem(Exception):
    """Something a person can put right.

    A subclass fixes `status` (HTTP) and `title` (a sentence for patients); an
    instance adds `detail` for this occurrence and extra members as keywords, for
    example `errors=[{"field": "start", "detail": "..."}]` or `retry_after=5` (seconds).
    """

    status: ClassVar[int] = 422
    title: ClassVar[str] = "Please look at your answers."

    def __init__(self, detail: str = "", **extra: type_of_extra) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.extra = extra

    @classmethod
    def slug(cls) -> str:
        """The problem's type: the class name in kebab case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    def document(self) -> dict[str, object]:
        """The members of the problem+json answer."""
        body: dict[str, object] = {"type": self.slug(), "title": self.title, "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        return body | {k: v for k, v in self.extra.items() if v is not None}


class Unreadable(Problem):
    """The request cannot be read at all."""

    status = 400
    title = "We could not read that request."


class SignedOut(Problem):
    """Nobody is signed in, or the session is over."""

    status = 401
    title = "Please sign in."


class NotAllowed(Problem):
    """Signed in, but this is not theirs to do."""

    status = 403
    title = "This is not yours to do."


class NotFound(Problem):
    """Not there, or another clinic's, or another patient's: the answer is the same."""

    status = 404
    title = "We could not find that."


class TooLarge(Problem):
    """The body is larger than any form of ours."""

    status = 413
    title = "That is too large to send."


class Changed(Problem):
    """Somebody changed it since it was read."""

    status = 412
    title = "This has changed since you opened it."


class LookAgain(Problem):
    """Answers that cannot be right; `errors` names each field."""

    status = 422
    title = "Please look at your answers."


class SlowDown(Problem):
    """Too many tries; `retry_after` says when to come back."""

    status = 429
    title = "Please wait a little before you try again."


class TryAgain(Problem):
    """We are out of breath, not you; `retry_after` says when to come back."""

    status = 503
    title = "We could not do that just now. Please try again."
