"""No field is left out: each text that the API takes is written with payloads in a journey, or its door refuses them, as is asked here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import pytest

from chalicelib.doors import store as limits
from chalicelib.doors.routes import operations
from chalicelib.identity.records import Audience
from chalicelib.kit import clock, table
from chalicelib.visits import actions as visits
from scripts.local.wire import Answer
from tests.callers import ORIGINS, Caller, as_actor, as_nobody, body_of, given_the_clinics, signed_in
from tests.cast import ADA, BEA, CYRUS, DANA
from tests.documents.makers import a_visit, put, released
from tests.intake.answering import a_response
from tests.intake.answering import put as answered
from tests.intake.makers import publish_ours
from tests.journeys.payloads import CURSOR, OWNER, PAYLOADS, REFUSED, WRITTEN, fields, leaves

pytestmark = pytest.mark.thorough

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
# How a door refuses what it says of no field; all others name theirs.
REFUSALS = {CURSOR: (400, "unreadable"), OWNER: (422, "wrong-passkey")}
IDS = {"clinic": "north", "account": DANA.id, "appointment": "v", "document": "d", "questionnaire": "f", "response": "v-1"}


@pytest.fixture
def document() -> dict[str, Any]:
    """The API's own description."""
    found: dict[str, Any] = body_of(as_nobody().get("/openapi.json"))
    return found


@pytest.fixture
def callers(cloud: None, monkeypatch: pytest.MonkeyPatch) -> dict[Audience | None, Caller]:
    """Ada at patients' doors and Cyrus at the staff's, who are never told to slow down: that would hide what is asked."""
    monkeypatch.setattr(limits, "spend", lambda *_, **__: True)
    given_the_clinics()
    signed_in(DANA)
    cyrus = signed_in(CYRUS)
    with table.together() as tx:
        visits.keep(tx, a_visit(start=clock.now() + timedelta(days=1), end=clock.now() + timedelta(days=1, minutes=20)))
    put(released())
    publish_ours("north", "consent-to-treat")
    answered(a_response("consent-to-treat"))
    return {Audience.PATIENT: signed_in(ADA), Audience.STAFF: cyrus, None: cyrus}


def test_every_text_of_the_api_is_written_with_payloads_or_refused(document: dict[str, Any]) -> None:
    written = frozenset[str]().union(*WRITTEN.values())
    assert sum(map(len, WRITTEN.values())) == len(written), "a field stands twice"
    assert sorted(fields(document)) == sorted(written | set(REFUSED))


def test_a_new_field_would_be_missed(document: dict[str, Any]) -> None:
    """The census finds a text wherever it stands in a body."""
    schemas = document["components"]["schemas"]
    schemas["RolesWanted"]["properties"]["said"] = {"type": "array", "items": {"$ref": "#/components/schemas/Said"}}
    schemas["Said"] = {"properties": {"words": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}
    assert set(fields(document)) - set(REFUSED) - frozenset[str]().union(*WRITTEN.values()) == {"setRoles.said[].words"}


@pytest.mark.parametrize("place", REFUSED)
def test_a_door_refuses_what_it_cannot_mean(place: str, callers: dict[Audience | None, Caller], document: dict[str, Any]) -> None:
    for payload in PAYLOADS:
        answer = asked(callers, document, place, payload)
        told = body_of(answer)
        named = {error["field"] for error in told.get("errors", [])}
        assert (answer.status, told["type"]) == REFUSALS.get(REFUSED[place], (422, "look-again")), (payload, told)
        assert named == (set() if REFUSED[place] in REFUSALS else {top(place)}), (payload, told)
        assert answer.header("content-type").startswith("application/problem+json")
        assert payload not in answer.body.decode() or place.endswith("credential.type"), told


def asked(callers: dict[Audience | None, Caller], document: dict[str, Any], place: str, payload: str) -> Answer:
    """A request as its door gives an example of it, with the payload at that place."""
    from app import app

    name, _, parameter = place.partition("?")
    door = next(each for each in operations(app) if each.operation_id == name.partition(".")[0])
    path = re.sub(r"{(\w+)}", lambda found: IDS[found[1]], fields(document)[place].removeprefix("/api"))
    caller = callers[door.audience]
    if parameter:
        given = {"service": "visit", parameter: payload} if door.name == "find_slots" else {parameter: payload}
        return caller.get(f"{path}?{urlencode(given, quote_via=quote)}")
    example = msgspec.json.decode(msgspec.json.encode(door.asks))
    body = written(fitting(example, place), place.partition(".")[2].split("."), payload)
    origin = ORIGINS[door.audience or Audience.STAFF]
    return caller.post(path, body, origin=origin, idempotency_key="payload-0001")


def fitting(example: dict[str, Any], place: str) -> dict[str, Any]:
    """An example that has the place: a proof is either a passkey's or a code's."""
    if not place.startswith("stepUp.credential"):
        return dict(example)
    from chalicelib.accounts.shapes import passkeys

    return {"credential": msgspec.json.decode(msgspec.json.encode(passkeys.ASSERTION))}


def written(body: Mapping[str, Any], way: list[str], payload: str) -> dict[str, Any]:
    """The body with the payload at the end of the way."""
    changed: Any = deepcopy(dict(body))
    within = changed
    for step in way[:-1]:
        within = within[step.removesuffix("[]")][0] if step.endswith("[]") else within[step]
    last = way[-1]
    within[last.removesuffix("[]")] = [payload] if last.endswith("[]") else payload
    return dict(changed)


def top(place: str) -> str:
    """The field of the form that a place belongs to."""
    return re.split(r"[.?]", place)[1].removesuffix("[]")


def test_the_example_without_a_payload_has_every_place(document: dict[str, Any]) -> None:
    """Else a door would refuse something else than the payload."""
    from app import app

    examples = {each.operation_id: msgspec.json.decode(msgspec.json.encode(each.asks)) for each in operations(app) if each.asks is not None}
    shown = [(name, found) for name, example in examples.items() for found in (example, fitting(example, f"{name}.credential"))]
    had = {f"{name}{place}" for name, example in shown for place, _ in leaves(example)}
    bodies = {place for place in fields(document) if "?" not in place}
    assert bodies - had == {"setRoles.practitioner"}  # which may be left out


@pytest.fixture
def exported(cloud: None) -> Callable[[str], list[list[str]]]:
    """Whoever has this name opens emergency access for this reason; what the exported file says, cell by cell."""

    def export(begun: str) -> list[list[str]]:
        said = f"{begun}HYPERLINK(1) and no more"
        bea = as_actor(msgspec.structs.replace(BEA.actor(), name=said, account="bea2"), Audience.STAFF)
        assert bea.post("/clinics/north/emergency-access", {"reason": said}).status == 200
        cyrus = signed_in(CYRUS)
        cyrus.get(f"/clinics/north/audit-events?{urlencode({'who': said})}")
        today = clock.now().date()  # in UTC; the clinic may still have the day before
        span = {"from": f"{today - timedelta(days=1)}", "to": f"{today}"}
        answer = cyrus.post("/clinics/north/audit-events/export", {**span, "reason": said})
        assert answer.status == 200, answer.body
        return list(csv.reader(io.StringIO(answer.body.decode(), newline="")))

    given_the_clinics()
    return export


@pytest.mark.parametrize("begun", FORMULAS, ids=repr)
def test_no_name_reason_or_search_becomes_a_formula_in_the_file(begun: str, exported: Callable[[str], list[list[str]]]) -> None:
    cells = [cell for line in exported(begun) for cell in line]
    assert [cell for cell in cells if cell.startswith(FORMULAS)] == []
    assert any(cell.startswith(f"'{begun}HYPERLINK") for cell in cells), cells
    assert any(f"reason: {begun}HYPERLINK" in cell for cell in cells)
