"""The OpenAPI 3.1 document, made from the operations and their shapes; nothing is written twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from chalicelib.kit import problem

REF = "#/components/schemas/{name}"
# What any door may answer beside its own problems.
ALWAYS = (problem.SlowDown, problem.TryAgain)


class Operation(Protocol):
    """What the document needs to know of a door (doors.records.Operation)."""

    @property
    def operation_id(self) -> str:
        """`bookAppointment`."""

    @property
    def method(self) -> str:
        """`POST`."""

    @property
    def path(self) -> str:
        """`/api/clinics/{clinic}/appointments`."""

    @property
    def summary(self) -> str:
        """One sentence."""

    @property
    def body(self) -> type[Struct] | None:
        """The shape of the body."""

    @property
    def query(self) -> type[Struct] | None:
        """The shape of the query string."""

    @property
    def reply(self) -> type[Struct] | None:
        """The shape of the answer."""

    @property
    def media_type(self) -> str:
        """The answer's media type."""

    @property
    def status(self) -> int:
        """The status of a good answer."""

    @property
    def also(self) -> tuple[int, ...]:
        """Other statuses under which the same shape is answered."""

    @property
    def problems(self) -> tuple[type[problem.Problem], ...]:
        """The problems of its own."""

    @property
    def once(self) -> bool:
        """Whether it asks for an Idempotency-Key."""

    @property
    def signed_in(self) -> bool:
        """Whether a session is needed."""

    @property
    def asks(self) -> Struct | None:
        """An example of the body."""

    @property
    def answers(self) -> Struct | None:
        """An example of the answer."""


class ProblemDocument(Struct, rename="camel"):
    """What is wrong, in words a person can act on (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = ""
    errors: list[dict[str, str]] = []
    retry_after: int | None = None
    request_id: str | None = None


def document(operations: Iterable[Operation], *, title: str, version: str) -> dict[str, Any]:
    """The whole document as JSON-able values."""
    doors = sorted(operations, key=lambda door: (door.path, door.method))
    shapes = [shape for door in doors for shape in (door.body, door.reply, door.query) if shape] + [ProblemDocument]
    _, schemas = msgspec.json.schema_components(dict.fromkeys(shapes), ref_template=REF)
    paths: dict[str, dict[str, Any]] = {}
    for door in doors:
        paths.setdefault(door.path, {})[door.method.lower()] = described(door, schemas)
    for shape in {door.query for door in doors if door.query}:
        schemas.pop(shape.__name__)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "license": {"name": "MIT", "identifier": "MIT"}},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "__Host-session"}},
        },
    }


def described(door: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    """One operation."""
    about: dict[str, Any] = {
        "operationId": door.operation_id,
        "summary": door.summary.split("\n")[0],
        "parameters": list(parameters(door, schemas)),
        "responses": responses(door),
        "security": [{"session": []}] if door.signed_in else [],
    }
    if door.body:
        media: dict[str, Any] = {"schema": {"$ref": REF.format(name=door.body.__name__)}}
        if door.asks is not None:
            media["example"] = msgspec.to_builtins(door.asks)
        about["requestBody"] = {"required": True, "content": {"application/json": media}}
    return about


def parameters(door: Operation, schemas: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Path, query and header parameters."""
    for name in re.findall(r"{(\w+)}", door.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    shape = schemas[door.query.__name__] if door.query else {}
    for name, schema in shape.get("properties", {}).items():
        yield {"name": name, "in": "query", "required": name in shape.get("required", []), "schema": schema}
    yield {"name": "lang", "in": "query", "description": "language of the labels, BCP 47", "schema": {"type": "string"}}
    if door.method != "GET":
        yield {"name": "X-Portal", "in": "header", "required": True, "schema": {"const": "1"}}
    if door.once:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "description": "the same key within 24 hours gets the same answer",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9-]{8,64}$"},
        }


def responses(door: Operation) -> dict[str, Any]:
    """The good answer, and each problem under its status."""
    media: dict[str, Any] = {"schema": {"$ref": REF.format(name=door.reply.__name__)} if door.reply else {"type": "string"}}
    if door.answers is not None:
        media["example"] = msgspec.to_builtins(door.answers)
    found: dict[str, Any] = {str(door.status): {"description": door.summary.split("\n")[0], "content": {door.media_type: media}}}
    by_status: dict[int, list[type[problem.Problem]]] = {}
    kinds_told: list[type[problem.Problem]] = [*problems_of(door), *ALWAYS]
    for kind in kinds_told:
        by_status.setdefault(kind.status, []).append(kind)
    for status, kinds in sorted(by_status.items()):
        found[str(status)] = {
            "description": "; ".join(f"{kind.slug()}: {kind.title}" for kind in kinds),
            "content": {
                "application/problem+json": {"schema": {"$ref": REF.format(name="ProblemDocument")}, "example": kinds[0]().document()}
            },
        }
    for status in door.also:
        other = found.setdefault(str(status), {"description": door.summary.split("\n")[0], "content": {}})
        other["content"][door.media_type] = {"schema": media["schema"]}
    return found


def problems_of(door: Operation) -> Iterator[type[problem.Problem]]:
    """What a door of this make can answer, and what it says of itself."""
    if door.signed_in:
        yield from (problem.SignedOut, problem.NotAllowed)
    elif door.method != "GET":
        yield problem.NotAllowed
    if "{" in door.path or problem.NotFound in door.problems:
        yield problem.NotFound
    if door.method != "GET":
        yield from (problem.Unreadable, problem.TooLarge)
    yield problem.LookAgain
    yield from (kind for kind in door.problems if kind not in (problem.NotFound, problem.LookAgain))
