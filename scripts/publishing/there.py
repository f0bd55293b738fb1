"""Lets the deployed worker publish what the tables hold, and says what it did in the words of a publishing from here."""

from __future__ import annotations

import json

import boto3
import msgspec
from botocore.config import Config

from chalicelib.portals.records import Counts
from scripts.local.environment import Plain, say
from scripts.publishing import stack
from scripts.publishing.telling import summed

FUNCTION = "PublishingFunction"  # an output of the stack
LONGEST = 910  # seconds; the worker itself may take 900
# Asked once: a second try of ours would only find the first still at work.
PATIENCE = Config(connect_timeout=5, read_timeout=LONGEST, retries={"total_max_attempts": 1}, tcp_keepalive=True)


def publish(stage: str, region: str) -> Counts:
    """Ask it and wait for its end; Plain where it could not be asked, is at work already, or broke off."""
    say("Letting the deployed worker publish the portals")
    with stack.plainly():
        done = _asked(stage, stack.outputs(stage, region, {FUNCTION})[FUNCTION])
    say(summed(done))
    return done


def _asked(stage: str, function: str) -> Counts:
    client = boto3.client("lambda", config=PATIENCE)
    try:
        answer = client.invoke(FunctionName=function, Payload=b"{}")
    except client.exceptions.TooManyRequestsException as error:
        raise Plain(
            f"The worker is publishing already; what has changed since shows after: python3 scripts/publish.py --stage {stage} --there"
        ) from error
    told = answer["Payload"].read()
    if "FunctionError" in answer:
        raise Plain(f"The worker broke off: {_reason(told)}. The log /anteroom/{stage}/publishing says where, docs/runbook.md what to do.")
    return msgspec.json.decode(told, type=Counts)


def _reason(told: bytes) -> str:
    """What Lambda says of it: the kind of the exception and its words, in one line."""
    said = json.loads(told)
    words = ": ".join(filter(None, (said.get("errorType"), said.get("errorMessage"))))
    return " ".join(words.split()).rstrip(".") or "Lambda does not say why"
