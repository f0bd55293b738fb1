"""A clinic on a busy Monday, in this process's own cloud, and what people ask of it as API Gateway tells it."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import msgspec

from chalicelib.accounts import actions as accounts
from chalicelib.identity.records import Audience
from chalicelib.kit import clock, ids, secret, table, zone
from chalicelib.notices.records import Notice
from chalicelib.people import actions as people
from chalicelib.schedules.records import Claim
from chalicelib.schedules.store import SheetRow
from chalicelib.visits import actions as visits
from scripts.benching.telling import EDGE, STAGE
from scripts.local import api, template
from scripts.local.wire import Request
from tests import callers
from tests.booking import makers
from tests.cast import ADA, CYRUS, EVERYBODY, RHEA, Person

NOW = datetime(2026, 11, 23, 12, 0, 5, tzinfo=UTC)  # 07:00 in the clinic
NORTH = "/api/clinics/{clinic}"
BUSY_DAYS = 14  # from today on, each with a sheet of every practitioner and room
A_SHEET = 12  # visits on it
ACTORS = {
    "practitioner/bea": ("north",),
    "practitioner/osei": ("north", "prairie"),  # works in both, and a booking claims them in both
    "practitioner/dana": ("north",),
    "room/room-1": ("north",),
    "room/room-2": ("north",),
    "room/room-3": ("north",),
    "room/treatment": ("north",),
}
BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1"


@dataclass
class Guest:
    """Somebody who asks: their host and their cookies."""

    audience: Audience = Audience.PATIENT
    cookies: dict[str, str] = field(default_factory=dict)


class World:
    """The clinic and its people; `ask` does what a browser's request does."""

    def __init__(self, app: Any) -> None:
        self.app = app
        seconds = itertools.cycle(range(50))  # it walks, so that nothing is asked too often at once, and never far
        self.later = timedelta()
        clock.now = lambda: NOW + self.later + timedelta(seconds=next(seconds))
        template.create(STAGE)
        boto3.client("ses").verify_email_identity(EmailAddress="visits@harbourhealth.example")
        callers.given_the_clinics()
        for person in EVERYBODY:
            if person.audience is Audience.STAFF:
                callers.employed(person.actor(), NOW)
        _fill_the_sheets()
        self.ada, self.rhea, self.cyrus = (_signed_in(person) for person in (ADA, RHEA, CYRUS))
        _give_ada_a_past()
        _hold_patients()

    def ask(self, event: dict[str, Any], guest: Guest) -> Any:
        """The app's answer, its cookies kept; RuntimeError where it is none of the good ones."""
        answer = self.app(event, SimpleNamespace(aws_request_id="bench", function_name="bench", memory_limit_in_mb="1024"))
        if answer["statusCode"] >= 400:
            raise RuntimeError(f"{event['path']} was answered {answer['statusCode']}: {answer['body']}")
        for text in answer.get("multiValueHeaders", {}).get("Set-Cookie", []):
            name, _, value = text.split(";")[0].partition("=")
            guest.cookies[name] = value
        return json.loads(answer["body"])


def event(
    method: str, resource: str, guest: Guest, body: Any = None, query: str = "", headers: Mapping[str, str] | None = None, **parameters: str
) -> dict[str, Any]:
    """A request through CloudFront and API Gateway as the function gets it."""
    known = {"clinic": "north"} | parameters if "{clinic}" in resource else parameters
    sent = {
        "accept": "*/*",
        "accept-language": "en-US,en;q=0.9",
        "cloudfront-viewer-address": "203.0.113.7:51234",
        "user-agent": BROWSER,
        "x-anteroom-edge": EDGE,
        "x-forwarded-for": "203.0.113.7, 198.51.100.4",
        "x-forwarded-proto": "https",
    }
    if guest.cookies:
        sent["cookie"] = "; ".join(f"{name}={value}" for name, value in guest.cookies.items())
    if method == "POST":
        origin = os.environ[f"ANTEROOM_{guest.audience.upper()}_ORIGIN"]
        sent |= {"content-type": "application/json", "origin": origin, "sec-fetch-site": "same-origin", "x-portal": "1"}
    raw = json.dumps(body if body is not None else {}).encode() if method == "POST" else b""
    request = Request(method, resource.format(**known), query, sent | dict(headers or {}), raw, "198.51.100.4")
    return api.event_of(request, resource, known, ("application/octet-stream",))


def _signed_in(person: Person) -> Guest:
    """One of the cast, with a session that began a moment ago."""
    return Guest(person.audience, dict(callers.signed_in(person, NOW).cookies))


def _give_ada_a_past() -> None:
    """An account that codes can be mailed to, and visits of the last years."""
    with table.together() as tx:
        accounts.add_account(tx, callers.patient_of(ADA), NOW)
        for number in range(8):
            visits.keep(tx, makers.an_appointment(f"past-{number}", f"2025-{number + 3:02}-03 15:00", 20))


def _fill_the_sheets() -> None:
    """Visits of half a day, on every sheet of the next two weeks."""
    for days in range(BUSY_DAYS):
        day = NOW.date() + timedelta(days=days)
        for actor, clinics in ACTORS.items():
            claims, version = tuple(_claim(day, number) for number in range(A_SHEET)), ids.version()
            for clinic in clinics:
                text = msgspec.json.encode(claims).decode()
                SheetRow(table.key(clinic, "SHEETS"), f"{day}#{actor}", claims=text, version=version).save()


def _claim(day: date, number: int) -> Claim:
    start = zone.minute(datetime(day.year, day.month, day.day, 13, 0, tzinfo=UTC)) + 40 * number  # every other time is taken
    return Claim(start, start + 20, ids.new())


def _hold_patients() -> None:
    """A page full of one family name."""
    for number in range(12):
        made = callers.patient_of(ADA)
        person = msgspec.structs.replace(made, id=f"held-{number}", given=f"Given{number}", family=f"Moreau{number}", email="")
        with table.together() as tx:
            people.add_patient(tx, person, NOW.date())


def waiting() -> list[Notice]:
    """The letters that have not gone out yet."""
    rows = boto3.client("dynamodb").scan(TableName=f"anteroom-{STAGE}-notices", ConsistentRead=True)["Items"]
    found = (msgspec.json.decode(row["document"]["S"], type=Notice) for row in rows)
    return [notice for notice in found if not notice.is_over]


def code_for(address: str) -> str:
    """The code in the letter that waits for an address."""
    (notice,) = (notice for notice in waiting() if notice.to == address and notice.seed)
    return secret.eight_digits(notice.seed)
