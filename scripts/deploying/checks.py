"""What must hold before anything is built or changed; each refusal is one plain sentence."""

from __future__ import annotations

import os
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError, ProfileNotFound

from chalicelib.accounts.actions import invitations
from chalicelib.clinics import actions as clinics
from chalicelib.kit.problem import Problem
from scripts.building import functions, package, targets
from scripts.deploying.stages import FirstManager, Stage
from scripts.local import filling
from scripts.local.environment import Plain
from scripts.local.filling import Portal

HOW = "See docs/guides/first-deployment.md."


def account(region: str) -> str:
    """The AWS account that the credentials belong to; Plain where there are none, or none that count."""
    try:
        return str(boto3.client("sts", region_name=region).get_caller_identity()["Account"])
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise Plain(f"There are no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. {HOW}") from error
    except ProfileNotFound as error:
        raise Plain(f"{error}. {HOW}") from error
    except ClientError as error:
        raise Plain(f"AWS does not take these credentials ({error.response['Error'].get('Code', '')}). {HOW}") from error
    except BotoCoreError as error:
        raise Plain(f"AWS cannot be reached: {error}") from error


def region(stage: Stage) -> None:
    """Plain where the environment names another region than the stage: somebody is about to deploy elsewhere than they think."""
    named = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if named and named != stage.region:
        raise Plain(f"The environment says region {named}, and infra/stages.json says {stage.region} for this stage; make them agree.")


def python() -> None:
    """Plain unless this Python can build for AWS."""
    targets.aws()


def portal(stage: Stage) -> Portal:
    """app.json, read and checked, and whether the stage fits it: its sender, and the clinics of its first managers."""
    found = filling.read()
    _sender(found, stage)
    known = {clinic.id for clinic in found.clinics}
    for person in stage.first_managers:
        if person.clinic not in known:
            raise Plain(f"infra/stages.json invites {person.name} to run {person.clinic!r}, and app.json has no such clinic.")
        _address(person)
    return found


def _sender(portal: Portal, stage: Stage) -> None:
    """Plain unless brand.sender of app.json and the stage's sender make an address that mail can come from."""
    try:
        clinics.brand_at(portal.brand, stage.sender, stage.patient_origin)
    except Problem as problem:
        raise Plain(f"No mail could be sent: {problem.detail}; the stage's is a domain, or one whole address. {HOW}") from problem


def _address(person: FirstManager) -> None:
    try:
        invitations.address(person.email)
    except Problem as problem:
        raise Plain(f"infra/stages.json invites {person.name} at {person.email!r}, which is no mail address.") from problem


def packages(folder: Path) -> tuple[Path, tuple[Path, ...]]:
    """The template and the packages that a build has left in a folder; Plain where one is missing."""
    template, zipped = folder / "sam.yaml", (folder / package.NAME, *(folder / own.archive for own in functions.OWN))
    for path in (template, *zipped):
        if not path.is_file():
            raise Plain(f"{path} is missing; build it with: python3 scripts/build.py --out {folder}")
    return template, zipped
