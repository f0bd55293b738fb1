"""People of the journeys, and what they do through the API when a test is about something else than the way there."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import APIResponse, BrowserContext, Page, expect

from chalicelib.identity.records import Role
from tests.cast import Person
from tests.local.serving import Run

LENA = Person("lena", "Lena", "Okoye", Role.PATIENT, ("north",), "", "en-US", date(1991, 5, 4), "+1 203 555 0177")


def a_newcomer(language: str = "en-US") -> Person:
    """Lena, with an address that nobody has used before."""
    return replace(LENA, email=f"lena.{secrets.token_hex(4)}@example.com", language=language)


class Api:
    """The API as a browser context's pages would ask it, with its cookies and in the language of `tag`."""

    def __init__(self, context: BrowserContext, run: Run, tag: str = "en-US", clinic: str = "north") -> None:
        self.context, self.run, self.tag, self.clinic = context, run, tag, clinic

    def get(self, path: str) -> Any:
        """GET below the clinic; the decoded answer."""
        answer = self.context.request.get(f"{self.run.address}/api/clinics/{self.clinic}/{path}")
        expect(answer).to_be_ok()
        return answer.json()

    def send(self, path: str, body: dict[str, Any], **headers: str) -> APIResponse:
        """POST as a page of ours does; header names with underscores for hyphens."""
        given = {"X-Portal": "1", "Origin": self.run.address} | {name.replace("_", "-"): text for name, text in headers.items()}
        return self.context.request.post(f"{self.run.address}/api/clinics/{self.clinic}/{path}", data=body, headers=given)

    def post(self, path: str, body: dict[str, Any], **headers: str) -> Any:
        """POST that must succeed; the decoded answer."""
        answer = self.send(path, body, **headers)
        assert answer.ok, (answer.status, answer.text())
        return answer.json()

    def sign_in(self, person: Person) -> None:
        """With a mailed code."""
        last = max((message["number"] for message in self.run.outbox(person.email)), default=0)
        self.post("sign-in/start", {"email": person.email})
        self.post("sign-in/verify", {"code": self.run.code_to(person.email, after=last)})

    def enter(self, person: Person) -> None:
        """As a patient of the cast, with one tap on /local/."""
        form: dict[str, str | float | bool] = {"who": person.id}
        origin = {"Origin": self.run.address}
        answer = self.context.request.post(f"{self.run.address}/local/sign-in", form=form, headers=origin, max_redirects=0)
        assert answer.status == 303, answer.text()

    def times(self, service: str, practitioner: str = "", ahead: int = 7) -> list[dict[str, Any]]:
        """The free times of the seven days that begin `ahead` days from today, each with its `date` and `day`, its label."""
        today = date.fromisoformat(self.get(f"slots?service={service}")["today"])
        query = f"slots?lang={self.tag}&service={service}&from={today + timedelta(days=ahead)}"
        days = self.get(query + (f"&practitioner={practitioner}" if practitioner else ""))["days"]
        return [{**slot, "date": day["date"], "day": day["label"]} for day in days for slot in day["slots"]]

    def book(self, service: str, start: str, practitioner: str = "") -> Any:
        """An appointment of whoever is signed in."""
        wanted = {"service": service, "start": start} | ({"practitioner": practitioner} if practitioner else {})
        return self.post("appointments", wanted, Idempotency_Key=secrets.token_hex(8))

    def cancel(self, appointment: str) -> None:
        """So that the next test finds the person as it was."""
        self.post(f"appointments/{appointment}/cancel", {})


def tap(page: Page, run: Run, person: Person) -> None:
    """The button of /local/ that signs somebody in and leads to their host."""
    page.goto(f"{run.address}/local/")
    page.get_by_role("button", name=f"Sign in as {person.name}").click()
    expect(page.get_by_role("main")).to_be_visible()


VISITS_EACH = 5  # of one newcomer; the clinic allows six that are ahead
_settled: dict[tuple[str, str], list[tuple[float, Person, list[Any]]]] = {}
FRESH = 300  # seconds in which somebody who was signed in by another test surely still is; in a deep run an hour may lie between two


def somebody_settled(api: Api, *, anew: bool = False) -> Person:
    """A newcomer who is signed in and has said who they are: the same one for a few tests, since all sign-ins come from one address.

    `anew`: one of this test's own, whose session it may end.
    """
    known = _settled.setdefault((api.run.address, api.tag), [])
    known[:] = [each for each in known if time.monotonic() - each[0] < FRESH]
    if known and not anew:
        _, person, cookies = known.pop()
        api.context.add_cookies(cookies)
        return person
    person = a_newcomer(api.tag)
    api.sign_in(person)
    born = person.birth_date.isoformat()
    api.post("patients", {"given": person.given, "family": person.family, "birthDate": born, "telephone": person.telephone})
    if not anew:
        known += [(time.monotonic(), person, list(api.context.cookies()))] * (VISITS_EACH - 1)
    return person
