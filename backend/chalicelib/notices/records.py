"""Notice (FHIR Communication): one thing to tell one person, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from chalicelib.clinics.records import Record


class Channel(StrEnum):
    """How it travels."""

    MAIL = "mail"
    SMS = "sms"


class NoticeState(StrEnum):
    """Where it is on its way."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Calendar(Record, frozen=True, kw_only=True):
    """An ICS attachment and the iTIP method it travels under (REQUEST, CANCEL)."""

    method: str
    text: str


class Notice(Record, frozen=True, kw_only=True):
    """A message, worded already, in the reader's language.

    `due` is when to send it (aware UTC). `seed` stands for an 8-digit code that is nowhere stored:
    the sender works it out and puts it where the text says `{code}`. `about` names what it is about
    (an appointment), never shown.
    """

    id: str
    clinic: str
    channel: Channel = Channel.MAIL
    to: str
    language: str
    subject: str
    text: str
    due: datetime
    link: str = ""
    link_label: str = ""
    calendar: Calendar | None = None
    seed: str = ""
    about: str = ""
    state: NoticeState = NoticeState.PENDING
    attempts: int = 0
    version: int = 1
