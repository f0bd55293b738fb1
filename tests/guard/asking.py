"""Asks what a case of the expectation table says, under the tap, and tells what was answered and what was changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

import msgspec

from chalicelib.doors.routes import operations
from chalicelib.identity.records import Audience
from chalicelib.kit import clock, memory
from scripts.local.wire import Answer
from tests.callers import ORIGINS, body_of
from tests.guard import keeping, kinds, tap
from tests.guard.expectations import BY_NAME, ROWS, Case, Row, cases
from tests.guard.kinds import ACCOUNTS, HOME, WORKS_IN, Kind, World

# What a refusal may leave behind, by name: how often something was tried.
COUNTERS = "LIMIT"


@lru_cache(maxsize=1)
def doors() -> dict[str, tuple[str, str]]:
    """(method, path below /api) of every route, by the name of its view."""
    from app import app

    entries = [entry for methods in app.routes.values() for entry in methods.values()]
    return {entry.view_name: (entry.method, entry.uri_pattern.removeprefix("/api")) for entry in entries}


@lru_cache(maxsize=1)
def audiences() -> dict[str, Audience | None]:
    """Whose host each door lies on; None for both, and for what is no door."""
    from app import app

    return dict.fromkeys(doors()) | {each.name: each.audience for each in operations(app)}


def path_of(row: Row, world: World, place: str, whose: str) -> str:
    """The path of a row at a clinic, for a thing."""
    path = doors()[row.name][1].replace("{clinic}", place)
    if row.thing:
        path = path.replace(f"{{{row.thing}}}", world.things[row.thing][whose])
    return f"{path}?{row.query}" if row.query else path


def origin_for(row: Row) -> dict[str, str]:
    """The origin of a door's own host; nothing where it lies on both."""
    audience = audiences()[row.name]
    return {"origin": ORIGINS[audience]} if audience else {}


@lru_cache(maxsize=1)
def examples() -> dict[str, Any]:
    """What the doors themselves give as an example of a body."""
    from app import app

    return {each.name: msgspec.json.decode(msgspec.json.encode(each.asks)) for each in operations(app) if each.asks is not None}


def body_for(row: Row, world: World) -> Any:
    """What is sent with it."""
    if row.body is None:
        return examples().get(row.name, {})
    return dict(row.body(world) if callable(row.body) else row.body)


@dataclass
class Told:
    """An answer, the keys that it took, and what it changed."""

    answer: Answer
    served: tap.Served
    changed: set[tuple[str, str, str]] = field(default_factory=set)

    @property
    def left(self) -> set[tuple[str, str, str]]:
        """What it changed beside counters of tries."""
        return {key for key in self.changed if not (key[0] == "doors" and f"#{COUNTERS}#" in key[1])}

    @property
    def whole(self) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        """All that a caller sees of it."""
        return self.answer.status, tuple(self.answer.headers), self.answer.body


class Desk:
    """A world that is the same before every request."""

    def __init__(self) -> None:
        self.world = _world()
        self._kept = keeping.kept()
        self._before = keeping.rows()

    def ask(self, case: Case, **headers: str) -> Told:
        """The answer to a case; whatever it changed is put back."""
        method, _ = doors()[case.row.name]
        path = path_of(case.row, self.world, case.place, case.whose)
        sent = origin_for(case.row)
        return self.send(case.kind, method, path, body_for(case.row, self.world), given(case), account_of(case), **{**sent, **headers})

    def send(self, kind: Kind, method: str, path: str, body: Any, clinics: set[str], account: str = "", **headers: str) -> Told:
        """Any request of somebody."""
        caller = self.world.caller(kind)
        sent = {"content-type": "application/json", "x-portal": "1", "origin": ORIGINS[caller.audience], "idempotency-key": "matrix-0001"}
        sent |= {name.replace("_", "-"): text for name, text in headers.items()}
        kept = {name: text for name, text in sent.items() if text != ABSENT} if method != "GET" else {}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() if method != "GET" else b""
        with tap.serving(clinics, account) as served:
            answer = caller.ask(method, path, raw, kept)
        told = Told(answer, served)
        if served.wrote:
            tables = {key.table for key in served.keys}  # nothing else can have changed: every call went through the tap
            told.changed = keeping.changed({key: text for key, text in self._before.items() if key[0] in tables}, keeping.rows(*tables))
            keeping.restore(self._kept, *tables)
        return told


ABSENT = "(absent)"


def given(case: Case) -> set[str]:
    """The clinics that a case's request may touch: that of the session, and at a door for anyone that of the path."""
    own = set() if case.kind is Kind.NOBODY else {HOME[case.kind]}
    across = WORKS_IN.get(case.kind, set()) if case.row.across else set()
    return own | across | ({case.place, case.row.names} if case.row.anyone else set())


def account_of(case: Case) -> str:
    """Whose own rows the request may read in every clinic: of a door that asks where somebody works, theirs."""
    return ACCOUNTS.get(case.kind, "") if case.row.across else ""


FRESH = timedelta(minutes=2)  # how old a world may be: after five minutes nobody's proof is fresh any more, whoever they are
_kept: list[tuple[World, dict[str, Any]]] = []


def _built() -> tuple[World, dict[str, Any]]:
    """The world, built anew where it has grown old."""
    if not _kept or clock.now() - _kept[0][0].now > FRESH:
        _kept[:] = [_new()]
    return _kept[0]


def _new() -> tuple[World, dict[str, Any]]:
    keeping.clear()
    memory.forget()
    world = kinds.build()
    world.given["slot"] = _free_slot(world)
    return world, keeping.kept()


def _world() -> World:
    """The world, built once in a while and brought back for every test."""
    world, kept = _built()
    keeping.restore(kept)
    memory.forget()
    return world


def _free_slot(world: World) -> str:
    """A time that Ada could book."""
    days = body_of(world.caller(Kind.ADA).get("/clinics/north/slots?service=visit&days=14"))["days"]
    return str(next(slot["start"] for day in days[3:] for slot in day["slots"]))


def everything(desk: Desk, *names: str) -> Iterator[Case]:
    """The cases of these rows, or of all."""
    for row in ROWS if not names else [BY_NAME[name] for name in names]:
        yield from cases(row, doors()[row.name][1], desk.world.things)
