"""One request and one answer, as the parts of the local run hand them to each other; and how WSGI spells them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Headers = list[tuple[str, str]]

ORIGIN = re.compile(r"^https?://[^/?]*", re.IGNORECASE)  # before the path where a proxy asks (RFC 9112, 3.2.2)


@dataclass(frozen=True)
class Request:
    """What a browser asked. `path` is as it was sent, percent signs and all; header names are lower case."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    address: str = "127.0.0.1"

    @property
    def host(self) -> str:
        """The host asked for, without the port."""
        return host(self.headers.get("host", ""))


@dataclass(frozen=True)
class Answer:
    """What goes back; headers in order, a name may stand twice."""

    status: int
    headers: Headers
    body: bytes = b""

    def header(self, name: str) -> str:
        """The first header of that name, or nothing."""
        return next((text for each, text in self.headers if each.lower() == name.lower()), "")

    def without_body(self) -> Answer:
        """The answer to HEAD: the same, told but not sent."""
        return replace(self, headers=[*self.headers, ("Content-Length", str(len(self.body)))], body=b"")


def host(header: str) -> str:
    """The name in a Host header, without the port."""
    return header.rsplit(":", 1)[0].lower()


def read(environ: Environ, limit: int) -> Request | None:
    """The request of a WSGI call, or None when its body is larger than `limit` bytes."""
    headers = {name[5:].replace("_", "-").lower(): text for name, text in environ.items() if name.startswith("HTTP_")}
    headers |= {name.replace("_", "-").lower(): environ[name] for name in ("CONTENT_TYPE", "CONTENT_LENGTH") if environ.get(name)}
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > limit:
        return None
    path, _, query = ORIGIN.sub("", environ["REQUEST_URI"]).partition("?")
    body = environ["wsgi.input"].read(length) if length else b""
    return Request(environ["REQUEST_METHOD"], path or "/", query, headers, body, environ.get("REMOTE_ADDR", ""))


def write(answer: Answer, start: StartResponse) -> Iterable[bytes]:
    """The answer in WSGI's words."""
    start(f"{answer.status} {HTTPStatus(answer.status).phrase}", answer.headers)
    return [answer.body]


def text(status: int, words: str) -> Answer:
    """A plain sentence for whoever asked what nothing serves."""
    return Answer(status, [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")], words.encode() + b"\n")
