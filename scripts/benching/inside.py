"""What runs in a fresh interpreter with a package and nothing else on its path: `python -I -S -B inside.py VERB PACKAGE TOLD OUT`.

`start` imports the app and answers one request; `replay` does taped operations again, ours in turn with botocore alone making
the same calls. No network: whatever botocore would send is answered with the taped bytes. CPU of this process, in seconds.
"""

from __future__ import annotations

import importlib
import json
import pickle
import sys
import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

Told = dict[str, Any]
LATE = ("jinja2", "babel", "cryptography", "PIL", "pikepdf", "webauthn", "pyotp", "segno", "boto3")
WORTH_TIMING = 0.1  # seconds of CPU that one measurement lasts at least
LEAST = 3  # of each in it
TICK = 50  # seconds that the standing clock walks before it begins again: no limit by time is met, no session runs out


class Raw:
    """The body of an answer, as botocore reads it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: Any) -> list[bytes]:
        """All of it at once."""
        return [self._body]


class Player:
    """Stands in for the network: gives the answers of a tape in their order."""

    def __init__(self) -> None:
        self.calls: list[Told] = []
        self.at = 0

    def load(self, calls: list[Told]) -> None:
        """Begin a tape; RuntimeError where the one before was not played to its end."""
        if self.at != len(self.calls):
            raise RuntimeError(f"{self.at} of {len(self.calls)} taped calls were made")
        self.calls, self.at = calls, 0

    def send(self, request: Any) -> Any:
        """What the next call was answered."""
        call = self.calls[self.at]
        self.at += 1
        return ANSWER(request.url, call["status"], call["headers"], Raw(call["body"]))

    def install(self) -> None:
        """From now on nothing of this process reaches a network."""
        global ANSWER
        ANSWER = importlib.import_module("botocore.awsrequest").AWSResponse
        session = importlib.import_module("botocore.httpsession").URLLib3Session
        session.send = lambda _, request: self.send(request)


ANSWER: Any = None


def context() -> SimpleNamespace:
    """A Lambda context."""
    return SimpleNamespace(
        aws_request_id="bench", function_name="bench", memory_limit_in_mb="1024", get_remaining_time_in_millis=lambda: 20000
    )


def start(package: str, told: Told) -> Told:
    """Import the app and answer the first request, as a fresh container does."""
    begun = time.process_time()
    sys.path.insert(0, package)
    app = importlib.import_module("app").app
    imported = time.process_time()
    player = Player()
    player.install()
    player.load(told["calls"])
    answer = app(told["event"], context())
    done = time.process_time()
    if answer["statusCode"] != 200:
        raise RuntimeError(f"the first request was answered {answer['statusCode']}: {answer['body']}")
    late = [name for name in LATE if name in sys.modules]
    return {"imported": imported - begun, "answered": done - begun, "late": late, "modules": len(sys.modules)}


class Replay:
    """Operations that are done again and again: the tables answer as they did when the tape was made."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.player = Player()
        self.player.install()
        self.clients = {tuned: {name: _client(name, tuned=tuned) for name in told["services"]} for tuned in (False, True)}
        self._ticks, self._later = 0, told["second"] * 0
        importlib.import_module("chalicelib.kit.clock").now = self._now  # type: ignore[attr-defined]  # a clock that stands

    def _now(self) -> Any:
        self._ticks = (self._ticks + 1) % TICK
        return self.told["now"] + self._later + self._ticks * self.told["second"]

    def warm(self) -> None:
        """What a container remembers, read anew: it is forgotten after a minute, and no measurement lasts as long."""
        importlib.import_module("chalicelib.kit.memory").forget()
        self.player.load(self.told["warming"])
        for module, function, *arguments in self.told["warm"]:
            getattr(importlib.import_module(module), function)(*arguments)

    def ours(self, operation: Told) -> Callable[[], Any]:
        """One operation, from the event to the answer."""
        module, name = operation["entry"]
        entry = getattr(importlib.import_module(module), name)
        event, calls = operation["event"], operation["calls"]
        self._later = operation["later"]

        def work() -> Any:
            self.player.load(calls)
            return entry(event, context())

        return work

    def bare(self, operation: Told, *, tuned: bool) -> Callable[[], Any]:
        """The same calls by botocore's clients."""
        calls, clients = operation["calls"], self.clients[tuned]
        xform = importlib.import_module("botocore").xform_name
        bound = [(getattr(clients[call["service"]], xform(call["name"])), call["params"]) for call in calls]

        def work() -> None:
            self.player.load(calls)
            for method, params in bound:
                method(**params)

        return work

    def check(self, operation: Told, ours: Callable[[], Any]) -> None:
        """That it still does what it did when the tape was made; else its time would mean nothing."""
        answer = ours()
        status = answer.get("statusCode") if isinstance(answer, dict) else None
        if status != operation["status"] or self.player.at != len(operation["calls"]):
            raise RuntimeError(f"{operation['name']}: {status} after {self.player.at} calls, taped {operation['status']}: {answer}")


def _client(service: str, *, tuned: bool) -> Any:
    """A client as botocore makes it; or with our own connection's settings, which spare it some work."""
    config = importlib.import_module("botocore.config").Config(
        parameter_validation=False, retries={"total_max_attempts": 2, "mode": "standard"}, user_agent="anteroom"
    )
    session = importlib.import_module("botocore.session").get_session()
    return session.create_client(service, config=config if tuned else None)


def replay(package: str, told: Told) -> Told:
    """Every operation for some rounds, ours and botocore's in turn; each round begins with the other one."""
    sys.path.insert(0, package)
    importlib.import_module("app")  # first: it decides what is not to be imported
    played, found = Replay(told), {}
    for operation in told["operations"]:
        played.warm()
        works = played.ours(operation), played.bare(operation, tuned=False), played.bare(operation, tuned=True)
        played.check(operation, works[0])
        found[operation["name"]] = [round_of(works) for _ in range(told["rounds"])]
        played.player.load([])
    return found


def round_of(works: Sequence[Callable[[], Any]]) -> list[float]:
    """Seconds of CPU of each, all done in turn until there is enough to tell them apart."""
    spent, times = [0.0] * len(works), 0
    while sum(spent) < WORTH_TIMING or times < LEAST:
        times += 1
        for number, work in enumerate(works):
            begun = time.process_time()
            work()
            spent[number] += time.process_time() - begun
    return [each / times for each in spent]


def main(words: list[str]) -> None:
    """Do what is told, and leave the outcome where it is told."""
    verb, package, told, out = words
    with open(told, "rb") as file:  # noqa: PTH123 - pathlib would be one more import before the clock starts
        given = pickle.load(file)
    found = {"start": start, "replay": replay}[verb](package, given)
    with open(out, "w", encoding="utf-8") as file:  # noqa: PTH123 - as above
        json.dump(found, file)


if __name__ == "__main__":
    main(sys.argv[1:])
