"""Nothing of a patient, no code and no token is in a log, a subject, a queue or a row: the ear that listens to all tests hears them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from chalicelib.kit import logs, mail, secret, tokens
from chalicelib.kit.tokens import Purpose
from tests.guard import silence
from tests.guard.silence import Ear

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def ear(cloud: None) -> Iterator[Ear]:
    """The session's ear; what these tests make it hear is theirs."""
    yield silence.ear
    silence.ear.take()


def a_token() -> str:
    return tokens.sign(Purpose.SESSION, "patient", subject="ada", sid=tokens.random_sid(), now=NOW, until=NOW, clinic="north")


SECRETS = {
    "a code": lambda: secret.eight_digits(secret.seed()),
    "a token": a_token,
    "the random half of a cookie": lambda: tokens.random_sid(),
    "the handle of a link": lambda: secret.handle(secret.seed()),
}
PERSONAL = {
    "an address": "ada.moreno@example.com",
    "a name": "Ada Moreno",
    "a telephone number": "+1 203 555 0119",
    "a canary": "cny3xnote",
}


@pytest.mark.parametrize("make", SECRETS.values(), ids=list(SECRETS))
def test_a_secret_in_a_log_a_subject_or_a_row_is_heard(make: Any, ear: Ear) -> None:
    made = make()
    logging.getLogger("anteroom.anything").warning("it is %s, isn't it", made)
    assert ear.take() != []
    mail.mime("a@example.com", "b@example.com", mail.Letter(subject=f"It is {made}", text="", language="en"), LETTERHEAD, reply_to="")
    assert ear.take() != []
    row = {"pk": {"S": "C#north#X"}, "sk": {"S": "x"}, "document": {"S": f'{{"text":"{made}"}}'}}
    boto3.client("dynamodb").put_item(TableName="anteroom-test-notices", Item=row)
    assert ear.take() != []


LETTERHEAD = mail.Letterhead(name="Harbour", address="", telephone="", colour="#000000")


@pytest.mark.parametrize("text", PERSONAL.values(), ids=list(PERSONAL))
def test_a_patient_in_a_log_is_heard(text: str, ear: Ear) -> None:
    logging.getLogger("anteroom.anything").info("about %s", text)
    assert ear.take() != []


def test_a_patient_in_a_subject_is_heard(ear: Ear) -> None:
    ear.subject("A visit of Ada Moreno")
    assert ear.take() != []


def test_what_a_traceback_says_is_heard(ear: Ear) -> None:
    try:
        raise ValueError("ada.moreno@example.com")
    except ValueError:
        logging.getLogger("anteroom.anything").exception("it stopped")
    assert ear.take() != []


def test_what_a_line_says_beside_its_message_holds_nobody_s_name(ear: Ear) -> None:
    """The facts that every line of a request says are ids."""
    with logs.about(request="r-1", door="book_appointment"):
        logs.add(actor="patient/7k2m9p4q8r1s5t6v0w3x", clinic="north")
        line = logs.Json().format(logging.LogRecord("anteroom", logging.INFO, "", 0, "done", None, None))
    ear.personal("a log line", line)
    assert ear.take() == []


def test_it_listens_to_every_test(ear: Ear) -> None:
    from app import app

    assert app.log.name == "anteroom"
    assert silence.ear in app.log.handlers
    assert silence.ear in logging.getLogger().handlers
    logging.getLogger("anteroom.anything").info("a line")
    assert ear.lines > 0
    assert ear.take() == []
