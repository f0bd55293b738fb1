"""Steps that the tests of staff's sign-in share: people with passkeys and apps, and what lies in the tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import boto3
import pyotp
import pytest
from botocore.client import BaseClient

from chalicelib.identity.records import Audience
from chalicelib.kit import clock
from scripts.local.wire import Answer
from tests.accounts.authenticator import Authenticator
from tests.callers import Caller, body_of, signed_in
from tests.cast import CYRUS, Person

KNOWN, CEREMONY = "__Host-known", "__Host-ceremony"
NOBODY = {"signedIn": False}
HANDLE = re.compile(r"https?://[^/]+/(\w+)/#c=([a-z-]+)&h=([0-9a-f]{64})")


def as_stranger() -> Caller:
    """A browser on the staff's host that holds nothing."""
    return Caller(Audience.STAFF)


def with_passkey(caller: Caller, device: Authenticator | None = None, label: str = "Phone") -> Authenticator:
    """Sets a passkey up in a session that may do so."""
    device = device or Authenticator()
    asked = caller.post("/passkeys/start")
    assert asked.status == 200, asked.body
    kept = caller.post("/passkeys/finish", {"credential": device.make(body_of(asked)["publicKey"]), "label": label})
    assert kept.status == 200, kept.body
    return device


def a_holder(person: Person = CYRUS) -> tuple[Caller, Authenticator]:
    """One of the cast with a passkey, signed in."""
    caller = signed_in(person)
    return caller, with_passkey(caller)


def with_app(caller: Caller) -> pyotp.TOTP:
    """Sets an authenticator app up in a session that may do so."""
    app = pyotp.TOTP(body_of(caller.post("/totp/start"))["secret"])
    kept = caller.post("/totp/finish", {"code": shown_by(app)})
    assert kept.status == 200, kept.body
    return app


def shown_by(app: pyotp.TOTP, steps: int = 0) -> str:
    """What an app shows now, or so many steps later."""
    return app.generate_otp(int(clock.now().timestamp()) // 30 + steps)


def ask(caller: Caller) -> Any:
    """Begins a passkey sign-in; what the authenticator is asked."""
    return body_of(caller.post("/staff/sign-in/passkey/start"))["publicKey"]


def finish(caller: Caller, credential: dict[str, Any]) -> Answer:
    """Ends a passkey sign-in."""
    return caller.post("/staff/sign-in/passkey/finish", {"credential": credential})


def enter(device: Authenticator, caller: Caller | None = None) -> Caller:
    """Signs in with a passkey."""
    caller = caller or as_stranger()
    answer = finish(caller, device.sign(ask(caller)))
    assert answer.status == 200, answer.body
    return caller


def everything_stored() -> str:
    """Every row of every table, as text."""
    client = boto3.client("dynamodb")
    return "".join(str(client.scan(TableName=name)["Items"]) for name in client.list_tables()["TableNames"])


def link_in(letter: tuple[str, str]) -> dict[str, str]:
    """What the link of a letter carries."""
    found = HANDLE.search(letter[1])
    assert found, letter
    return {"clinic": found[2], "handle": found[3]}


def calls_of(work: Callable[[], Answer], monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The calls to the store that some work makes, each with how many items it writes: what a stranger's clock could tell."""
    made: list[tuple[str, int]] = []
    every: Any = BaseClient
    original = every._make_api_call

    def noted(self: object, name: str, parameters: dict[str, Any]) -> Any:
        made.append((name, len(parameters.get("TransactItems", []))))
        return original(self, name, parameters)

    with monkeypatch.context() as patched:
        patched.setattr(every, "_make_api_call", noted)
        assert work().status == 202
    return made
