"""What the command line asks of a deployment: forward or back, on AWS or here."""

from __future__ import annotations

import argparse

from botocore.exceptions import BotoCoreError, ClientError

from scripts.deploying import back, checks, deploy, stages
from scripts.local.environment import Plain


def run(wanted: argparse.Namespace) -> None:
    """Do what is wanted; Plain where that cannot be, in AWS's own words where it was AWS that refused."""
    try:
        _run(wanted)
    except ClientError as error:
        told = error.response["Error"]
        raise Plain(f"AWS refused {error.operation_name}: {told.get('Code', '')}: {told.get('Message', '')}") from error
    except BotoCoreError as error:
        raise Plain(f"AWS cannot be reached: {error}") from error


def _run(wanted: argparse.Namespace) -> None:
    if wanted.stage == stages.LOCAL:
        from scripts.deploying import locally  # here: it loads the whole emulator

        return locally.run(wanted)
    stage = stages.read(wanted.stage)
    checks.region(stage)
    if not (wanted.roll_back or wanted.built):
        checks.python()
    place = deploy.at(wanted.stage, stage, "aws")
    if wanted.roll_back:
        return back.roll_back(place, ask=not wanted.yes)
    return deploy.deploy(place, checks.portal(stage), wanted.built, ask=not wanted.yes)
