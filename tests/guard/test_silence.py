"""Nothing of a patient, no code and no token is in a log, a subject, a queue or a row: the ear that listens to all tests hears them."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import boto3
import pytest

from chalicelib.kit import logs, mail, metrics, secret, tokens
from chalicelib.kit.metrics import Metric
from chalicelib.kit.tokens import Purpose
from scripts.local.outbox import Message, Outbox
from tests.guard import silence
from tests.guard.silence import Ear
from tests.local import serving

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def ear(cloud: None) -> Iterator[Ear]:
    """The session's ear; what these tests make it hear is theirs."""
    yield silence.ear
    silence.ear.take()


def a_token() -> str:
    return tokens.sign(Purpose.SESSION, "patient", subject="ada", sid=tokens.random_sid(), now=NOW, until=NOW, clinic="north")


SECRETS: dict[str, Callable[[], str]] = {
    "a code": lambda: secret.eight_digits(secret.seed()),
    "a token": a_token,
    "the random half of a cookie": lambda: tokens.random_sid(),
    "the handle of a link": lambda: secret.handle(secret.seed()),
}
PERSONAL = {
    "an address": "ada.moreno@example.com",
    "a name": "Ada Moreno",
    "a telephone number": "+1 203 555 0119",
    "a canary": "canary3xnote",
}


def test_a_code_is_no_secret_of_the_tests_after_its_own(ear: Ear) -> None:
    """But a token, a cookie and a handle are, for ever: nothing is like them by chance."""
    made = {name: make() for name, make in SECRETS.items()}
    for text in made.values():
        ear.secret("a row", f"it is {text}")
    assert len(ear.take()) == len(made)
    ear.forget_codes()
    ear.secret("a row", made["a code"])
    assert ear.take() == []
    ear.secret("a row", made["the handle of a link"])
    assert ear.take() != []


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


@pytest.mark.parametrize("text", PERSONAL.values(), ids=list(PERSONAL))
def test_a_patient_in_a_line_of_metrics_is_heard(text: str, ear: Ear) -> None:
    metrics.note({Metric.REQUESTS: 1}, about=text)
    assert ear.take() != []
    with logs.about(door="get_patient", clinic=text):
        metrics.note({Metric.REQUESTS: 1})
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


LINK = "http://staff.localhost:8000/invitation/#c=north&h=" + "0f" * 32
CODE = "47110815"
SAID = {
    "a code that was mailed": f"code {CODE} was sent",
    "a link's handle that was mailed": f"GET {LINK}",
    "a token": f"cookie eyJ{'a' * 12}.eyJ{'b' * 12}.{'c' * 12}",
    "an address": '{"message": "mail to omar.reyes@harbourfamily.example"}',
    "whom a mail greets": '{"message": "Zoë Quist booked"}',
    "the same, as JSON has it": json.dumps({"message": "no such patient: Zoë Quist"}),
    "a patient of the demo": json.dumps({"message": "no such patient: Piotr Łuczak"}),
    "a telephone number": "INFO rings +1 (203) 555-0166",
    "in a traceback": json.dumps({"message": "bug", "trace": f"Traceback:\n  ValueError: {CODE}"}),
    "a script's payload": '{"message": "<img src=x onerror=__ran(1)>"}',
}
INNOCENT = [
    "ready http://localhost:21034/",
    "Seeding the demo ... 2.3 s",
    json.dumps(
        {"at": "2026-11-24T15:40:09.120+00:00", "message": "refused: signed-out", "request": "12345678-1234-4711-8123-123456789012"}
    ),
]


@pytest.fixture
def sent(tmp_path: Path) -> list[Message]:
    """Two mails of a run, as its outbox keeps them."""
    outbox = Outbox(tmp_path)
    for text in (f"Hello Zoë Quist,\n\nThis is the code:\n\n{CODE}", f"Accept it:\n{LINK}\n"):
        raw = mail.mime("a@example.com", "b@example.com", mail.Letter(subject="It", text=text, language="en"), LETTERHEAD, reply_to="")
        outbox.keep_mail(raw, NOW)
    return outbox.listed()


@pytest.mark.parametrize("line", SAID.values(), ids=list(SAID))
def test_what_a_run_says_of_somebody_or_something_secret_is_heard(line: str, sent: list[Message]) -> None:
    assert silence.overheard([*INNOCENT, line], sent) != []


def test_what_a_run_says_otherwise_is_nobody_s_secret(sent: list[Message]) -> None:
    assert silence.overheard([*INNOCENT, "code 12345678 was sent"], sent) == []  # no mail has this one


@pytest.mark.deep
@pytest.mark.cloud
def test_a_run_that_has_said_too_much_ends_its_test(tmp_path: Path) -> None:
    """Any run of the product that a test starts, the journeys' too; its refusals are among what is heard."""
    with pytest.raises(AssertionError, match="omar"), serving.started(tmp_path, ANTEROOM_LOG="INFO") as run:
        with pytest.raises(HTTPError):
            run.get("/api/clinics/north/appointments")
        assert until(lambda: any('"message": "refused: signed-out"' in line for line in run.words))
        run.words.append("mail to omar.reyes@harbourfamily.example")


def until(so: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether it is so within a while."""
    end = time.monotonic() + seconds
    while not so() and time.monotonic() < end:
        time.sleep(0.05)
    return so()


def test_it_listens_to_every_test(ear: Ear) -> None:
    from app import app

    assert app.log.name == "anteroom"
    assert silence.ear in app.log.handlers
    assert silence.ear in logging.getLogger().handlers
    logging.getLogger("anteroom.anything").info("a line")
    assert ear.lines > 0
    assert ear.take() == []
