"""Stands in for API Gateway: turns a request into its REST proxy event and calls the Chalice app in this process."""

from __future__ import annotations

import base64
import logging
import threading
import uuid
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, unquote

from chalice.app import Chalice

from chalicelib.doors import endpoint
from chalicelib.kit.problem import NotFound, Problem, TooLarge
from scripts.local.wire import Answer, Request

LARGEST = 10 * 1024 * 1024  # bytes of a body, as API Gateway has it
SECONDS = 29  # the time API Gateway waits, told to the code as its remaining time

log = logging.getLogger("scripts.local")


class WrongMethod(Problem):
    """The path is there, but not for this method."""

    status = 405
    title = "That cannot be done here."


class _OneAThread(Chalice):
    """Chalice keeps the request it is answering on itself; here each thread has its own."""

    _own = threading.local()

    @property
    def current_request(self) -> Any:
        """The request this thread is answering."""
        return getattr(self._own, "request", None)

    @current_request.setter
    def current_request(self, value: Any) -> None:
        self._own.request = value

    @property
    def lambda_context(self) -> Any:
        """The Lambda context of this thread's request."""
        return getattr(self._own, "context", None)

    @lambda_context.setter
    def lambda_context(self, value: Any) -> None:
        self._own.context = value


class Api:
    """The doors of a Chalice app, for any number of threads."""

    def __init__(self, app: Chalice) -> None:
        app.__class__ = _OneAThread
        self._app = app
        self._routes = sorted(app.routes, key=lambda path: [part.startswith("{") for part in path.split("/")])

    def answer(self, request: Request) -> Answer:
        """The app's answer; what API Gateway says itself is a problem of the same shape."""
        found = self._match(request.path)
        if found is None:
            return _problem(NotFound())
        path, parameters = found
        if request.method not in self._app.routes[path]:
            return _problem(WrongMethod(), Allow=", ".join(sorted(self._app.routes[path])))
        return self._call(event_of(request, path, parameters, tuple(self._app.api.binary_types)))

    def _match(self, path: str) -> tuple[str, dict[str, str]] | None:
        """The route and its path parameters; fixed words win over parameters, and a last slash does not count."""
        parts = path.removesuffix("/").split("/")
        for route in self._routes:
            wanted = route.split("/")
            if len(wanted) == len(parts) and all(want == part or want.startswith("{") for want, part in zip(wanted, parts, strict=True)):
                return route, {want[1:-1]: unquote(part) for want, part in zip(wanted, parts, strict=True) if want.startswith("{")}
        return None

    def _call(self, event: dict[str, Any]) -> Answer:
        number = event["requestContext"]["requestId"]
        context = SimpleNamespace(
            aws_request_id=number, function_name="anteroom-local", get_remaining_time_in_millis=lambda: SECONDS * 1000
        )
        try:
            return answer_of(self._app(event, context))
        except Exception:
            log.exception("the app let an exception out, request %s", number)
            return Answer(502, [("Content-Type", "application/json")], b'{"message": "Internal server error"}')


def too_large() -> Answer:
    """What a body past API Gateway's limit is told."""
    return _problem(TooLarge(f"Send at most {LARGEST // 1024 // 1024} MB."))


def _problem(problem: Problem, **headers: str) -> Answer:
    shown = endpoint.render_problem(problem)
    return answer_of(shown.to_dict() | {"headers": {**shown.headers, **headers}})


def event_of(request: Request, resource: str, parameters: dict[str, str], binary: tuple[str, ...]) -> dict[str, Any]:
    """The REST proxy event (AWS documentation, "Input format of a Lambda function for proxy integration")."""
    query = parse_qs(request.query, keep_blank_values=True)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    encoded = bool(request.body) and kind in binary
    body = base64.b64encode(request.body).decode() if encoded else request.body.decode("utf-8", "replace")
    return {
        "resource": resource,
        "path": request.path,
        "httpMethod": request.method,
        "headers": request.headers,
        "multiValueHeaders": {name: [value] for name, value in request.headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "path": request.path,
            "httpMethod": request.method,
            "stage": "local",
            "protocol": "HTTP/1.1",
            "requestId": str(uuid.uuid4()),
            "requestTimeEpoch": int(datetime.now(UTC).timestamp() * 1000),
            "identity": {"sourceIp": request.address, "userAgent": request.headers.get("user-agent", "")},
        },
        "body": body or None,
        "isBase64Encoded": encoded,
    }


def answer_of(result: dict[str, Any]) -> Answer:
    """A proxy result as an answer; a header that stands in both mappings counts once, from the lists."""
    listed: dict[str, list[str]] = result.get("multiValueHeaders") or {}
    many = {name.lower() for name in listed}
    headers = [(name, str(text)) for name, text in (result.get("headers") or {}).items() if name.lower() not in many]
    headers += [(name, str(text)) for name, texts in listed.items() for text in texts]
    body = result.get("body") or ""
    return Answer(result["statusCode"], headers, base64.b64decode(body) if result.get("isBase64Encoded") else body.encode())
