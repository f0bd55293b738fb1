"""What the API says of itself: its description, and how it is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
from chalice.app import Blueprint, Chalice, Response

from chalicelib.doors import edge, endpoint, health, shapes
from chalicelib.doors.endpoint import door
from chalicelib.doors.records import Asked, Operation, Reply, Who
from chalicelib.kit import openapi

VERSION = "0.1.0"

blueprint = Blueprint(__name__)


def operations(app: Chalice) -> list[Operation]:
    """Every door of the app, in the order of registration."""
    entries = [entry for methods in app.routes.values() for entry in methods.values()]
    return [entry.view_function.operation for entry in entries if isinstance(entry.view_function, endpoint.Opened)]


@blueprint.route("/api/openapi.json", methods=["GET"], content_types=["*/*"])
def get_openapi() -> Response:
    """The OpenAPI 3.1 document; for who comes through the edge, like every door."""
    request = blueprint.current_request
    return endpoint.served("get_openapi", request, lambda: _described_for(request.headers))


def _described_for(headers: Mapping[str, str]) -> Response:
    edge.address({name.lower(): text for name, text in headers.items()}, "")
    return endpoint.render(200, described(blueprint.current_app))


@lru_cache(maxsize=1)
def described(app: Any) -> bytes:
    """The document of this app, encoded."""
    return msgspec.json.encode(openapi.document(operations(app), title="Anteroom", version=VERSION))


@door(
    blueprint,
    "GET",
    "/health",
    who=Who.ANYONE,
    audience=None,
    polls=True,
    reply=shapes.Health,
    answers=shapes.WELL,
    also=(503,),
)
def get_health(asked: Asked) -> Reply:
    """How the API is: its version, that of its zone data, and whether what it stands on answers (503 where something does not)."""
    found = health.look(VERSION)
    if found.state is shapes.State.OK:
        return Reply(body=found)
    return Reply(body=found, status=503, headers={"Retry-After": str(health.KEPT)})
