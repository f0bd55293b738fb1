"""Hands requests on to a deployed API as CloudFront does, tells a function of events, and brings in the mail that functions have sent."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import boto3
import urllib3

from scripts.local import template
from scripts.local.outbox import Outbox
from scripts.local.pump import Worker
from scripts.local.wire import Answer, Request

STAGE, SECONDS = "v1", 30.0
DROPPED = frozenset({"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"})  # of one hop, not of the answer


class Deployed:
    """A deployed REST API behind the edge: only the headers that the template's policy names are handed on."""

    def __init__(self, endpoint: str, api: str, secret: str) -> None:
        self.address = f"{endpoint}/restapis/{api}/{STAGE}/_user_request_"
        self._secret = secret
        self._names = handed_on()
        self._pool = urllib3.PoolManager(maxsize=64, retries=False, timeout=SECONDS)

    def answer(self, request: Request) -> Answer:
        """The API's answer to one request."""
        headers = {name: text for name, text in request.headers.items() if name in self._names}
        headers |= {"x-anteroom-edge": self._secret, "cloudfront-viewer-address": f"{request.address}:443"}
        url = self.address + request.path + (f"?{request.query}" if request.query else "")
        got = self._pool.request(request.method, url, headers=headers, body=request.body or None, redirect=False, decode_content=True)
        kept = [(name, text) for name, text in got.headers.items() if name.lower() not in DROPPED | {"content-encoding"}]
        return Answer(got.status, kept, got.data)


def handed_on() -> frozenset[str]:
    """Lower-case names of the headers that the edge hands on to the API; cookies have a list of their own."""
    policy = dict(template.resources("AWS::CloudFront::OriginRequestPolicy", ""))["ApiHeaders"]["OriginRequestPolicyConfig"]
    names = {name.lower() for name in policy["HeadersConfig"]["Headers"]}
    return frozenset(names | ({"cookie"} if policy["CookiesConfig"]["CookieBehavior"] == "all" else set()))


def invoked(function: str) -> Worker:
    """A deployed function as a worker: called with an event, and a RuntimeError with its own words where it failed."""
    client: Any = boto3.client("lambda")

    def call(event: dict[str, Any], _: Any) -> None:
        done = client.invoke(FunctionName=function, Payload=json.dumps(event).encode())
        if "FunctionError" in done:
            raise RuntimeError(done["Payload"].read().decode())

    return call


def letters(outbox: Outbox) -> Callable[[], None]:
    """A turn of the pump that keeps every mail which the local cloud's SES has taken since the last turn."""
    seen: set[str] = set()

    def turn() -> None:
        with urllib.request.urlopen(f"{os.environ['AWS_ENDPOINT_URL']}/_ministack/ses/messages", timeout=5) as answer:
            by_account: dict[str, list[dict[str, Any]]] = json.loads(answer.read())["messages"]
        for message in (each for messages in by_account.values() for each in messages):
            if message["MessageId"] not in seen:
                seen.add(message["MessageId"])
                outbox.keep_mail(_mime(message), datetime.fromtimestamp(message["Timestamp"], UTC))

    return turn


def _mime(told: dict[str, Any]) -> bytes:
    """The mail as far as the local cloud remembers it: without its calendar file."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = told["Source"], ", ".join(told["To"]), told["Subject"]
    mail.set_content(told["BodyText"] or "")
    if told["BodyHtml"]:
        mail.add_alternative(told["BodyHtml"], subtype="html")
    return bytes(mail)
