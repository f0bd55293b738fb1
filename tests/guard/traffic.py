"""Requests of many people in one process, one after the other and at once, some of them broken off by a fault; and what leaked."""

from __future__ import annotations

import json
import logging
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from botocore.client import BaseClient

from tests.callers import ORIGINS, Caller
from tests.guard import tap
from tests.guard.canaries import PERSONAL, Owner, in_text, strangers
from tests.guard.expectations import BY_NAME
from tests.guard.steps import Step, World, doors, step

# What somebody says they saw, where a door asks: the version that a form has once it is handed in.
SEEN = {"return_item": '"2"', "accept_response": '"2"'}
TRAIL = {"list_audit_events", "export_audit"}  # they show what was searched for: any id that somebody typed

_asking: ContextVar[Owner | None] = ContextVar("asking", default=None)
_breaking: ContextVar[list[int] | None] = ContextVar("breaking", default=None)


class Broken(Exception):
    """A bug that somebody made: nothing anybody declared."""


@dataclass
class Leaks:
    """What was seen that should not be, and how much was looked at."""

    found: list[str] = field(default_factory=list)
    requests: int = 0
    keys: int = 0
    lines: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)  # how often each door did what was asked


class Listener(logging.Handler):
    """Reads every line that is logged while somebody asks."""

    def __init__(self, leaks: Leaks, everybody: list[Owner]) -> None:
        super().__init__()
        self.leaks, self.everybody = leaks, everybody
        self.setFormatter(logging.Formatter("%(message)s %(args)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Personal strings of anybody, or ids of others."""
        line, owner = self.format(record), _asking.get()
        self.leaks.lines += 1
        if PERSONAL.search(line) or any(text in line for each in self.everybody for text in each.strings):
            self.leaks.found.append(f"log: {line}")
        if owner is not None and strangers(owner, self.everybody, line):
            self.leaks.found.append(f"log of another: {line}")


@contextmanager
def listening(leaks: Leaks, everybody: list[Owner]) -> Iterator[None]:
    """All loggers of this process."""
    listener = Listener(leaks, everybody)
    loggers = [logging.getLogger(), logging.getLogger("anteroom")]
    for logger in loggers:
        logger.addHandler(listener)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(listener)


@contextmanager
def breakable() -> Iterator[None]:
    """Lets the n-th call to AWS of a request raise what nobody expects."""
    client: Any = BaseClient
    plain = client._make_api_call

    def perhaps(self: Any, operation: str, parameters: dict[str, Any]) -> Any:
        left = _breaking.get()
        if left is not None:
            left[0] -= 1
            if left[0] == 0:
                raise Broken(json.dumps(parameters, default=str)[:0] or "broken off")
        return plain(self, operation, parameters)

    client._make_api_call = perhaps
    try:
        yield
    finally:
        client._make_api_call = plain


class Traffic:
    """Asks, and notes what leaks."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.leaks, self.seed = world, Leaks(), seed

    def ask(self, owner: Owner, step: Step, break_at: int = 0, key: str = "") -> None:
        """One request of somebody, broken off at its `break_at`-th call to the store, if it makes so many."""
        audience = doors()[step.door][0].audience or owner.caller.audience
        headers = {
            "content-type": "application/json",
            "x-portal": "1",
            "origin": ORIGINS[audience],
            "idempotency-key": key or "canary-0001",
        }
        if step.door in SEEN:
            headers["if-match"] = SEEN[step.door]
        tokens = (_asking.set(owner), _breaking.set([break_at] if break_at else None))
        try:
            with tap.serving(step.clinics, owner.account if BY_NAME[step.door].across else "") as served:
                caller = Caller(owner.caller.audience, owner.caller.cookies)
                answer = caller.ask(step.method, step.path, json.dumps(step.body).encode() if step.method != "GET" else b"", headers)
        finally:
            _asking.reset(tokens[0])
            _breaking.reset(tokens[1])
        self._judge(owner, step, answer, served)

    def _judge(self, owner: Owner, step: Step, answer: Any, served: tap.Served) -> None:
        leaks, where = self.leaks, f"{owner.id} {step.method} {step.path}"
        leaks.requests += 1
        leaks.keys += len(served.keys)
        leaks.statuses[answer.status] += 1
        leaks.passed[step.door] += 200 <= answer.status < 300
        leaks.found += [f"{where}: key {key}" for key in served.foreign]
        numbers = strangers(owner, self.world.everybody, in_text(answer), ids=step.door not in TRAIL)
        if numbers - step.shows:
            leaks.found.append(f"{where}: strings of {numbers}")
        if answer.status >= 500 and PERSONAL.search(in_text(answer)):
            leaks.found.append(f"{where}: a bug shows {in_text(answer)}")

    def interleaved(self, count: int) -> None:
        """A, B, A, B: everybody in turn, with what chance says, every ninth request broken off."""
        chance = random.Random(self.seed)
        for number in range(count):
            self._one(chance, number)

    def _one(self, chance: random.Random, number: int) -> None:
        owner = self.world.everybody[number % len(self.world.everybody)]
        break_at = chance.randint(1, 4) if chance.random() < 1 / 9 else 0
        self.ask(owner, step(owner, self.world, chance), break_at, f"canary-{chance.randrange(10**9)}")

    def at_once(self, count: int, threads: int = 16) -> None:
        """The same by many threads; what one of them raises is raised."""
        gate, raised = threading.Barrier(threads), list[BaseException]()

        def run(place: int) -> None:
            chance = random.Random(self.seed * 1000 + place)
            gate.wait()
            try:
                for number in range(place, count, threads):
                    self._one(chance, number)
            except BaseException as error:
                raised.append(error)

        working = [threading.Thread(target=run, args=(place,)) for place in range(threads)]
        for thread in working:
            thread.start()
        for thread in working:
            thread.join()
        assert raised == []
