"""Every mail and SMS this machine has sent, kept as files: the engine forgets them when it stops."""

from __future__ import annotations

import email
import json
import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path

CODE = re.compile(r"(?<!\d)\d{8}(?!\d)")


@dataclass(frozen=True)
class Message:
    """One message as a person would see it. `sent` aware UTC; `html` and `ics` are empty where there is none."""

    number: int
    kind: str
    sent: datetime
    sender: str
    to: str
    subject: str
    text: str
    html: str = ""
    ics: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def code(self) -> str:
        """The sign-in code (8 digits) in its text, if there is one."""
        found = CODE.search(self.text)
        return found.group() if found else ""


class Outbox:
    """Numbered files in one folder: `000001-1763760000000.eml` and `...sms`, the second number being epoch milliseconds."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._lock = folder, threading.Lock()
        self._known: dict[str, Message] = {}  # by file name: a message is never changed, and to read one costs 6 ms

    def keep_mail(self, raw: bytes, sent: datetime) -> None:
        """Keep a mail as it was sent."""
        self._keep(raw, "eml", sent)

    def keep_sms(self, to: str, text: str, sent: datetime) -> None:
        """Keep a text message."""
        self._keep(json.dumps({"to": to, "text": text}).encode(), "sms", sent)

    def _keep(self, raw: bytes, ending: str, sent: datetime) -> None:
        with self._lock:
            number = max((int(path.name[:6]) for path in self._paths()), default=0) + 1
            path = self._folder / f"{number:06d}-{int(sent.timestamp() * 1000)}.{ending}"
            part = path.with_suffix(".part")
            part.write_bytes(raw)
            part.replace(path)  # a reader never sees half a message

    def _paths(self) -> list[Path]:
        return sorted(path for path in self._folder.iterdir() if path.suffix in (".eml", ".sms"))

    def count(self) -> int:
        """How many messages there are."""
        return len(self._paths())

    def listed(self) -> list[Message]:
        """All messages, the newest first."""
        return [self._message(path) for path in reversed(self._paths())]

    def get(self, number: int) -> Message | None:
        """The message of that number."""
        return next((self._message(path) for path in self._paths() if int(path.name[:6]) == number), None)

    def _message(self, path: Path) -> Message:
        message = self._known.get(path.name)
        if message is None:
            message = self._known[path.name] = _read(path)
        return message


def _read(path: Path) -> Message:
    number, _, stamp = path.stem.partition("-")
    sent = datetime.fromtimestamp(int(stamp) / 1000, UTC)
    if path.suffix == ".sms":
        told = json.loads(path.read_bytes())
        return Message(int(number), "sms", sent, "", told["to"], "", told["text"])
    mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    return Message(
        number=int(number),
        kind="mail",
        sent=sent,
        sender=str(mail["From"] or ""),
        to=str(mail["To"] or ""),
        subject=str(mail["Subject"] or ""),
        text=_part(mail, "text/plain"),
        html=_part(mail, "text/html"),
        ics=_part(mail, "text/calendar"),
        headers=tuple((name, str(value)) for name, value in mail.items()),
    )


def _part(mail: EmailMessage, kind: str) -> str:
    """The first part of that type, decoded."""
    for part in mail.walk():
        if part.get_content_type() == kind:
            raw = part.get_payload(decode=True)
            return raw.decode(part.get_content_charset() or "utf-8", "replace") if isinstance(raw, bytes) else ""
    return ""
