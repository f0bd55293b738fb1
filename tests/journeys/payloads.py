"""Text that would be a script if anybody took it for one; a window that tells when it runs; and which fields it can be written into.

The fields are those of the API's own description. Each is written in a journey (`WRITTEN`) or refused by its door (`REFUSED`).
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import pytest
from playwright.sync_api import Response

from tests.journeys.portal import Window
from tests.local.serving import Run

PAYLOADS = (
    "<img src=x onerror=__ran(1)>",
    '"><svg onload=__ran(2)>',
    "'-__ran(3)-'<b title=__ran>",
    "<script>__ran(4)</script>",
    "${__ran(5)}{{7*7}}",
    "javascript:__ran(6)",
    "<a href autofocus onfocus=__ran(7)>",
    "<style onload=__ran(8)>",
    '<iframe srcdoc="<script>parent.__ran(9)</script>">',
)
EVERYTHING = " ".join(PAYLOADS)
# Each field gets two at once, which the shortest of them (a passkey's label) just holds; the first round runs at every change.
PAIRS = [" ".join(PAYLOADS[at : at + 2]) for at in range(0, len(PAYLOADS), 2)]
ROUNDS = [pytest.param(pair, id=f"round {number}", marks=[pytest.mark.deep] if number else []) for number, pair in enumerate(PAIRS)]
MARK = "__ran"  # stands in every payload
RAN = f"window.{MARK} = number => console.error(`payload ${{number}} ran`)"

# What no page of ours has, so that it can only have come out of a payload.
GROWN = f"""() => [...document.querySelectorAll('*')].filter(element =>
  [...element.attributes].some(({{name, value}}) => name.startsWith('on') || name === 'srcdoc' || /^\\s*javascript:/i.test(value)
    && ['href', 'src', 'action', 'formaction'].includes(name) || name === 'title' && value.includes('{MARK}'))
  || element.matches('script:not([src]), img[src=x]')).map(element => element.outerHTML.slice(0, 90))"""

SEND = """async ([path, body, key, extra]) => {
  const headers = {...extra, "Content-Type": "application/json", "X-Portal": "1", "Idempotency-Key": key};
  const answer = await fetch(`/api${path}`, {method: "POST", headers, body: JSON.stringify(body)});
  return [answer.status, await answer.json()];
}"""

# Text that is taken as it is, by who writes it in tests/journeys/test_payloads.py.
WRITTEN: Mapping[str, frozenset[str]] = {
    "a patient": frozenset(
        {"startSignIn.email", "registerPatient.given", "registerPatient.family", "bookAppointment.note", "cancelAppointment.reason"}
    ),
    "a manager": frozenset(
        {
            "inviteStaff.name",
            "inviteStaff.email",
            "addPatient.given",
            "addPatient.family",
            "addPatient.email",
            "listPatients.name",
            "listAuditEvents?who",
            "exportAudit.reason",
        }
    ),
    "who sends a card": frozenset({"requestUpload.name"}),
    "who looks at it": frozenset({"returnDocument.note", "setInsuranceStatus.note", "exportDocuments.reason", "holdDocument.reason"}),
    "who reads a form": frozenset({"returnItem.note", "exportResponse.reason"}),
    "who signs a form": frozenset({"submitResponse.signatures[].name", "amendResponse.signatures[].name", "amendResponse.reason"}),
    "somebody new": frozenset({"finishPasskey.label", "startEmergencyAccess.reason", "startStaffSignIn.email", "startRecovery.email"}),
}
ID, CODE, WHEN = "names a thing that must be there", "a code has a form", "a date or an instant"
CEREMONY, CURSOR = "a passkey's own bytes", "a cursor is sealed"
LANGUAGE, PLACE = "a language the clinic speaks", "a place that the form has"
OWNER = "says whose passkey it is to who can show that it is so; kept nowhere"
# Fields that no payload gets into, and why; tests/journeys/test_payload_census.py asks the doors.
REFUSED: Mapping[str, str] = {
    "bookAppointment.service": ID,
    "bookAppointment.start": WHEN,
    "bookAppointment.practitioner": ID,
    "exportAudit.from": WHEN,
    "exportAudit.to": WHEN,
    "linkPatient.code": CODE,
    "openKiosk.code": CODE,
    "addPatient.birthDate": WHEN,
    "addPatient.telephone": "a number can be rung",
    "registerPatient.birthDate": WHEN,
    "registerPatient.telephone": "a number can be rung",
    "listPatients.cursor": CURSOR,
    "verifySignIn.code": CODE,
    "inviteStaff.roles[]": ID,
    "inviteStaff.practitioner": ID,
    "setRoles.roles[]": ID,
    "setRoles.practitioner": ID,
    "finishPasskey.credential.id": CEREMONY,
    "finishPasskey.credential.rawId": CEREMONY,
    "finishPasskey.credential.type": CEREMONY,
    "finishPasskey.credential.response.clientDataJSON": CEREMONY,
    "finishPasskey.credential.response.attestationObject": CEREMONY,
    "switchClinic.clinic": ID,
    "acceptInvitation.clinic": ID,
    "acceptInvitation.handle": CODE,
    "finishRecovery.clinic": ID,
    "finishRecovery.handle": CODE,
    "finishPasskeySignIn.credential.id": CEREMONY,
    "finishPasskeySignIn.credential.rawId": CEREMONY,
    "finishPasskeySignIn.credential.type": CEREMONY,
    "finishPasskeySignIn.credential.response.clientDataJSON": CEREMONY,
    "finishPasskeySignIn.credential.response.authenticatorData": CEREMONY,
    "finishPasskeySignIn.credential.response.signature": CEREMONY,
    "finishPasskeySignIn.credential.response.userHandle": OWNER,
    "verifyStaffSignIn.code": CODE,
    "verifyStaffSignIn.totp": CODE,
    "stepUp.credential.id": CEREMONY,
    "stepUp.credential.rawId": CEREMONY,
    "stepUp.credential.type": CEREMONY,
    "stepUp.credential.response.clientDataJSON": CEREMONY,
    "stepUp.credential.response.authenticatorData": CEREMONY,
    "stepUp.credential.response.signature": CEREMONY,
    "stepUp.credential.response.userHandle": OWNER,
    "stepUp.totp": CODE,
    "verifyTotp.code": CODE,
    "getMyAccessLog?cursor": CURSOR,
    "listAuditEvents?from": WHEN,
    "listAuditEvents?to": WHEN,
    "listAuditEvents?action": "an operation's own letters",
    "listAuditEvents?patient": ID,
    "listAuditEvents?cursor": CURSOR,
    "requestUpload.kind": ID,
    "requestUpload.replaces": ID,
    "requestUpload.type": "one of the types that are taken",
    "requestUpload.sha256": CODE,
    "relabelDocument.kind": ID,
    "setInsuranceStatus.status": "one of four",
    "listCompleteness?queue": "one of four",
    "listCompleteness?cursor": CURSOR,
    "returnItem.path": PLACE,
    "acceptResponse.what": "one of two",
    "exportResponse.format": "one of three",
    "startResponse.questionnaire": ID,
    "startResponse.language": LANGUAGE,
    "saveResponse.language": LANGUAGE,
    "saveResponse.page": PLACE,
    "saveResponse.seen[]": PLACE,
    "submitResponse.language": LANGUAGE,
    "submitResponse.seen[]": PLACE,
    "submitResponse.signatures[].kind": "drawn or typed",
    "submitResponse.signatures[].path": PLACE,
    "amendResponse.language": LANGUAGE,
    "amendResponse.seen[]": PLACE,
    "amendResponse.signatures[].kind": "drawn or typed",
    "amendResponse.signatures[].path": PLACE,
    "amendResponse.withdrawn[]": PLACE,
    "amendResponse.kept[]": PLACE,
    "getQuestionnaire?version": "a number or draft",
    "findSlots?service": ID,
    "findSlots?practitioner": ID,
    "findSlots?from": WHEN,
}


def fields(document: Mapping[str, Any]) -> dict[str, str]:
    """Every text of a request's body (`operation.path.to[]`) and query (`operation?name`) in the API's description, and its door's path."""
    found: dict[str, str] = {}
    for path, methods in document["paths"].items():
        for about in methods.values():
            name, schemas = about["operationId"], document["components"]["schemas"]
            body = about.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            found |= {f"{name}{place}": path for place in _texts(body, schemas)}
            asked = [each for each in about["parameters"] if each["in"] == "query" and each["name"] != "lang"]
            found |= {f"{name}?{each['name']}": path for each in asked if any(True for _ in _texts(each["schema"], schemas))}
    return found


def _texts(schema: Mapping[str, Any], schemas: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Where in a value of this shape a text stands."""
    if "$ref" in schema:
        yield from _texts(schemas[schema["$ref"].rpartition("/")[2]], schemas, at)
    if schema.get("type") == "string" or ("type" not in schema and ("enum" in schema or "const" in schema)):
        yield at
    for kind in ("anyOf", "oneOf", "allOf"):
        for each in schema.get(kind, []):
            yield from _texts(each, schemas, at)
    for name, each in schema.get("properties", {}).items():
        yield from _texts(each, schemas, f"{at}.{name}")
    for part, sign in (("items", "[]"), ("additionalProperties", "{}")):
        if isinstance(schema.get(part), dict):
            yield from _texts(schema[part], schemas, at + sign)


def leaves(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """The texts of a value, each with its place as `fields` names it."""
    if isinstance(value, str):
        yield at, value
    for name, each in value.items() if isinstance(value, dict) else ():
        yield from leaves(each, f"{at}.{name}")
    for each in value if isinstance(value, list) else ():
        yield from leaves(each, f"{at}[]")


def an_address(name: str) -> str:
    """All that an address may hold of a payload, which nobody has used before."""
    return f"'{{{{7*7}}}}${MARK}'{name}.{secrets.token_hex(4)}@harbourfamily.example"


class Pen:
    """A window that tells when a payload runs, and remembers into which fields its pages wrote one that was taken."""

    def __init__(self, window: Window, run: Run) -> None:
        self.window, self.run = window, run
        self.taken: set[str] = set()
        self.looks = 0
        paths = json.loads(run.get("/api/openapi.json"))["paths"].items()
        self._doors = [
            (method.upper(), re.compile(re.sub(r"{\w+}", "[^/]+", path)), about["operationId"])
            for path, methods in paths
            for method, about in methods.items()
        ]
        window.context.add_init_script(RAN)
        window.context.on("response", self._heard)

    def _heard(self, response: Response) -> None:
        path, _, query = response.url.partition("/api/")[2].partition("?")
        name = next(
            (name for method, form, name in self._doors if method == response.request.method and form.fullmatch(f"/api/{path}")), ""
        )
        if not name or response.status >= 400:
            return
        sent = leaves(json.loads(response.request.post_data or "null"))
        self.taken |= {f"{name}{place}" for place, text in sent if MARK in text}
        self.taken |= {f"{name}?{part.partition('=')[0]}" for part in query.split("&") if MARK in part}

    def post(self, path: str, body: dict[str, Any], **headers: str) -> Any:
        """As the window's page does; the decoded answer."""
        extra = {name.replace("_", "-"): text for name, text in headers.items()}
        status, told = self.window.page.evaluate(SEND, [path, body, secrets.token_hex(8), extra])
        assert status < 300, (status, told)
        return told

    def look(self, drawn: Literal["load", "networkidle"] = "networkidle") -> None:
        """All of the page is drawn, what should not run has had its time, and nothing on it has grown out of a payload."""
        page = self.window.page
        page.wait_for_load_state(drawn)
        page.evaluate("() => new Promise(later => requestAnimationFrame(() => setTimeout(later, 50)))")
        assert page.evaluate(GROWN) == []
        self.looks += 1

    def read(self, mails: list[dict[str, Any]]) -> None:
        """Each mail as the outbox shows it, and where no policy of ours and no sandbox stands before it."""
        page = self.window.page
        for mail in mails:
            page.goto(f"{self.run.address}/local/outbox/{mail['number']}")
            self.look("load")
            page.goto("about:blank")
            page.set_content(mail["html"])
            self.look("load")
