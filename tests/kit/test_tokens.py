"""Tokens: what we signed is known again, and nothing else is."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from chalicelib.kit import settings, tokens
from chalicelib.kit.tokens import Purpose

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(hours=12)
KEY = bytes.fromhex("5a" * 32)


def a_token(purpose: Purpose = Purpose.SESSION, audience: str = "patient", *, now: datetime = NOW, until: datetime = UNTIL) -> str:
    return tokens.sign(purpose, audience, subject="ada", sid="s" * 43, now=now, until=until, clinic="north")


def claims(**changed: Any) -> dict[str, Any]:
    """The claims of a good token; None takes one away."""
    good = {
        "iss": "anteroom/test",
        "aud": "patient",
        "sub": "ada",
        "sid": "s",
        "clinic": "north",
        "iat": int(NOW.timestamp()),
        "exp": int(UNTIL.timestamp()),
    }
    return {name: value for name, value in (good | changed).items() if value is not None}


def signed(payload: dict[str, Any] | None = None, key: bytes = KEY, algorithm: str = "HS256", **header: Any) -> str:
    """A token by PyJWT itself; headers as keywords, None takes one away."""
    head = {"typ": "session+jwt", "kid": "k1"} | header
    return jwt.encode(
        claims() if payload is None else payload, key, algorithm=algorithm, headers={k: v for k, v in head.items() if v is not None}
    )


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def with_part(place: int, change: Callable[[str], str]) -> str:
    parts = a_token().split(".")
    parts[place] = change(parts[place])
    return ".".join(parts)


def spare_bit(part: str) -> str:
    """The same bytes, written another way: the last character's spare bits."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return part[:-1] + alphabet[alphabet.index(part[-1]) ^ 1]


def header_of(**header: Any) -> str:
    return encoded(json.dumps({"alg": "HS256", "typ": "session+jwt", "kid": "k1"} | header).encode())


FORGERIES = {
    "nothing": "",
    "words": "not a token",
    "two parts": "a.b",
    "four parts": a_token() + ".c",
    "too long": a_token() + "A" * 3000,
    "not ascii": a_token() + "é",
    "a line break": a_token() + "\n",
    "a stray character": with_part(1, lambda part: part + "!"),
    "padding": with_part(2, lambda part: part + "="),
    "spare bits of the signature": with_part(2, spare_bit),
    "another signature": with_part(2, lambda part: part[::-1]),
    "no signature": with_part(2, lambda _: ""),
    "changed claims": with_part(1, lambda _: encoded(json.dumps(claims(sub="ben")).encode())),
    "claims that are no object": signed(key=KEY).split(".")[0] + "." + encoded(b"[1]") + ".AAAA",
    "a header that is no JSON": with_part(0, lambda _: encoded(b"{")),
    "a header that is a list": with_part(0, lambda _: encoded(b"[]")),
    "a header nested a thousand deep": with_part(0, lambda _: encoded(b"[" * 1000)),
    "alg none": ".".join((header_of(alg="none"), a_token().split(".")[1], "")),
    "alg none, with the good signature": with_part(0, lambda _: header_of(alg="none")),
    "alg None, signed": with_part(0, lambda _: header_of(alg="None")),
    "alg HS512": signed(key=KEY * 2, algorithm="HS512"),
    "alg RS256 in the header": with_part(0, lambda _: header_of(alg="RS256")),
    "a key of nobody's": signed(key=b"x" * 32),
    "an empty key": signed(key=b"\0" * 32),
    "an unknown kid": signed(kid="k2"),
    "no kid": signed(kid=None),
    "a kid that is a path": signed(kid="../../dev/null"),
    "a kid that is a number": with_part(0, lambda _: header_of(kid=1)),
    "typ JWT": signed(typ="JWT"),
    "no typ": signed(typ=""),
    "typ in capitals": signed(typ="SESSION+JWT"),
    "a challenge": a_token(Purpose.CHALLENGE),
    "a known device": a_token(Purpose.KNOWN),
    "jku": signed(jku="https://mallory.example/keys"),
    "jwk": signed(jwk={"kty": "oct", "k": encoded(b"x" * 32)}),
    "x5u": signed(x5u="https://mallory.example/cert"),
    "crit": signed(crit=["b64"], b64=True),
    "another audience": a_token(audience="staff"),
    "a list of audiences": signed(claims(aud=["patient", "staff"])),
    "no audience": signed(claims(aud=None)),
    "another issuer": signed(claims(iss="anteroom/prod")),
    "an issuer that begins like ours": signed(claims(iss="anteroom/test2")),
    "no issuer": signed(claims(iss=None)),
    "no expiry": signed(claims(exp=None)),
    "an expiry that is text": signed(claims(exp="4000000000")),
    "an expiry that is true": signed(claims(exp=True)),
    "an expiry without end": signed(claims(exp=float("inf"))),
    "over": a_token(until=NOW),
    "over a second ago": a_token(until=NOW - timedelta(seconds=1)),
    "no time of issue": signed(claims(iat=None)),
    "issued a minute ahead": a_token(now=NOW + timedelta(seconds=60)),
    "not before": signed(claims(nbf=int(NOW.timestamp()) - 60)),
    "no subject": signed(claims(sub=None)),
    "an empty subject": signed(claims(sub="")),
    "a subject that is a number": signed(claims(sub=7)),
    "no sid": signed(claims(sid=None)),
    "an empty sid": signed(claims(sid="")),
    "a sid that is a list": signed(claims(sid=["s"])),
}


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES.keys())
def test_no_forgery_is_accepted(forged: str) -> None:
    with pytest.raises(tokens.Untrusted):
        tokens.verify(forged, Purpose.SESSION, "patient", NOW)


def test_the_forgeries_are_built_from_a_token_that_would_pass() -> None:
    assert tokens.verify(signed(), Purpose.SESSION, "patient", NOW) == claims()


def test_a_token_of_ours_gives_its_claims_back() -> None:
    found = tokens.verify(a_token(), Purpose.SESSION, "patient", NOW)
    assert (found["sub"], found["sid"], found["clinic"], found["aud"]) == ("ada", "s" * 43, "north", "patient")


@pytest.mark.parametrize("seconds", [0, 1, 12 * 3600 - 1])
def test_it_lives_until_the_second_before_its_end(seconds: int) -> None:
    assert tokens.verify(a_token(), Purpose.SESSION, "patient", NOW + timedelta(seconds=seconds))


def test_a_clock_that_runs_half_a_minute_ahead_is_forgiven() -> None:
    assert tokens.verify(a_token(now=NOW + timedelta(seconds=30)), Purpose.SESSION, "patient", NOW)


def test_claims_of_the_caller_cannot_replace_ours() -> None:
    token = tokens.sign(Purpose.SESSION, "patient", subject="ada", sid="s", now=NOW, until=UNTIL, iss="mallory", exp="never")
    assert tokens.verify(token, Purpose.SESSION, "patient", NOW)["iss"] == "anteroom/test"


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A way to set ANTEROOM_KEYS that is undone."""
    yield monkeypatch
    monkeypatch.undo()
    settings.keys.forget()


def test_a_new_key_signs_at_once_and_the_old_one_verifies_until_it_is_gone(keys: pytest.MonkeyPatch) -> None:
    old = a_token()
    keys.setenv("ANTEROOM_KEYS", "k2:" + "6b" * 32 + ",k1:" + "5a" * 32)
    settings.keys.forget()
    assert tokens.verify(old, Purpose.SESSION, "patient", NOW)
    assert jwt.get_unverified_header(a_token())["kid"] == "k2"
    keys.setenv("ANTEROOM_KEYS", "k2:" + "6b" * 32)
    settings.keys.forget()
    with pytest.raises(tokens.Untrusted):
        tokens.verify(old, Purpose.SESSION, "patient", NOW)


def test_sids_have_256_bits() -> None:
    assert len({tokens.random_sid() for _ in range(100)}) == 100
    assert len(tokens.random_sid()) == 43


def test_cryptography_is_not_loaded_for_our_one_algorithm() -> None:
    backend = Path(tokens.__file__).parents[2]
    code = "import sys; from chalicelib.kit import tokens; print(any(m.split('.')[0] == 'cryptography' for m in sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], cwd=backend, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
