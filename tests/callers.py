"""People who ask the API, each with the cookie they would have, through the very gateway of the local run.

`signed_in(ADA)`, `signed_in(MALLORY)`, `as_nobody()`; then `.get(path)` and `.post(path, body)`.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import boto3
import msgspec
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID

from chalicelib.accounts.actions import staff_accounts
from chalicelib.accounts.records import StaffAccount
from chalicelib.audit import actions as audit
from chalicelib.audit.records import AuditEvent
from chalicelib.clinics import actions as clinics
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Actor, Audience, Member
from chalicelib.kit import clock, memory, settings, table
from chalicelib.notices.records import Notice
from chalicelib.people import actions as people
from chalicelib.people.records import Patient
from scripts.local.api import Api
from scripts.local.wire import Answer, Request
from tests.cast import Person

ORIGINS = {Audience.PATIENT: "http://localhost:8000", Audience.STAFF: "http://staff.localhost:8000"}


@lru_cache(maxsize=1)
def api() -> Api:
    """The doors of the real app."""
    from app import app

    return Api(app)


class Caller:
    """Somebody with cookies; answers are remembered cookies too."""

    def __init__(self, audience: Audience = Audience.PATIENT, cookies: dict[str, str] | None = None) -> None:
        self.audience = audience
        self.cookies = dict(cookies or {})

    def get(self, path: str) -> Answer:
        """GET /api + path."""
        return self.ask("GET", path, b"", {})

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        """POST JSON as a page of ours does; header names with underscores for hyphens."""
        raw = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        given = {"content-type": "application/json", "x-portal": "1", "origin": ORIGINS[self.audience]}
        return self.ask("POST", path, raw, given | {name.replace("_", "-"): text for name, text in headers.items()})

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Any request."""
        path, _, query = path.partition("?")
        sent = dict(headers)
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = api().answer(Request(method, f"/api{path}", query, sent, body))
        for name, text in answer.headers:
            if name.lower() == "set-cookie":
                cookie, _, value = text.split(";")[0].partition("=")
                self.cookies[cookie] = value
        return answer


def body_of(answer: Answer) -> Any:
    """The JSON of an answer."""
    return json.loads(answer.body)


def slug(answer: Answer) -> tuple[int, str]:
    """The status of a problem and its type."""
    return answer.status, body_of(answer)["type"]


def seen(answer: Answer) -> tuple[int, list[tuple[str, str]], bytes]:
    """All of an answer that a caller can see."""
    return answer.status, answer.headers, answer.body


def all_but_chance(answer: Answer) -> tuple[int, tuple[tuple[str, str], ...], bytes, int]:
    """All of an answer but the random half of its cookie; how long that is counts too."""
    headers = [(name, text.partition("=ey")[0] if name.lower() == "set-cookie" else text) for name, text in answer.headers]
    return answer.status, tuple(headers), answer.body, sum(len(text) for _, text in answer.headers)


def as_nobody() -> Caller:
    """Signed out."""
    return Caller()


def as_actor(actor: Actor, audience: Audience, now: datetime | None = None, **about: Any) -> Caller:
    """Anybody, with a session opened now; staff have just shown a passkey. `about` goes to `open_session`."""
    now = now or clock.now()
    if audience is Audience.STAFF:
        employed(actor, now)
        about = {"methods": ("passkey",), "proved": now} | about
    with table.together() as tx:
        _, token = identity.open_session(actor.clinic, audience, actor, now, tx, **about)
    return Caller(audience, {identity.cookie_name(audience, actor.clinic): token})


def employed(actor: Actor, now: datetime) -> Member:
    """Somebody as their clinic's member of staff, written if the clinic does not know them yet."""
    known = identity.member(actor.clinic, actor.account)
    if known is not None:
        return known
    member = Member(
        clinic=actor.clinic,
        account=actor.account,
        name=actor.name,
        email=actor.email,
        roles=actor.roles,
        practitioner=actor.practitioner,
        language=actor.language or "en-US",
        made=now,
    )
    with table.together() as tx:
        identity.keep_member(tx, member)
    account = StaffAccount(
        id=actor.account, name=actor.name, email=actor.email, language=member.language, made=now, clinics=(actor.clinic,)
    )
    staff_accounts.keep(account)
    return member


def signed_in(person: Person, now: datetime | None = None) -> Caller:
    """One of the cast; a patient is known to their clinic, under the id that is their name."""
    if person.audience is Audience.STAFF:
        return as_actor(person.actor(), Audience.STAFF, now)
    with suppress(table.Lost), table.together() as tx:
        people.add_patient(tx, patient_of(person), date(2026, 1, 1))
    return as_actor(person.actor(patient=person.id), Audience.PATIENT, now)


def patient_of(person: Person) -> Patient:
    """What the clinic knows of a patient of the cast."""
    return Patient(
        id=person.id,
        clinic=person.clinic,
        given=person.given,
        family=person.family,
        birth_date=person.birth_date,
        email=person.email,
        telephone=person.telephone,
        language=person.language,
        made=datetime(2026, 1, 1, tzinfo=UTC),
    )


def given_the_clinics() -> None:
    """The clinics and practitioners of app.json, stored: once through the house's own actions, then moto gets copies of its rows."""
    if os.environ.get("AWS_ENDPOINT_URL"):
        return _store_the_clinics()
    tables = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID]["us-east-1"].tables
    if not _rows:
        _store_the_clinics()
        _rows.update({name: deepcopy(dict(tables[name].items)) for name in (settings.table("clinics"), settings.table("people"))})
    for name, rows in _rows.items():
        for pk, by_sk in rows.items():
            tables[name].items[pk].update(deepcopy(by_sk))
    return memory.forget()


_rows: dict[str, dict[str, Any]] = {}


def _store_the_clinics() -> None:
    portal = clinics.read_portal()
    clinics.save_all(portal.clinics)
    people.save_practitioners(people.read_practitioners(portal.practitioners, portal.clinics))


def trail_of(clinic: str, patient: str) -> list[AuditEvent]:
    """What was done with or seen of one patient, the newest first."""
    begun, end = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    return audit.search(clinic, begun, end, lambda _: True, 1000, patient=patient)[0]


def letters() -> list[Notice]:
    """Everything that was posted to anybody."""
    rows = boto3.client("dynamodb").scan(TableName=settings.table("notices"))["Items"]
    return [msgspec.json.decode(row["document"]["S"], type=Notice) for row in rows]
