"""The portals of a deployed stage, from app.json to the edge."""

from __future__ import annotations

import os
from contextlib import closing

from chalicelib.kit.bucket import Bucket
from chalicelib.kit.cloudfront import CloudFront
from chalicelib.kit.problem import Problem
from chalicelib.portals import actions as portals
from chalicelib.portals.records import Published
from scripts.local import filling
from scripts.local.environment import Plain, say
from scripts.publishing import stack
from scripts.publishing.telling import Bars, tell

BUCKET, STORE = "PortalBucket", "ClinicsStore"  # outputs of the stack
DISTRIBUTIONS = {"patient": "PatientDistributionId", "staff": "StaffDistributionId"}


def publish(stage: str, region: str, *, dry_run: bool = False) -> Published:
    """Write what changed into the stage's bucket, store and caches; a dry run only says what it would write.

    `region` is the stack's. Plain, in one sentence, where that cannot be; then nothing, or a part that the next run completes, was
    written, and no page names what is not there.
    """
    say("Publishing the portals" + " (nothing will be written)" * dry_run)
    try:
        with stack.plainly():
            done = _publish(stage, region, dry_run=dry_run)
    except Problem as problem:
        raise Plain(f"The portals cannot be rendered, so nothing was written: {problem.detail}") from problem
    tell(done, dry_run=dry_run)
    return done


def _publish(stage: str, region: str, *, dry_run: bool) -> Published:
    portal = filling.read()
    told = stack.outputs(stage, region, {BUCKET, STORE, *DISTRIBUTIONS.values()})
    edge = CloudFront(told[STORE], {host: told[output] for host, output in DISTRIBUTIONS.items()})
    bucket = Bucket(told[BUCKET])
    os.environ["ANTEROOM_STAGE"] = stage
    forms = filling.published(portal)
    with closing(Bars()) as bars:
        return portals.publish_portals(
            bucket, portal.brand, portal.clinics, portal.practitioners, forms=forms, edge=edge, dry_run=dry_run, seen=bars.see
        )
