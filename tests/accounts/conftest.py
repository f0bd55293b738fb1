"""A clinic to sign in to, and a letterbox that codes arrive in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import boto3
import msgspec
import pytest

from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.kit import clock, post
from chalicelib.notices import actions as notices
from chalicelib.notices.records import Notice
from tests.callers import given_the_clinics

NOW = datetime(2026, 11, 23, 12, 0, 30, tzinfo=UTC)  # 07:00 in the clinic
Letterbox = list[tuple[str, str]]  # (to, text part) of every mail sent
Newest = Callable[[], str]
Delivered = Callable[[], Letterbox]
Move = Callable[[timedelta], None]


@pytest.fixture
def north(cloud: None) -> Clinic:
    """Harbour Family Clinic."""
    given_the_clinics()
    return clinics.get("north")


@pytest.fixture
def letterbox(north: Clinic, monkeypatch: pytest.MonkeyPatch) -> Letterbox:
    """Every mail that is sent; nothing is sent before `newest_code` is asked for."""
    letters: Letterbox = []

    def send(sender: str, to: str, message: bytes) -> str:
        part = message_from_bytes(message, policy=default).get_body(("plain",))
        letters.append((to, part.get_content() if part else ""))
        return f"receipt-{len(letters)}"

    monkeypatch.setattr(post, "send", send)
    return letters


def _send_what_waits() -> None:
    """Every mail that waits, oldest first."""
    rows = boto3.client("dynamodb").scan(TableName="anteroom-test-notices")["Items"]
    posted = [msgspec.json.decode(row["document"]["S"], type=Notice) for row in rows]
    for notice in sorted((notice for notice in posted if not notice.is_over), key=lambda notice: notice.due):
        notices.send(notice.clinic, notice.id, notice.due)


@pytest.fixture
def newest_code(letterbox: Letterbox) -> Newest:
    """Sends every mail that waits, and gives the code of the newest."""

    def newest() -> str:
        _send_what_waits()
        return next(line for line in letterbox[-1][1].splitlines() if line.isdecimal() and len(line) == 8)

    return newest


@pytest.fixture
def delivered(letterbox: Letterbox) -> Delivered:
    """Sends every mail that waits, and gives those that had not been given before."""
    given = [0]

    def newly() -> Letterbox:
        _send_what_waits()
        before, given[0] = given[0], len(letterbox)
        return letterbox[before:]

    return newly


@pytest.fixture
def clock_at(monkeypatch: pytest.MonkeyPatch) -> Move:
    """The clock stands still at NOW until it is moved."""
    moment = [NOW]
    monkeypatch.setattr(clock, "now", lambda: moment[0])

    def move(by: timedelta) -> None:
        moment[0] += by

    return move
