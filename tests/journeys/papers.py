"""What a patient has sent for a visit before staff look at it: by the API and the files' own host, as their page does."""

from __future__ import annotations

import hashlib
import secrets
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext

from scripts.local.demo_papers import card, letter
from tests.cast import Person
from tests.documents.samples import EICAR
from tests.journeys.people import Api, somebody_settled
from tests.local.serving import Run

SECONDS = 60.0  # until a file is released or refused
__all__ = ["EICAR", "Sender", "a_sender", "card", "letter"]


@dataclass(frozen=True)
class Sender:
    """Somebody new with a visit, and the way to the API as them."""

    api: Api
    person: Person
    visit: str

    def ask(self, content: bytes, kind: str, media: str = "image/jpeg") -> dict[str, Any]:
        """A way to send a file."""
        wanted = {"kind": kind, "name": "IMG_7.jpg", "type": media, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        way: dict[str, Any] = self.api.post(f"appointments/{self.visit}/documents", wanted)
        return way

    def begin(self, content: bytes, kind: str, media: str = "image/jpeg") -> str:
        """Send a file; its id."""
        way = self.ask(content, kind, media)
        document = str(way["document"]["id"])
        assert posted(way["url"], way["fields"], content) == 201
        self.api.post(f"documents/{document}/finish", {})
        return document

    def await_check(self, document: str) -> None:
        """Wait until it is released or refused."""
        until = time.monotonic() + SECONDS
        while self.api.get(f"documents/{document}")["state"] not in ("released", "refused"):
            assert time.monotonic() < until
            time.sleep(0.3)

    def send(self, content: bytes, kind: str = "insurance-front", media: str = "image/jpeg") -> str:
        """Both; its id."""
        document = self.begin(content, kind, media)
        self.await_check(document)
        return document

    def card(self) -> tuple[str, str]:
        """Both sides of an insurance card."""
        both = self.begin(card(self.person, "front"), "insurance-front"), self.begin(card(self.person, "back"), "insurance-back")
        for document in both:
            self.await_check(document)
        return both

    def standings(self) -> dict[str, str]:
        """How far each kind that the visit needs has come."""
        kinds = self.api.get(f"appointments/{self.visit}/documents")["kinds"]
        return {kind["id"]: kind["standing"] for kind in kinds if kind["needed"]}


def a_sender(context: BrowserContext, run: Run) -> Sender:
    """Lena, who is new here and has booked a doctor visit."""
    api = Api(context, run)
    person = somebody_settled(api)
    visit = api.book("visit", api.times("visit", ahead=9)[5]["start"])
    return Sender(api, person, str(visit["id"]))


def posted(url: str, fields: Mapping[str, str], content: bytes) -> int:
    """Send a form to the files' host, whose name only browsers know to be this machine; the status."""
    place, mark = urlsplit(url), secrets.token_hex(16)
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode() for name, text in fields.items()]
    parts += [f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n'.encode(), content]
    body = b"".join(parts) + f"\r\n--{mark}--\r\n".encode()
    headers = {"Host": place.netloc, "Content-Type": f"multipart/form-data; boundary={mark}"}
    asked = urllib.request.Request(f"http://127.0.0.1:{place.port}{place.path}", data=body, headers=headers)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return int(answer.status)
