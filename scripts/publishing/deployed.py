"""The portals of a deployed stage, from app.json to the edge."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import closing

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.kit.bucket import Bucket
from chalicelib.kit.problem import Problem
from chalicelib.portals import actions as portals
from chalicelib.portals.records import Published
from scripts.local import filling
from scripts.local.environment import Plain, say
from scripts.publishing.cloudfront import CloudFront
from scripts.publishing.telling import Bars, tell

BUCKET, STORE = "PortalBucket", "ClinicsStore"  # outputs of the stack
DISTRIBUTIONS = {"patient": "PatientDistributionId", "staff": "StaffDistributionId"}


def publish(stage: str, region: str, *, dry_run: bool = False) -> Published:
    """Write what changed into the stage's bucket, store and caches; a dry run only says what it would write.

    `region` is the stack's. Plain, in one sentence, where that cannot be; then nothing, or a part that the next run completes, was
    written, and no page names what is not there.
    """
    os.environ["AWS_DEFAULT_REGION"] = region
    say("Publishing the portals" + " (nothing will be written)" * dry_run)
    try:
        done = _publish(stage, region, dry_run=dry_run)
    except (BotoCoreError, ClientError) as error:
        raise Plain(f"AWS did not let the portals be published: {_words(error)} Start it again: it goes on where it stopped.") from error
    except Problem as problem:
        raise Plain(f"The portals cannot be rendered, so nothing was written: {problem.detail}") from problem
    tell(done, dry_run=dry_run)
    return done


def _publish(stage: str, region: str, *, dry_run: bool) -> Published:
    portal = filling.read()
    told = _outputs(stage, region)
    edge = CloudFront(told[STORE], {host: told[output] for host, output in DISTRIBUTIONS.items()})
    bucket = Bucket(told[BUCKET])
    with closing(Bars()) as bars:
        return portals.publish_portals(
            bucket, portal.brand, portal.clinics, portal.practitioners, edge=edge, dry_run=dry_run, seen=bars.see
        )


def _outputs(stage: str, region: str) -> Mapping[str, str]:
    """What the stage's stack tells of itself."""
    name = f"anteroom-{stage}"
    try:
        (stack,) = boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            raise Plain(f"There is no stack {name} in {region}; deploy it with: python3 scripts/deploy.py --stage {stage}") from error
        raise
    told = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
    missing = sorted({BUCKET, STORE, *DISTRIBUTIONS.values()} - told.keys())
    if missing:
        raise Plain(f"The stack {name} does not tell its {missing[0]}; deploy it with: python3 scripts/deploy.py --stage {stage}")
    return told


def _words(error: BotoCoreError | ClientError) -> str:
    """AWS's own words, as a sentence."""
    told = error.response["Error"].get("Message", "") if isinstance(error, ClientError) else str(error)
    return f"{(told or str(error)).strip().rstrip('.')}."
