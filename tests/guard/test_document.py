"""The API against its own description: schemathesis makes requests of it, good and bad, in all its phases (deep).

Asked as Ada of patients' doors and as Cyrus of staff's, at the clinic and the things that are theirs, without limits of number:
a fault of the server is one, and so is a bad request that is accepted or an answer that the description does not know.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema

from chalicelib.doors import store as limits
from chalicelib.identity.records import Audience
from scripts.local import wire
from scripts.local.wire import Answer
from tests.callers import ORIGINS, api, as_nobody, body_of
from tests.guard import keeping
from tests.guard.asking import Desk, audiences, doors
from tests.guard.kinds import Kind

pytestmark = pytest.mark.deep

WHO = {Audience.PATIENT: Kind.ADA, Audience.STAFF: Kind.CYRUS}
# What ends the session that asks, or is everybody's: asked elsewhere (the matrix), since all that follows would be 401.
ENDING = {"sign_out", "end_session", "end_all_sessions", "switch_clinic", "step_up", "finish_passkey", "verify_totp"}
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
]


def described(desk: Desk, audience: Audience) -> dict[str, Any]:
    """The document's doors of one host, at ids that are there."""
    document: dict[str, Any] = body_of(as_nobody().get("/openapi.json"))
    ids = {"clinic": ["north"]} | {thing: [next(iter(found.values()))] for thing, found in desk.world.things.items()}
    kept: dict[str, Any] = {}
    for path, methods in document["paths"].items():
        for method, about in methods.items():
            name = next(name for name, (verb, below) in doors().items() if (verb.lower(), f"/api{below}") == (method, path))
            if audiences()[name] not in (audience, None) or name in ENDING:
                continue
            for parameter in about.get("parameters", []):
                if parameter["in"] == "path" and parameter["name"] in ids:
                    parameter["schema"] = {"enum": ids[parameter["name"]]}
            about.pop("security")  # the cookie is always sent: who may is the matrix's to ask
            kept.setdefault(path, {})[method] = about
    del document["components"]["securitySchemes"]
    return document | {"paths": kept}


class Gateway:
    """The doors as a WSGI application, each request from the same world; counts what was answered."""

    def __init__(self, desk: Desk, audience: Audience, document: dict[str, Any]) -> None:
        self.desk, self.audience, self.document = desk, audience, document
        self.statuses: Counter[int] = Counter()
        caller = desk.world.callers[WHO[audience]]
        self.cookie = "; ".join(f"{name}={text}" for name, text in caller.cookies.items())

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """One request, as a page of ours would send it."""
        query = environ.get("QUERY_STRING", "")
        environ["REQUEST_URI"] = quote(environ["PATH_INFO"].encode("latin-1")) + (f"?{query}" if query else "")
        if environ["PATH_INFO"] == "/described.json":
            return wire.write(Answer(200, [("Content-Type", "application/json")], json.dumps(self.document).encode()), start)
        request = wire.read(environ, 10**7)
        assert request is not None
        request.headers.update({"cookie": self.cookie, "origin": ORIGINS[self.audience]})
        answer = api().answer(request)
        self.statuses[answer.status] += 1
        keeping.restore(self.desk._kept)
        return wire.write(answer, start)


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told to slow down: that would hide what is asked."""
    monkeypatch.setattr(limits, "spend", lambda *_, **__: True)


@pytest.mark.usefixtures("unlimited")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("audience", Audience)
def test_no_request_that_the_description_can_think_of_breaks_a_door(audience: Audience, desk: Desk, record_property: Any) -> None:
    document = described(desk, audience)
    gateway = Gateway(desk, audience, document)
    found, phases = run(gateway)
    record_property("requests", sum(gateway.statuses.values()))
    record_property("statuses", dict(gateway.statuses))
    record_property("phases", sorted(phases))
    assert found == [], "\n".join(found)
    assert {200} <= set(gateway.statuses)
    assert not [status for status in gateway.statuses if status >= 500]


def run(gateway: Gateway) -> tuple[list[str], set[str]]:
    """All failures that the engine reports, each once, and the phases that it went through."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": 20261122,
            "generation": {"max-examples": 60, "deterministic": True},
            "checks": {"enabled": False, **{name: {"enabled": True} for name in CHECKS}},
        }
    )
    schema = schemathesis.openapi.from_wsgi("/described.json", gateway, config=config)
    schema.hook("filter_path_parameters")(can_be_asked)
    found: set[str] = set()
    phases: set[str] = set()
    for event in from_schema(schema).execute():
        phases |= {str(event.phase.name)} if hasattr(event, "phase") and hasattr(event.phase, "name") else set()
        found |= set(failures(event))
    return sorted(found), phases


def can_be_asked(context: Any, path_parameters: dict[str, Any] | None) -> bool:
    """The test client's own limit: a question mark in a path is to it the beginning of a query, and it gives up."""
    return not any("?" in str(value) for value in (path_parameters or {}).values())


def failures(event: Any) -> Iterator[str]:
    """What an event of the engine tells of failed checks and of errors."""
    recorder: Any = getattr(event, "recorder", None)
    for case, checks in recorder.checks.items() if recorder else ():
        for check in checks:
            if check.failure_info is not None:
                asked = recorder.cases[case].value
                yield f"{asked.operation.label}: {check.name}: {check.failure_info.failure.message[:300]} {asked.as_curl_command()[:400]}"
    if type(event).__name__ in {"NonFatalError", "FatalError"}:
        yield f"error: {event}"[:500]
