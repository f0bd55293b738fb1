"""Forged tokens at real doors: each is made of a session that lives, so that whoever believed it would let it in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from chalicelib.identity import store
from chalicelib.identity.records import Audience
from chalicelib.kit import clock, memory, settings, tokens
from chalicelib.kit.tokens import Purpose
from tests.callers import Caller, given_the_clinics, signed_in
from tests.cast import ADA, BEN, CYRUS, MALLORY, Person
from tests.guard.kinds import SOL

OLD_KEY, NEW_KEY = "5a" * 32, "7b" * 32
# A door that shows and a door that changes, for each portal.
DOORS = {
    Audience.PATIENT: (("GET", "/clinics/north/appointments"), ("POST", "/clinics/north/sign-out")),
    Audience.STAFF: (("GET", "/clinics/north/sessions"), ("POST", "/clinics/north/sign-out")),
}


@dataclass
class Real:
    """A session that lives: its cookie, its token, and what the token says."""

    audience: Audience
    cookie: str
    token: str

    @property
    def claims(self) -> dict[str, Any]:
        """The payload."""
        return dict(json.loads(raw(self.token.split(".")[1])))

    @property
    def parts(self) -> list[str]:
        """Header, claims, signature."""
        return self.token.split(".")

    def resigned(self, header: dict[str, Any] | None = None, key: bytes | None = None, digest: Any = hashlib.sha256, **claims: Any) -> str:
        """Signed anew, by hand: what JSON and HMAC can do, and no library forbids. None takes a member away."""
        head = {"alg": "HS256", "typ": "session+jwt", "kid": "k1"} | (header or {})
        body = self.claims | claims
        first = ".".join(encoded(json.dumps({n: v for n, v in each.items() if v is not None}).encode()) for each in (head, body))
        return f"{first}.{encoded(hmac.new(key or bytes.fromhex(OLD_KEY), first.encode(), digest).digest())}"


def encoded(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def raw(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = PRIVATE.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def spare_bit(part: str) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return part[:-1] + alphabet[alphabet.index(part[-1]) ^ 1]


def joined(real: Real, place: int, part: str) -> str:
    parts = real.parts
    parts[place] = part
    return ".".join(parts)


Forge = Callable[[Real], str]


def typed(purpose: Purpose) -> Forge:
    return lambda real: real.resigned({"typ": str(purpose)})


FORGERIES: dict[str, Forge] = {
    # What it is signed with.
    "alg none, unsigned": lambda real: joined(real, 0, encoded(b'{"alg":"none","typ":"session+jwt","kid":"k1"}')).rpartition(".")[0] + ".",
    "alg none, signed": lambda real: real.resigned({"alg": "none"}),
    "alg NoNe": lambda real: real.resigned({"alg": "NoNe"}),
    "no alg": lambda real: real.resigned({"alg": None}),
    "alg HS384": lambda real: real.resigned({"alg": "HS384"}, digest=hashlib.sha384),
    "alg HS512": lambda real: real.resigned({"alg": "HS512"}, digest=hashlib.sha512),
    "alg HS384 in the header alone": lambda real: real.resigned({"alg": "HS384"}),
    "alg RS256 by a key of their own": lambda real: jwt.encode(real.claims, PRIVATE, "RS256", headers={"typ": "session+jwt", "kid": "k1"}),
    "alg RS256, HMAC with a public key": lambda real: real.resigned({"alg": "RS256"}, key=PUBLIC),
    "HS256 with a public key": lambda real: real.resigned(key=PUBLIC),
    "a key of nobody's": lambda real: real.resigned(key=b"x" * 32),
    "an empty key": lambda real: real.resigned(key=b"\0"),
    "our key's words instead of its bytes": lambda real: real.resigned(key=OLD_KEY.encode()),
    "no signature": lambda real: joined(real, 2, ""),
    "the signature of another token": lambda real: joined(real, 2, real.resigned(sub="ben").split(".")[2]),
    "a signature cut short": lambda real: joined(real, 2, real.parts[2][:-2]),
    # What the header names.
    "an unknown kid": lambda real: real.resigned({"kid": "k9"}),
    "no kid": lambda real: real.resigned({"kid": None}),
    "a kid that is a path": lambda real: real.resigned({"kid": "../../../../dev/null"}, key=b""),
    "a kid that asks a database": lambda real: real.resigned({"kid": "k1' OR '1'='1"}),
    "a kid that is a list": lambda real: real.resigned({"kid": ["k1"]}),
    "a key in the header (jwk)": lambda real: real.resigned({"jwk": {"kty": "oct", "k": encoded(b"x" * 32)}}, key=b"x" * 32),
    "an address of keys (jku)": lambda real: real.resigned({"jku": "https://mallory.example/keys"}, key=b"x" * 32),
    "an address of keys, signed by us": lambda real: real.resigned({"jku": "https://mallory.example/keys"}),
    "a certificate's address (x5u)": lambda real: real.resigned({"x5u": "https://mallory.example/cert"}),
    "a certificate (x5c)": lambda real: real.resigned({"x5c": [encoded(PUBLIC)]}),
    "what must be understood (crit)": lambda real: real.resigned({"crit": ["b64"], "b64": False}),
    "a content type (cty)": lambda real: real.resigned({"cty": "JWT"}),
    # What it is for.
    **{f"typ {purpose}": typed(purpose) for purpose in Purpose if purpose is not Purpose.SESSION},
    "typ link": lambda real: real.resigned({"typ": "link+jwt"}),
    "typ JWT": lambda real: real.resigned({"typ": "JWT"}),
    "typ in capitals": lambda real: real.resigned({"typ": "SESSION+JWT"}),
    "typ as a media type": lambda real: real.resigned({"typ": "application/session+jwt"}),
    "no typ": lambda real: real.resigned({"typ": None}),
    # For whom, by whom.
    "the other portal's audience": lambda real: real.resigned(aud="staff" if real.audience is Audience.PATIENT else "patient"),
    "both audiences": lambda real: real.resigned(aud=["patient", "staff"]),
    "an audience that begins like it": lambda real: real.resigned(aud=f"{real.audience} "),
    "no audience": lambda real: real.resigned(aud=None),
    "another stage's issuer": lambda real: real.resigned(iss="anteroom/prod"),
    "no issuer": lambda real: real.resigned(iss=None),
    # When.
    "no expiry": lambda real: real.resigned(exp=None),
    "over a second ago": lambda real: real.resigned(exp=int(clock.now().timestamp()) - 1),
    "over in the year 292 billion, as text": lambda real: real.resigned(exp="9" * 18),
    "over never": lambda real: real.resigned(exp=float("inf")),
    "over at true": lambda real: real.resigned(exp=True),
    "issued in an hour": lambda real: real.resigned(iat=int(clock.now().timestamp()) + 3600),
    "issued at no time": lambda real: real.resigned(iat=None),
    "not good before": lambda real: real.resigned(nbf=0),
    # Whose.
    "another person's": lambda real: real.resigned(sub="ben"),
    "nobody's": lambda real: real.resigned(sub=""),
    "no subject": lambda real: real.resigned(sub=None),
    "a subject that reaches on": lambda real: real.resigned(sub=f"{real.claims['sub']}#x"),
    "no sid": lambda real: real.resigned(sid=None),
    "another sid": lambda real: real.resigned(sid=tokens.random_sid()),
    "the digest of the sid": lambda real: real.resigned(sid=hashlib.sha256(real.claims["sid"].encode()).hexdigest()),
    "an empty sid": lambda real: real.resigned(sid=""),
    "another clinic": lambda real: real.resigned(clinic="south"),
    "no clinic": lambda real: real.resigned(clinic=None),
    "an empty clinic": lambda real: real.resigned(clinic=""),
    "a clinic that is a list": lambda real: real.resigned(clinic=["north"]),
    "a clinic that reaches on": lambda real: real.resigned(clinic=f"north#SESSIONS#{real.claims['sub']}"),
    # How it is written.
    "a space before": lambda real: f" {real.token}".replace(" ", "%20"),
    "in quotes": lambda real: f'"{real.token}"',
    "a line break after": lambda real: f"{real.token}%0a",
    "padded": lambda real: f"{real.token}=",
    "spare bits": lambda real: joined(real, 2, spare_bit(real.parts[2])),
    "spare bits of the claims": lambda real: joined(real, 1, real.parts[1] + "A"),
    "plus and slash": lambda real: real.token.replace("-", "+").replace("_", "/") + ("" if set("-_") & set(real.token) else "+"),
    "letters that look alike": lambda real: real.token.replace("e", "\u0435"),
    "a part too many": lambda real: f"{real.token}.{real.parts[2]}",
    "a part too few": lambda real: ".".join(real.parts[:2]),
    "a byte too many": lambda real: real.token + "A",
    "encrypted, it says": lambda real: ".".join([*real.parts, "", ""]),
    "the claims alone": lambda real: json.dumps(real.claims),
    "very long": lambda real: real.token + "A" * 5000,
}


@pytest.fixture
def reals(cloud: None) -> dict[Audience, Real]:
    """Ada's and Cyrus's sessions."""
    given_the_clinics()
    return {person.audience: real(signed_in(person)) for person in (ADA, CYRUS)}


def real(caller: Caller) -> Real:
    cookie, token = next(iter(caller.cookies.items()))
    return Real(caller.audience, cookie, token)


def let_in(found: Real, token: str, cookie: str = "") -> list[str]:
    """The doors that open to a token in a session's cookie."""
    opened = []
    for method, path in DOORS[found.audience]:
        caller = Caller(found.audience, {cookie or found.cookie: token})
        answer = caller.get(path) if method == "GET" else caller.post(path)
        if answer.status != 401:
            opened.append(f"{method} {path}: {answer.status}")
    return opened


def test_no_forgery_is_accepted(reals: dict[Audience, Real], record_property: Any) -> None:
    tried, accepted = 0, []
    for audience, found in reals.items():
        for why, forge in FORGERIES.items():
            token = forge(found)
            assert token != found.token, why
            tried += len(DOORS[audience])
            accepted += [f"{why}: {door}" for door in let_in(found, token)]
    record_property("forgeries", len(FORGERIES))
    record_property("tried", tried)
    record_property("accepted", len(accepted))
    assert accepted == []
    assert len(FORGERIES) >= 40
    assert all(
        let_in(found, found.token) == [f"{method} {path}: 200" for method, path in DOORS[audience]] for audience, found in reals.items()
    )


def test_the_forger_s_own_hand_makes_a_good_token_when_nothing_is_changed(reals: dict[Audience, Real]) -> None:
    """So that each forgery above fails for what it changes and for nothing else."""
    for audience, found in reals.items():
        assert let_in(found, found.resigned())[0] == f"GET {DOORS[audience][0][1]}: 200"


@pytest.mark.parametrize(("person", "cookie"), [(SOL, "__Host-session-north"), (BEN, "__Host-session"), (CYRUS, "__Host-session-north")])
def test_another_clinic_s_or_another_host_s_cookie_opens_nothing(reals: dict[Audience, Real], person: Person, cookie: str) -> None:
    strange = real(signed_in(person))
    for audience in Audience:
        if cookie == reals[audience].cookie:
            assert let_in(reals[audience], strange.token, cookie) == []


def test_mallory_s_own_session_opens_her_clinic_alone(reals: dict[Audience, Real]) -> None:
    strange = real(signed_in(MALLORY))
    assert [door.rpartition(" ")[2] for door in let_in(reals[Audience.STAFF], strange.token)] == ["404", "404"]


@pytest.mark.parametrize("audience", Audience)
def test_a_token_opens_nothing_after_signing_out_nor_after_a_restart(reals: dict[Audience, Real], audience: Audience) -> None:
    found = reals[audience]
    assert Caller(audience, {found.cookie: found.token}).post("/clinics/north/sign-out").status == 200
    assert let_in(found, found.token) == []
    memory.forget()
    settings.keys.forget()
    assert let_in(found, found.token) == []
    assert let_in(found, found.resigned(iat=int(clock.now().timestamp()))) == []


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """`keys("k2:...,k1:...")`: the keys from now on."""

    def rotated(named: str) -> None:
        monkeypatch.setenv("ANTEROOM_KEYS", named)
        settings.keys.forget()

    yield rotated
    monkeypatch.undo()
    settings.keys.forget()


def test_a_key_that_is_followed_still_opens_and_one_that_is_taken_out_does_not(
    reals: dict[Audience, Real], keys: Callable[[str], None]
) -> None:
    show = {audience: [f"GET {DOORS[audience][0][1]}: 200"] for audience in Audience}
    keys(f"k2:{NEW_KEY},k1:{OLD_KEY}")
    for audience, found in reals.items():
        assert let_in(found, found.token)[:1] == show[audience]
        renewed = real(signed_in(ADA if audience is Audience.PATIENT else CYRUS))
        assert jwt.get_unverified_header(renewed.token)["kid"] == "k2"
        assert let_in(found, found.resigned({"kid": "k2"})) == []
        reals[audience] = renewed
    keys(f"k2:{NEW_KEY}")
    for audience, found in reals.items():
        assert let_in(found, found.resigned(key=bytes.fromhex(OLD_KEY))) == []
        assert let_in(found, found.token)[:1] == show[audience]


def test_a_session_s_row_of_one_person_is_not_found_under_another_s_name(reals: dict[Audience, Real]) -> None:
    """Even who could sign tokens would need the sid: a row is found by its clinic, its account and the digest of its sid."""
    bens = real(signed_in(BEN))
    found = reals[Audience.PATIENT]
    assert let_in(found, found.resigned(sub="ben", sid=found.claims["sid"])) == []
    assert let_in(found, found.resigned(sid=bens.claims["sid"])) == []


def test_an_idle_token_opens_nothing_though_it_is_not_over(reals: dict[Audience, Real]) -> None:
    long_ago = clock.now() - timedelta(minutes=21)
    idle = real(signed_in(ADA, long_ago))
    assert tokens.verify(idle.token, Purpose.SESSION, Audience.PATIENT, clock.now())["sub"] == "ada"
    assert let_in(idle, idle.token) == []


def test_a_token_never_reaches_the_store_unless_it_is_ours(reals: dict[Audience, Real], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def reading(clinic: str, account: str, sid: str) -> None:
        asked.append(f"{clinic} {account} {sid}")

    monkeypatch.setattr(store, "get", reading)
    monkeypatch.setattr(store, "get_with_member", reading)
    for found in reals.values():
        for why in (
            "alg none, signed",
            "no expiry",
            "typ link",
            "an unknown kid",
            "padded",
            "the other portal's audience",
            "a key of nobody's",
        ):
            assert let_in(found, FORGERIES[why](found)) == []
    assert asked == []
