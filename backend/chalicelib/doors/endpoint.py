"""The endpoint wrapper: every request takes the same way in, and every answer the same way out.

In: origin, session (its token before any I/O), clinic, permission, query, body, idempotency key.
Out: JSON or problem+json, never cached, with the session's idle time renewed; and one line of metrics.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from chalice.app import Blueprint, Response
from msgspec import Struct

from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.doors import actions, edge, measuring, reading, store, throttle
from chalicelib.doors.records import Asked, Once, Operation, Reply, Who
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Audience, Permission, Session
from chalicelib.kit import clock, logs, table
from chalicelib.kit.problem import NotAllowed, NotFound, Problem, SignedOut, TryAgain

log = logging.getLogger("anteroom.doors")

View = Callable[[Asked], Struct | Reply]

EVERY_ANSWER = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class KeyReused(Problem):
    """An idempotency key that came back with another request."""

    title = "That key belongs to another request."


def door(blueprint: Blueprint, method: str, path: str, *, problems: Iterable[type[Problem]] = (), **about: Any) -> Callable[[View], View]:
    """Make a view a door of the API; `about` are the members of Operation. The view's name is the operation's."""

    def make(view: View) -> View:
        about.setdefault("who", Who.SIGNED_IN)
        about.setdefault("audience", Audience.PATIENT)
        summary = (view.__doc__ or "").strip()
        operation = Operation(name=view.__name__, method=method, path=f"/api{path}", summary=summary, problems=tuple(problems), **about)
        opened = Opened(blueprint, operation, view)
        blueprint.route(operation.path, methods=[method], content_types=["*/*"], name=operation.name)(opened)
        return view

    return make


class Opened:
    """A door as Chalice calls it; its `operation` is what the API's description is made of."""

    def __init__(self, blueprint: Blueprint, operation: Operation, view: View) -> None:
        self.operation = operation
        self.__name__ = operation.name  # Chalice wants one
        self.__doc__ = operation.summary  # and describes the door by it
        self._blueprint, self._view = blueprint, view

    def __call__(self, **parameters: str) -> Response:
        """Answer the request that Chalice holds."""
        request = self._blueprint.current_request
        return served(self.operation.name, request, lambda: answer(self.operation, self._view, request, parameters))


def served(name: str, request: Any, make: Callable[[], Response]) -> Response:
    """Any request, with its patience, the ids of its log lines, and its line of metrics; whatever `make` raises is an answer too."""
    began = time.perf_counter()
    with table.patience(), logs.about(**measuring.ids(name, request)):
        response = answered(make)
        measuring.note(response.status_code, time.perf_counter() - began)
        return response


def answered(make: Callable[[], Response]) -> Response:
    """What `make` answers; a Problem in its own words, a store out of breath as 503, and anything else as a bug of ours."""
    try:
        return make()
    except Problem as problem:
        return told(problem)
    except Exception as error:
        if table.is_fault(error):
            return told(TryAgain(retry_after=1), type(error).__name__)
        number = logs.facts().get("request", "")
        log.exception("bug in %s, request %s", logs.facts().get("door", ""), number)
        return render(500, {"type": "bug", "title": "Something went wrong on our side.", "status": 500, "requestId": number}, PROBLEM)


def told(problem: Problem, why: str = "patience ended") -> Response:
    """A problem as an answer. Who was refused what, and whom the store left waiting, is worth a line in the log."""
    logs.add(problem=problem.slug())
    if problem.status in measuring.REFUSALS:
        log.info("refused: %s", problem.slug())
    elif isinstance(problem, TryAgain):
        log.warning("store out of breath in %s: %s", logs.facts().get("door", ""), why)
    return render_problem(problem)


def answer(operation: Operation, view: View, request: Any, parameters: Mapping[str, str]) -> Response:
    """One request from the first check to the last header."""
    asked = enter(operation, request, parameters)
    reply = repeatable(view, asked)
    if asked.session and not operation.polls:
        identity.touch(asked.session, asked.now)
    return reply


def enter(operation: Operation, request: Any, parameters: Mapping[str, str]) -> Asked:
    """Everything that must hold before the view runs, in this order; the cheapest and the strictest first."""
    headers = {name.lower(): text for name, text in request.headers.items()}
    given = dict(request.query_params or {})
    now = clock.now()
    raw = request.raw_body or b""
    address = edge.address(headers, request.context.get("identity", {}).get("sourceIp", ""))
    if operation.method != "GET":
        reading.check_origin(headers, operation.audience)
    cookies = reading.cookies(headers.get("cookie", ""))
    session = session_of(operation, parameters.get("clinic"), cookies, now)
    if session:
        logs.add(actor=session.actor.who, clinic=logs.facts().get("clinic", session.actor.clinic))
    reading.check_ids(parameters)
    clinic = clinics.get(parameters["clinic"]) if "clinic" in parameters else None
    allow(operation, session, clinic, now)
    if clinic:
        throttle.admit(clinic.id, now)
    if operation.limits:
        account = session.actor.account if session else ""
        actions.must_spend_all(operation.limits, clinic.id if clinic else "", account, address, now)
    return Asked(
        operation=operation,
        now=now,
        language=reading.language(given, headers, clinic),
        address=address,
        path=parameters,
        cookies=cookies,
        headers=headers,
        maybe_clinic=clinic,
        session=session,
        query=reading.query(given, operation.query),
        body=reading.body(raw, operation.body, operation.largest, operation.deepest) if operation.body else None,
        maybe_once=once_of(operation, session, headers, parameters, raw, now) if operation.once else None,
    )


def session_of(operation: Operation, clinic: str | None, cookies: Mapping[str, str], now: Any) -> Session | None:
    """The caller's session: the patient's of this clinic, else the staff's; None only where anyone may pass."""
    for audience in (Audience.PATIENT, Audience.STAFF):
        token = cookies.get(identity.cookie_name(audience, clinic or ""))
        if token:
            try:
                return identity.session_of(clinic if audience is Audience.PATIENT else None, token, audience, now)
            except SignedOut:
                if operation.who is not Who.ANYONE:
                    raise
    if operation.who is Who.ANYONE:
        return None
    raise SignedOut


def allow(operation: Operation, session: Session | None, clinic: Clinic | None, now: Any) -> None:
    """The session's clinic must be the path's, its roles must hold the permission, and its proof be as fresh as is wanted."""
    if session is None or operation.who is Who.ANYONE:
        return
    if clinic is not None and session.actor.clinic != clinic.id:
        raise NotFound
    if not operation.enrolling:
        identity.must_be_complete(session)
    if operation.permission is None:
        raise NotAllowed  # default deny: a door that names no permission lets nobody in
    session.actor.must(operation.permission, session.actor.clinic)
    if operation.step_up and session.audience is Audience.STAFF and not session.enrolling:
        identity.must_be_fresh(session, now)


def once_of(
    operation: Operation, session: Session | None, headers: Mapping[str, str], parameters: Mapping[str, str], raw: bytes, now: Any
) -> Once:
    """The request's idempotency key, bound to who asks and to what is asked."""
    if session is None:
        raise SignedOut
    print_ = reading.fingerprint(operation.name.encode(), msgspec.json.encode(dict(parameters)), raw)
    return Once(session.actor.clinic, session.actor.who, reading.once_key(headers), print_, now, operation.status, lambda made: made)


def repeatable(view: View, asked: Asked) -> Response:
    """Run the view; where its key was answered before, give that answer again, whatever stopped this try."""
    try:
        return shown(asked.operation, view(asked))
    except (Problem, actions.Answered) as stopped:
        kept = store.get(asked.once.clinic, asked.once) if asked.maybe_once else None
        if kept is None:
            if isinstance(stopped, actions.Answered):
                raise TryAgain(retry_after=1) from stopped
            raise
        if kept.fingerprint != asked.once.fingerprint:
            raise KeyReused("Use a new Idempotency-Key for a new request.") from stopped
        return render(int(kept.status), kept.answer.encode())


JSON = "application/json"
PROBLEM = "application/problem+json"


def shown(operation: Operation, made: Struct | Reply) -> Response:
    """A view's answer as a response."""
    reply = made if isinstance(made, Reply) else Reply(body=made)
    body = reply.text.encode() if reply.text else msgspec.json.encode(reply.body)
    return render(reply.status or operation.status, body, operation.media_type, reply.headers, reply.cookies)


def render_problem(problem: Problem) -> Response:
    """A problem as problem+json, with Retry-After where it says when."""
    document = problem.document()
    wait = document.pop("retry_after", None)
    headers = {"Retry-After": str(wait)} if wait else {}
    return render(problem.status, document | ({"retryAfter": wait} if wait else {}), PROBLEM, headers)


def render(
    status: int,
    body: bytes | dict[str, Any],
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
    cookies: tuple[str, ...] = (),
) -> Response:
    """The one place that makes responses. Chalice is given text: it would encode anything else itself."""
    encoded = msgspec.json.encode(body) if isinstance(body, dict) else body
    every: dict[str, Any] = {"Content-Type": f"{media_type}; charset=utf-8", **EVERY_ANSWER, **(headers or {})}
    if cookies:
        every["Set-Cookie"] = list(cookies)
    return Response(encoded.decode(), status_code=status, headers=every)


__all__ = ["Asked", "Audience", "Permission", "Reply", "Who", "door", "render", "render_problem"]
