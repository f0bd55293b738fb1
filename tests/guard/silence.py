"""Listens during the whole test run: no log, subject, row or message of a worker may hold a code, a token or a patient.

Codes, handles, tokens and the random halves of cookies are remembered as they are made; each log line, each subject and each
row that is written is looked through for them. A mail's body is the one place where a code belongs: it is for its reader.
What runs in a process of its own, as the browser's journeys have it, is heard by all that it says, once it has ended: what was
secret then stands in the mails that it sent.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Protocol

from botocore.client import BaseClient

from chalicelib.kit import logs, mail, metrics, secret, tokens

TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")
WORDS = re.compile(r"(?<![A-Za-z0-9_-])(?:[0-9]{8}|[0-9a-f]{64}|[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])")
CODE = re.compile(r"[0-9]{8}")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
# The patients of the cast and of the journeys; what nobody else is called.
PATIENTS = re.compile(r"Moreno|\bCarter\b|Okoye|Achebe|canary\dx|\+1 203 555 01(?:19|84|77)")
TELEPHONE = re.compile(r"\+\d{1,3}[ .-]?\(?\d{2,4}\)?[ .-]\d{3,4}[ .-]\d{3,4}")
PAYLOAD = "__ran"  # stands in what the journeys' people are called and write when scripts are tried (tests/journeys/payloads.py)
GREETED = re.compile(r"^(?:Hello |Hola, )(.+?)[,:]\s*$", re.MULTILINE)
WRITES = {
    "PutItem",
    "UpdateItem",
    "BatchWriteItem",
    "TransactWriteItems",
    "SendMessage",
    "SendMessageBatch",
    "PutMetricData",
    "PutEvents",
    "Publish",
}


class Ear(logging.Handler):
    """What was made that is secret, how much was looked through, and what was found where it should not be."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: set[str] = set()
        self.codes: set[str] = set()
        self.found: list[str] = []
        self.lines = self.rows = self.subjects = self.numbers = 0

    def emit(self, record: logging.LogRecord) -> None:
        """A line of a log, with its traceback."""
        self.lines += 1
        line = record.getMessage() + (logging.Formatter().formatException(record.exc_info) if record.exc_info else "")
        self.personal("a log line", line)

    def personal(self, where: str, text: str) -> None:
        """No secret, and nobody's name, address or number."""
        self.secret(where, text)
        if match := ADDRESS.search(text) or PATIENTS.search(text):
            self.found.append(f"{where} names {match[0]}: {text[:200]}")

    def secret(self, where: str, text: str) -> None:
        """No code, handle, sid or token."""
        if match := TOKEN.search(text):
            self.found.append(f"{where} holds a token {match[0][:20]}")
        self.found += [f"{where} holds the secret {word[:8]}" for word in WORDS.findall(text) if word in self.secrets or word in self.codes]

    def metric(self, values: dict[str, float], **about: Any) -> None:
        """A line of metrics, and all that could have come to stand in it."""
        self.numbers += 1
        self.personal("a line of metrics", f"{values} {about} {logs.facts()}")

    def subject(self, text: str) -> None:
        """A mail's subject: nothing secret, and no patient."""
        self.subjects += 1
        self.secret("a subject", text)
        if match := PATIENTS.search(text):
            self.found.append(f"a subject names {match[0]}")

    def call(self, operation: str, parameters: dict[str, Any]) -> None:
        """A row, or a message of a queue."""
        if operation in WRITES:
            self.rows += 1
            self.secret(f"{operation} {parameters.get('TableName', '')}", repr(parameters))

    def take(self) -> list[str]:
        """What was found since the last time."""
        found, self.found = self.found, []
        return found

    def forget_codes(self) -> None:
        """At the end of a test: one of a whole run's thousands is sooner or later a later test's number, a slot's minute say."""
        self.codes.clear()

    def remember(self, made: str) -> None:
        """What was made just now is secret."""
        (self.codes if CODE.fullmatch(made) else self.secrets).add(made)


ear = Ear()


def _remembering(module: Any, name: str) -> Callable[[], None]:
    """Remember all that a function of ours makes; returns what puts it back."""
    plain = getattr(module, name)

    def making(*args: Any, **kwargs: Any) -> Any:
        made = plain(*args, **kwargs)
        ear.remember(made)
        return made

    setattr(module, name, making)
    return lambda: setattr(module, name, plain)


def _listening(module: Any, name: str, note: Callable[..., None]) -> Callable[[], None]:
    """Note the arguments of every call; returns what puts it back."""
    plain = getattr(module, name)

    def noting(*args: Any, **kwargs: Any) -> Any:
        note(*args, **kwargs)
        return plain(*args, **kwargs)

    setattr(module, name, noting)
    return lambda: setattr(module, name, plain)


class Mail(Protocol):
    """What is asked of a mail in the outbox (scripts/local/outbox.py)."""

    @property
    def text(self) -> str:
        """Its words; the one place where codes and handles stand."""


def overheard(lines: Iterable[str], mails: Iterable[Mail]) -> list[str]:
    """What a run of the product said and should not have: all that it printed and logged, against all the mails that it sent."""
    texts = [mail.text for mail in mails]
    heard = Ear()
    heard.secrets = {word for text in texts for word in WORDS.findall(text)}
    names = {name for text in texts for name in GREETED.findall(text)} | demo_patients() | {PAYLOAD}
    for line in lines:
        said = unfolded(line)
        heard.personal("a line of the run", said)
        named = [name for name in names if name in said] + TELEPHONE.findall(said)
        heard.found += [f"a line of the run names {name}: {said[:200]}" for name in named]
    return heard.take()


def unfolded(line: str) -> str:
    """A line as it was meant: what JSON escapes (accents, line breaks of a traceback) stands as it is."""
    try:
        told = json.loads(line)
    except ValueError:
        return line
    return " ".join(map(str, told.values())) if isinstance(told, dict) else line


@lru_cache(maxsize=1)
def demo_patients() -> set[str]:
    """What the demo's patients are called, in full."""
    from scripts.local import demo  # here: it reads the environment that tests/conftest.py settles

    return {person.name for person in (*demo.NEIGHBOURS, *demo.HELD)}


@contextmanager
def listening() -> Iterator[Ear]:
    """Of this process, all of it, until the block ends."""
    makers = [(secret, "_code"), (secret, "handle"), (tokens, "sign"), (tokens, "random_sid")]
    undo = [_remembering(module, name) for module, name in makers if hasattr(module, name)]
    undo.append(_listening(BaseClient, "_make_api_call", lambda _self, operation, parameters: ear.call(operation, parameters)))
    undo.append(_listening(metrics, "note", ear.metric))
    undo.append(_listening(mail, "mime", lambda _sender, _to, letter, *_, **__: ear.subject(letter.subject)))
    ours = logging.getLogger("anteroom")  # Chalice keeps its lines from the root
    ours.setLevel(logging.INFO)  # as app.py has it
    metrics.log.setLevel(logging.WARNING)  # heard above, and not to be read under every test that fails
    for logger in (logging.getLogger(), ours):
        logger.addHandler(ear)
    try:
        yield ear
    finally:
        for logger in (logging.getLogger(), ours):
            logger.removeHandler(ear)
        for each in undo:
            each()
