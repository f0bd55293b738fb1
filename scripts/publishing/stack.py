"""What a stage's stack tells of itself, and AWS's refusals in one sentence."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from scripts.local.environment import Plain


def outputs(stage: str, region: str, wanted: Collection[str]) -> Mapping[str, str]:
    """All that the stack tells; Plain where there is none, or one of those `wanted` is missing. This process works in `region` then."""
    os.environ["AWS_DEFAULT_REGION"] = region
    name = f"anteroom-{stage}"
    try:
        (stack,) = boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            raise Plain(f"There is no stack {name} in {region}; deploy it with: python3 scripts/deploy.py --stage {stage}") from error
        raise
    told = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
    missing = sorted(set(wanted) - told.keys())
    if missing:
        raise Plain(f"The stack {name} does not tell its {missing[0]}; deploy it with: python3 scripts/deploy.py --stage {stage}")
    return told


@contextmanager
def plainly() -> Iterator[None]:
    """What AWS refuses inside the block is said in one sentence."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Plain(f"AWS did not let the portals be published: {_words(error)} Start it again: it goes on where it stopped.") from error


def _words(error: BotoCoreError | ClientError) -> str:
    """AWS's own words, as a sentence."""
    told = error.response["Error"].get("Message", "") if isinstance(error, ClientError) else str(error)
    return f"{(told or str(error)).strip().rstrip('.')}."
