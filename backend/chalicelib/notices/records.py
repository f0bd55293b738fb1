"""Notice (FHIR Communication): one thing to tell one person, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

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

    `due` is when to send it (aware UTC). `seed` stands for an 8-digit code, or the handle of a link, that is
    nowhere stored: the sender works it out and puts it where the text says `{code}`, or the link `{handle}`. `about` names what it is about
    (an appointment), never shown. From `until` on (a code's end, a visit's start) it is useless, and is
    not sent any more. `unsure` counts the calls to the provider that may have sent it; `version` changes
    with `due`, so that an old pointer is told from the present one.
    """

    id: str
    clinic: str
    channel: Channel = Channel.MAIL
    to: str
    language: str
    subject: str
    text: str
    due: datetime
    until: datetime | None = None
    link: str = ""
    link_label: str = ""
    calendar: Calendar | None = None
    seed: str = ""
    about: str = ""
    state: NoticeState = NoticeState.PENDING
    attempts: int = 0
    unsure: int = 0
    lease_until: datetime | None = None
    provider: str = ""
    version: int = 1

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen to it any more."""
        return self.state in {NoticeState.SENT, NoticeState.FAILED, NoticeState.WITHDRAWN}


class Pointer(Struct, frozen=True):
    """Where the sweep finds a notice: in the bucket of its minute and shard. Nothing personal."""

    minute: datetime
    shard: int
    clinic: str
    notice: str
    version: int
