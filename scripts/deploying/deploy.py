"""The story of a deployment, from the checks to the last question whether it answers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from scripts.building import release
from scripts.deploying import after, checks, stages
from scripts.deploying.artifacts import Artifacts
from scripts.deploying.stack import Stack, shown
from scripts.deploying.stages import Stage
from scripts.local.environment import ROOT, Plain, say, step
from scripts.local.filling import Portal


@dataclass(frozen=True)
class Place:
    """Where a stage is deployed to: its stack, its bucket of artifacts, and for which machine is built."""

    name: str
    stage: Stage
    stack: Stack
    artifacts: Artifacts
    target: str
    seed: str = "empty"
    get: after.Get = after.fetched


def at(name: str, stage: Stage, target: str, **further: Any) -> Place:
    """A stage's place in the account that the credentials belong to."""
    os.environ["AWS_DEFAULT_REGION"] = stage.region
    account = checks.account(stage.region)
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "") if target == "here" else ""
    artifacts = Artifacts(boto3.client("s3"), f"anteroom-{name}-artifacts-{account}", account, stage.region, endpoint)
    return Place(name, stage, Stack(boto3.client("cloudformation"), f"anteroom-{name}"), artifacts, target, **further)


def deploy(place: Place, portal: Portal, built: Path | None, *, ask: bool) -> None:
    """Build unless that is done, change, publish, invite, and look whether it answers."""
    from scripts.build import build

    template, packages = checks.packages(built) if built else build(place.target, ROOT / ".local" / "build" / place.target)
    with step("Keeping the packages"):
        place.artifacts.provide()
        key = place.artifacts.keep(template, packages)
    told = stages.parameters(place.name, place.stage)
    settle(place, key, told, ask=ask)
    place.artifacts.note(key, told, release.of(packages[0]), datetime.now(UTC))  # from here on there is a way back from it
    protect(place)
    finish(place, told, portal)


def settle(place: Place, key: str, told: dict[str, str], *, ask: bool) -> None:
    """Bring the stack to a template and parameters; where hosts are CloudFront's own, they are known after a first pass."""
    told |= {} if "PatientOrigin" in told else edges(place.stack.outputs())
    change(place, key, told, ask=ask)
    if "PatientOrigin" not in told:
        told |= edges(place.stack.outputs())
        say("CloudFront has named the hosts; telling the functions their addresses.")
        change(place, key, told, ask=False)


def edges(outputs: Mapping[str, str]) -> dict[str, str]:
    """CloudFront's own names as origins; empty before there are any."""
    if "PatientEdge" not in outputs:
        return {}
    return {"PatientOrigin": f"https://{outputs['PatientEdge']}", "StaffOrigin": f"https://{outputs['StaffEdge']}"}


def change(place: Place, key: str, told: Mapping[str, str], *, ask: bool) -> None:
    """One change set: made, shown, agreed to, carried out."""
    with step("Asking CloudFormation what would change"):
        change_set = place.stack.propose(place.artifacts.url(key), told)
    if not change_set:
        say("  nothing")
        return
    for line in shown(place.stack.changes(change_set)):
        say(line)
    if ask and not agreed(f"Deploy this to {place.name}?"):
        place.stack.drop(change_set)
        raise Plain("Nothing was changed.")
    with step("Changing the stack"):
        place.stack.carry_out(change_set)


def agreed(question: str) -> bool:
    """Whether somebody at the terminal says yes; without a terminal nobody does."""
    try:
        return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False


def protect(place: Place) -> None:
    """Nobody deletes a stack on AWS by mistake from now on; where the right for that is missing, all the rest goes on."""
    if place.target != "aws":
        return
    try:
        place.stack.protect()
    except ClientError as error:
        if not error.response["Error"].get("Code", "").startswith("AccessDenied"):
            raise
        say("  The stack is not protected from being deleted: the right cloudformation:UpdateTerminationProtection is missing.")


def finish(place: Place, told: Mapping[str, str], portal: Portal) -> None:
    """What comes after the stack: app.json, the pages, the first managers, and a look at it all."""
    after.tell(place.name, told)
    after.store(portal, place.seed)
    after.publish(place.name, place.stage.region)
    after.invite(place.stage)
    after.look(told, portal, place.get)
    say(f"deployed: {told['PatientOrigin']}/ for patients, {told['StaffOrigin']}/ for staff")
