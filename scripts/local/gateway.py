"""Stands in for the edge and for S3's own host: three hosts on one port, the API behind two, and `/local/` beside them."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

import waitress
from waitress import wasyncore

from scripts.local import api, files, wire
from scripts.local.fence import FILES_HOST
from scripts.local.pump import Bell
from scripts.local.wire import Answer, Environ, Request, StartResponse

THREADS = 64  # as many requests at once as the tables' connection pool serves
STAFF_HOST = "staff.localhost"
PATIENT_HOSTS = ("localhost", "127.0.0.1")

log = logging.getLogger("scripts.local")


class Room(Protocol):
    """Whatever can answer a request."""

    def answer(self, request: Request) -> Answer:
        """The answer to one request; to HEAD as to GET, since the gateway leaves out the body."""


class Gateway:
    """The WSGI application. `shelves` serve the pages of each host, `doors` the API, `local` the pages of /local/, `s3` the files' host.

    `bell` is rung after each request that may have written something.
    """

    def __init__(self, doors: Room, shelves: Mapping[str, Room], local: Room, s3: Room, bell: Bell | None = None) -> None:
        self._doors, self._shelves, self._local, self._s3 = doors, shelves, local, s3
        self._bell = bell or Bell()

    def __call__(self, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        """One request; a fault of our own is logged and told in one sentence."""
        try:
            house = files if wire.host(environ.get("HTTP_HOST", "")) == FILES_HOST else api
            request = wire.read(environ, house.LARGEST)
            answer = self.answer(request) if request else house.too_large()
        except Exception:
            log.exception("the local gateway stumbled over %s %s", environ["REQUEST_METHOD"], environ["REQUEST_URI"])
            answer = wire.text(502, "The local run could not answer; its words are in the terminal.")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD", "OPTIONS"):
            self._bell.ring()
        return wire.write(answer.without_body() if environ["REQUEST_METHOD"] == "HEAD" else answer, start)

    def answer(self, request: Request) -> Answer:
        """The answer of the host and the path."""
        if request.host == FILES_HOST:
            return self._s3.answer(request)
        shelf = self._shelves.get(request.host)
        if shelf is None:
            return wire.text(404, f"No portal is served at this host name; use {PATIENT_HOSTS[0]} or {STAFF_HOST}.")
        if request.path == "/api" or request.path.startswith("/api/"):
            return self._doors.answer(request)
        if request.path == "/local" or request.path.startswith("/local/"):
            return self._local.answer(request)
        return shelf.answer(request)


@contextmanager
def serve(app: Gateway, held: socket.socket) -> Iterator[None]:
    """Answers on the socket while the block runs; what is being answered when it ends is finished."""
    sockets: dict[int, object] = {}
    server = waitress.create_server(
        app,
        map=sockets,
        sockets=[held],
        threads=THREADS,
        connection_limit=1000,
        ident="",
        max_request_body_size=64 * 1024 * 1024,  # above the gateway's own limit, which answers in our words
    )
    ended = threading.Event()

    def turn() -> None:
        while not ended.is_set():
            wasyncore.loop(timeout=1, map=sockets, count=1)

    thread = threading.Thread(target=turn, name="gateway", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.task_dispatcher.shutdown()
        ended.set()
        server.pull_trigger()
        thread.join(5)
        wasyncore.close_all(sockets)
