"""The portals of a deployed stage, from app.json to the edge."""

from __future__ import annotations

from scripts.local.environment import Plain


def publish(stage: str, region: str, *, dry_run: bool = False) -> None:
    """Write what changed into the stage's bucket, store and caches; a dry run only says what it would write.

    `region` is the stack's. Plain, in one sentence, where that cannot be; then nothing, or a part that the next run completes, was
    written, and no page names what is not there.
    """
    raise Plain(f"Publishing to a stage is in the making ({stage} in {region}, dry run: {dry_run}).")
