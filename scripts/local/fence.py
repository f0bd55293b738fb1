"""Keeps web pages out of the engines, which left alone answer every site that asks, and let it read and reset all there is.

Standard library only: it is read in ministack's own environment too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

REFUSAL = b"The local cloud answers programs on this machine, and no web page.\n"
EDGE = "x-anteroom-edge"
FILES_HOST = "files.localhost"  # of our gateway, which hands on what was signed for that name
ABOUT = (("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(REFUSAL))))

Asgi = Callable[..., Awaitable[None]]
Wsgi = Callable[..., Iterable[bytes]]


def admits(headers: Iterable[tuple[str, str]], port: int) -> bool:
    """Whether a program asks, and for this very port.

    Browsers say that a page is asking (`Origin`, `Sec-Fetch-...`); a page whose own name has come to mean this machine asks for that name.
    What our own gateway hands on to a deployed API says so too, beside the header of the edge, which a browser sends for no page
    before it has asked leave with an `OPTIONS` that is refused here. With that header the files' host counts too: what was signed for it
    must arrive under it, and no name under `localhost` can be made to mean another machine.
    """
    told = [(name.lower(), text) for name, text in headers]
    hosts = [text for name, text in told if name == "host"]
    handed_on = any(name == EDGE for name, _ in told)
    if hosts in ([f"127.0.0.1:{port}"], [f"localhost:{port}"]):
        return handed_on or not any(name == "origin" or name.startswith("sec-fetch-") for name, _ in told)
    return handed_on and [host.partition(":")[0] for host in hosts] == [FILES_HOST]


def before_asgi(app: Asgi, port: int) -> Asgi:
    """The ASGI app, behind the fence."""

    async def fenced(scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        headers = [(name.decode("latin-1"), text.decode("latin-1")) for name, text in scope.get("headers", ())]
        if scope["type"] == "lifespan" or admits(headers, port):
            await app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})  # before it is accepted: the server answers 403
        else:
            about = [(name.encode(), text.encode()) for name, text in ABOUT]
            await send({"type": "http.response.start", "status": 403, "headers": about})
            await send({"type": "http.response.body", "body": REFUSAL})

    return fenced


def before_wsgi(app: Wsgi, port: int) -> Wsgi:
    """The WSGI app, behind the fence."""

    def fenced(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if admits([(name[5:].replace("_", "-"), text) for name, text in environ.items() if name.startswith("HTTP_")], port):
            return app(environ, start)
        start("403 Forbidden", list(ABOUT))
        return [REFUSAL]

    return fenced
