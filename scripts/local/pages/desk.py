"""Answers what is asked under /local/. Shells, style and one small script; the only change it makes is to sign somebody in."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.clinics.records import Brand, Clinic
from scripts.local.outbox import Message, Outbox
from scripts.local.wire import Answer, Headers, Request, text
from tests.cast import Person

HERE = Path(__file__).parent
FILES = {"style.css": "text/css; charset=utf-8", "local.js": "text/javascript; charset=utf-8"}
LANGUAGES = {"en": "English", "es": "Español", "fr": "Français", "de": "Deutsch", "pt": "Português", "ar": "العربية"}
NUMBER = re.compile(r"[0-9]{1,9}")  # of a message
PLACES = {"north": "North", "prairie": "Prairie", "south": "South"}

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'; form-action {origins}"
)
# A mail brings its own styles and nothing else; it may open links, outside of its frame.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)


class Cast(Protocol):
    """Who can be let in without a code, and how."""

    people: Sequence[Person]

    def open(self, person: Person) -> tuple[str, str]:
        """The Set-Cookie text of a new session, and the path to go on to."""


class Desk:
    """The room behind /local/ on both hosts. `origins` are the patients' and the staff's address without a last slash."""

    def __init__(self, brand: Brand, clinics: Sequence[Clinic], origins: tuple[str, str], outbox: Outbox, cast: Cast) -> None:
        self._clinics, self._origins, self._outbox, self._cast = clinics, origins, outbox, cast
        loader = FileSystemLoader(HERE)
        self._print = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        self._print.globals |= {"brand": brand, "names": LANGUAGES, "patient_origin": origins[0], "staff_origin": origins[1]}

    def answer(self, request: Request) -> Answer:
        """A page, a file, a message or a sign-in."""
        path = request.path.removeprefix("/local").strip("/")
        if request.method == "POST" and path == "sign-in":
            return self._sign_in(request)
        if request.method not in ("GET", "HEAD"):
            return text(405, "This page can only be read.")
        return self._get(path, parse_qs(request.query))

    def _get(self, path: str, query: dict[str, list[str]]) -> Answer:
        if path == "":
            people = [self._card(person) for person in self._cast.people]
            return self._page("home.html", here="home", clinics=self._clinics, cast=people, count=self._outbox.count())
        if path == "outbox":
            return self._page("outbox.html", here="outbox", messages=self._outbox.listed())
        if path == "outbox.json":
            to = query.get("to", [""])[0]
            shown = json.dumps({"messages": [as_json(message) for message in self._outbox.listed() if to in ("", message.to)]})
            return _answer(shown, "application/json", "default-src 'none'")
        if path in FILES:
            return _answer((HERE / path).read_text(encoding="utf-8"), FILES[path], "default-src 'none'")
        return self._message(path) or text(404, "There is nothing here; /local/ is the way in.")

    def _message(self, path: str) -> Answer | None:
        """`outbox/7`, `outbox/7/html` and `outbox/7/visit.ics`."""
        room, number, part = [*path.split("/"), "", ""][:3]
        message = self._outbox.get(int(number)) if room == "outbox" and NUMBER.fullmatch(number) else None
        if message is None:
            return None
        if part == "":
            return self._page("message.html", here="outbox", message=message)
        if part == "html" and message.html:
            return _answer(_framed(message.html), "text/html; charset=utf-8", MAIL_POLICY)
        if part == "visit.ics" and message.ics:
            calendar = _answer(message.ics, "text/calendar; charset=utf-8", "default-src 'none'")
            return Answer(200, [*calendar.headers, ("Content-Disposition", 'attachment; filename="visit.ics"')], calendar.body)
        return None

    def _sign_in(self, request: Request) -> Answer:
        """Only a page of ours may ask; the answer sets the cookie for the host that was asked."""
        if request.headers.get("origin", "null") not in self._origins:
            return text(403, "Sign in from the page /local/ itself.")
        wanted = parse_qs(request.body.decode("ascii", "replace")).get("who", [""])[0]
        person = next((each for each in self._cast.people if each.id == wanted), None)
        if person is None:
            return text(404, "Nobody of that name is in the cast.")
        cookie, path = self._cast.open(person)
        return Answer(303, [("Location", path), ("Set-Cookie", cookie), ("Cache-Control", "no-store")])

    def _card(self, person: Person) -> dict[str, Any]:
        where = " and ".join(PLACES[clinic] for clinic in person.clinics)
        role = str(person.role).replace("-", " ")
        staff = person.audience != "patient"
        initials = person.given[0] + person.family[0]
        return {"id": person.id, "name": person.name, "initials": initials, "staff": staff, "what": f"{role.capitalize()} · {where}"}

    def _page(self, template: str, **told: Any) -> Answer:
        page = self._print.get_template(template).render(told)
        return _answer(page, "text/html; charset=utf-8", PAGE_POLICY.format(origins=" ".join(("'self'", *self._origins))))


def _answer(body: str, kind: str, policy: str) -> Answer:
    headers: Headers = [("Content-Type", kind), ("Cache-Control", "no-store"), ("Content-Security-Policy", policy)]
    headers += [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "origin")]
    return Answer(200, headers, body.encode())


def _framed(html: str) -> str:
    """A mail whose links leave the frame; its doctype stays first, or browsers would draw it by other rules."""
    at = html.find("<head>") + len("<head>") if "<head>" in html else 0
    return html[:at] + '<base target="_top">' + html[at:]


def as_json(message: Message) -> dict[str, Any]:
    """A message for tests and other programs."""
    return {
        "number": message.number,
        "kind": message.kind,
        "sent": message.sent.isoformat(),
        "from": message.sender,
        "to": message.to,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "ics": message.ics,
        "code": message.code,
    }
